from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.privacy.periods import DAYS, MONTHS, PERIODS
from workshops.fields import LineField, PlainTextField
from workshops.models.shared import SharedQuerySet


class LawfulBasis(models.TextChoices):
    """Article 6(1) of the UK GDPR: why the archive may hold what identifies somebody."""

    CONSENT = "consent", _("Consent: people agreed to it (Article 6(1)(a) of the UK GDPR)")
    LEGAL_OBLIGATION = "legal obligation", _("A legal obligation (Article 6(1)(c) of the UK GDPR)")
    PUBLIC_TASK = "public task", _("A task in the public interest (Article 6(1)(e) of the UK GDPR)")
    LEGITIMATE_INTERESTS = "legitimate interests", _("Legitimate interests (Article 6(1)(f) of the UK GDPR)")


class SpecialCondition(models.TextChoices):
    """Article 9(2) of the UK GDPR: why it may hold what tells of health, origin, belief and the like."""

    CONSENT = "consent", _("Explicit consent (Article 9(2)(a) of the UK GDPR)")
    PUBLIC_INTEREST = "public interest", _("Substantial public interest (Article 9(2)(g) of the UK GDPR)")
    CARE = "care", _("Health or social care (Article 9(2)(h) of the UK GDPR)")
    PUBLIC_HEALTH = "public health", _("Public health (Article 9(2)(i) of the UK GDPR)")
    RESEARCH = "research", _("Archiving, research or statistics (Article 9(2)(j) of the UK GDPR)")


class ControllerQuerySet(SharedQuerySet):
    def current(self):
        """The one row; where nobody has set a fact yet, an unsaved one with the default periods."""
        return self.first() or self.model()


class Controller(models.Model):
    """Who answers for what the archive holds about people, and what they say of it. There is at most one.

    It has a column for each entry of `innovation_archive.privacy.periods.PERIODS`, added below.
    """

    THE_ONE = 1

    publisher = LineField(
        _("publisher"), max_length=200, blank=True, help_text=_("The organisation that decides what is held, and why.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Shown to everyone. Best a shared mailbox."))
    post = PlainTextField(_("postal address"), blank=True, max_length=500)
    telephone = LineField(_("telephone"), max_length=50, blank=True)
    lawful_basis = models.CharField(_("lawful basis"), max_length=30, choices=LawfulBasis, blank=True)
    special_condition = models.CharField(
        _("condition for special categories"),
        max_length=30,
        choices=SpecialCondition,
        blank=True,
        help_text=_("Stories of public services often tell of somebody’s health, origin or belief."),
    )
    officer_name = LineField(_("data protection officer"), max_length=200, blank=True)
    officer_contact = LineField(
        _("contact of the data protection officer"),
        max_length=200,
        blank=True,
        help_text=_("An e-mail address or a telephone number."),
    )
    recipients = PlainTextField(
        _("recipients"),
        blank=True,
        max_length=2000,
        help_text=_("Who else gets what is not public, such as an evaluator. If nobody does, say so."),
    )
    hosting = PlainTextField(
        _("hosting"),
        blank=True,
        max_length=2000,
        help_text=_("Who runs the computers, and in which country they and their backups stand."),
    )

    objects = ControllerQuerySet.as_manager()

    class Meta:
        verbose_name = _("facts for the privacy page")
        verbose_name_plural = _("facts for the privacy page")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="controller_is_one"),
            models.CheckConstraint(
                condition=Q(lawful_basis__in=["", *LawfulBasis.values]), name="controller_lawful_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(special_condition__in=["", *SpecialCondition.values]),
                name="controller_special_condition_is_known",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{each.column}__gte": each.least, f"{each.column}__lte": each.most}),
                    name=f"controller_keeps_{each.name}_within_limits",
                )
                for each in PERIODS
            ),
        ]

    def __str__(self):
        return gettext("Facts for the privacy page")

    def length_of(self, period):
        """How long it keeps what a Period covers, as a number of the period's unit."""
        return getattr(self, period.column)

    def save(self, *args, **kwargs):
        self.pk = self.THE_ONE
        super().save(*args, **kwargs)


def period_field(period):
    """The column that says how long something is kept, in the period's own unit."""
    says = {
        DAYS: _("In days, from {begins}; {default} unless you say otherwise, and at most {most}."),
        MONTHS: _("In months, from {begins}; {default} unless you say otherwise, and at most {most}."),
    }[period.unit]
    return models.PositiveSmallIntegerField(
        period.covers,
        default=period.default,
        validators=[
            MinValueValidator(period.least, _("It cannot be less than %(limit_value)s.")),
            MaxValueValidator(period.most, _("It cannot be more than %(limit_value)s.")),
        ],
        help_text=format_lazy(says, begins=period.begins, default=period.default, most=period.most),
    )


for each in PERIODS:
    Controller.add_to_class(each.column, period_field(each))
