"""Django's permissions of a role, for those too who have it for some programmes only."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

SHARED_VOCABULARY = ["servicearea", "theme", "place"]
"""Models that all programmes share: who has a role for some of them reads these, and changes none."""


class RolesBackend(ModelBackend):
    """What a person's groups permit, and the groups of the roles that they have for a programme.

    A permission opens a page. Which rows of it somebody sees or changes, each row's own programme decides.
    """

    def _get_group_permissions(self, user_obj):
        by_programme = Q(group__name__in=user_obj.role_grants.order_by().values("role"))
        shared = Q(content_type__model__in=SHARED_VOCABULARY) & ~Q(codename__startswith="view_")
        permitted = Q(group__in=user_obj.groups.all()) | (by_programme & ~shared)
        return Permission.objects.filter(permitted).distinct()
