"""What somebody types on their phone to join a ballot."""

from django import forms

from workshops.models import Place, ServiceArea

ROLE_SUGGESTIONS = ["frontline practitioner", "system leader", "volunteer", "resident"]
SECTOR_SUGGESTIONS = [
    "local authority",
    "health",
    "VCSE",
    "police",
    "housing",
    "education",
    "faith",
    "business",
    "resident",
]
UNSAID = "Other, or rather not say"


class CodeField(forms.CharField):
    """A code that is typed by hand: phones must neither mend nor capitalise it."""

    def __init__(self, **kwargs):
        super().__init__(max_length=40, **kwargs)

    def widget_attrs(self, widget):
        typed_as_it_is = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        return super().widget_attrs(widget) | typed_as_it_is


class OptionalWordField(forms.ChoiceField):
    def __init__(self, words, **kwargs):
        names = [(word, word[0].upper() + word[1:]) for word in words]
        super().__init__(choices=[("", UNSAID), *names], required=False, **kwargs)


class JoinForm(forms.Form):
    code = CodeField(
        label="Code on the screen",
        help_text="Six letters and digits.",
        error_messages={"required": "Type the code that the screen in the room shows."},
    )


class AboutForm(forms.Form):
    """Who votes, as far as they say. It is asked once."""

    role = OptionalWordField(ROLE_SUGGESTIONS, label="Your role")
    sector = OptionalWordField(
        SECTOR_SUGGESTIONS, label="Your sector", help_text="VCSE: voluntary, community and social enterprise."
    )
    service_area = forms.ModelChoiceField(
        ServiceArea.objects.all(), required=False, label="Your service area", empty_label=UNSAID
    )
    place = forms.ModelChoiceField(Place.objects.all(), required=False, label="Your place", empty_label=UNSAID)


class SlipForm(forms.Form):
    slip = CodeField(
        label="Code on your slip",
        help_text="Twelve letters and digits, such as 7kfr-w2mn-8zqp.",
        error_messages={"required": "Type the code on your slip, or go on without one."},
    )
