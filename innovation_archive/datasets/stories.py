"""The dataset of stories: who may write which of their columns, and what a line that withdraws one does."""

import datetime
from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import SHELL, SIGNED_IN, Audience, Column, computed
from innovation_archive.datasets.consents import GivenOnWidget, RecordColumn, WordingWidget
from innovation_archive.datasets.context_answers import AskedContextMixin, CouldTellColumn
from innovation_archive.datasets.importing import BY_FACILITATORS, Importable, Pending
from innovation_archive.datasets.judged import JudgedWordsImportMixin, may_stand_column
from innovation_archive.datasets.people import CodeColumn
from innovation_archive.datasets.reports import LineNotices
from innovation_archive.datasets.widgets import (
    ConsentWidget,
    CountWidget,
    DateWidget,
    LineWidget,
    MarkWidget,
    NamedListWidget,
    NamedWidget,
    TagNamesWidget,
    TextWidget,
    WordWidget,
)
from workshops import changes, search
from workshops.choices import WITH_ITS_FACILITATORS, Consent, ConsentWay, Forgetting, Kind, Status
from workshops.consent.confidence import record_raise
from workshops.consent.ledger import forgotten_among
from workshops.consent.records import ConsentGiven
from workshops.consent.withdrawal import story_subjects, withdraw_stories
from workshops.consent.wordings import read_wording
from workshops.judgements.passages import STORY_TEXTS, JudgedIn, story_passages
from workshops.models import (
    ConsentRecord,
    Judgement,
    OriginalText,
    Participant,
    Place,
    Programme,
    ServiceArea,
    Story,
    Theme,
    Workshop,
)
from workshops.stories.doubles import stories_told_twice
from workshops.stories.review import hold_stories
from workshops.visibility import edited_workshops, own_workshops

ONLY_AN_EDITOR = _("Only an editor publishes, unpublishes or withdraws. Use draft or in review.")
RECORD_COLUMNS = frozenset({"consent_wording", "consent_on"})
ASKS_AGAIN = frozenset({"status", "workshop", "service_area", "place", "told_by", *STORY_TEXTS})
"""The columns of a published story of which an import asks what may stand and what the context tells, where they change."""
RAISE = ("raised_to", "raised_why", "raised_by", "raised_at")
NO_REASON = _(
    "It was said in confidence. Say in the column raised_why what its teller agreed to, or write facilitators."
)


def address_of_story():
    """A database expression for the address of a story's page. A ref has no character that needs escaping."""
    before, after = Story(ref="REF").get_absolute_url().split("REF")
    return Concat(Value(settings.SITE_URL + before), "ref", Value(after), output_field=TextField())


class ColumnOfStory(Column):
    """A column that a withdrawn story leaves empty, though its row of the database has some value there."""

    def path(self, audience):
        if audience != Audience.FULL:
            return super().path(audience)
        return Case(When(status=Status.WITHDRAWN, then=None), default=F(super().path(audience)))


