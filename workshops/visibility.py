"""What of the archive a person may know of at work, at the desk and in files: each model answers for its own rows."""

from workshops.models import Workshop


def visible_in_admin(queryset, user):
    """The rows of a queryset that a person may know of, as its model answers it."""
    for rule in ("manageable_by", "visible_to"):
        if hasattr(queryset, rule):
            return getattr(queryset, rule)(user)
    return queryset


def own_workshops(user):
    """The primary keys of the workshops that a person facilitates, asked for once a request."""
    if not hasattr(user, "_own_workshops"):
        user._own_workshops = frozenset(Workshop.objects.facilitated_by(user).values_list("pk", flat=True))
    return user._own_workshops
