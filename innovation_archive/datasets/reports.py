"""What an import reports: the problems by line, what happens to each row, and the counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from innovation_archive.models import LineOutcome

if TYPE_CHECKING:
    from innovation_archive.datasets.importing import Importable

MAX_PROBLEMS_SHOWN = 100
MAX_LINES_NAMED = 20
"""How many lines of a file get a notice of one kind before the others are counted."""


@dataclass
class Problem:
    """One thing that is wrong in a file: where it is, and a sentence that says what would be right."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def __str__(self):
        sentence = _("%(file)s, line %(line)s, %(reason)s") if self.column else _("%(file)s, line %(line)s: %(reason)s")
        return sentence % {"file": self.file, "line": self.line, "reason": self.reason}

    @property
    def reason(self):
        """The problem without the file and line, for a page that shows those beside it."""
        if not self.column:
            return self.message
        value = self.value if len(self.value) <= 60 else f"{self.value[:60]}…"
        return _("column %(column)s, “%(value)s”: %(message)s") % {
            "column": self.column,
            "value": value,
            "message": self.message,
        }


@dataclass
class RowReport:
    """What one line of a file does, or would do.

    `changes` are (column, text before, text after); `passages` are those of words for readers that nobody has judged, as
    [token, passage, mark, sentence], and what is asked of the context of a story, as [token, line and title, "context",
    sentence].
    """

    line: int
    key: str
    outcome: LineOutcome
    changes: list[tuple] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    passages: list[list[str]] = field(default_factory=list)


@dataclass
class LineNotices:
    """Notices of one kind, a sentence for each line that gets one; `more` says how many others there are."""

    sentences: list[str]
    more: Callable[[int], str]

    def named(self) -> list[str]:
        """The first of them, and how many others there are."""
        others = len(self.sentences) - MAX_LINES_NAMED
        said = self.sentences[:MAX_LINES_NAMED]
        return [*said, self.more(others) % {"count": others}] if others > 0 else said


@dataclass
class Report:
    """What an import did, or if it has `problems`, why it did nothing. Only a detailed import fills `rows` and `writing`.

    A long file is imported in parts. If one of them is refused, those before it stand, up to the line `imported_up_to`.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[int] = field(default_factory=list)  # lines of withdrawn stories, which stay as they are
    problems: list[Problem] = field(default_factory=list)
    other_notices: list[str] = field(default_factory=list)
    line_notices: list[LineNotices] = field(default_factory=list)
    last_line: int = 0  # of the table
    imported_up_to: int = 0
    rows: list[RowReport] = field(default_factory=list)
    writing: "Importable | None" = None  # the dataset that wrote the rows: it knows what an undo needs

    def __str__(self):
        return count_rows(self.added, self.changed, self.unchanged, len(self.kept))

    @property
    def notices(self) -> list[str]:
        return [*self.other_notices, *(said for kind in self.line_notices for said in kind.named())]

    def what_stands(self, file: str) -> str:
        """Of a file that was refused: what was imported of it."""
        if not self.imported_up_to:
            return _("%(file)s: nothing was imported.") % {"file": file}
        sentence = _(
            "%(file)s: the lines up to %(line)s were imported, the others were not, because somebody changed the archive "
            "meanwhile. Mend what is wrong and import the file again: it goes on from there."
        )
        return sentence % {"file": file, "line": self.imported_up_to}

    def problem_lines(self) -> list[str]:
        lines = [str(problem) for problem in self.problems[:MAX_PROBLEMS_SHOWN]]
        total = len(self.problems)
        if total > MAX_PROBLEMS_SHOWN:
            more = _("… and %(more)s more: %(total)s problems in all.")
            lines.append(more % {"more": total - MAX_PROBLEMS_SHOWN, "total": total})
        return lines


def count_rows(added: int, changed: int, unchanged: int, kept: int = 0) -> str:
    """What became of the rows of a file, in one line."""
    numbers = {"added": added, "changed": changed, "unchanged": unchanged, "kept": kept}
    if kept:
        return _("%(added)s added, %(changed)s changed, %(unchanged)s unchanged, %(kept)s kept withdrawn") % numbers
    return _("%(added)s added, %(changed)s changed, %(unchanged)s unchanged") % numbers
