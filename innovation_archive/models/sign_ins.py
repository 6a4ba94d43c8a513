"""Who is signed in at the desk, and with which browser."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SignInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; the desk shows nobody another's."""
        return self.filter(account=user) if user.is_authenticated else self.none()

    def running(self):
        """Those whose session has not ended by date; a browser that is idle too long ends one sooner."""
        return self.filter(session__expire_date__gt=timezone.now())


class SignIn(models.Model):
    """One sign-in, as long as its session lasts: it is deleted with the session, however that ends."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="sign_in", verbose_name=_("session"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins", verbose_name=_("account")
    )
    # Of all that a browser says of itself, what tells a person which of theirs it is.
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-begun_at", "-pk"]

    def __str__(self):
        return gettext("Sign-in of %(begun)s") % {"begun": f"{self.begun_at:%Y-%m-%d %H:%M}"}
