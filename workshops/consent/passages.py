"""Hiding passages of editors' texts: words that somebody withdrew, or that an editor hides while they look.

A passage is cut out of its column and a marker left in its place, so that pages, search, files, feeds and versions need
no masking of their own. An editor then gives it back, or keeps it out for good.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import changes
from workshops.choices import MARKER, Forgetting, PassageState, Status
from workshops.consent import ledger
from workshops.consent.ledger import LedgerLine
from workshops.consent.passage_lines import (
    LinesOfPassages,
    enter_given_back,
    enter_hidden,
    lines_in_table,
    whole_words,
)
from workshops.consent.runs import Run, RunFinder, Shingle, folded_words, is_wordless, runs_where, shingles_in
from workshops.consent.texts import put_texts, texts_in
from workshops.consent.word_fields import Fate, FoundField, found_fields, registered_fields
from workshops.history import current_user, record_bulk_history
from workshops.models import HiddenPassage, HiddenShingle, Practice

ROWS_AT_ONCE = 200


@dataclass
class RowWithRuns:
    """A row of editors' texts that holds runs of words, and the values of its columns that do."""

    model: type[Model]
    pk: Any
    values: list[tuple[FoundField, Any]]


@dataclass
class QuotedElsewhere:
    """Where a run of words stands in an editor's text, for whoever is about to withdraw them."""

    row: Model
    field: str
    words: list[str]


# Finding


def rows_with_runs(finder: RunFinder, fields: Iterable[FoundField]) -> Iterator[RowWithRuns]:
    """The rows with runs, in the order of their tables and keys. Each table is read once, in pages."""
    for (model, rows), together in groupby(fields, lambda field: (field.model, field.fate.rows)):
        asked = list(together)
        for page in pages(model, rows or Q(), [field.name for field in asked]):
            if finder.may_hold_run(all_texts(asked, page)):
                yield from rows_of_page(finder, asked, page)


def rows_of_page(
    finder: RunFinder, fields: Sequence[FoundField], page: Iterable[tuple[Any, ...]]
) -> Iterator[RowWithRuns]:
    for pk, *values in page:
        hit = [pair for pair in zip(fields, values, strict=True) if runs_in_value(finder, *pair)]
        if hit:
            yield RowWithRuns(fields[0].model, pk, hit)


