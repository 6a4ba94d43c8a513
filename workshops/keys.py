"""Ways to ask a database for rows by their primary keys that cost little in a large archive."""

import json

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef
from django.db.models.expressions import RawSQL


def exists_in(rows, field="pk"):
    """The condition that the row which this field names is among these rows.

    It is asked of each row of the query in turn; `__in` would have SQLite read all of these rows first.
    """
    return Exists(rows.order_by().filter(pk=OuterRef(field)))


def pk_subquery(pks):
    """A subquery of these primary keys. As one parameter it is read many times as fast as each on its own."""
    pks = list(pks)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [pks])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])


def pk_any(column, pks):
    """The condition that a column of the table asked holds one of these keys.

    PostgreSQL goes through its index once for all of an array, and for each row of a subquery anew.
    """
    name = connection.ops.quote_name
    left = f"{name(column.model._meta.db_table)}.{name(column.column)}"
    if connection.vendor == "postgresql":
        return RawSQL(f"{left} = ANY(%s::bigint[])", [list(pks)], output_field=BooleanField())  # noqa: S611 - names of ours
    among = pk_subquery(pks)
    return RawSQL(f"{left} IN ({among.sql})", among.params, output_field=BooleanField())  # noqa: S611 - names of ours
