"""Tables of boxes: a workshop's votes and its flip charts, shown, read and kept as they were typed."""

import json

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.fields import RowsField
from workshops.choices import Choice
from workshops.models import Practice, ServiceArea
from workshops.voting import vote_entry

PRACTICES_PER_PAGE = 60
"""Of the page of votes; a page of flip charts takes three times as many."""
MAX_BOXES_PER_PAGE = 900
"""Django reads a thousand fields of a form."""

CHOICE_MARKS = {"": ""} | {choice: choice[0] for choice in Choice.values}


class AskedForm(forms.Form):
    """What the address asks for: pages, a service area, and practices to show before anybody voted on them."""

    practice = RowsField(Practice.objects.none(), required=False)
    service_area = forms.ModelChoiceField(ServiceArea.objects.all(), required=False, to_field_name="slug")
    p = forms.IntegerField(required=False, min_value=1)
    c = forms.IntegerField(required=False, min_value=1)

    def __init__(self, *args, practices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practice"].queryset = practices
        self.is_valid()

    def get(self, name):
        return self.cleaned_data.get(name)


class Box:
    """One cell of a sheet on its page: what stands in it, and what is wrong with it."""

    def __init__(self, name, labels, value, problem=""):
        self.name, self.labels, self.value, self.problem = name, labels, value, problem


class Sheet:
    """A table of boxes, which both pages show, read and save; what was typed is kept until it is saved.

    Subclasses say which cells a page has, {cell: name of its box}, how a value is shown, and how all are saved.
    """

    def __init__(self, request, workshop, asked):
        self.request, self.workshop, self.asked = request, workshop, asked
        self.problems, self.lost = {}, False
        self.practices = vote_entry.practices_for_entry(workshop, asked.get("practice") or [])
        self.cells = self.cells_of_page()
        self.stored = self.stored_values()
        self.typed, self.seen = {}, {cell: self.stored.get(cell, "") for cell in self.cells}
        if self.request.method == "POST":
            self.read_boxes(self.request.POST)

    def read_boxes(self, data):
        """Read from the form what was typed, and what its boxes had shown."""
        self.typed = {cell: data[name] for cell, name in self.cells.items() if name in data}
        shown = read_object(data.get("seen", ""))
        self.seen = {cell: self.value_of(shown.get(name, "")) for cell, name in self.cells.items()}
        names = set(self.cells.values())
        self.lost = any(self.is_mine(name) and name not in names and data[name] != shown.get(name, "") for name in data)

    def is_readable(self, text):
        try:
            self.reader(text)
        except ValueError:
            return False
        return True

    def value_of(self, shown):
        """The value that a box showed; empty if the page was tampered with."""
        return self.reader(shown) if isinstance(shown, str) and self.is_readable(shown) else ""

    def box(self, cell, labels):
        text = self.typed.get(cell, self.shown(self.stored.get(cell, "")))
        return Box(self.cells[cell], labels, text, self.problems.get(cell, ""))

    def seen_as_text(self):
        """What the page shows, for the next save to compare with; a change by others that it tells of counts as seen."""
        told = {cell for cell in self.problems if self.is_readable(self.typed[cell])}
        values = {cell: self.stored.get(cell, "") if cell in told else self.seen[cell] for cell in self.cells}
        return json.dumps({self.cells[cell]: self.shown(value) for cell, value in values.items() if value != ""})

    def try_to_save(self):
        """Save what changed. Returns the changes, or None if there are problems."""
        if self.lost:
            return None
        changes, self.problems = self.save()
        if self.problems:
            self.stored = self.stored_values()
            return None
        return changes


def read_object(text):
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


class VotesSheet(Sheet):
    """Participants in rows, practices in columns, and one letter for each vote."""

    template = "admin/workshops/voting/votes.html"
    title = _("Enter votes")
    with_people = True
    saved_sentence = ngettext_lazy("%(count)s vote was saved.", "%(count)s votes were saved.", "count")
    reader = staticmethod(vote_entry.read_choice)

    def is_mine(self, name):
        return name.startswith("v-")

    def shown(self, value):
        return CHOICE_MARKS[value]

    def cells_of_page(self):
        self.columns = Paginator(self.practices, PRACTICES_PER_PAGE).get_page(self.asked.get("c"))
        people = vote_entry.participants_of(self.workshop).select_related("service_area")
        self.people = Paginator(people, MAX_BOXES_PER_PAGE // max(len(self.columns), 10)).get_page(self.asked.get("p"))
        return {
            (person.pk, practice.pk): f"v-{person.pk}-{practice.pk}"
            for person in self.people
            for practice in self.columns
        }

    def stored_values(self):
        return vote_entry.votes_in(self.workshop)

    def save(self):
        return vote_entry.save_votes(self.workshop, self.typed, self.seen)

    def rows(self):
        for person in self.people:
            boxes = [
                self.box((person.pk, practice.pk), f"person-{person.pk} practice-{practice.pk}")
                for practice in self.columns
            ]
            yield person, boxes

    def where(self, cell):
        person, practice = cell
        statements = {row.pk: row.statement for row in self.columns}
        codes = {row.pk: row.code for row in self.people}
        return gettext("%(code)s, “%(practice)s”") % {"code": codes[person], "practice": statements[practice]}


class TallySheet(Sheet):
    """Practices in rows, the four choices in columns: the hands of one service area, from its flip charts."""

    template = "admin/workshops/voting/tally.html"
    title = _("Enter flip charts")
    with_people = False
    saved_sentence = ngettext_lazy("%(count)s number was saved.", "%(count)s numbers were saved.", "count")
    reader = staticmethod(vote_entry.read_count)

    @property
    def service_area(self):
        return self.asked.get("service_area")

    def is_mine(self, name):
        return name.startswith("t-")

    def shown(self, value):
        return str(value)

    def cells_of_page(self):
        self.columns = Paginator(self.practices, MAX_BOXES_PER_PAGE // 5).get_page(self.asked.get("c"))
        return {(row.pk, choice): f"t-{row.pk}-{choice}" for row in self.columns for choice in Choice.values}

    def stored_values(self):
        return vote_entry.hands_in(self.workshop, self.service_area)

    def save(self):
        return vote_entry.save_hands(self.workshop, self.service_area, self.typed, self.seen)

    def rows(self):
        for practice in self.columns:
            boxes = [self.box((practice.pk, choice), f"practice-{practice.pk} {choice}") for choice in Choice.values]
            yield practice, boxes

    def where(self, cell):
        practice, choice = cell
        statements = {row.pk: row.statement for row in self.columns}
        label = Choice(choice).label.lower()
        return gettext("“%(practice)s”, %(choice)s") % {"practice": statements[practice], "choice": label}
