"""A file to start from for each KIND: the header, and an example row that this archive would accept."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovation_archive.datasets import KINDS, Importable
from innovation_archive.datasets.base import Column
from innovation_archive.datasets.context_answers import ANSWERED
from innovation_archive.datasets.judged import LISTED
from innovation_archive.datasets.widgets import NamedListWidget, NamedWidget, key_field, known_to
from workshops.models import Workshop
from workshops.models.stories import new_ref

# The cells of the example row. Free texts are translated; fixed words, as "draft", are the same in every language. The
# names of other rows come from the archive.
EXAMPLES: dict[str, dict[str, str | Promise]] = {
    "programmes": {
        "title": gettext_lazy("An example programme"),
        "summary": gettext_lazy("What people in public service learnt from one year."),
        "started": "2025-01-15",
        "ended": "2025-12-15",
        "phases": gettext_lazy(
            "What inspired you here?|What can we learn from elsewhere?|What messages for the future?"
        ),
        "illustrative": "0",
    },
    "service_areas": {"aliases": gettext_lazy("Another name|A short name")},
    "themes": {"aliases": gettext_lazy("Another name|A short name")},
    "places": {"aliases": gettext_lazy("Another name|A short name")},
    "workshops": {
        "title": gettext_lazy("Early help, first session"),
        "phase": "1",
        "held_on": "2025-06-03",
        "format": gettext_lazy("Online"),
    },
    "participants": {
        "role": gettext_lazy("Frontline practitioner"),
        "sector": gettext_lazy("Local authority"),
        "consent": "facilitators",
    },
    "stories": {
        "kind": "innovation",
        "title": gettext_lazy("Calls at the door"),
        "text": gettext_lazy("We rang every family on the list, and went to see the ones who did not pick up."),
        "tags": gettext_lazy("home visits|trust"),
        "consent": "facilitators",
    },
    "practices": {
        "statement": gettext_lazy("Ring every family once a week"),
        "description": gettext_lazy("A call on the same weekday. It takes an hour a week of each worker."),
        "tags": gettext_lazy("home visits"),
        "status": "draft",
    },
    "votes": {"choice": "keep"},
    "tallies": {"keep": "7", "amplify": "12", "discard": "2", "create": "0"},
    "insights": {
        "title": gettext_lazy("Trust came before efficiency"),
        "kind": "finding",
        "nature": "condition",
        "summary": gettext_lazy("Where people were trusted to decide, help came sooner."),
        "none_found": gettext_lazy("We looked in all workshops of the programme."),
    },
    "evidence": {"role": "supports"},
    "set_aside": {"reason": "redundant"},
    "publications": {"published_on": "2025-12-01"},
    "articles": {
        "title": gettext_lazy("What we heard"),
        "summary": gettext_lazy("The first of a series."),
        "body": gettext_lazy("We asked what had helped."),
    },
    "commitments": {
        "text": gettext_lazy("We keep the weekly calls for a year."),
        "owner_role": gettext_lazy("Head of early help"),
        "made_on": "2025-12-01",
    },
    "reviews": {"due_on": "2026-06-01"},
}
# References that the example row leaves empty. Evidence is a story or a practice; the others are optional.
LEFT_OUT = {"evidence": {"practice"}, "practices": {"stories"}, "insights": {"builds_on"}, "articles": {"insights"}}
WORKSHOP_COLUMNS = {"workshop", "workshops"}


@dataclass
class Template:
    """A header and an example row. `missing` are the kinds of rows that the archive needs before it accepts such a row."""

    kind: str
    row_is: str | Promise
    columns: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def missing_in_words(self) -> str:
        """For example "a practice and a participant"."""
        return get_text_list([_("a %(kind)s") % {"kind": each} for each in self.missing], _("and"))


def template_for(kind: str, user: User, workshop: Workshop | None = None) -> Template:
    """The template of a KIND for a user. If they import into a workshop, it has no column for that."""
    dataset = KINDS[kind]()
    template = Template(kind, dataset.row_is)
    for column in dataset.import_columns():
        name = column.column_name
        if name in {LISTED, ANSWERED} or (workshop and name in WORKSHOP_COLUMNS):
            continue
        template.columns.append(name)
        template.row.append(example(dataset, column, user, template))
    return template


def example(dataset: Importable, column: Column, user: User, template: Template) -> str:
    """The cell of the example row in a column."""
    name = column.column_name
    given = EXAMPLES[dataset.dataset].get(name)
    if given is not None:
        return str(given)
    if isinstance(column.widget, NamedWidget):
        if name in LEFT_OUT.get(dataset.dataset, ()) or name == "facilitators":
            return ""
        return known_name(dataset, column, user, template)
    if name == "name":
        return _("An example %(code)s") % {"code": new_ref()[:6]}
    return f"example-{new_ref()[:6]}" if name == dataset.key[0] else ""


def known_name(dataset: Importable, column: Column, user: User, template: Template) -> str:
    """The name of a row that the archive has. If it has none and the column needs one, that is noted as missing."""
    model = column.widget.model
    row = known_to(user, model._default_manager.all()).order_by("pk").first()
    if row:
        return str(getattr(row, key_field(model)))
    optional = isinstance(column.widget, NamedListWidget) or not (column.required or column.column_name in dataset.key)
    if not optional:
        template.missing.append(str(model._meta.verbose_name))
    return ""
