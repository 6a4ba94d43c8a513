"""What people put in front of a line or into it: bullets, headings, +1, 🤫, #tags and @places."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workshops.choices import Choice, Kind
from workshops.notes.words import (
    MAX_HEADING_LENGTH,
    PHRASES,
    SAID_IN_SENTENCES,
    Asked,
    HeadingVocabulary,
    Named,
    fold_heading,
)
from workshops.tags import MAX_TAG_NAME_LENGTH

BULLET = re.compile(
    r"""(?:
        (?P<sign>[•·▪●○◦■□▫‣⁃∙➢➤►▶→✓✔✗❖◆◇\uf0b7\uf0a7\uf0d8§])\s*
      | (?P<dash>[-–—−])(?:\s+|(?=[^\W\d]))
      | (?P<star>\*)(?:\s+|(?=[^\s*][^*]*$))
      | (?P<plus>\+)\s+
      | (?P<letter>o)(?:\t\s*|\s+)
      | \(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,4})\)\s+
      | (?:\d{1,3}|[ivx]{1,4})\.\s+
    )(?:\[[ xX✓]?\]\s+)?""",
    re.VERBOSE,
)
# How deep Word and Outlook mean a bullet where they paste it without its indent, but with a tab after it.
WORD_DEPTHS = ["•·\uf0b7", "o", "▪§\uf0a7"]
# The level of all headings whose look does not tell it: below those whose look does.
FLAT = 7
HUSH = "\N{FACE WITH FINGER COVERING CLOSED LIPS}"
# What can only ask for confidence, and what may also describe a thing: “a private hotel”.
ASKS_CONFIDENCE = (
    r"(?:said\s+|told\s+)?in\s+(?:strict\s+)?confidence|(?:strictly\s+)?confidential|off[\s-]the[\s-]record"
    r"|not\s+for\s+(?:sharing|publication)|(?:please\s+)?(?:do\s+not|don[’']t)\s+share|facilitators\s+only"
)
MAY_DESCRIBE = r"private|not\s+public"
PRIVATE_PHRASE = rf"(?:{MAY_DESCRIBE}|{ASKS_CONFIDENCE})"
PRIVATE_MARK = re.compile(
    rf"\s*(?:{HUSH}\ufe0f?[\s:–—-]*|[\[(]\s*{PRIVATE_PHRASE}\s*[\])][\s:–—-]*"
    rf"|{PRIVATE_PHRASE}(?:\s*[:–—,.;]\s*|\s+-\s+|\s*$))",
    re.IGNORECASE,
)
PRIVATE_AT_END = re.compile(
    rf"\s*(?:{HUSH}\ufe0f?|\[\s*{PRIVATE_PHRASE}\s*\]|\(\s*(?:{ASKS_CONFIDENCE})\s*\))\s*[.!]?\s*$", re.IGNORECASE
)
# After the word in front of an entry: “Innovation (in confidence): …”.
PRIVATE_IN_PREFIX = re.compile(
    rf"(\s*[^:()\[\]]{{1,60}}?)\s*[\[(]\s*{PRIVATE_PHRASE}\s*[\])](?=\s*[:–—])", re.IGNORECASE
)
# Here the words may be part of the sentence: they stay in the text, and the entry is private all the same.
NOT_PUBLIC = re.compile(r"\s*not\s+public\b", re.IGNORECASE)
PLUS_ONE = re.compile(r"\+\s?(\d{1,3})(?![\d.%]|,\d)s?[\s,;]*")
TIMES = re.compile(r"[x×]\s?(\d{1,2})\b")
AGREEING = re.compile(
    r"\W*(?:(?:i|we|people|others|fully|totally|also|all)\s+)*(?:agreed?|same(?: here)?|me too|this|yes|seconded)?\b",
    re.IGNORECASE,
)
AGREEING_NAMES = re.compile(r"\W*(?:(?:from|by|for)\s+)?(?:(?-i:[A-Z])[\w.’'-]*\W*){1,4}", re.IGNORECASE)
COMMENT = re.compile(r"[–—,;:(.!-]|(?:but|and|because|especially|if)\b", re.IGNORECASE)
PREFIX = re.compile(r"(?P<word>[^:–—\t]{1,60}?)(?:\s*[:–—\t]|\s+-(?=\s)|-(?=\s))\s*(?P<rest>\S.*)", re.DOTALL)
TAG = re.compile(r"(?<![\w&/#.])#(?P<name>\w[\w’'-]*)")
AT = re.compile(r"(?<![\w.@])@(?P<name>\w[\w’'-]*)")
MENTION_WORD = re.compile(r"[\w’'-]+")
AT_WORDS = re.compile(rf"{MENTION_WORD.pattern}(?:[ \t]+{MENTION_WORD.pattern}){{0,4}}")
# A sentence that would end in one of these needs the tag or the place that comes next.
NEEDS_MORE = {
    "a", "about", "after", "an", "and", "at", "before", "by", "during", "for", "from", "has", "have", "in", "into", "is",
    "near", "of", "on", "or", "our", "over", "than", "that", "the", "their", "this", "through", "to", "under", "until",
    "via", "was", "were", "with", "without", "your",
}  # fmt: skip


Span = tuple[int, int]
"""Where a mark stands in its text: its start and its end."""


class NoteLine(NamedTuple):
    """One line of the notes, without what stands in front of its words."""

    number: int
    indent: int
    bullet: str
    text: str
    typed: str

    @property
    def depth(self) -> tuple[int, int]:
        """How deep its bullet is nested, as far as the line alone tells."""
        sign = self.bullet.strip()
        by_word = [depth for depth, signs in enumerate(WORD_DEPTHS) if sign in signs] if "\t" in self.bullet else []
        return (self.indent, by_word[0] if by_word else 0)


def lines_of(text: str) -> Iterator[NoteLine]:
    """The lines of a text, each without its indent, a mail's quotation signs and its bullet. A blank one has no text."""
    for number, typed in enumerate(text.replace("\0", "").splitlines(), 1):
        line = re.sub(r"^[\s\ufeff\u200b]*(?:>\s?)*", indent_in_spaces, typed.rstrip(), count=1)
        words = line.lstrip()
        indent = len(line) - len(words)
        hushed, words = take_private(words)
        bullet = None if plus_ones(words)[0] or is_rule(words) else BULLET.match(words)
        words = "" if is_rule(words) else words[bullet.end() :] if bullet else words
        yield NoteLine(number, indent, bullet[0] if bullet else "", f"{HUSH} {words}" if hushed else words, typed)


