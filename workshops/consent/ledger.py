"""The ledger of what must stay forgotten: one line a withdrawal, erasure, lowering or hidden text, without words or codes.

It is a table, and a file beside the database (`LEDGER`). Whoever puts an older database in place brings back what had
been withdrawn since; the file still knows of it, and `reconcile` makes the archive forget it again. It runs whenever
the site starts, and after a restore. Imports ask the table, so that no old file revives what was forgotten.

A subject is hashed with a key (`LEDGER_KEY`) that is in no backup, so a stolen ledger tells nobody whose it is.
"""

import datetime
import fcntl
import hmac
import json
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple, TypeAlias

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from workshops.choices import Consent, Forgetting
from workshops.chunks import in_chunks
from workshops.consent import free_pages
from workshops.models import Forgotten
from workshops.models.forgotten import new_reference

logger = logging.getLogger(__name__)

Mac: TypeAlias = hmac.HMAC

FIELDS = ("kind", "day", "subject", "level", "reference")


class LedgerLine(NamedTuple):
    """A line as the file holds it."""

    kind: str
    day: str
    subject: str
    level: int
    reference: str


Replayer = Callable[[Collection[LedgerLine]], None]
replayers: dict[str, Replayer] = {}
"""{kind: the function that does again what lines of this kind say}. Whoever does it first registers it."""


backfillers: list[Callable[[], object]] = []
"""Functions that enter lines for what was forgotten before there was a ledger."""


def replays(*kinds: str) -> Callable[[Replayer], Replayer]:
    """Register a function as the one that does again what lines of these kinds say."""

    def register(function: Replayer) -> Replayer:
        replayers.update(dict.fromkeys(kinds, function))
        return function

    return register


def subject_hash(*names: str) -> str:
    """The keyed hash of what a line is about, such as ("story", its ref)."""
    return subject_mac(*names).hexdigest()


def subject_mac(*names: str) -> Mac:
    """The same, to which more names can be added, each after a line end."""
    salt = "subject of the ledger"  # not translated: a salt
    return salted_hmac(salt, "\n".join(names), secret=settings.LEDGER_KEY, algorithm="sha256")


def enter(
    kind: str,
    subjects: Iterable[str],
    level: int = Consent.FACILITATORS,
    reference: str = "",
    day: datetime.date | None = None,
) -> str:
    """Enter a line for each of these hashed subjects, in the caller's transaction. Returns the act's reference.

    A subject that has this line already keeps the one it has. The file follows once the transaction is committed.
    """
    reference = reference or new_reference()
    lines = [
        Forgotten(kind=kind, subject=subject, level=level, reference=reference, day=day or timezone.localdate())
        for subject in subjects
    ]
    Forgotten.objects.bulk_create(lines, ignore_conflicts=True, batch_size=1000)
    transaction.on_commit(lambda: write_to_file(line_of(each) for each in lines))
    return reference


def forgotten_among(kind: str, subjects: dict[str, str]) -> dict[str, int]:
    """{name: the lowest level} of those names that the ledger has a line of this kind for; `subjects` is {hash: name}."""
    levels: dict[str, int] = {}
    hashes = list(subjects)
    for start in range(0, len(hashes), 500):
        rows = Forgotten.objects.filter(kind=kind, subject__in=hashes[start : start + 500])
        for subject, level in rows.values_list("subject", "level"):
            levels[subjects[subject]] = min(level, levels.get(subjects[subject], level))
    return levels


# The file


def line_of(entry: Forgotten) -> LedgerLine:
    return LedgerLine(entry.kind, str(entry.day), entry.subject, int(entry.level), entry.reference)


def as_text(lines: Iterable[LedgerLine]) -> str:
    return "".join(json.dumps(line._asdict()) + "\n" for line in lines)


def write_to_file(lines: Iterable[LedgerLine]) -> None:
    """Add lines to the file. If it cannot be written, the table has them, and `reconcile` tries again."""
    text = as_text(lines)
    try:
        settings.LEDGER.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(settings.LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        logger.exception("The ledger's file could not be written. Its lines are in the database.")


def read_ledger_file() -> set[LedgerLine]:
    """The lines of the file. One that was cut off while it was written is left out: the table has it."""
    try:
        text = settings.LEDGER.read_text(encoding="utf-8")
    except FileNotFoundError:
        return set()
    lines = set()
    for written in text.splitlines():
        try:
            entry = json.loads(written)
            lines.add(LedgerLine(*(entry[name] for name in FIELDS)))
        except (ValueError, KeyError, TypeError):
            logger.warning("A line of the ledger's file is not readable.")
    return lines


def reconcile(remembered: Collection[LedgerLine] = ()) -> int:
    """Bring table and file together, and forget again what only the file knew of. Returns how many lines that were.

    `remembered` is what the table of another database held, whose place this one takes.
    """
    for enter_missing in backfillers:
        enter_missing()
    in_file = read_ledger_file()
    in_table = {line_of(entry) for entry in Forgotten.objects.all()}
    known = {(line.kind, line.subject, line.level) for line in in_table}
    news = [line for line in sorted(in_file.union(remembered)) if (line.kind, line.subject, line.level) not in known]
    replay(news)
    if missing := in_table - in_file:
        write_to_file(sorted(missing))
    return len(news)


def reconcile_at_start() -> None:
    """Do so while the site starts, which a database that is not there yet must not keep it from.

    If it was killed after a withdrawal and before the write-ahead log was emptied, the words leave that now.
    """
    try:
        if news := reconcile():
            logger.warning(
                "The ledger's file held %s lines that the database did not. It has forgotten them again.", news
            )
        free_pages.empty_log(attempts=1)
    except DatabaseError:
        logger.debug("The ledger was not reconciled: the database does not answer, or is not migrated.")


@transaction.atomic
def replay(lines: Collection[LedgerLine]) -> None:
    """Do again what these lines say, to whatever of it is in the database, and enter them."""
    by_kind = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    for kind in Forgetting.values:  # withdrawals and erasures first
        if by_kind[kind] and kind in replayers:
            replayers[kind](by_kind[kind])
    rows = [Forgotten(**line._asdict()) for line in lines if line.kind in Forgetting.values]
    Forgotten.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


# The end of a line


def first_day_kept() -> datetime.date | None:
    """The day of the oldest lines that a backup may still make necessary; None where nobody said how long backups are kept."""
    days = settings.BACKUPS_KEPT_DAYS
    return timezone.localdate() - datetime.timedelta(days=days) if days else None


def forget_old_lines() -> int:
    """Delete, from table and file, lines that are older than any backup there can be. Returns how many of the table."""
    first = first_day_kept()
    if first is None:
        return 0
    count = in_chunks(Forgotten.objects.filter(day__lt=first))
    if any(line.day < str(first) for line in read_ledger_file()):
        leave_in_file(first)
    return count


def leave_in_file(first: datetime.date) -> None:
    """Put in the file's place one without the lines before this day, all at once: a crash leaves the one or the other.

    What somebody adds to the former file at that moment is in the table, from which the next `reconcile` adds it again.
    """
    draft = settings.LEDGER.with_name(f"{settings.LEDGER.name}.{os.getpid()}")
    kept = sorted(line for line in read_ledger_file() if line.day >= str(first))
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(as_text(kept))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(settings.LEDGER)
