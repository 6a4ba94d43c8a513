"""The ledger's lines of passages that an editor hid, so that an older database hides them again.

A passage has two lines: one of the text it stood in, by which the text is known again, and one of its words there. A
line holds no words, only keyed hashes. When the words are given back, a line with the widest level says so; words that
are hidden once more get another subject, so that the first lines need not be taken out of a file that several machines
may have.

What a withdrawal hides needs no line of its own: carrying out the withdrawal again hides it again.
"""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import QuerySet

from workshops.choices import Consent, Forgetting, PassageState
from workshops.consent import ledger
from workshops.consent.runs import NO_WORD, Run, run_words
from workshops.models import Forgotten, HiddenPassage

Place = tuple[str, str, str, str]
"""Where a text stands: label of the model, primary key, field, and part of a field of JSON."""


def text_place(passage: HiddenPassage) -> Place:
    return passage.model, str(passage.row), passage.field, passage.part


def text_subject(place: Place) -> str:
    return ledger.subject_hash("text", *place)


def passage_subjects(place: Place, words: Sequence[str]) -> Iterator[str]:
    """The subjects of these words in a text, one for each time that they are hidden."""
    mac = ledger.subject_mac("passage", *place, *words)
    yield mac.hexdigest()
    while True:
        mac.update(b"\n ")  # no word is a space
        yield mac.hexdigest()


def current_subject(place: Place, words: Sequence[str]) -> str:
    """The first subject that was not given back."""
    given_back = lines_in_table().filter(level=Consent.CREDITED)
    subjects = passage_subjects(place, words)
    return next(subject for subject in subjects if not given_back.filter(subject=subject).exists())


def lines_in_table() -> QuerySet[Forgotten]:
    return Forgotten.objects.filter(kind=Forgetting.PASSAGE)


def whole_words(text: str, run: Run) -> list[str]:
    """The folded words of a stretch of text, those whole that it begins or ends within."""
    return [word.folded for word in run_words(text) if word.start < run.end and run.start < word.end]


def enter_hidden(passage: HiddenPassage, words: Sequence[str]) -> None:
    """Enter the lines of a passage with these words. Of signs without a word there are none: nothing would find them."""
    if words:
        place = text_place(passage)
        subjects = [text_subject(place), current_subject(place, words)]
        ledger.enter(Forgetting.PASSAGE, subjects)


def enter_given_back(passage: HiddenPassage, words: Sequence[str]) -> None:
    """Enter that a passage with a line may be read again, unless its words may still be hidden elsewhere in its text."""
    same_text = HiddenPassage.objects.filter(
        model=passage.model, row=passage.row, field=passage.field, part=passage.part
    )
    others = same_text.exclude(pk=passage.pk)
    hidden = others.waiting().filter(words=passage.words) | others.filter(state=PassageState.KEPT_OUT)
    subject = current_subject(text_place(passage), words)
    if lines_in_table().filter(subject=subject).exists() and not hidden.exists():
        ledger.enter(Forgetting.PASSAGE, [subject], level=Consent.CREDITED)


# Finding them again


class LinesOfPassages:
    """Lines that an older database does not have, read together with those that it has."""

    def __init__(self, lines: Collection[ledger.LedgerLine]) -> None:
        known = [*lines, *(ledger.line_of(entry) for entry in lines_in_table())]
        self.subjects = {line.subject for line in known}
        self.given_back = {line.subject for line in known if line.level == Consent.CREDITED}
        self.hidden = {line.subject: line for line in lines if line.subject not in self.given_back}

    def runs_in(self, text: str, place: Place) -> list[tuple[Run, ledger.LedgerLine]]:
        """What the lines say of a text: each stretch, with its line, in order; of stretches that overlap the longest."""
        if text_subject(place) not in self.subjects:
            return []
        found = sorted(self.stretches(text, place), key=lambda pair: pair[0].start - pair[0].end)
        kept: list[tuple[Run, ledger.LedgerLine]] = []
        for run, line in found:
            if all(run.end <= other.start or other.end <= run.start for other, _line in kept):
                kept.append((run, line))
        return sorted(kept)

    def stretches(self, text: str, place: Place) -> Iterator[tuple[Run, ledger.LedgerLine]]:
        """Every stretch of whole words is looked up, by a hash that grows with it."""
        words, begun = list(run_words(text)), ledger.subject_mac("passage", *place)
        for first, word in enumerate(words):
            mac = begun.copy()
            for last in words[first:]:
                if last.folded == NO_WORD:
                    break
                mac.update(f"\n{last.folded}".encode())
                if line := self.line_of(mac.copy()):
                    yield Run(word.start, last.end), line

    def line_of(self, mac: ledger.Mac) -> ledger.LedgerLine | None:
        """The line of the words of this hash, if they are to be hidden: the first whose subject was not given back."""
        while (subject := mac.hexdigest()) in self.given_back:
            mac.update(b"\n ")
        return self.hidden.get(subject)
