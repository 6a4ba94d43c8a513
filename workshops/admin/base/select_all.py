"""Lists are not counted, so nobody has seen how many rows “all that match” are: an action on all says it first."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.translation import gettext as _

MAX_ROWS_PER_ACTION = 500
"""Each row is a change of its own, with its own checks and history."""
MAX_NAMED = 20
"""A page or message names at most this many rows and counts the others."""


def confirm_all(actions, unasked):
    """The actions of a list, each with a page before it that says how many rows match; those `unasked` as they are."""
    return {
        name: (function, name, label) if name in unasked else (partial(ask_first, label=label), name, label)
        for name, (function, _name, label) in actions.items()
    }


def ask_first(model_admin, request, queryset, label):
    """The page before an action on all that match: it holds the rows it counted, and the action then takes those."""
    rows = list(queryset[: MAX_ROWS_PER_ACTION + 1])
    if len(rows) > MAX_ROWS_PER_ACTION:
        model_admin.message_user(request, too_many(model_admin.opts), messages.ERROR)
        return None
    return model_admin.desk_page(
        request,
        "admin/select_all.html",
        label,
        rows=rows,
        noun=model_admin.opts.verbose_name if len(rows) == 1 else model_admin.opts.verbose_name_plural,
        named=MAX_NAMED,
        more=max(len(rows) - MAX_NAMED, 0),
        action=request.POST["action"],
        checkbox=ACTION_CHECKBOX_NAME,
    )


def too_many(opts):
    sentences = _(
        "More than %(count)s %(things)s match. Narrow the list by its search or filters first. Nothing was changed."
    )
    return sentences % {"count": MAX_ROWS_PER_ACTION, "things": opts.verbose_name_plural}
