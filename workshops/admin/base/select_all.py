"""“All that match” is a number that nobody has seen, for lists are not counted: an action on all says it first."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

MOST = 500
"""So many rows an action takes at once; each is a change of its own, with its own checks and history."""
MAX_NAMED = 20
"""So many of them a page names; the others it counts."""


class ConfirmSelectAllMixin:
    """For a DeskAdmin: an action on all that match the list asks once more, and then takes the rows it counted."""

    counts_itself = frozenset()
    """Names of actions that say on a page of their own how many rows they change."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if request.POST.get("select_across") == "1":
            for name in actions.keys() - self.counts_itself:
                _, _, label = actions[name]
                actions[name] = (partial(say_how_many, label=label), name, label)
        return actions

    def tell_of_each(self, request, sentences, level, in_all=""):
        """Say of each row what became of it; of very many, only what that comes to."""
        for sentence in [in_all] if in_all and len(sentences) > MAX_NAMED else sentences:
            self.message_user(request, sentence, level)


def say_how_many(desk, request, queryset, label):
    rows = list(queryset[: MOST + 1])
    plural = desk.opts.verbose_name_plural
    if len(rows) > MOST:
        said = f"More than {MOST} {plural} match. Narrow the list by its search or filters first. Nothing was changed."
        desk.message_user(request, said, messages.ERROR)
        return None
    return desk.desk_page(
        request,
        "admin/select_all.html",
        label,
        rows=rows,
        noun=desk.opts.verbose_name if len(rows) == 1 else plural,
        named=MAX_NAMED,
        more=max(len(rows) - MAX_NAMED, 0),
        action=request.POST["action"],
        checkbox=ACTION_CHECKBOX_NAME,
    )
