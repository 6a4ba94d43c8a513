"""Finds text that people read and that no translator would see: `python -m tests.untranslated` prints each, by line.

It reads templates, Python and JavaScript as text and judges by looks, so it can be wrong about a string. A comment with
`not translated` and the reason, on its line or on the one above, excuses one.
"""

import ast
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["templates", "static/js", "workshops", "insights", "innovation_archive"]
LEFT_OUT = [
    "/migrations/",
    "/management/",  # the shell speaks English
    "innovation_archive/settings.py",
    "innovation_archive/operation/",  # log lines
    "insights/checks.py",  # system checks, which the shell prints
    "/held_words.py",  # what the documents print, in English
    "workshops/notes/words.py",  # the English that notes are read by
    "workshops/personal_data/name_lists.py",  # and that names and the like are told from
    "workshops/personal_data/word_lists.py",
    "workshops/personal_data/people_lists.py",
    "workshops/personal_data/relations.py",
    "workshops/personal_data/replacements.py",  # what goes into a wording, in its own language
    "templates/500.html",  # served as it is, without a template tag
]
EXCUSE = "not translated"

SAME_EVERYWHERE = re.compile(
    r"\b(CSV|JSON|XLSX|SVG|PNG|QR|ZIP|PDF|REFI-QDA|UTF-8|SHA-256|Markdown|Data Package|Atom)\b"
)
"""Names that stand alike in every language."""

READ_ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-label", "content"}
FILTERS_THAT_WRITE = re.compile(r"\|\s*(?:default|default_if_none|yesno|pluralize|add|join)\s*:\s*(\"[^\"]*\"|'[^']*')")
LITERAL = re.compile(r"(?<![\w(])(?<!_\()(?:\w+=)?(\"[^\"]*\"|'[^']*')")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy", "pgettext",
           "pgettext_lazy", "gettext_noop", "interpolate"}  # fmt: skip
READ_NAMES = {"label", "help_text", "verbose_name", "verbose_name_plural", "description", "short_description", "title",
              "site_header", "site_title", "index_title", "empty_label", "empty_value_display"}  # fmt: skip
"""Arguments and attributes that hold words for people, however short."""
JAVASCRIPT_GETTEXT = re.compile(r"\bn?gettext\((?:\s*\"(?:[^\"\\]|\\.)*\"\s*,?)+")
ALSO_FOR_MACHINES = {"RawSQL", "execute", "executemany", "compile", "logger", "getLogger", "filterwarnings"}
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|COPY|PRAGMA|WITH|ANALYZE|SET|JOIN|DECLARE|VACUUM)\b"
)


def reads_as_words(text):
    """Whether a text between tags has two letters in a row, apart from names that are alike everywhere."""
    return re.search(r"[^\W\d_]{2}", SAME_EVERYWHERE.sub("", text)) is not None


def reads_as_sentence(text):
    """Whether a string of a program looks like words for people: a capital and a space, or three words in a row."""
    text = SAME_EVERYWHERE.sub("", text)
    if SQL.match(text):
        return False
    return re.match(r"\W*[A-Z][a-z]*(’\w+)?,? [\w“(]", text) is not None or bool(
        re.search(r"(?<![\w-])[a-z’]+,? [a-z’]+,? [a-z’]{2,}\b", text)
    )