def pages(model: type[Model], rows: Q, names: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """All these rows as (primary key, values). In pages, for a pool of connections cannot hold a cursor open."""
    asked = model._base_manager.filter(rows).order_by("pk").values_list("pk", *names)
    page = list(asked[:ROWS_AT_ONCE])
    while page:
        yield page
        page = list(asked.filter(pk__gt=page[-1][0])[:ROWS_AT_ONCE]) if len(page) == ROWS_AT_ONCE else []


def all_texts(fields: Sequence[FoundField], page: Iterable[tuple[Any, ...]]) -> str:
    """All texts of a page of rows in one, in which no run goes from one to the next: a look at it mostly is enough."""
    values = ((field, value) for _pk, *row in page for field, value in zip(fields, row, strict=True))
    return f" {MARKER} ".join(rough_text(field, value) for field, value in values)


def rough_text(field: FoundField, value: Any) -> str:
    """The words of a value, and of JSON in a column of text also its keys, which saves reading it."""
    if field.fate.as_json and "\\" not in value:
        return value
    return f" {MARKER} ".join(texts_in(field, value).values())


def runs_in_value(finder: RunFinder, field: FoundField, value: Any) -> dict[str, list[Run]]:
    """{part: its runs} of those parts of a value that have any."""
    found = {part: finder.runs_in(text) for part, text in texts_in(field, value).items()}
    return {part: runs for part, runs in found.items() if runs}


def runs_elsewhere(texts: Iterable[str]) -> list[QuotedElsewhere]:
    """Where editors' texts hold runs of these texts' words, history left out. Changes nothing."""
    finder = RunFinder(texts)
    found = []
    for hit in rows_with_runs(finder, [field for field in found_fields() if not field.is_history]):
        row = hit.model._base_manager.get(pk=hit.pk)
        for field, value in hit.values:
            parts, runs = texts_in(field, value), runs_in_value(finder, field, value)
            words = [parts[part][run.start : run.end] for part, here in runs.items() for run in here]
            found.append(QuotedElsewhere(row, str(field.column.verbose_name), words))
    return found


# Hiding


@transaction.atomic
def hide_runs(texts: Iterable[str]) -> list[HiddenPassage]:
    """Cut out of editors' texts every run of these texts' words, and out of the history of those texts.

    Call it in the transaction of a withdrawal, with title, wording and words as told, once what stands beside the stories
    is deleted: words cut out of that would be kept. Returns what was cut and waits for an editor; what was cut out of a
    history waits for nobody.
    """
    finder, now = RunFinder(texts), timezone.now()
    if not finder.shingles:
        return []
    passages = [passage for hit in list(rows_with_runs(finder, found_fields())) for passage in cut_row(hit, finder)]
    for passage in passages:
        passage.hidden_at = now
    forget_typed_words(finder)
    keep_passages(passages)
    take_down_wordless_practices(passages)
    for listener in changes.passage_listeners:
        listener(passages)
    return passages


def cut_row(hit: RowWithRuns, finder: RunFinder) -> list[HiddenPassage]:
    """Cut the runs out of one row, as it is once it is locked."""
    names = [field.name for field, _value in hit.values]
    held = hit.model._base_manager.filter(pk=hit.pk).select_for_update().values(*names).first() or {}
    written, passages = {}, []
    for field, _before in hit.values:
        value = held.get(field.name)
        texts = texts_in(field, value)
        after = {}
        for part, runs in runs_in_value(finder, field, value).items():
            after[part], cut = cut_text(field, hit.pk, part, texts[part], runs)
            passages += [] if field.is_history else cut
        if after:
            written[field.name] = put_texts(field, value, after)
    if written:
        write_row(hit.model, hit.pk, written)
    return passages


def cut_text(field: FoundField, pk: Any, part: str, text: str, runs: Sequence[Run]) -> tuple[str, list[HiddenPassage]]:
    """A text with markers in place of these runs, and the passages. Earlier passages of it move along.

    Where the column has no room for the markers, the whole text is hidden.
    """
    after, places = with_markers(text, runs)
    most = None if part else field.column.max_length
    if most is not None and len(after) > most:
        runs = [Run(0, len(text))]
        after, places = with_markers(text, runs)
    where = {"model": field.model._meta.label, "row": pk, "field": field.name, "part": part}
    if not field.is_history:
        move_passages(where, [(run, len(MARKER)) for run in runs])
    cut = [
        HiddenPassage(**where, start=place, words=text[run.start : run.end])
        for place, run in zip(places, runs, strict=True)
    ]
    return after, cut


def with_markers(text: str, runs: Sequence[Run]) -> tuple[str, list[int]]:
    """A text with a marker in place of each run, and where each marker begins."""
    pieces, places, here = [], [], 0
    for run in runs:
        pieces.append(text[here : run.start])
        places.append(sum(map(len, pieces)))
        pieces.append(MARKER)
        here = run.end
    return "".join([*pieces, text[here:]]), places


def move_passages(where: dict[str, Any], replaced: Sequence[tuple[Run, int]]) -> None:
    """Let the passages hidden earlier in a text point at their markers still, after runs got another length."""
    for passage in HiddenPassage.objects.filter(**where).exclude(state=PassageState.GIVEN_BACK):
        by = sum(length - (run.end - run.start) for run, length in replaced if run.end <= passage.start)
        if by:
            HiddenPassage.objects.filter(pk=passage.pk).update(start=passage.start + by)


def write_row(model: type[Model], pk: Any, written: dict[str, Any]) -> None:
    """Write these columns, as the next version of the row and with a line in its history: who has it open is told on saving."""
    counted = model.next_version() if hasattr(model, "next_version") else {}
    if not model._default_manager.filter(pk=pk).update(**written, **counted):
        model._base_manager.filter(pk=pk).update(**written, **counted)  # which the default manager leaves out
    record_bulk_history(model._base_manager.filter(pk=pk))


def keep_passages(passages: Sequence[HiddenPassage]) -> None:
    HiddenPassage.objects.bulk_create(passages)
    HiddenShingle.objects.bulk_create(
        HiddenShingle(passage=passage, digest=digest)
        for passage in passages
        for digest in {shingle_digest(shingle) for shingle in shingles_in(folded_words(passage.words))}
    )


def forget_passages(model: type[Model], rows: Iterable[Any]) -> None:
    """Forget what was hidden in these rows, which are about to be deleted."""
    HiddenPassage.objects.filter(model=model._meta.label, row__in=list(rows)).delete()


def take_down_wordless_practices(passages: Iterable[HiddenPassage]) -> None:
    """A practice that lost its whole statement cannot be voted on: it becomes a draft again."""
    cut = [passage.row for passage in passages if (passage.model, passage.field) == ("workshops.Practice", "statement")]
    published = Practice.objects.published().filter(pk__in=cut)
    wordless = [practice.pk for practice in published if is_wordless(practice.statement)]
    if wordless:
        Practice.objects.filter(pk__in=wordless).update(status=Status.DRAFT, **Practice.next_version())
        record_bulk_history(Practice.objects.filter(pk__in=wordless))


def forget_typed_words(finder: RunFinder) -> None:
    """Take out of sessions what was typed and holds a run: a form that its session outlived, an answer asked again."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        data = session.get_decoded()
        kept = {key: value for key, value in data.items() if not holds_run(finder, value)}
        if len(kept) < len(data):
            session.session_data = Session.objects.encode(kept)
            session.save(update_fields=["session_data"])


def holds_run(finder: RunFinder, value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(holds_run(finder, each) for each in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and bool(finder.runs_in(value))


@transaction.atomic
def hide_passage(
    row: Model, field: str, start: int, end: int, why: str, part: str = "", line: LedgerLine | None = None
) -> HiddenPassage:
    """Hide the characters from `start` to `end` of a text, until an editor decides. Nothing is unpublished by it.

    Works on a story's title and wording too. A ValidationError says what is wrong with the place. `line` is what the
    ledger says of them already, where that is why they are hidden.
    """
    asked = found_field(type(row), field)
    value = held_value(asked, row.pk)
    text = texts_in(asked, value).get(part)
    if text is None or not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise ValidationError(_("There are no words to hide at this place. Mark them again."))
    if MARKER in text[max(start - len(MARKER) + 1, 0) : end + len(MARKER) - 1]:
        raise ValidationError(_("Part of this is hidden already. Mark the words beside it."))
    after, (passage,) = cut_text(asked, row.pk, part, text, [Run(start, end)])
    write_row(asked.model, row.pk, {field: put_texts(asked, value, {part: after})})
    passage.why_hidden = why
    keep_passages([passage])
    if line is None:
        enter_hidden(passage, whole_words(text, Run(start, end)))
    return passage


@ledger.replays(Forgetting.PASSAGE)
def hide_again(lines: Collection[LedgerLine]) -> None:
    """Hide what an older database shows, wherever editors may have hidden it."""
    said = LinesOfPassages(lines)
    why = _("It was hidden before. The archive was brought back from a backup since.")
    for model, pk, field, part, text in texts_of_archive() if said.hidden else ():
        runs = said.runs_in(text, (model._meta.label, str(pk), field, part))
        for run, line in reversed(runs):
            hide_passage(model._base_manager.get(pk=pk), field, run.start, run.end, why, part=part, line=line)


def texts_of_archive() -> Iterator[tuple[type[Model], Any, str, str, str]]:
    """(model, primary key, field, part, text) of every text that is registered as one, history left out."""
    fields = [FoundField(apps.get_model(label), name, fate) for (label, name), fate in registered_fields.items()]
    for field in fields:
        for page in [] if field.is_history else pages(field.model, Q(), [field.name]):
            for pk, value in page:
                for part, text in texts_in(field, value).items():
                    yield field.model, pk, field.name, part, text


ANY_TEXT = Fate(is_found=True)


def held_value(field: FoundField, pk: Any) -> Any:
    """The value of a column, with its row locked. Raises a ValidationError if the row is gone."""
    held = field.model._base_manager.filter(pk=pk).select_for_update().values_list(field.name, flat=True)
    for value in held:
        return value
    raise ValidationError(_("What it stood in is deleted by now."))


# Deciding


@transaction.atomic
def give_back(passage: HiddenPassage, because: str = "") -> None:
    """Put the words back where their marker stands. A ValidationError says why that cannot be."""
    passage = still_waiting(passage)
    field = field_of(passage)
    value = held_value(field, passage.row)
    text = texts_in(field, value).get(passage.part, "")
    start = marker_in(text, passage.start)
    run = Run(start, start + len(MARKER))
    after = text[: run.start] + passage.words + text[run.end :]
    if not passage.part and field.column.max_length and len(after) > field.column.max_length:
        raise ValidationError(
            _("Its text was made longer meanwhile, so that the words have no room. Shorten it first.")
        )
    where = {"model": passage.model, "row": passage.row, "field": passage.field, "part": passage.part}
    move_passages(where, [(run, len(passage.words))])
    write_row(field.model, passage.row, {passage.field: put_texts(field, value, {passage.part: after})})
    enter_given_back(passage, whole_words(after, Run(start, start + len(passage.words))))
    passage.shingles.all().delete()
    settle(passage, PassageState.GIVEN_BACK, because)


def text_of_passage(passage: HiddenPassage, row: Model | None = None) -> str:
    """The text that a passage was cut out of, as it stands now; empty if that is gone."""
    row = row or passage.in_row
    if row is None:
        return ""
    return texts_in(field_of(passage), getattr(row, passage.field)).get(passage.part, "")


def field_of(passage: HiddenPassage) -> FoundField:
    return found_field(apps.get_model(passage.model), passage.field)


def found_field(model: type[Model], name: str) -> FoundField:
    """A column as it is registered, or one in which words are not looked for by themselves, such as a story's wording."""
    return FoundField(model, name, registered_fields.get((model._meta.label, name), ANY_TEXT))


def marker_in(text: str, start: int) -> int:
    """Where the marker stands that was left at `start`; editors may have written around it meanwhile."""
    if text.startswith(MARKER, start):
        return start
    places = [place for place in range(len(text)) if text.startswith(MARKER, place)]
    if not places:
        raise ValidationError(_("Its text was rewritten meanwhile, and says no more where the words stood."))
    return min(places, key=lambda place: abs(place - start))


@transaction.atomic
def keep_out(passage: HiddenPassage, because: str = "") -> None:
    """Delete the words for good, out of the history of their text too. The marker stays."""
    passage = still_waiting(passage)
    finder = RunFinder([passage.words])
    label = f"{passage.model.split('.')[0]}.Historical{passage.model.split('.')[1]}"
    history = [field for field in found_fields() if field.model._meta.label == label]
    for hit in list(rows_with_runs(finder, history)):
        cut_row(hit, finder)
    settle(passage, PassageState.KEPT_OUT, because)


def still_waiting(passage: HiddenPassage) -> HiddenPassage:
    held = HiddenPassage.objects.select_for_update().get(pk=passage.pk)
    if not held.is_waiting:
        raise ValidationError(_("Somebody has decided on it meanwhile."))
    return held


def settle(passage: HiddenPassage, state: PassageState, because: str) -> None:
    passage.state, passage.words, passage.decided_because = state, "", because
    passage.decided_by, passage.decided_at = current_user(), timezone.now()
    passage.save()


def hidden_together(passage: HiddenPassage) -> list[HiddenPassage]:
    """The passages that were hidden at the same time with the same words, wherever they stand: this one first."""
    others = HiddenPassage.objects.waiting().filter(hidden_at=passage.hidden_at, words=passage.words)
    return [passage, *others.exclude(pk=passage.pk)]


# Knowing hidden words again


def shingle_digest(shingle: Shingle) -> int:
    """A keyed hash of a few words, from which nobody without the key can tell them."""
    key = hashlib.sha256(b"hidden passages" + settings.SECRET_KEY.encode()).digest()
    return int.from_bytes(
        hashlib.blake2b(" ".join(shingle).encode(), key=key, digest_size=8).digest(), "big", signed=True
    )


def hidden_words_in(text: str) -> list[str]:
    """The runs of a text that are hidden in the archive and were not given back."""
    shingles = {shingle: shingle_digest(shingle) for shingle in shingles_in(folded_words(text))}
    known = known_digests(set(shingles.values())) if shingles else set()
    if not known:
        return []
    runs = runs_where(text, lambda shingle: shingles[shingle] in known)
    return [text[run.start : run.end] for run in runs]


def known_digests(digests: Collection[int]) -> set[int]:
    asked = list(digests)
    known: set[int] = set()
    for first in range(0, len(asked), ROWS_AT_ONCE):
        page = asked[first : first + ROWS_AT_ONCE]
        known.update(HiddenShingle.objects.filter(digest__in=page).values_list("digest", flat=True))
    return known


def check_hidden_words(text: str) -> None:
    """Refuse a text that brings hidden words back."""
    if found := hidden_words_in(text):
        raise refusal(found[0])


def refusal(words: str) -> ValidationError:
    says = _(
        "“%(words)s” was hidden, because somebody who told it withdrew it or objects to it. Say it in your own words."
    )
    return ValidationError(says % {"words": words})


def refuse_hidden_words(field: Field, value: Any) -> None:
    """What `workshops.fields.word_checks` asks of the editors' own texts."""
    fate = registered_fields.get((field.model._meta.label, field.name))
    if fate and fate.is_found and value:
        check_hidden_words("\n".join(value) if isinstance(value, list) else value)


def refuse_words_hidden_here(field: Field, value: Any, row: Model) -> None:
    """What `workshops.fields.row_word_checks` asks of every text: what was cut out of it does not come back with an old file.

    However few the words are, and once they are deleted too: the lines of the ledger know them.
    """
    if row.pk is None or not isinstance(value, str):
        return
    passages = HiddenPassage.objects.filter(model=row._meta.label, row=row.pk, field=field.name)
    if passages.exclude(state=PassageState.GIVEN_BACK).exists():
        said = LinesOfPassages([ledger.line_of(entry) for entry in lines_in_table()])
        for run, _line in said.runs_in(value, (row._meta.label, str(row.pk), field.name, "")):
            raise refusal(value[run.start : run.end])