def indent_in_spaces(match: re.Match[str]) -> str:
    return " " * len(match[0].replace(">", "").expandtabs(4))


def is_rule(words: str) -> bool:
    """A line drawn across the page."""
    return len(words) >= 2 and set(words) <= set("-–—_=*~ ")


def heading_of(line: NoteLine, following: NoteLine | None) -> tuple[int, str] | None:
    """The heading that a line is by its look, as (level, words), with 1 the highest; or None.

    The line that follows may underline it, or hold the bullets it stands above.
    """
    text = line.text.strip()
    if match := re.match(r"(#{1,6})\s+(?=\S)", text):
        return len(match[1]), text[match.end() :].rstrip("# \t")
    if line.bullet or not text or len(text) > MAX_HEADING_LENGTH:
        return None
    if following and re.fullmatch(r"={2,}|-{2,}", following.typed.strip()):
        return 1 if "=" in following.typed else 2, text
    if match := re.fullmatch(r"(\*\*|__)(.+?)\1\s*:?", text):
        return FLAT, match[2]
    words = len(text.split())
    above_bullets = bool(following and following.bullet and not plus_ones(following.text)[0])
    is_short = words <= 6 and text[0].isupper() and text[-1] not in ".!?,;…"
    if (text.endswith(":") and words <= 12) or (above_bullets and is_short):
        return FLAT, text
    return None