class TextOfHtml(HTMLParser):
    """Collects (line, text) of the text nodes and attributes that people read."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        given = dict(attrs)
        for name, value in given.items():
            is_button = name == "value" and tag == "input" and given.get("type") in ("submit", "button", "reset")
            is_meta = name == "content" and "description" not in str(given.get("name", given.get("property", "")))
            if value and (is_button or name in READ_ATTRIBUTES) and not is_meta:
                self.handle_data(value)

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent and reads_as_words(data):
            first = next(number for number, line in enumerate(data.split("\n")) if reads_as_words(line))
            self.found.append((self.getpos()[0] + first, " ".join(data.split())))


def in_template(source):
    """[(line, text)] of a Django template, outside `translate` and `blocktranslate`."""
    found, html, inside = [], [], None
    line = 1
    for token in re.split(r"({%.*?%}|{{.*?}}|{#.*?#})", source):
        blank = "\n" * token.count("\n")
        if inside:
            html.append(blank)
            inside = None if re.match(rf"{{%\s*{inside}\b", token) else inside
        elif token.startswith("{%"):
            name = token[2:-2].split()[0]
            if name in ("blocktranslate", "blocktrans", "comment"):
                inside = f"end{name}"
            elif re.match(r"{% block \w*class\b", token):  # classes of an element, not words
                inside = "endblock"
            elif name not in ("translate", "trans", "url", "static", "load", "extends"):
                found += [(line, text) for text in LITERAL.findall(token) if reads_as_sentence(text[1:-1])]
            html.append(blank)
        elif token.startswith("{{"):
            found += [(line, text) for text in FILTERS_THAT_WRITE.findall(token) if reads_as_words(text)]
            html.append(blank)
        else:
            html.append(blank if token.startswith("{#") else token)
        line += token.count("\n")
    parser = TextOfHtml()
    parser.feed("".join(html))
    parser.close()
    return sorted(found + parser.found)


class TextOfPython(ast.NodeVisitor):
    """Collects (line, text) of the strings that read like sentences and go through no gettext."""

    def __init__(self):
        self.found = []

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
        if name not in GETTEXT | ALSO_FOR_MACHINES and owner not in ALSO_FOR_MACHINES:
            self.generic_visit(node)

    def visit_Raise(self, node):
        """What only a developer sees is not judged: errors that no form shows."""
        name = getattr(getattr(node.exc, "func", node.exc), "id", "")
        if name not in (
            "ValueError",
            "TypeError",
            "ImproperlyConfigured",
            "RuntimeError",
            "NotImplementedError",
            "Http404",
        ):
            self.generic_visit(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_keyword(self, node):
        self.judge_named(node.arg, node.value)

    def visit_Assign(self, node):
        self.judge_named(getattr(node.targets[0], "id", None), node.value)

    def visit_ClassDef(self, node):
        """The label of a choice is the second part of its value."""
        if any(ast.unparse(base).endswith("Choices") for base in node.bases):
            for part in node.body:
                if isinstance(part, ast.Assign) and isinstance(part.value, ast.Tuple):
                    self.judge_named("label", part.value.elts[-1])
        self.generic_visit(node)

    def judge_named(self, name, value):
        if name in READ_NAMES and isinstance(value, ast.Constant) and isinstance(value.value, str):
            if reads_as_words(value.value):
                self.found.append((value.lineno, value.value))
        else:
            self.visit(value)

    def visit_JoinedStr(self, node):
        """An f-string is one text, whatever stands in its braces."""
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        self.judge(node, text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self.judge(node, node.value)

    def judge(self, node, text):
        if reads_as_sentence(text):
            self.found.append((node.lineno, " ".join(text.split())))


def in_python(source):
    visitor = TextOfPython()
    visitor.visit(ast.parse(source))
    return visitor.found


def in_javascript(source):
    """[(line, text)] of the string literals that read like sentences. What a page says comes from its HTML."""
    without_comments = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), source, flags=re.DOTALL)
    said = re.sub(JAVASCRIPT_GETTEXT, lambda match: "\n" * match[0].count("\n"), without_comments)
    return [
        (number, text)
        for number, line in enumerate(said.split("\n"), 1)
        for text in re.findall(r"\"[^\"]*\"|'[^']*'|`[^`]*`", re.sub(r"(^|\s)//.*", "", line))
        if reads_as_sentence(text[1:-1])
    ]


READERS = {".html": in_template, ".txt": in_template, ".py": in_python, ".js": in_javascript}


def untranslated(path):
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    return [(line, text) for line, text in READERS[path.suffix](source) if not is_excused(lines, line)]


def is_excused(lines, line):
    above = lines[line - 2].strip() if line > 1 else ""
    return EXCUSE in lines[line - 1] or (above.startswith(("#", "//")) and EXCUSE in above)


def files():
    listing = subprocess.run(["git", "ls-files", "-z", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True)
    names = [name for name in listing.stdout.split("\0") if Path(name).suffix in READERS]
    return [ROOT / name for name in names if not any(part in name for part in LEFT_OUT) and (ROOT / name).exists()]


def main():
    count = 0
    for path in files():
        for line, text in untranslated(path):
            count += 1
            print(f"{path.relative_to(ROOT)}:{line}: {text[:100]}")
    if count:
        print(f"{count} texts go through no gettext.")
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main())
