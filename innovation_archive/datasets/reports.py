"""What an import says: problems by line, rows and what becomes of them, and the count of it all."""

from dataclasses import dataclass, field

from innovation_archive.models import LineOutcome

SHOWN_PROBLEMS = 100


@dataclass
class Problem:
    """One thing wrong: where it stands, and what would be right."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def __str__(self):
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.reason}" if self.column else f"{where}: {self.reason}"

    @property
    def reason(self):
        """Without the line, for a page that shows the line beside it."""
        if not self.column:
            return self.message
        value = self.value if len(self.value) <= 60 else f"{self.value[:60]}…"
        return f"column {self.column}, “{value}”: {self.message}"


@dataclass
class RowReport:
    """What one line of a file does, or would do. `changes` are (column, text before, text after)."""

    line: int
    key: str
    outcome: LineOutcome
    changes: list[tuple] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What an import did, or with `problems` would not do. `rows` and `writing` are filled if it was asked for details."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[int] = field(default_factory=list)  # lines of rows that stay as their giver withdrew them
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: list[RowReport] = field(default_factory=list)
    writing: object = None  # the dataset that wrote, which knows what undoing needs

    def __str__(self):
        counts = f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged"
        return f"{counts}, {len(self.kept)} kept withdrawn" if self.kept else counts

    def problem_lines(self):
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        if len(self.problems) > SHOWN_PROBLEMS:
            lines.append(f"… and {len(self.problems) - SHOWN_PROBLEMS} more: {len(self.problems)} problems in all.")
        return lines
