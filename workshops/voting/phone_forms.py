"""The forms with which somebody joins a ballot on their phone."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.models import Place, ServiceArea

# What is saved, and what the phone shows for it.
ROLES = [
    ("frontline practitioner", _("Frontline practitioner")),
    ("system leader", _("System leader")),
    ("volunteer", _("Volunteer")),
    ("resident", _("Resident")),
]
SECTORS = [
    ("local authority", _("Local authority")),
    ("health", _("Health")),
    ("VCSE", _("VCSE")),
    ("police", _("Police")),
    ("housing", _("Housing")),
    ("education", _("Education")),
    ("faith", _("Faith")),
    ("business", _("Business")),
    ("resident", _("Resident")),
]
UNSAID = _("Other, or rather not say")


class JoinCodeField(forms.CharField):
    """A code that is typed by hand, which phones must neither correct nor capitalise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        typed_as_it_is = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        return super().widget_attrs(widget) | typed_as_it_is


class OptionalWordField(forms.ChoiceField):
    """One of a few words, or none of them."""

    def __init__(self, words: Iterable[tuple[str, str | Promise]], **kwargs: Any) -> None:
        super().__init__(choices=[("", UNSAID), *words], required=False, **kwargs)


class JoinForm(forms.Form):
    code = JoinCodeField(
        label=_("Code on the screen"),
        help_text=_("Six letters and digits."),
        error_messages={"required": _("Type the code that the screen in the room shows.")},
    )


class AboutForm(forms.Form):
    """What people say of themselves when they join, as far as they like. It is asked once."""

    role = OptionalWordField(ROLES, label=_("Your role"))
    sector = OptionalWordField(
        SECTORS,
        label=_("Your sector"),
        help_text=_("VCSE: voluntary, community and social enterprise."),
    )
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.all(), required=False, label=_("Your service area"), empty_label=UNSAID
    )
    place = forms.ModelChoiceField(Place.objects.all(), required=False, label=_("Your place"), empty_label=UNSAID)


class SlipForm(forms.Form):
    slip = JoinCodeField(
        label=_("Code on your slip"),
        help_text=_("Thirteen letters and digits, such as 7kfr-w2mn-8zqpd. Older slips have twelve."),
        error_messages={"required": _("Type the code on your slip, or go on without one.")},
    )
