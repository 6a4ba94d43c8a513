"""The datasets of workshops and of the people who came to them."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READERS, SHELL, SIGNED_IN, Audience, Column, KeyOrder
from innovation_archive.datasets.importing import BY_FACILITATORS, OTHER_PROGRAMME, Importable
from innovation_archive.datasets.judged import JudgedWordsImportMixin, may_stand_column, words_by_programme
from innovation_archive.datasets.people import COARSE, CoarseColumn, CodeColumn, OfPeopleMixin
from innovation_archive.datasets.widgets import (
    ConsentWidget,
    CountWidget,
    DateWidget,
    LineWidget,
    Lookup,
    NamedListWidget,
    NamedWidget,
    TextWidget,
)
from workshops.judgements.passages import programme_of_workshop, workshop_passages
from workshops.models import Participant, Phase, Place, Programme, ServiceArea, Story, Workshop
from workshops.roles import FACILITATOR, is_editor_of, roles_of
from workshops.visibility import edited_workshops, own_workshops

NOT_BY_LISTING = _(
    "Somebody who came to no workshop of yours is entered there by those who know them: their name would be shown to you."
)


class Workshops(JudgedWordsImportMixin, Importable):
    dataset = "workshops"
    programme_path = "phase__programme"
    place_column = "programme"
    called = _("workshops")
    row_is = _("One session of a phase of a programme.")
    key = ordering = ("slug",)
    judged_columns = ("title", "format")
    model = Workshop
    joined = ("phase__programme",)
    related = ("service_areas", "places", "facilitators")

    slug = Column("slug", LineWidget(), _("Its key, used in addresses and other files."))
    title = Column("title", LineWidget(), _("Its name."), required=True)
    programme = Column("phase__programme", NamedWidget(Programme), _("The programme it belongs to."), required=True)
    phase = Column(
        "phase__number", CountWidget(least=1, empty=None), _("The number of the phase it belongs to."), required=True
    )
    held_on = Column("held_on", DateWidget(), _("The day it was held."))
    format = Column("format", LineWidget(), _("Online, in person, hybrid …"))
    service_areas = Column("service_areas", NamedListWidget(ServiceArea), _("The service areas it asked."))
    places = Column("places", NamedListWidget(Place), _("The places it asked."))
    facilitators = Column(
        "facilitators",
        NamedListWidget(get_user_model()),
        _("Account names of those who ran it; empty means whoever imports, if they are a facilitator."),
        audiences=SHELL,
    )
    notes = Column("notes", TextWidget(), _("The notes as they were taken."), audiences=SHELL)
    may_stand = may_stand_column()

    def rows(self, audience):
        rows = self.model.objects.select_related("phase__programme").prefetch_related("service_areas", "places")
        return rows.prefetch_related("facilitators") if audience == Audience.FULL else rows.defer("notes")

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.phases = {(phase.programme_id, phase.number): phase for phase in Phase.objects.all()}

    def look_up(self, dataset):
        lookups = super().look_up(dataset)
        if self.user is None and "facilitators" in dataset.headers:
            # An archive may be moved to a new database before its people have accounts there. Only an import from
            # the shell then makes accounts; nobody can sign in to them until an administrator opens them.
            accounts = lookups[get_user_model()].rows
            for name in {name for cell in dataset["facilitators"] for name in NamedListWidget(Workshop).names(cell)}:
                accounts.setdefault(name, unopened_account(name))
        return lookups

    def set_value(self, instance, column, value):
        if column.column_name in {"programme", "phase"}:
            setattr(self, column.column_name, value)
        elif column.column_name == "notes" and not (
            self.user is None or instance._state.adding or self.is_own(instance)
        ):
            # Refused even if the file holds the same notes: accepting those would tell that they are the same.
            raise ValidationError(
                {"notes": gettext("The notes are for those who ran the workshop. Leave the column out.")}
            )
        elif column.column_name == "facilitators" and not value:
            # An empty cell names a facilitator who imports on a new workshop, and leaves the facilitators of an old one.
            if self.user and instance._state.adding and FACILITATOR in roles_of(self.user):
                self.change.links["facilitators"] = [self.user]
        else:
            super().set_value(instance, column, value)

    def edits(self, workshop):
        return is_editor_of(self.user, workshop.phase.programme_id)

    def is_own(self, workshop):
        """Facilitators add workshops to any programme, as at the desk."""
        if workshop._state.adding:
            return FACILITATOR in roles_of(self.user)
        return workshop.pk in own_workshops(self.user)

    def read_values(self, instance, row):
        phase = instance.phase if instance.phase_id else None
        self.programme, self.phase = phase and phase.programme, phase and phase.number
        super().read_values(instance, row)

    def complete(self, instance, row):
        phase = self.phases.get((self.programme.pk, self.phase))
        if phase is None:
            numbers = sorted(number for programme, number in self.phases if programme == self.programme.pk)
            return {"phase": self.phases_there_are(numbers)}
        if instance.phase_id != phase.pk:
            instance.phase = phase
            self.change.fields.add("phase")
        return self.check_facilitators(instance) or self.check_words(instance)

    def check_words(self, workshop):
        """Errors of a row with words that nobody has judged: that a workshop took place is public."""
        changed = workshop._state.adding or {"title", "format", "phase"} & self.change.fields
        where = programme_of_workshop(workshop)
        return self.judge_words(workshop, where, lambda: workshop_passages(workshop, self.reader), bool(changed))

    def judged_words(self):
        return words_by_programme()

    def check_facilitators(self, workshop):
        """Errors of a row that says who ran a workshop. They read its names and its words as told, so nobody takes that for
        themselves or gives it to others: as at the desk, those who ran it say who else did, and only of facilitators. A
        new workshop holds nothing yet."""
        named = self.change.links.get("facilitators")
        if named is None or self.user is None:
            return {}
        runs_it = FACILITATOR in roles_of(self.user) and self.is_own(workshop)
        if not (workshop._state.adding or runs_it or self.user.is_superuser):
            return {"facilitators": gettext("Only those who ran a workshop say who else did. Leave the cell empty.")}
        there = self.links_now(workshop, self.fields["facilitators"])
        others = [each.username for each in named if each.pk not in there and FACILITATOR not in roles_of(each)]
        if others:
            said = gettext("No facilitator: %(names)s. Only active accounts with that role can be named.")
            return {"facilitators": said % {"names": ", ".join(sorted(others))}}
        return {}

    def phases_there_are(self, numbers):
        if not numbers:
            return gettext("The programme %(programme)s has the phases none.") % {"programme": self.programme.slug}
        return gettext("The programme %(programme)s has the phases %(numbers)s.") % {
            "programme": self.programme.slug,
            "numbers": ", ".join(map(str, numbers)),
        }

    def write(self):
        accounts = self.lookups.get(get_user_model(), Lookup(get_user_model())).rows.values()
        new = [account for account in accounts if account._state.adding]
        for account in new:
            account.save()
        if new:
            names = ", ".join(sorted(account.username for account in new))
            self.notices.append(
                gettext("Accounts made, closed until an administrator opens them: %(names)s.") % {"names": names}
            )
        super().write()


def unopened_account(name):
    account = get_user_model()(username=name, is_active=False)
    account.set_unusable_password()
    return account


class Participants(OfPeopleMixin, Importable):
    dataset = "participants"
    place_column = "workshops"
    called = _("participants")
    row_is = _("One person who took part, under a code.")
    care = COARSE
    key = ordering = ("code",)
    is_long = True
    audiences = SIGNED_IN
    model = Participant
    joined = ("service_area", "place")
    related = ("workshops",)

    code = CodeColumn(
        "code",
        LineWidget(),
        _("Their code; in analysts' files another one for each purpose, which opens nothing."),
        pseudonym="pseudonym",
    )
    role = CoarseColumn(
        "role", LineWidget(), _("Frontline practitioner, system leader, resident …"), part="role", person="pk"
    )
    sector = CoarseColumn(
        "sector",
        LineWidget(),
        _("Local authority, health, VCSE, police, housing, education …"),
        part="sector",
        person="pk",
    )
    service_area = Column(
        "service_area", NamedWidget(ServiceArea), _("The service area they work in; empty is unknown.")
    )
    place = CoarseColumn(
        "place", NamedWidget(Place), _("The place they work in; empty is unknown."), part="place", person="pk"
    )
    workshops = Column("workshops", NamedListWidget(Workshop), _("The workshops they took part in."))
    consent = Column("consent", ConsentWidget(), _("The widest use they allow of what they told."), audiences=SHELL)

    def rows(self, audience):
        """Of people who also came to another programme, a file of some programmes does not say so."""
        if self.reach.is_everything:
            people = self.with_related()
        else:
            rooms = Workshop.objects.of_programmes(self.reach)
            people = self.model.objects.select_related(*self.joined).prefetch_related(Prefetch("workshops", rooms))
        return people.open_to_team() if audience == Audience.ANALYST else people

    def ordering_for(self, audience):
        return (KeyOrder(self.fields["code"].code),) if audience in READERS else self.ordering

    def belongs(self):
        rooms = Workshop.objects.of_programmes(self.reach).values("pk")
        return Q(pk__in=Participant.objects.filter(workshops__in=rooms).values("pk"))

    def edits(self, participant):
        edited = edited_workshops(self.user)
        came_to = [] if participant._state.adding else participant.workshops.all()
        return edited.is_everything or any(room.pk in edited for room in came_to)

    def place_refused(self, participant):
        """People are entered with a workshop in which the importing user may write; who edits all may leave it open."""
        given = self.change.links.get("workshops", [] if participant._state.adding else None)
        if given is None or self.user is None or edited_workshops(self.user).is_everything:
            return {}
        mine, edited = own_workshops(self.user), edited_workshops(self.user)
        is_theirs = bool(given) and all(room.pk in mine or room.pk in edited for room in given)
        return {} if is_theirs else {"workshops": OTHER_PROGRAMME}

    def complete(self, instance, row):
        if instance.consent > instance.consent_ceiling:
            self.change.kept = True
            return {}
        if self.workshop:
            now = [] if instance._state.adding else self.seen_links(instance, "workshops")
            wanted = self.change.links.get("workshops", now)
            if self.workshop.pk not in {workshop.pk for workshop in wanted}:
                self.change.links["workshops"] = [*wanted, self.workshop]
        if self.user is None or self.is_own(instance):
            return {}
        if "consent" in self.change.fields:
            return {"consent": BY_FACILITATORS}
        if any(room.pk in own_workshops(self.user) for room in self.change.links.get("workshops", ())):
            return {"workshops": NOT_BY_LISTING}
        return {}

    def is_own(self, participant):
        if participant._state.adding:
            return True
        return any(workshop.pk in own_workshops(self.user) for workshop in participant.workshops.all())

    def write(self):
        super().write()
        Story.objects.filter(told_by__in=[row.instance for row in self.pending]).recompute_effective_consent()
