"""The fields in which whoever changes a level of consent says how it was given, and the list of the records behind it."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from workshops.choices import Consent, ConsentWay
from workshops.consent.records import ConsentGiven
from workshops.consent.wordings import CURRENT
from workshops.fields import with_plain_line_ends

CONSENT_GIVEN_FIELDS = ["consent_way", "consent_spoken_to", "consent_given_on"]


class ConsentGivenMixin(forms.ModelForm):
    """Asks how a level of consent was given. Filled in beside a level that stays, it renews the record of that level."""

    consent_way = forms.ChoiceField(
        label=_("How they agreed"),
        choices=ConsentWay,
        initial=ConsentWay.UNKNOWN,
        required=False,
        help_text=_("Kept with the level, and with the words of the levels above as they stand today."),
    )
    consent_spoken_to = forms.CharField(
        label=_("Said to whom"), max_length=150, required=False, help_text=_("If they said it to somebody.")
    )
    consent_given_on = forms.DateField(
        label=_("On which day"), required=False, widget=AdminDateWidget, help_text=_("Empty: not known.")
    )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("consent_spoken_to") and cleaned.get("consent_way") != ConsentWay.SPOKEN:
            cleaned["consent_way"] = ConsentWay.SPOKEN
        if (day := cleaned.get("consent_given_on")) and day > timezone.localdate():
            self.add_error("consent_given_on", gettext("This day is still to come. Give the day on which they agreed."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        said = self.cleaned_data
        self.instance.consent_given = ConsentGiven(
            way=said.get("consent_way") or ConsentWay.UNKNOWN,
            given_on=said.get("consent_given_on"),
            spoken_to=with_plain_line_ends(said.get("consent_spoken_to") or ""),
            wording=CURRENT,
            language=get_language() or "",
        )
        self.instance.consent_is_renewed = bool(set(CONSENT_GIVEN_FIELDS) & set(self.changed_data))


class ConsentFilter(admin.SimpleListFilter):
    """Narrows a list to one level, under its short name: the whole wording is too long for that."""

    title = _("consent")
    parameter_name = "consent"

    def lookups(self, request, model_admin):
        return [(str(level.value), level.heading) for level in Consent]

    def queryset(self, request, queryset):
        level = self.value()
        return queryset.filter(consent=level) if level in map(str, Consent.values) else queryset


def describe_record(record):
    """A record in sentences."""
    sentences = [f"{Consent(record.level).heading}.", describe_way(record)]
    if record.given_on:
        sentences.append(gettext("Given on %(day)s.") % {"day": date_format(record.given_on, "j F Y")})
    if record.wording:
        said = {"version": record.wording, "language": record.language or gettext("language not recorded")}
        sentences.append(gettext("In wording %(version)s (%(language)s).") % said)
    day = {"day": date_format(timezone.localtime(record.recorded_at), "j F Y")}
    if record.recorded_by:
        sentences.append(
            gettext("Recorded on %(day)s by %(who)s.") % (day | {"who": record.recorded_by.get_username()})
        )
    else:
        sentences.append(gettext("Recorded on %(day)s, not by an account of the desk.") % day)
    return " ".join(sentences)


def describe_way(record):
    if record.spoken_to:
        return gettext("Said to %(name)s.") % {"name": record.spoken_to}
    if record.way == ConsentWay.UNKNOWN:
        return gettext("How it was given is not recorded.")
    return gettext("How it was given: %(way)s.") % {"way": record.get_way_display()}


@admin.display(description=_("Consent on record"))
def consent_history(giver):
    """The records behind a giver's consent, for their page."""
    records = giver.consent_records.select_related("recorded_by") if giver.pk else []
    return format_html_join("", "<p>{}</p>", ((describe_record(record),) for record in records)) or "-"