class Stories(AskedContextMixin, JudgedWordsImportMixin, Importable):
    dataset = "stories"
    programme_path = "workshop__phase__programme"
    place_column = "workshop"
    called = _("stories")
    row_is = _("One story that somebody told, in the wording that was agreed for publication.")
    key = ordering = ("ref",)
    is_fields = True
    is_long = True
    judged_columns = STORY_TEXTS
    model = Story
    joined = ("original_text", "told_by")
    related = ("themes", "tags", "consent_records", "context_answers")

    ref = Column("ref", LineWidget(), _("Its random reference, used in its address."))
    workshop = Column("workshop", NamedWidget(Workshop), _("The workshop where it was told."), required=True)
    kind = ColumnOfStory("kind", WordWidget(Kind.values), _("innovation, elsewhere or message."), required=True)
    title = Column("title", LineWidget(), _("A few words that say what happened."), required=True)
    text = Column("original_text__text", TextWidget(), _("The words as they were told."), audiences=SHELL)
    published_text = Column(
        "published_text", TextWidget(), _("The wording for readers; left empty it starts as a copy of text.")
    )
    service_area = Column("service_area", NamedWidget(ServiceArea), _("The service area it comes from."))
    themes = Column("themes", NamedListWidget(Theme), _("The themes it speaks to."))
    place = Column("place", NamedWidget(Place), _("Where it happened, or a wider place."))
    tags = Column("tags", TagNamesWidget(), _("Free tags."))
    told_by = CodeColumn(
        "told_by",
        NamedWidget(Participant),
        _("Who told it, by code."),
        audiences=SIGNED_IN,
        pseudonym="told_by__pseudonym",
    )
    consent = ColumnOfStory(
        "consent", ConsentWidget(), _("facilitators, team, public or credited."), audiences=SIGNED_IN
    )
    credit = Column(
        "credit",
        LineWidget(),
        _("The credit its teller chose, if they chose one."),
        public="shown_credit",
        sql=lambda: Case(
            When(effective_consent=Consent.CREDITED, then="credit"), default=Value(""), output_field=TextField()
        ),
    )
    status = Column("status", WordWidget(Status.values), _("draft, in review, published, unpublished or withdrawn."))
    location = Column("location", LineWidget(), _("For an example from elsewhere: where."))
    source_url = Column("source_url", LineWidget(), _("A link to a real source."))
    in_confidence = Column(
        "in_confidence",
        MarkWidget(),
        _("1 if it was said in confidence. The mark stays; empty leaves it as it is."),
        audiences=SHELL,
    )
    raised_why = Column(
        "raised_why",
        TextWidget(),
        _("Why more people than its facilitators may see what was said in confidence."),
        audiences=SHELL,
    )
    consent_wording = RecordColumn(
        "wording", "language", widget=WordingWidget(), means=_("The wording they agreed to: its version and language.")
    )
    consent_on = RecordColumn("given_on", widget=GivenOnWidget(), means=_("The day on which they agreed."))
    may_stand = may_stand_column()
    could_tell = CouldTellColumn()
    programme = computed("workshop__phase__programme", NamedWidget(Programme), _("The programme of its workshop."))
    phase = computed("workshop__phase__number", CountWidget(), _("The phase of its workshop."))
    held_on = computed("workshop__held_on", DateWidget(), _("The day of its workshop."))
    place_name = computed("place__name", LineWidget(), _("The name of its place."))
    url = computed(
        lambda story: settings.SITE_URL + story.get_absolute_url(), LineWidget(), _("Its page."), sql=address_of_story
    )

    def find_existing(self, dataset):
        """Waits for whoever withdraws or lowers one of these stories just now, and keeps others waiting."""
        refs = {ref.strip() for ref in dataset["ref"]}
        hold_stories(Story.objects.filter(ref__in=refs).values("pk"))
        return super().find_existing(dataset)

    def forgotten_names(self, names):
        return set(forgotten_among(Forgetting.WITHDRAWAL, story_subjects(names)))

    def rows(self, audience):
        rows = Story.objects.select_related("workshop__phase__programme", "service_area", "place")
        rows = rows.prefetch_related("themes", "tags")
        if audience == Audience.PUBLIC:
            return rows.published()
        rows = rows.select_related("told_by")
        if audience == Audience.ANALYST:
            return rows.told_to_team()
        return rows.select_related("original_text")

    def codes(self, audience, among=None):
        """Yield [ref, tags, themes] for each story."""
        return self.read_columns([self.fields[name] for name in ("ref", "tags", "themes")], audience, among)

    def is_forgotten(self, row):
        """A line that says that a story was withdrawn brings nothing back."""
        return super().is_forgotten(row) and not says_withdrawn(row)

    def read_values(self, instance, row):
        takes_back = says_withdrawn(row)
        if instance.status == Status.WITHDRAWN and not instance._state.adding:
            self.change = Pending(instance, self.number, kept=not (takes_back and self.user is None))
            return
        if takes_back:
            self.take_back(instance, row)
            return
        self.was = {
            "status": instance.status,
            "own": self.user is None or self.is_own(instance),
            "text": original_text_of(instance),
            "published_text": instance.published_text,
            "in_confidence": instance.in_confidence,
            "knows_credit": self.knows_credit(instance),
        }
        self.why_raised = ""
        super().read_values(instance, row)

    def take_back(self, instance, row):
        """Read a line that withdraws a story, or tells of one that was: of it nothing counts but ref and workshop."""
        self.change = Pending(instance, self.number)
        instance.status = Status.WITHDRAWN
        self.change.fields.add("status")
        if instance._state.adding:
            try:
                workshop = self.fields["workshop"].widget.clean(row.get("workshop", ""), lookups=self.lookups)
            except ValueError as problem:
                raise ValidationError({"workshop": str(problem)}) from problem
            if workshop is None:
                raise ValidationError({"workshop": gettext("It is empty, and every row needs it. Fill it in.")})
            instance.ref, instance.workshop, instance.withdrawn_at = row["ref"].strip(), workshop, timezone.now()
        if self.user and not self.edits(instance):
            raise ValidationError({"status": ONLY_AN_EDITOR})

    def validate_instance(self, instance, import_validation_errors=None, **kwargs):
        if instance.status != Status.WITHDRAWN:
            super().validate_instance(instance, import_validation_errors, **kwargs)
        elif import_validation_errors:  # of a withdrawn one nothing else is written
            raise ValidationError(import_validation_errors)

    def may_write(self, instance):
        """Whether the importing user may change a story: editors any they see, facilitators those of their workshops.

        A withdrawn story counts as writable here, so that its line is reported as "kept withdrawn" and not as refused.
        That gives nothing away: the story's page says that it was withdrawn.
        """
        if instance.status == Status.WITHDRAWN:
            return True
        return super().may_write(instance)

    def edits(self, story):
        return story.workshop_id in edited_workshops(self.user)

    def is_own(self, story):
        return story.workshop_id in own_workshops(self.user)

    def knows_credit(self, story):
        """Whether the importing user may see the credit that the archive holds of a story."""
        return self.user is None or story._state.adding or self.is_own(story) or bool(story.shown_credit)

    def set_value(self, instance, column, value):
        if column.column_name == "credit" and not self.was["knows_credit"]:
            self.leave_credit(value)
        elif column.column_name == "in_confidence":
            self.mark_in_confidence(instance, column, value)
        elif column.column_name == "raised_why":
            self.why_raised = value
        else:
            self.set_story_value(instance, column, value)

    def leave_credit(self, value):
        """Refused even if it is the credit that the archive holds: accepting that would tell it. Left empty, as files for
        readers have it, it stays."""
        if value:
            raise ValidationError({"credit": BY_FACILITATORS})

    def set_story_value(self, instance, column, value):
        if column.column_name == "text":
            if value != self.was["text"]:
                self.change.links["text"] = value
        elif column.column_name in RECORD_COLUMNS:
            if value != column.value(instance, Audience.FULL):
                self.change.links[column.column_name] = value
        elif column.column_name == "status" and not value:
            super().set_value(instance, column, Status.DRAFT.value)
        elif column.column_name != "published_text" or value:
            super().set_value(instance, column, value)

    def mark_in_confidence(self, instance, column, value):
        if value is False and self.was["in_confidence"]:
            raise ValidationError(
                {
                    "in_confidence": gettext(
                        "It was said in confidence, and that stays. Write 1, or leave the cell empty."
                    )
                }
            )
        if value is not None:
            super().set_value(instance, column, value)

    def complete(self, instance, row):
        if instance.consent > instance.consent_ceiling:
            self.change.kept = True
            return {}
        if errors := self.raise_consent(instance):
            return errors
        if not row.get("published_text"):
            self.copy_words(instance)
        if instance.effective_consent != instance.lowest_consent:
            instance.effective_consent = instance.lowest_consent
            self.change.fields.add("effective_consent")
        return self.write_status(instance) or self.change_of_others(instance) or self.check_words(instance)

    def check_words(self, instance):
        """Errors of a row that readers would get with words that nobody has judged, or with a context of which nobody has
        said what it tells."""
        changed = instance._state.adding or ASKS_AGAIN & self.change.fields
        where = JudgedIn(workshops=(instance.workshop_id,))
        is_for_readers = bool(changed) and instance.status == Status.PUBLISHED
        errors = self.judge_words(instance, where, lambda: story_passages(instance, self.reader), is_for_readers)
        return errors | self.ask_context(instance, is_for_readers)

    def judged_words(self):
        words = defaultdict(list)
        for workshop, word in Judgement.objects.exclude(workshop=None).values_list("workshop__slug", "word"):
            words[workshop].append(word)
        return lambda row: words[row["workshop"]]

    def raise_consent(self, instance):
        """Record why what was said in confidence gets a wider consent; an error if the file does not say why."""
        before = {name: getattr(instance, name) for name in RAISE}
        if instance.lacks_reason:
            if not self.why_raised.strip():
                return {"consent": NO_REASON}
            record_raise(instance, instance.consent, self.why_raised, self.user)
        instance.narrow_raise()
        self.change.fields |= {name for name in RAISE if getattr(instance, name) != before[name]}
        return {}

    def change_of_others(self, instance):
        """Errors for changes that the importing user may not make to this story, or no longer."""
        changed = self.change.fields | set(self.change.links)
        if instance._state.adding or not changed or self.user is None:
            return {}
        if not self.edits(instance) and self.was["status"] not in WITH_ITS_FACILITATORS:
            return {
                "ref": gettext("The story is %(status)s. Suggest a correction on its page, or ask an editor.")
                % {"status": Status(self.was["status"]).label.lower()}
            }
        if not self.was["own"]:
            columns = {"workshop", "text", "told_by", "consent", "in_confidence"} & changed
            return dict.fromkeys(sorted(columns), BY_FACILITATORS)
        return {}

    def copy_words(self, instance):
        """Copy the words as told into the published wording, as long as nobody has edited that.

        The wording of a published story stays as it is: an empty cell must never bring raw words before readers.
        """
        text = self.change.links.get("text", self.was["text"])
        if self.was["status"] == Status.PUBLISHED:
            return
        if instance.published_text in ("", self.was["text"]) and instance.published_text != text:
            instance.published_text = text
            self.change.fields.add("published_text")

    def write_status(self, instance):
        """An error if the importing user may not set this status. The model checks what publishing needs."""
        if instance.status == self.was["status"]:
            return {}
        statuses = {instance.status, self.was["status"]}
        if self.user and not self.edits(instance) and not statuses <= WITH_ITS_FACILITATORS:
            return {"status": ONLY_AN_EDITOR}
        return {}

    def stored_before(self, row):
        return {} if row.instance.status == Status.WITHDRAWN and row.instance.pk else super().stored_before(row)

    def stored_links(self, instance):
        records = {name: self.fields[name].value(instance, Audience.FULL) for name in RECORD_COLUMNS}
        return super().stored_links(instance) | {"text": original_text_of(instance)} | records

    def write(self):
        taken_back = [row for row in self.pending if row.instance.status == Status.WITHDRAWN and row.instance.pk]
        everything, self.pending = self.pending, [row for row in self.pending if row not in taken_back]
        for row in self.pending:
            row.instance.consent_given = self.consent_given(row)
        self.write_stories()
        self.write_records()
        self.pending = everything
        withdraw_stories(row.instance for row in taken_back)

    def consent_given(self, row):
        """What the file says of how a story's consent was given."""
        now = {} if row.instance._state.adding else self.stored_links(row.instance)
        said = {name: row.links.get(name, now.get(name, "")) for name in RECORD_COLUMNS}
        wording = read_wording(said["consent_wording"])
        return ConsentGiven(
            way=ConsentWay.FILE,
            given_on=datetime.date.fromisoformat(said["consent_on"]) if said["consent_on"] else None,
            wording=wording.version if wording else None,
            language=wording.language if wording else "",
        )

    def write_records(self):
        """Mend the last record of each story whose line says something else of its consent, at the level it has."""
        for row in self.pending:
            if RECORD_COLUMNS & row.links.keys():
                last = row.instance.consent_records.order_by("-pk").values("pk")[:1]
                said = row.instance.consent_given._asdict()
                ConsentRecord.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(
                    **{name: said[name] for name in ("given_on", "wording", "language")}
                )

    def write_stories(self):
        existing = {row.instance.pk for row in self.pending if not row.instance._state.adding}
        self.worded = [row for row in self.pending if row.instance._state.adding or "published_text" in row.fields]
        with search.indexing_once():
            super().write()
        OriginalText.objects.bulk_create(
            [
                OriginalText(story=row.instance, text=row.links.get("text", ""))
                for row in self.pending
                if "text" in row.links or row.instance.pk not in existing
            ],
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["story"],
            update_fields=["text"],
        )
        gone = Story.objects.filter(pk__in=existing).exclude(pk__in=Story.objects.published().values("pk"))
        changes.tell(list(gone.values_list("pk", flat=True)))

    def after_import(self, dataset, result, **kwargs):
        self.worded = []
        super().after_import(dataset, result, **kwargs)
        self.line_notices.append(self.notices_of_doubles())

    def notices_of_doubles(self):
        """A sentence for each line whose wording another story has already, or nearly; of two in the file, for the later."""
        lines = {row.instance.pk: self.table.lines[row.number - 1] for row in self.worded}
        seen = Story.objects.all() if self.user is None else Story.objects.visible_to(self.user)
        told_twice = stories_told_twice(lines, seen)
        first = {
            pk: next((double for double in doubles if double.thing.pk not in lines or double.thing.pk < pk), None)
            for pk, doubles in told_twice.items()
        }
        sentences = [self.notice_of_double(lines[pk], first[pk]) for pk in sorted(first, key=lines.get) if first[pk]]
        return LineNotices(
            sentences,
            lambda others: ngettext(
                "… and %(count)s other line has words that a story has already.",
                "… and %(count)s other lines have words that a story has already.",
                others,
            ),
        )

    def notice_of_double(self, line, double):
        if double.is_same:
            sentence = gettext("%(file)s, line %(line)s: the same words as the story “%(ref)s”.")
        else:
            sentence = gettext("%(file)s, line %(line)s: nearly the same words as the story “%(ref)s”.")
        return sentence % {"file": self.table.name, "line": line, "ref": double.thing.ref}


def says_withdrawn(row):
    return row.get("status", "").strip().casefold() == Status.WITHDRAWN


def original_text_of(story):
    return story.original_text.text if hasattr(story, "original_text") else ""
