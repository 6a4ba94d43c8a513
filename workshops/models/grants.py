from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.models.programmes import Programme
from workshops.roles import ANALYST, EDITOR, ROLES_BY_PROGRAMME


class RoleGrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Roles are seen by those who see accounts."""
        return self if user.has_perm("auth.view_user") else self.none()


class RoleGrant(models.Model):
    """A role that one person has for one programme. Who has it for the whole archive is a member of its group."""

    ROLES = [(EDITOR, _("editor")), (ANALYST, _("analyst"))]

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    # Deleting a programme must not leave a role without one, which might be read as a role for all.
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="role_grants", verbose_name=_("programme"))

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role for a programme")
        verbose_name_plural = _("roles for a programme")
        ordering = ["role", "programme"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "programme"], name="role_once_a_person_and_programme"),
            models.CheckConstraint(condition=Q(role__in=ROLES_BY_PROGRAMME), name="role_is_given_by_programme"),
        ]

    def __str__(self):
        names = {"role": self.get_role_display(), "programme": self.programme}
        return gettext("%(role)s of %(programme)s") % names
