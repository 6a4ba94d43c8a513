"""Cheap ways to select rows by their primary keys in a large archive."""

import json

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef
from django.db.models.expressions import RawSQL


def exists_in(rows, field="pk"):
    """The condition that the row to which this field points is among these rows.

    It is checked for each row of the query in turn; with `__in` SQLite would read all of these rows first.
    """
    return Exists(rows.order_by().filter(pk=OuterRef(field)))


def pk_subquery(pks):
    """A subquery of these primary keys. They are one parameter, which is many times as fast as one parameter each."""
    pks = list(pks)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [pks])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])


def pk_any(column, pks):
    """The condition that a column of the queried table holds one of these keys.

    PostgreSQL scans its index once for a whole array, but once for each row of a subquery.
    """
    name = connection.ops.quote_name
    left = f"{name(column.model._meta.db_table)}.{name(column.column)}"
    if connection.vendor == "postgresql":
        return RawSQL(f"{left} = ANY(%s::bigint[])", [list(pks)], output_field=BooleanField())  # noqa: S611 - names of ours
    among = pk_subquery(pks)
    return RawSQL(f"{left} IN ({among.sql})", among.params, output_field=BooleanField())  # noqa: S611 - names of ours
