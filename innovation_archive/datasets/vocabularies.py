"""The datasets that all workshops refer to: programmes, service areas, themes and places."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import Column
from innovation_archive.datasets.importing import Importable
from innovation_archive.datasets.judged import JudgedWordsImportMixin, may_stand_column, words_of_no_programme
from innovation_archive.datasets.widgets import DateWidget, FlagWidget, LineWidget, ListWidget, TextWidget
from workshops.judgements.passages import NOWHERE
from workshops.models import Phase, Place, Programme, ServiceArea, Theme
from workshops.models.programmes import Workshop

MAX_QUESTION_LENGTH = Phase._meta.get_field("question").max_length


class Programmes(JudgedWordsImportMixin, Importable):
    dataset = "programmes"
    programme_path = "pk"
    called = _("programmes")
    row_is = _("One learning programme.")
    key = ordering = ("slug",)
    judged_columns = ("title", "summary", "phases")
    model = Programme
    related = ("phases",)

    slug = Column("slug", LineWidget(), _("Its key, used in addresses."))
    title = Column("title", LineWidget(), _("Its name."), required=True)
    summary = Column("summary", TextWidget(), _("What it is, in a paragraph."))
    started = Column("started", DateWidget(), _("First day."))
    ended = Column("ended", DateWidget(), _("Last day."))
    phases = Column(
        lambda programme: [phase.question for phase in programme.phases.all()],
        ListWidget(),
        _("The guiding questions of its phases, in order."),
    )
    illustrative = Column("illustrative", FlagWidget(), _("1 if its people, stories and votes are invented."))
    may_stand = may_stand_column()

    def rows(self, audience):
        return self.with_related()

    def set_value(self, instance, column, value):
        if column.column_name != "phases":
            return super().set_value(instance, column, value)
        now = [] if instance._state.adding else [phase.question for phase in instance.phases.all()]
        if value != now:
            self.change.links["phases"] = value
        return None

    def complete(self, instance, row):
        return self.check_phases(instance) or self.check_words(instance)

    def check_words(self, programme):
        """Errors of a row with words that nobody has judged: a programme is public as it stands."""
        changed = programme._state.adding or {"title", "summary"} & self.change.fields or "phases" in self.change.links
        texts = self.judged_texts(programme)
        return self.judge_words(programme, NOWHERE, lambda: self.reader.read(texts, NOWHERE), bool(changed))

    def judged_texts(self, programme):
        stored = [] if programme._state.adding else [phase.question for phase in programme.phases.all()]
        return [programme.title, programme.summary, *self.change.links.get("phases", stored)]

    def judged_words(self):
        return words_of_no_programme()

    def check_phases(self, instance):
        questions = self.change.links.get("phases")
        if any(len(question) > MAX_QUESTION_LENGTH for question in questions or []):
            return {
                "phases": gettext("A question has at most %(limit)s letters. Shorten it.")
                % {"limit": MAX_QUESTION_LENGTH}
            }
        if questions is None or instance._state.adding:
            return {}
        used = Workshop.objects.filter(phase__programme=instance, phase__number__gt=len(questions))
        if used.exists():
            return {
                "phases": gettext(
                    "It leaves out phases that have workshops, such as “%(workshop)s”. Keep their questions."
                )
                % {"workshop": used[0].slug}
            }
        return {}

    def stored_links(self, instance):
        return super().stored_links(instance) | {"phases": [phase.question for phase in instance.phases.all()]}

    def write(self):
        super().write()
        for row in self.pending:
            questions = row.links.get("phases", [])
            for number, question in enumerate(questions, 1):
                Phase.objects.update_or_create(programme=row.instance, number=number, defaults={"question": question})
            if "phases" in row.links:
                row.instance.phases.filter(number__gt=len(questions)).delete()


def name_column():
    return Column("name", LineWidget(), _("The name people read."), required=True)


def aliases_column():
    return Column("aliases", ListWidget(), _("Other names by which imports and notes know it."))


class VocabularyDataset(Importable):
    """Terms whose names must not overlap, within a file or with what the archive has."""

    def rows(self, audience):
        return self.model.objects.all()

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        others = self.model.objects.exclude(pk__in=[term.pk for term in self.existing.values()])
        self.meaning = {name.casefold(): term.key for term in others for name in term.names}

    def complete(self, instance, row):
        errors = {}
        for name in instance.names:
            other = self.meaning.setdefault(name.casefold(), instance.key)
            if other != instance.key:
                column = "aliases" if name in instance.aliases else "name"
                errors[column] = gettext("“%(name)s” already means %(other)s. A name may mean one thing only.") % {
                    "name": name,
                    "other": other,
                }
        return errors

    def clean_instance(self, instance):
        """Skip the model's own check for overlapping names: `complete` has checked the archive and the file."""


class ServiceAreas(VocabularyDataset):
    dataset = "service_areas"
    programme_path = ""
    called = _("service areas")
    row_is = _("One field of public service.")
    key = ordering = ("slug",)
    model = ServiceArea

    slug = Column("slug", LineWidget(), _("Its key, used in addresses and other files."))
    name = name_column()
    aliases = aliases_column()


class Themes(VocabularyDataset):
    dataset = "themes"
    programme_path = ""
    called = _("themes")
    row_is = _("One lens that cuts across service areas.")
    key = ordering = ("slug",)
    model = Theme

    slug = Column("slug", LineWidget(), _("Its key, used in addresses and other files."))
    name = name_column()
    aliases = aliases_column()


class Places(VocabularyDataset):
    dataset = "places"
    programme_path = ""
    called = _("places")
    row_is = _("One locality.")
    key = ordering = ("code",)
    model = Place

    code = Column("code", LineWidget(), _("Its official code, used in addresses and other files."))
    name = name_column()
    aliases = aliases_column()
