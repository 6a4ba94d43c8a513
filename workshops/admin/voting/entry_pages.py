"""A workshop's votes, typed in from slips or flip charts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext

from workshops.admin.voting.entry_forms import AddForm
from workshops.admin.voting.entry_sheets import AskedForm, TallySheet, VotesSheet
from workshops.choices import Choice
from workshops.models import Practice, ServiceArea, Workshop
from workshops.visibility import own_workshops
from workshops.voting import vote_entry


def votes_view(workshop_admin, request, pk):
    return sheet_view(workshop_admin, request, pk, VotesSheet, "workshops.add_vote", "workshops.delete_vote")


def tally_view(workshop_admin, request, pk):
    return sheet_view(workshop_admin, request, pk, TallySheet, "workshops.add_tally", "workshops.delete_tally")


def sheet_view(workshop_admin, request, pk, sheet_class, *rights):
    """Show a sheet, or save it. Votes are for those who ran the workshop; to others the page is not there."""
    workshop = get_object_or_404(Workshop.objects.filter(pk__in=own_workshops(request.user)), pk=pk)
    if not request.user.has_perms(rights):
        raise PermissionDenied
    known = Practice.objects.visible_to(request.user)
    asked = AskedForm(request.GET, practices=known)
    if sheet_class is TallySheet and not asked.get("service_area"):
        return choose_area(workshop_admin, request, workshop)
    sheet = sheet_class(request, workshop, asked)
    add = add_form(workshop_admin, request, sheet)
    if request.method == "POST":
        # What was typed is saved with what is added, or the new rows would push it off the page.
        with transaction.atomic():
            vote_entry.lock_workshop(workshop)
            changes = sheet.try_to_save() if not add.is_bound or add.is_valid() else None
            if changes is not None:
                return saved(workshop_admin, request, sheet, changes, add)
    return workshop_admin.desk_page(
        request,
        sheet.template,
        sheet.title,
        subtitle=str(workshop),
        workshop=workshop,
        sheet=sheet,
        add=add,
        choices=Choice.choices,
        problems=[(sheet.cells[cell], sheet.where(cell), why) for cell, why in sheet.problems.items()],
        on_phones=Practice.objects.filter(pk__in=vote_entry.on_phones(workshop)),
    )


def add_form(workshop_admin, request, sheet):
    """The form that adds people and practices; it offers those of this programme and one's own drafts."""
    known = Practice.objects.visible_to(request.user)
    programme = Workshop.objects.filter(phase__programme=sheet.workshop.phase.programme_id)
    practices = known.for_workshops(programme) | known.filter(entered_by=request.user)
    practices = practices.exclude(pk__in=sheet.practices.order_by().values("pk"))
    return AddForm(
        request.POST if "add" in request.POST else None,
        user=request.user,
        practices=practices.exclude(pk__in=vote_entry.on_phones(sheet.workshop)).distinct(),
        with_people=sheet.with_people,
    )


def choose_area(workshop_admin, request, workshop):
    """The page that asks whose flip chart it is; the workshop's own service areas come first."""
    areas = list(workshop.service_areas.all())
    return workshop_admin.desk_page(
        request,
        "admin/workshops/voting/tally_areas.html",
        TallySheet.title,
        subtitle=str(workshop),
        workshop=workshop,
        areas=areas,
        others=ServiceArea.objects.exclude(pk__in=[area.pk for area in areas]),
    )


def saved(workshop_admin, request, sheet, changes, add):
    """Add what is to be added, say what was saved, and go on: with the next people, or with the same page."""
    added = add.save(sheet.workshop) if add.is_bound else []
    said = [add.said()] if add.is_bound else []
    if changes:
        said.append(sheet.saved_sentence % {"count": len(changes)})
    for sentence in said:
        workshop_admin.log_change(request, sheet.workshop, f"{sheet.title}: {sentence}")
        workshop_admin.message_user(request, sentence, messages.SUCCESS)
    if not said:
        workshop_admin.message_user(request, gettext("Nothing was changed, so nothing was saved."), messages.INFO)
    query = request.GET.copy()
    voted = set(vote_entry.practices_for_entry(sheet.workshop).values_list("pk", flat=True))
    shown = [*(sheet.asked.get("practice") or []), *added]
    query.setlist("practice", [practice.pk for practice in shown if practice.pk not in voted])
    if "next" in request.POST and sheet.people.has_next():
        query["p"] = sheet.people.next_page_number()
    return redirect(f"{request.path}?{query.urlencode()}")
