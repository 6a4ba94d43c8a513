"""The printable sheet of slips of a workshop: one a person, or blank ones for people of whom nothing is known yet."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.addresses import absolute_url
from workshops.contribution.slip_codes import issuable, issuable_by_rooms, issue_slips, on_every_slip
from workshops.models import Participant, Workshop
from workshops.models.readings import record_private_reading
from workshops.visibility import own_workshops

MOST_BLANK = 100


class PersonChoiceField(forms.ModelMultipleChoiceField):
    """People to tick, each by their code and role, and with what a new slip would do. Reading names is a step of its own."""

    def label_from_instance(self, person):
        said = {"role": person.role, "code": person.code}
        shown = gettext("%(code)s (%(role)s)") % said if person.role else person.code
        return gettext("%(person)s – has a slip already") % {"person": shown} if person.has_slip else shown


class SlipSheetForm(forms.Form):
    """For whom slips are printed. Those who have one are asked about first: it will open nothing any more."""

    people = PersonChoiceField(
        Participant.objects.none(), label=_("For these people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    blank = forms.IntegerField(
        label=_("Blank slips"),
        min_value=0,
        max_value=MOST_BLANK,
        required=False,
        help_text=_("For people who are not listed yet. Each slip makes one of them a participant of this workshop."),
    )
    replace = forms.BooleanField(label=_("Replace the slips they have"), required=False, widget=forms.HiddenInput)

    def __init__(self, people, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = issuable(people)

    def clean(self):
        cleaned = super().clean()
        chosen = list(cleaned.get("people", []))
        if not self.errors and not chosen and not cleaned.get("blank"):
            raise forms.ValidationError(_("Tick somebody, or say how many blank slips you need."))
        if any(person.has_slip for person in chosen) and not cleaned.get("replace"):
            self.fields["replace"].widget = forms.CheckboxInput()
            sentence = _(
                "Some of them have a slip already: %(people)s. A new one makes the old one, and the word chosen with it, "
                "useless. Tick “Replace the slips they have” if that is right."
            )
            holders = ", ".join(person.code for person in chosen if person.has_slip)
            self.add_error("replace", forms.ValidationError(sentence, params={"people": holders}))
        return cleaned


def slips_view(workshop_admin, request, pk):
    """Asks for whom; the answer to the POST is the sheet, which exists nowhere else. To others it is not there."""
    workshop = get_object_or_404(Workshop.objects.filter(pk__in=own_workshops(request.user)), pk=pk)
    if not request.user.has_perms(["workshops.add_participant", "workshops.change_participant"]):
        raise PermissionDenied
    people = issuable_by_rooms(workshop, own_workshops(request.user))
    form = SlipSheetForm(people, request.POST if "print" in request.POST else None)
    if form.is_valid():
        return slip_sheet(workshop_admin, request, workshop, form.cleaned_data)
    return workshop_admin.desk_page(
        request,
        "admin/workshops/contribution/slips.html",
        gettext("Print slips"),
        subtitle=str(workshop),
        status=400 if form.is_bound else 200,
        workshop=workshop,
        form=form,
        told_elsewhere=people.filter(told_elsewhere=True),
        voting=people.filter(is_voting=True, told_elsewhere=False),
    )


def slip_sheet(workshop_admin, request, workshop, asked):
    slips = issue_slips(asked["people"], workshop, asked["blank"] or 0)
    for slip in slips:
        workshop_admin.log_change(request, slip.participant, gettext("Printed a slip."))
        if hasattr(slip.participant, "identity"):  # the sheet bears the name, for whoever hands it out
            record_private_reading(request.user, participant=slip.participant, workshop=workshop)
    response = TemplateResponse(
        request,
        "admin/workshops/contribution/sheet.html",
        on_every_slip(absolute_url(request, reverse("contribution")))
        | {"workshop": workshop, "programme": workshop.phase.programme, "slips": slips},
    )
    add_never_cache_headers(response)
    return response
