from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import JOINT, NOT_RECORDED
from workshops.fields import LineField, LinesField, MigratesAsDjangoFieldMixin, WordsCheckedMixin
from workshops.models.addresses import AddressedModel
from workshops.models.shared import SharedQuerySet

valid_ref = RegexValidator(
    r"^[A-Za-z0-9_][A-Za-z0-9._-]*\Z",
    _("“%(value)s” may hold only letters without accents, digits, full stops, hyphens and underscores."),
)


def valid_service_name(name):
    """Refuse the names by which results of votes would be misread."""
    if JOINT in name:
        sentence = gettext(
            "“%(name)s” holds “ + ”, by which results join the names of service areas. Write “and” instead."
        )
        raise ValidationError(sentence % {"name": name})
    if name.casefold() == NOT_RECORDED.casefold():
        sentence = gettext("Results say “%(name)s” of voters whose service area is unknown. Choose another name.")
        raise ValidationError(sentence % {"name": NOT_RECORDED})


class ServiceNameField(LineField):
    """The name of a service area."""

    default_validators = [valid_service_name]


class RefField(WordsCheckedMixin, MigratesAsDjangoFieldMixin, models.CharField):
    """The key by which files and addresses name a row: a slug, ref or code, never a primary key."""

    DJANGO_FIELD = models.CharField
    default_validators = [valid_ref]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 100, "unique": True, **kwargs})

    def clone(self):
        """A copy that is unique only if this field is: the key in a history is not."""
        field = super().clone()
        field._unique = self._unique
        return field


class Term(AddressedModel):
    """One term of a vocabulary that all programmes share, found by its name, its key or an alias."""

    name = LineField(_("name"), max_length=200, unique=True)
    aliases = LinesField(
        _("aliases"), help_text=_("Other names people use for it, one a line. Imports and notes understand them.")
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        for other in type(self).objects.exclude(pk=self.pk):
            shared = {name.casefold() for name in self.names} & {name.casefold() for name in other.names}
            if shared:
                sentence = gettext("“%(name)s” already means %(term)s. A name may mean one thing only.")
                raise ValidationError(sentence % {"name": min(shared), "term": other.name})

    @property
    def key(self):
        return getattr(self, self.KEY)

    @property
    def names(self):
        """All the names it goes by."""
        return [self.key, self.name, *self.aliases]


class ServiceArea(Term):
    """The field of public service that people work in, such as early help or homelessness."""

    name = ServiceNameField(_("name"), max_length=200, unique=True)
    slug = RefField(_("slug"))

    class Meta(Term.Meta):
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")

    def get_absolute_url(self):
        return reverse("service_area", args=[self.slug])


class Theme(Term):
    """A lens that cuts across service areas, such as workforce and culture."""

    slug = RefField(_("slug"))

    class Meta(Term.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def get_absolute_url(self):
        return reverse("theme", args=[self.slug])


WIDER_CODES = ("E10", "E11", "E12", "E13", "E47", "E92", "K02", "K03", "K04", "N92", "S92", "W92")
"""How the official codes of counties, combined authorities, regions and countries begin."""


class Place(Term):
    """A locality with its official code; in Greater Manchester, a local authority."""

    KEY = "code"

    code = RefField(_("code"), help_text=_("The official code, such as E08000001 for Bolton."))

    class Meta(Term.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def get_absolute_url(self):
        return reverse("place", args=[self.code])

    @property
    def is_wide(self):
        """Whether it holds many localities. A story shows such a place where its own would tell who spoke."""
        return self.code.startswith(WIDER_CODES)
