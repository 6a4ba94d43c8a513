"""Voting from phones, as the facilitator runs it: open a ballot, show its code, watch, void what is odd, close."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from workshops.addresses import absolute_url, qr_code
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.ticks import MAY_STAND, judge_ticked, left_open
from workshops.judgements.judging import unjudged_sentence
from workshops.judgements.passages import JudgedIn, each_once, masked
from workshops.models import Ballot, BallotPaper, Practice
from workshops.visibility import own_workshops
from workshops.voting import ballots


def clock_and_day(moment, day):
    """“14:05 on 23 September”, in the archive's time zone; `day` is a date format of Django's templates."""
    local = timezone.localtime(moment)
    parts = {"time": dateformat.format(local, "H:i"), "day": dateformat.format(local, day)}
    return gettext("%(time)s on %(day)s") % parts


class VoidForm(forms.Form):
    """Which papers to void, and why. The phone whose votes are gone shows the reason."""

    paper = forms.ModelMultipleChoiceField(
        BallotPaper.objects.none(),
        error_messages={
            "required": _("Tick the ballot papers to void first."),
            "invalid_choice": _("One of these papers is voided already, or not of this ballot. Tick them again."),
        },
    )
    because = forms.CharField(
        label=_("The reason"),
        max_length=250,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=_("The person reads it on their phone."),
        error_messages={"required": _("Say why, so that the person whose votes are gone knows.")},
    )

    def __init__(self, ballot, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = ballot.papers.counted()


class BallotForm(forms.ModelForm):
    """Opens a ballot. Practices that say nearly the same are pointed out first, because they split people's votes."""

    known = Practice.objects.none()
    """The practices that this person sees, among which doubles are looked for."""
    request = None
    passages: tuple = ()
    """What in the statements may tell who somebody is, once they are chosen."""

    all_the_same = forms.BooleanField(
        label=_("Open it all the same"),
        required=False,
        widget=forms.HiddenInput,
        help_text=_("Tick this if they are different practices."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("practices") and not cleaned.get("all_the_same"):
            pairs = ballots.practices_put_twice(cleaned["practices"], self.known)
            if pairs:
                self.fields["all_the_same"].widget = forms.CheckboxInput()
                self.add_error("practices", [self.say_double(*pair) for pair in pairs])
        if cleaned.get("practices") and cleaned.get("workshop"):
            self.passages = masked(ballots.passages_asked(cleaned["practices"], cleaned["workshop"]))
            if waiting := left_open(self.request, self.passages):
                self.add_error("practices", unjudged_sentence(each_once(waiting)))
        return cleaned

    def say_double(self, asked, other):
        if other in self.cleaned_data["practices"]:
            sentence = gettext(
                "“%(asked)s” (%(ref)s) and “%(other)s” (%(other_ref)s) say nearly the same, and votes would be split "
                "between them. Choose one."
            )
        else:
            sentence = gettext(
                "“%(asked)s” (%(ref)s) says nearly the same as “%(other)s” (%(other_ref)s), which is in the archive. "
                "Choose that one if it is the same practice, so that its votes are counted together."
            )
        return sentence % {"asked": asked, "ref": asked.ref, "other": other, "other_ref": other.ref}


@admin.register(Ballot)
class BallotAdmin(ArchiveModelAdmin):
    form = BallotForm
    change_form_template = "admin/workshops/ballot/change_form.html"
    list_display = ["workshop", "join_code", "opened_at", "state"]
    list_filter = ["workshop"]
    list_select_related = ["workshop"]
    when_empty = _("No ballot yet. Open one when the room has its phones out.")

    def is_own(self, user, obj):
        return obj.workshop_id in own_workshops(user)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/screen/", view(self.screen_view), name="workshops_ballot_screen"),
            path("<int:pk>/count/", view(self.count_view), name="workshops_ballot_count"),
            path("<int:pk>/close/", view(require_POST(self.close_view)), name="workshops_ballot_close"),
            path("<int:pk>/void/", view(require_POST(self.void_view)), name="workshops_ballot_void"),
            *super().get_urls(),
        ]

    def own_ballot_or_404(self, request, pk):
        ballot = get_object_or_404(Ballot.objects.visible_to(request.user).select_related("workshop"), pk=pk)
        if not self.has_change_permission(request, ballot):
            raise PermissionDenied
        return ballot

    # Its list and its form

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["workshop", "practices", "seats", "all_the_same"]
        return ["workshop", "state", "join_code", "practice_list", "seats"]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["workshop", "state", "join_code", "practice_list"]
        if obj is None:
            return []
        return fixed if obj.is_open else [*fixed, "seats"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.known, form.request = Practice.objects.visible_to(request.user), request
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            judge_ticked(request, form.passages, JudgedIn(workshops=(form.instance.workshop_id,)))
            ballots.refuse_unjudged_questions(form.instance)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leaves out Django's buttons that add another workshop or practice in a new window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def save_model(self, request, obj, form, change):
        if not change:
            obj.opened_by = request.user
        super().save_model(request, obj, form, change)

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"title": gettext("Open a ballot")} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        title = gettext("Voting from phones")
        return super().change_view(request, object_id, form_url, {"title": title} | (extra_context or {}))

    def response_add(self, request, obj, post_url_continue=None):
        said = gettext("The ballot is open. Its code is %(code)s.") % {"code": obj.join_code}
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:workshops_ballot_change", obj.pk)

    def render_change_form(self, request, context, *args, **kwargs):
        ballot = kwargs.get("obj")
        context["passages"] = each_once(getattr(context["adminform"].form, "passages", ()))
        context["ticked"] = request.POST.getlist(MAY_STAND)
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if ballot:
            context |= {"papers": papers_of(ballot), "may_run_it": self.may_write(request.user, ballot)}
            context["crowd"] = ballots.crowd_without_votes(ballot) if ballot.is_open else []
            context |= ballot_counts(ballot)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("state"))
    def state(self, ballot):
        if ballot.is_open:
            moment = clock_and_day(ballot.expires_at, "j F")
            return gettext("Open. Closes by itself at %(moment)s.") % {"moment": moment}
        moment = clock_and_day(ballot.closed_at or ballot.expires_at, "j F Y")
        return gettext("Closed at %(moment)s.") % {"moment": moment}

    @admin.display(description=_("practices"))
    def practice_list(self, ballot):
        return "\n".join(f"{number}. {practice}" for number, practice in enumerate(ballot.questions, 1))

    # The screen in the room

    def screen_view(self, request, pk):
        """The page for the wall: how to join, and how many have voted, never what."""
        ballot = self.own_ballot_or_404(request, pk)
        address = absolute_url(request, reverse("join_ballot", args=[ballot.join_code]))
        context = {
            "ballot": ballot,
            "programme": ballot.workshop.phase.programme,
            "join_address": absolute_url(request, reverse("join")),
            "qr": qr_code(address),
            **ballot_counts(ballot),
        }
        return TemplateResponse(request, "admin/workshops/voting/screen.html", context)

    def count_view(self, request, pk):
        return JsonResponse(ballot_counts(self.own_ballot_or_404(request, pk)))

    # What a facilitator does with it

    def close_view(self, request, pk):
        ballot = self.own_ballot_or_404(request, pk)
        if ballot.closed_at:
            self.message_user(request, gettext("This ballot was closed before."), messages.INFO)
        else:
            ballots.close_ballot(ballot)
            self.log_change(request, ballot, gettext("Closed it."))
            said = gettext("The ballot is closed. Its votes are with the workshop’s.")
            self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:workshops_ballot_change", pk)

    def void_view(self, request, pk):
        """Void the ticked papers, or those of a crowd without votes, after a page that asks for the reason."""
        ballot = self.own_ballot_or_404(request, pk)
        asked = "because" in request.POST
        data = request.POST.copy()
        if "crowd" in data:
            data.setlist("paper", [paper.pk for paper in ballots.crowd_without_votes(ballot)])
        form = VoidForm(ballot, data)
        if form.is_valid():
            self.void(request, ballot, form.cleaned_data["paper"], form.cleaned_data["because"])
            return redirect("admin:workshops_ballot_change", pk)
        if "paper" in form.errors:
            self.message_user(request, form.errors["paper"][0], messages.ERROR)
            return redirect("admin:workshops_ballot_change", pk)
        return self.desk_page(
            request,
            "admin/workshops/voting/void.html",
            gettext("Void ballot papers"),
            status=400 if asked else 200,
            ballot=ballot,
            form=form if asked else VoidForm(ballot, initial={"paper": form.cleaned_data["paper"]}),
            chosen=form.cleaned_data["paper"],
        )

    def void(self, request, ballot, papers, because):
        count = ballots.void_paper(papers, because)
        said = ngettext("%(count)s ballot paper voided.", "%(count)s ballot papers voided.", count) % {"count": count}
        reason = gettext("The reason: %(reason)s") % {"reason": because}
        self.log_change(request, ballot, f"{said} {reason}")
        self.message_user(request, said, messages.SUCCESS)


def papers_of(ballot):
    """Its papers, numbered as people joined, each with its votes, its network as a letter, and what is odd about it."""
    papers = list(ballot.papers.all())
    counts = ballots.vote_counts(ballot)
    odd = ballots.oddities(ballot) if ballot.closed_at is None else {}
    letters = {}
    for number, paper in enumerate(papers, 1):
        paper.number = number
        paper.votes = counts[paper.participant_id] if paper.participant_id else 0
        paper.network = letters.setdefault(paper.address, network_name(len(letters))) if paper.address else ""
        paper.oddity = odd.get(paper.pk, paper.oddity)
    return papers


def network_name(number):
    """A, B … Z, then numbers."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def ballot_counts(ballot):
    """The numbers on the screen in the room: they never say how anybody voted."""
    joined = ballot.papers.counted().count()
    return {"joined": joined, "seats": ballot.seats, "voted": ballots.how_many_voted(ballot), "open": ballot.is_open}
