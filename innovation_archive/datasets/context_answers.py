"""What an import asks of stories that few people could have told, and the column in which a full export lists the answers.

From the shell such a story passes with a notice and waits in the editors' list, unless its column `could_tell` answers. At
the desk the preview asks of each, and whoever confirms the import says that nobody could tell who it was. Where somebody
could, the file says why it is published all the same.
"""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Value
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READ_BATCH, SHELL, Audience, Column
from innovation_archive.datasets.reports import LineNotices
from innovation_archive.datasets.widgets import LineWidget
from workshops.judgements.context import SAY_WHY, ContextReader, ContextUnansweredError, StoryContext, contexts_of
from workshops.models import ContextAnswer, Story
from workshops.models.judgements import MAX_WHY_LENGTH

ANSWERED = "could_tell"
CONTEXT = "context"
"""What an ImportLine has in the place of a mark where it asks of a story's context."""
NO, YES = "no", "yes"


class CouldTellWidget(LineWidget):
    """“no”, or “yes: ” and why the story is published all the same; read as (whether somebody could tell, why)."""

    def clean(self, value, row=None, **kwargs):
        said, _colon, why = (part.strip() for part in super().clean(value, row, **kwargs).partition(":"))
        if not said:
            return None
        if said.casefold() == NO and not why:
            return False, ""
        if said.casefold() != YES:
            raise ValueError(gettext("Write no, or yes: and why it is published all the same."))
        if not why:
            raise ValueError(str(SAY_WHY))
        return True, why[:MAX_WHY_LENGTH]


class CouldTellColumn(Column):
    """Empty where a row is read: `with_answers` fills it, for what counts is no field."""

    def __init__(self):
        means = _(
            "Whether somebody who knows the work could tell who it was: no, or yes: and why it is published all the same."
        )
        super().__init__(lambda story: "", CouldTellWidget(), means, audiences=SHELL)

    def path(self, audience):
        return Value("")


def cell_of(could_tell: bool, why: str) -> str:
    return f"{YES}: {why}" if could_tell else NO


class AskedContextMixin:
    """For the dataset of stories, besides JudgedWordsImportMixin, which reports what is asked of each row."""

    def begin(self, rows):
        super().begin(rows)
        self.contexts, self.answer = ContextReader(), None
        self.answers: list[tuple[StoryContext, ContextAnswer]] = []

    def import_instance(self, instance, row, **kwargs):
        self.answer = None
        super().import_instance(instance, row, **kwargs)

    def set_value(self, instance, column, value):
        if column.column_name == ANSWERED:
            self.answer = value
        else:
            super().set_value(instance, column, value)

    def ask_context(self, story, is_for_readers):
        """Take what the row answers, and return {column: sentence} if it would show readers a story whose context nobody
        has judged."""
        if not is_for_readers and not self.answer:
            return {}
        if self.answer and not (self.user is None or self.edits(story)):
            return {ANSWERED: gettext("Only an editor says what the context of a story tells. Leave the cell empty.")}
        context = self.contexts.context_of(story)
        if self.answer and context.is_few:
            self.keep_answer(context, *self.answer)
            return {}
        return self.ask_of_context(context) if is_for_readers and context.asks else {}

    def keep_answer(self, context, could_tell, why):
        """Note an answer that is to be written, unless it is the one that the archive has."""
        if context.is_answered and (context.answer.could_tell, context.answer.why) == (could_tell, why):
            return
        self.answers.append((context, context.new_answer(could_tell, why, self.user)))
        self.change.links[ANSWERED] = cell_of(could_tell, why)

    def ask_of_context(self, context):
        """What stands against publishing a story whose context nobody has judged, as {column: sentence}."""
        if self.user is None:
            self.unanswered[self.number] = context
            return {}
        token = f"{CONTEXT}:{context.story.ref}"
        line = self.table.lines[self.number - 1]
        self.asked[self.number] = [token, f"{line}: {context.story.title}", CONTEXT, context.sentence]
        if token in self.ticked:
            self.answers.append((context, context.new_answer(False, "", self.user)))
        elif not self.is_dry_run:
            return {ANSWERED: " ".join(ContextUnansweredError(context).messages)}
        return {}

    def write(self):
        super().write()
        for context, answer in self.answers:
            answer.story = context.story  # which has a primary key now
        ContextAnswer.objects.bulk_create([answer for _context, answer in self.answers])

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        self.line_notices.append(self.notices_of_contexts())

    def notices_of_contexts(self):
        """A sentence for each line that the shell published though nobody has said what its context tells."""
        says = gettext(
            "%(file)s, line %(line)s: published. %(context)s Nobody has said yet whether somebody who knows the work could "
            "tell who it was."
        )
        told = [
            says % {"file": self.table.name, "line": self.table.lines[number - 1], "context": context.sentence}
            for number, context in sorted(self.unanswered.items())
        ]
        return LineNotices(
            told,
            lambda others: ngettext(
                "… and %(count)s other line was published though nobody has said what its context tells.",
                "… and %(count)s other lines were published though nobody has said what their context tells.",
                others,
            ),
        )

    def stored_links(self, instance):
        return super().stored_links(instance) | {ANSWERED: ""}

    def records(self, audience, among=None) -> Iterator[list]:
        """In the full file each story has the answer that counts."""
        rows = super().records(audience, among)
        return self.with_answers(rows) if audience == Audience.FULL else rows

    def with_answers(self, rows):
        names = [column.column_name for column in self.columns(Audience.FULL)]
        key, place = names.index("ref"), names.index(ANSWERED)
        while batch := list(islice(rows, READ_BATCH)):
            cells = answers_of([row[key] for row in batch])
            yield from ([*row[:place], cells.get(row[key], ""), *row[place + 1 :]] for row in batch)


def answers_of(refs: list[str]) -> dict[str, str]:
    """{ref: cell} of those of these stories that have an answer which counts."""
    answered = Story.objects.filter(ref__in=refs, pk__in=ContextAnswer.objects.values("story")).select_related(
        "told_by"
    )
    return {
        context.story.ref: cell_of(context.answer.could_tell, context.answer.why)
        for context in contexts_of(answered).values()
        if context.answer and context.is_answered
    }
