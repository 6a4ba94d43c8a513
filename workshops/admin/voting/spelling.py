"""A released practice at the desk: its spelling is corrected by two, its meaning by a copy that becomes a new practice."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.judgements.forms import with_words
from workshops.admin.judgements.ticks import judge_ticked
from workshops.fields import PlainTextFormField
from workshops.judgements.passages import each_once
from workshops.models import SpellingCorrection
from workshops.roles import is_editor_somewhere
from workshops.stories.diff import diff_words
from workshops.tags import join_tags
from workshops.voting import spelling


class SpellingForm(forms.Form):
    after = PlainTextFormField(
        label=_("As it should be spelt"),
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": _("Nothing is different from what stands there. Change the spelling.")},
    )


def copy_address(practice):
    """The form of a new practice, filled with what is known of this one."""
    links = {name: getattr(practice, name).all() for name in ("service_areas", "themes", "stories")}
    filled = {name: ",".join(str(row.pk) for row in rows) for name, rows in links.items()}
    filled |= {"statement": practice.statement, "description": practice.description}
    filled["tags"] = join_tags(practice.tags.all())
    return f"{reverse('admin:workshops_practice_add')}?{urlencode({k: v for k, v in filled.items() if v})}"


def spelling_page(practice_admin, request, pk):
    """Proposes a spelling; shows a proposal to the second person, who confirms or drops it."""
    practice = practice_admin.get_object(request, str(pk))
    if not is_editor_somewhere(request.user):
        raise PermissionDenied
    if practice is None:
        return practice_admin._get_obj_does_not_exist_redirect(request, practice_admin.opts, str(pk))
    if not practice_admin.edits(request.user, practice):
        raise PermissionDenied
    form = SpellingForm(request.POST if "after" in request.POST else None, initial={"after": practice.statement})
    if request.method == "POST" and act(practice_admin, request, practice, form):
        return redirect("admin:workshops_practice_spelling", pk)
    proposal = practice.spellings.open().first()
    return practice_admin.desk_page(
        request,
        "admin/workshops/practice/spelling.html",
        gettext("Correct the spelling"),
        status=400 if form.errors else None,
        original=practice,
        form=form,
        proposal=proposal,
        passages=proposed_passages(practice_admin, request, practice, proposal),
        sides=diff_words(proposal.before, proposal.after) if proposal else None,
        is_mine=proposal is not None and proposal.proposed_by in (request.user, None),
        copy_address=copy_address(practice),
    )


def act(practice_admin, request, practice, form):
    """Propose, confirm or drop, as the button says. Returns whether it was done."""
    try:
        if "confirm" in request.POST or "drop" in request.POST:
            said = decide_spelling(practice_admin, request, practice)
        elif form.is_valid():
            spelling.propose_spelling(practice, form.cleaned_data["after"], request.user)
            said = gettext("The spelling is proposed. Another editor confirms it here.")
        else:
            return False
    except SpellingCorrection.DoesNotExist:
        practice_admin.message_user(request, gettext("Somebody decided on it already."), messages.WARNING)
        return True
    except ValidationError as refusal:
        practice_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return False
    practice_admin.log_change(request, practice, said)
    practice_admin.message_user(request, said, messages.SUCCESS)
    return True


def proposed_passages(practice_admin, request, practice, proposal):
    """What in a proposed statement may tell who somebody is."""
    if proposal is None:
        return []
    return each_once(practice_admin.shown_passages(request.user, with_words(practice, {"statement": proposal.after})))


@transaction.atomic
def decide_spelling(practice_admin, request, practice):
    """Confirm or drop the open proposal. Returns what is said of it."""
    proposal = practice.spellings.open().get()
    if "drop" in request.POST:
        proposal.delete()
        return gettext("The proposed spelling was dropped.")
    found = proposed_passages(practice_admin, request, practice, proposal)
    judge_ticked(request, found, practice_admin.judged_in(practice))
    spelling.confirm_spelling(proposal, request.user)
    return gettext("The spelling was corrected. Readers see what it said before.")
