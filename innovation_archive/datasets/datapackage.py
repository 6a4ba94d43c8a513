"""A dataset as a resource of a Data Package (specs.frictionlessdata.io, version 1)."""

from innovation_archive.datasets.base import Audience, Dataset
from innovation_archive.datasets.widgets import NamedListWidget, NamedWidget
from insights.models import Commitment, Insight
from workshops.models import Participant, Place, Practice, Programme, ServiceArea, Story, Theme, Workshop

FILE_OF = {
    Programme: ("programmes", "slug"),
    ServiceArea: ("service_areas", "slug"),
    Theme: ("themes", "slug"),
    Place: ("places", "code"),
    Workshop: ("workshops", "slug"),
    Participant: ("participants", "code"),
    Story: ("stories", "ref"),
    Practice: ("practices", "ref"),
    Insight: ("insights", "slug"),
    Commitment: ("commitments", "ref"),
}


def describe(dataset: Dataset, audience: Audience, present: set[str]) -> dict[str, object]:
    """One dataset as a resource; its foreign keys refer only to datasets in `present`, those of the same package."""
    columns = dataset.columns(audience)
    schema = {
        "fields": [describe_column(dataset, column, dataset.key_for(audience)) for column in columns],
        "missingValues": [""],
        "foreignKeys": [
            {"fields": column.column_name, "reference": {"resource": file, "fields": field}}
            for column in columns
            if isinstance(column.widget, NamedWidget) and not isinstance(column.widget, NamedListWidget)
            for file, field in [FILE_OF[column.widget.model]]
            if file in present
        ],
    }
    if not getattr(dataset, "key_alternatives", ()):
        schema["primaryKey"] = list(dataset.key_for(audience))
    if not schema["foreignKeys"]:
        del schema["foreignKeys"]
    return {
        "profile": "tabular-data-resource",
        "name": dataset.dataset,
        "path": f"{dataset.dataset}.csv",
        "description": f"{dataset.row_is} {dataset.care}".strip() if audience == Audience.ANALYST else dataset.row_is,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": schema,
    }


def describe_column(dataset, column, key):
    described = {"name": column.column_name, "type": column.widget.type, "description": column.means}
    constraints = {}
    words = getattr(column.widget, "words", None)
    if words:
        constraints["enum"] = words
    if column.required or (column.column_name in key and not getattr(dataset, "key_alternatives", ())):
        constraints["required"] = True
    return described | ({"constraints": constraints} if constraints else {})
