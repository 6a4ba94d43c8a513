"""What an import asks of words that it would put before readers, and the column in which a full export lists judgements.

From the shell, an identifier in a published row is refused unless the row's column `may_stand` lists it; softer kinds pass
with a notice and wait in the editors' list. At the desk the preview shows every passage, and whoever confirms the import
says which may stand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import Model
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import SHELL, Audience, Column
from innovation_archive.datasets.reports import LineNotices
from innovation_archive.datasets.widgets import ListWidget
from workshops.judgements.context import StoryContext
from workshops.judgements.judging import add_judgements, refused_among, unjudged_sentence
from workshops.judgements.passages import (
    NOWHERE,
    FoundPassage,
    JudgedIn,
    PassageReader,
    each_once,
    holds_word,
    judged_form,
    listed_words,
    masked,
)
from workshops.models import Judgement, UnjudgedPublication
from workshops.models.judgements import key_of
from workshops.personal_data import Mark

LISTED = "may_stand"


def nothing_listed(row: Model) -> list[str]:
    """An import compares no judgements: it adds those that are new, and removes none."""
    return []


def may_stand_column() -> Column:
    means = _("Passages of this row that may tell who somebody is, and that people have said may stand.")
    return Column(nothing_listed, ListWidget(), means, audiences=SHELL)


class JudgedWordsImportMixin:
    """For datasets whose rows have words that readers get.

    `judged_columns` are the columns of those words. `judged_words` says, for a full export, which words are judged where
    a row belongs.
    """

    judged_columns: tuple[str, ...] = ()
    is_listed = True
    """Whether the editors' list names what the shell published of it; where not, that is done elsewhere."""

    def judged_texts(self, instance) -> list[str]:
        """What readers would get of a row in these columns."""
        return [text_of_cell(getattr(instance, name)) for name in self.judged_columns]

    def judged_words(self) -> Callable[[dict], Iterable[str]]:
        raise NotImplementedError

    # In.

    def begin(self, rows):
        super().begin(rows)
        self.reader, self.listed = PassageReader(), []
        self.found: dict[int, list[FoundPassage]] = {}
        self.soft: dict[int, list[FoundPassage]] = {}
        self.asked: dict[int, list[str]] = {}
        self.unanswered: dict[int, StoryContext] = {}
        self.passed: list[Model] = []
        self.to_judge: dict[JudgedIn, dict[tuple[str, str], None]] = defaultdict(dict)

    def import_instance(self, instance, row, **kwargs):
        self.listed = []
        super().import_instance(instance, row, **kwargs)

    def set_value(self, instance, column, value):
        if column.column_name == LISTED:
            self.listed = value
        else:
            super().set_value(instance, column, value)

    def judge_words(self, instance, where, find_passages, is_for_readers):
        """Take what the row lists, and return {column: sentence} if it would show readers what nobody has judged.

        `find_passages` is called only where there is something to ask.
        """
        if not is_for_readers and not self.listed:
            return {}
        passages = find_passages()
        listed = {judged_form(word) for word in self.listed}
        said = [each for each in passages if each.is_open and (each.word in listed or self.is_ticked(each))]
        self.keep_words(instance, where, passages, said, listed)
        if not is_for_readers:
            return {}
        self.passed.append(instance)
        unlisted = each_once(each for each in passages if each.is_open and each.word not in listed)
        if self.user is not None and unlisted:
            self.found[self.number] = masked(unlisted)
        return self.ask_of(where, [each for each in unlisted if not self.is_ticked(each)])

    def is_ticked(self, passage):
        return masked([passage])[0].token in self.ticked

    def keep_words(self, instance, where, passages, said, listed):
        """Note what is to be judged. A listed word that is not found here may be somebody's name elsewhere."""
        words = {(each.hit.mark.value, each.word) for each in said}
        unfound = listed - {each.word for each in passages} - {word for _mark, word in self.reader.judged_in(where)}
        texts = self.judged_texts(instance)
        words |= {(Mark.NAME.value, word) for word in unfound if any(holds_word(text, word) for text in texts)}
        if words:
            self.to_judge[where] |= dict.fromkeys(sorted(words))
            if listed:
                self.change.links[LISTED] = sorted(word for _mark, word in words)

    def ask_of(self, where, waiting):
        """What stands against publishing a row with these unjudged passages, as {column: sentence}."""
        column = self.judged_columns[0]
        if self.user is None:
            if identifiers := refused_among(waiting, is_from_shell=True):
                advice = gettext("Take them out, or list them in the column may_stand.")
                return {column: f"{unjudged_sentence(identifiers)} {advice}"}
            if waiting:
                self.soft[self.number] = waiting
        elif waiting:
            if not self.is_dry_run:
                return {column: unjudged_sentence(waiting)}
            # On a dry run, which leaves nothing, the row goes on as if they were ticked.
            self.to_judge[where] |= dict.fromkeys((each.hit.mark.value, each.word) for each in waiting)
        return {}

    def write(self):
        self.keep_judgements()
        super().write()

    def keep_judgements(self):
        """Write what was listed or ticked, and which published rows have passages that nobody has judged."""
        for where, words in self.to_judge.items():
            add_judgements(words, where, self.user)
        if self.is_listed:
            self.list_unjudged()

    def list_unjudged(self):
        kind = str(self.model._meta.model_name)
        UnjudgedPublication.objects.filter(kind=kind, ref__in=[key_of(row) for row in self.passed]).delete()
        written = {row.number: row.instance for row in self.pending}
        UnjudgedPublication.objects.bulk_create(
            UnjudgedPublication(
                kind=kind,
                ref=key_of(written[number]),
                passages=len(self.soft.get(number, ())),
                asks_context=number in self.unanswered,
            )
            for number in sorted({*self.soft, *self.unanswered} & written.keys())
        )

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        self.line_notices.append(self.notices_of_unjudged())

    def notices_of_unjudged(self):
        """A sentence for each line that the shell published with passages that nobody has judged."""
        sentence = gettext("%(file)s, line %(line)s: published. %(unjudged)s")
        said = [
            sentence
            % {"file": self.table.name, "line": self.table.lines[number - 1], "unjudged": unjudged_sentence(passages)}
            for number, passages in sorted(self.soft.items())
        ]
        return LineNotices(
            said,
            lambda others: ngettext(
                "… and %(count)s other line was published with passages that nobody has judged.",
                "… and %(count)s other lines were published with passages that nobody has judged.",
                others,
            ),
        )

    def row_reports(self, result, report):
        rows = super().row_reports(result, report)
        for number, row in enumerate(rows, 1):
            row.passages = [
                [each.token, each.text, each.mark.value, each.sentence] for each in self.found.get(number, ())
            ]
            row.passages += [self.asked[number]] if number in self.asked else []
        return rows

    def stored_links(self, instance):
        return super().stored_links(instance) | {LISTED: []}

    # Out.

    def records(self, audience, among=None) -> Iterator[list]:
        """In the full file each row lists which of its passages are judged, as they are written in it."""
        columns = self.columns(audience)
        if audience != Audience.FULL:
            yield from super().records(audience, among)
            return
        words_for = self.judged_words()
        others = [column for column in columns if column.column_name != LISTED]
        names = [column.column_name for column in others]
        place = [column.column_name for column in columns].index(LISTED)
        for values in self.values_of(others, audience, among):
            row = dict(zip(names, values, strict=True))
            texts = [text_of_cell(row[name]) for name in self.judged_columns]
            yield [*values[:place], listed_words(words_for(row), texts), *values[place:]]

    def values_of(self, columns: Sequence[Column], audience, among) -> Iterator[list]:
        if self.is_fields:
            yield from self.read_columns(columns, audience, among)
            return
        for instance in self.chosen(audience, among).iterator(chunk_size=500):
            yield [column.native(instance, audience) for column in columns]


def text_of_cell(value):
    return "\n".join(value) if isinstance(value, list) else value or ""


def words_by_programme():
    """For a row that names its programme: the words that are judged there."""
    words = defaultdict(list)
    for programme, word in Judgement.objects.exclude(programme=None).values_list("programme__slug", "word"):
        words[programme].append(word)
    return lambda row: words[row["programme"]]


def words_of_no_programme():
    """The same for rows that belong to none, or are one."""
    words = list(Judgement.objects.filter(NOWHERE.judgements).values_list("word", flat=True))
    return lambda row: words
