"""Which rows a person may know of at the desk and in files they import: each model answers for its own rows."""

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import Model, QuerySet

from workshops.models import Workshop
from workshops.roles import Reach, edited_by

READ_BY_PERMISSION = frozenset({User, Group, Permission})
"""Django's own models, whose querysets say nothing of persons: the permission to view them decides."""

OWN_WORKSHOPS = "_own_workshops"
"""The attribute under which a user of this request remembers them."""
EDITED_WORKSHOPS = "_edited_workshops"
"""The same for those of the programmes that they edit."""


def visible_in_admin(queryset: QuerySet, user: User | AnonymousUser) -> QuerySet:
    """The rows of a queryset that a person may know of, as its model answers; none of a model that does not say."""
    if hasattr(queryset, "manageable_by"):
        return queryset.manageable_by(user)
    if hasattr(queryset, "visible_to"):
        return queryset.visible_to(user)
    if queryset.model in READ_BY_PERMISSION and may_view(queryset.model, user):
        return queryset
    return queryset.none()


def may_view(model: type[Model], user: User | AnonymousUser) -> bool:
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.{get_permission_codename('view', opts)}")


def own_workshops(user: User) -> frozenset[int]:
    """The primary keys of the workshops that a person facilitates, asked for once a request."""
    own: frozenset[int] | None = getattr(user, OWN_WORKSHOPS, None)
    if own is None:
        own = frozenset(Workshop.objects.facilitated_by(user).values_list("pk", flat=True))
        setattr(user, OWN_WORKSHOPS, own)
    return own


def edited_workshops(user: User | AnonymousUser) -> Reach:
    """The workshops of the programmes that a person edits, asked for once a request."""
    reach = edited_by(user)
    if reach.is_everything or not reach:
        return reach
    if not hasattr(user, EDITED_WORKSHOPS):
        keys = Workshop.objects.of_programmes(reach).values_list("pk", flat=True)
        setattr(user, EDITED_WORKSHOPS, Reach(frozenset(keys)))
    edited: Reach = getattr(user, EDITED_WORKSHOPS)
    return edited