def take_private(text: str) -> tuple[bool, str]:
    """Whether a line asks at its start or end, or in front of its colon, to stay in confidence; and the line without that."""
    at_end = PRIVATE_AT_END.search(text)
    text = text[: at_end.start()] if at_end else text
    match = PRIVATE_MARK.match(text)
    if match:
        return True, text[match.end() :]
    if in_prefix := PRIVATE_IN_PREFIX.match(text):
        return True, in_prefix[1] + text[in_prefix.end() :]
    return bool(at_end or NOT_PUBLIC.match(text)), text


def take_prefix(text: str, vocabulary: HeadingVocabulary) -> tuple[Choice | Kind | Asked | None, str]:
    """What an entry says of itself in front (`stop: …`, `start doing …`) and the rest; or None and all of it."""
    match = PHRASES.match(text) or PREFIX.match(text)
    if not match or fold_heading(match["word"]) in SAID_IN_SENTENCES:
        return None, text
    kind = vocabulary.sense_of(match["word"]).get("kind")
    return (kind, match["rest"]) if kind else (None, text)


def plus_ones(text: str) -> tuple[int, str]:
    """How many agree in a line that says nothing else, and a remark after it: “+1 +1”, “+1 x3”, “+1, but not daily”.

    Nobody, where the sign belongs to a sentence: “+1 day would help”.
    """
    count, rest = 0, text.strip()
    while match := PLUS_ONE.match(rest):
        count += int(match[1])
        rest = rest[match.end() :]
    if not count:
        return 0, ""
    if match := TIMES.match(rest):
        count *= int(match[1])
        rest = rest[match.end() :]
    said = rest
    if match := AGREEING.match(rest):
        rest = rest[match.end() :].strip()
    if not fold_heading(rest) or (len(rest) <= MAX_HEADING_LENGTH and AGREEING_NAMES.fullmatch(rest)):
        return count, ""
    parted = text.strip()[: -len(said)].rstrip().endswith((",", ";")) or COMMENT.match(said) or COMMENT.match(rest)
    return (count, rest.lstrip(" –—,;:.!-")) if parted else (0, "")


def tags_in_text(text: str) -> Iterator[tuple[str, Span]]:
    """The tags in a text, by name, and where each stands."""
    for match in TAG.finditer(text):
        name = match["name"].replace("_", " ").strip(" -’'")
        if any(letter.isalpha() for letter in name) and len(name) <= MAX_TAG_NAME_LENGTH:
            yield name, match.span()


def places_of(text: str, places: Mapping[str, Named]) -> Iterator[tuple[Named | None, Span]]:
    """What follows each @: the place of that name or None, and where it stands."""
    for match in AT.finditer(text):
        words = [text[match.start() + 1 : end] for end in ends_of_words(text, match.start() + 1)]
        name = next((words for words in reversed(words) if fold_heading(words) in places), None)
        end = match.start() + 1 + len(name) if name else match.end()
        yield places.get(fold_heading(name or "")), (match.start(), end)


def ends_of_words(text: str, start: int) -> list[int]:
    """Where the first, second … fifth word from here ends: the name of a place may have several."""
    words = AT_WORDS.match(text, start)
    return [start + match.end() for match in MENTION_WORD.finditer(words[0])] if words else []


def possible_names(text: str, places: Mapping[str, Named]) -> list[str]:
    """The words after an @ that are no place, and so perhaps somebody's name. `places` is {folded name: place}."""
    return list(dict.fromkeys(text[start:end] for place, (start, end) in places_of(text, places) if place is None))


def without_marks(text: str, spans: list[Span]) -> str:
    """A text without the tags and places at its end or before a first colon, unless its sentence needs them."""
    start = 0
    if spans and min(spans)[0] == 0 and (match := re.compile(r"\s*[:–—]\s*(?=\S)").match(text, min(spans)[1])):
        start = match.end()
    end = len(text)
    for first, last in sorted(spans, reverse=True):
        if last < end or first <= start:
            break
        end = first
        while end > start and text[end - 1].isspace():
            end -= 1
    cut = text[start:end]
    return cut if fold_heading(cut) and fold_heading(cut[-20:].rpartition(" ")[2]) not in NEEDS_MORE else text[start:]
