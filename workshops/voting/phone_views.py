"""A participant's phone: the code on the screen, who they are, and their ballot paper. No account, no session.

A signed cookie that no other address gets holds the phone's ticket for one ballot, and so the person's paper.
"""

import secrets

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import View

from workshops import slips
from workshops.choices import Choice
from workshops.models import BallotPaper, Slip
from workshops.throttle import address_of
from workshops.voting import ballots, casting
from workshops.voting.ballots import (
    BallotClosedError,
    BallotError,
    NoChoiceError,
    NotJoinedError,
    NotOnBallotError,
    PaperVoidedError,
)
from workshops.voting.phone_forms import AboutForm, JoinForm, SlipForm

VOTE_FIELD_PREFIX = "vote-"
TICKET_SALT = "ticket of a ballot"


@method_decorator(never_cache, name="dispatch")
class PhonePage(View):
    """A page that says a refusal as a sentence, with the status that belongs to it."""

    paper = None

    def dispatch(self, request, *args, **kwargs):
        try:
            return self.admit() or super().dispatch(request, *args, **kwargs)
        except BallotError as refusal:
            return self.page("workshops/voting/refused.html", status=refusal.status, refusal=refusal, paper=self.paper)

    def admit(self):
        """Nothing if the phone may come in; otherwise a redirect, or a refusal raised."""

    def page(self, template, status=200, **context):
        return render(self.request, template, context, status=status)


class JoinPage(PhonePage):
    """/join/: where the code is typed."""

    def get(self, request):
        return self.page("workshops/voting/code.html", form=JoinForm())

    def post(self, request):
        form = JoinForm(request.POST)
        if not form.is_valid():
            return self.page("workshops/voting/code.html", status=400, form=form)
        try:
            ballot = ballots.find_open_ballot(form.cleaned_data["code"], address_of(request))
        except BallotError as refusal:
            form.add_error("code", str(refusal))
            return self.page("workshops/voting/code.html", status=refusal.status, form=form)
        return redirect("join_ballot", ballot.join_code)


class BallotPage(PhonePage):
    """A page of one ballot. `paper` is the one this phone has on it, if any."""

    @cached_property
    def ticket(self):
        return self.request.get_signed_cookie(cookie_name(self.kwargs["code"]), default=None, salt=TICKET_SALT)

    def find_paper(self):
        if self.ticket is None:
            return None
        code, ticket = self.kwargs["code"], ballots.ticket_hash(self.ticket)
        if self.request.method == "POST":  # which shows no page
            return casting.paper_with(code, ticket)
        papers = BallotPaper.objects.select_related("ballot__workshop__phase__programme")
        return papers.filter(ballot__join_code=code, ticket=ticket).first()


class AboutPage(BallotPage):
    """/join/<code>/: who votes, or the slip of somebody who took part before. Hands the phone its ticket."""

    def admit(self):
        self.paper = self.find_paper()
        if self.paper and self.paper.is_active:
            return redirect("paper", self.paper.ballot.join_code)
        return None

    def get(self, request, code):
        ballot = ballots.find_open_ballot(code, address_of(request))
        if ballot.join_code != code:
            return redirect("join_ballot", ballot.join_code)
        response = self.about(ballot)
        if self.ticket is None or self.paper:
            hand_ticket(response, ballot)
        return response

    def post(self, request, code):
        address = address_of(request)
        ballot = ballots.find_open_ballot(code, address)
        if self.ticket is None:
            raise BallotError(
                "Your browser did not keep the cookie that holds your ballot paper. Allow it, and try again."
            )
        if self.paper:
            raise PaperVoidedError(self.paper) if self.paper.voided_at else NotJoinedError
        if "slip" in request.POST:
            return self.join_with_slip(ballot, address)
        form = AboutForm(request.POST)
        if not form.is_valid():
            return self.about(ballot, status=400, form=form)
        ballots.join_ballot(ballot, self.ticket, address, **form.cleaned_data)
        return redirect("paper", ballot.join_code)

    def join_with_slip(self, ballot, address):
        form = SlipForm(self.request.POST)
        if not form.is_valid():
            return self.about(ballot, status=400, slip_form=form)
        try:
            participant = ballots.holder_of_slip(form.cleaned_data["slip"], address)
        except BallotError as refusal:
            form.add_error("slip", str(refusal))
            return self.about(ballot, status=refusal.status, slip_form=form)
        ballots.join_with_slip(ballot, self.ticket, address, participant)
        return redirect("paper", ballot.join_code)

    def about(self, ballot, status=200, form=None, slip_form=None):
        return self.page(
            "workshops/voting/about.html",
            status=status,
            ballot=ballot,
            programme=ballot.workshop.phase.programme,
            form=form or AboutForm(),
            slip_form=slip_form or SlipForm(),
            voided=self.paper if self.paper and self.paper.voided_at else None,
        )


class PaperPage(BallotPage):
    """A page for those who have joined. Others are led to where they can."""

    needs_open_ballot = True

    def admit(self):
        self.paper = self.find_paper()
        if self.paper and self.paper.voided_at:
            raise PaperVoidedError(self.paper)
        if self.paper is None or not self.paper.is_active:
            self.paper = None
            if self.request.method in ("GET", "HEAD"):
                return redirect("join_ballot", self.kwargs["code"])
            raise NotJoinedError
        if self.needs_open_ballot and self.request.method != "POST" and not self.paper.ballot.is_open:
            raise BallotClosedError  # casting looks itself, under a lock
        return None

    @cached_property
    def questions(self):
        """The practices of the ballot in order, each with what this person chose."""
        chosen = dict(ballots.votes_on([self.paper]).values_list("practice", "choice"))
        for practice in self.paper.ballot.questions:
            practice.chosen = chosen.get(practice.pk, "")
        return self.paper.ballot.questions

    def page(self, template, status=200, **context):
        if self.paper:
            ballot = self.paper.ballot
            context |= {"ballot": ballot, "programme": ballot.workshop.phase.programme, "choices": Choice}
        return super().page(template, status, **context)

    def to(self, name, *args):
        return redirect(name, self.kwargs["code"], *args)


class StartPage(PaperPage):
    """/join/<code>/paper/: the slip to keep, how far one has come, and the two ways to vote."""

    needs_open_ballot = False

    def get(self, request, code):
        cast = sum(1 for practice in self.questions if practice.chosen)
        return self.page("workshops/voting/paper.html", questions=self.questions, cast=cast, slip=self.slip())

    def slip(self):
        """The code of the slip that this phone was given; one that was typed in is not shown."""
        code = slips.code_from(self.ticket)
        return code if Slip.objects.with_code(code).filter(participant=self.paper.participant_id).exists() else ""


class AllQuestionsPage(PaperPage):
    """/join/<code>/all/: every practice on one page."""

    def get(self, request, code):
        return self.page("workshops/voting/all.html", questions=self.questions)

    def post(self, request, code):
        sent = request.POST.items()
        choices = {
            name.removeprefix(VOTE_FIELD_PREFIX): choice for name, choice in sent if name.startswith(VOTE_FIELD_PREFIX)
        }
        casting.cast_votes(self.paper, choices)
        return self.to("paper")


class OneQuestionPage(PaperPage):
    """/join/<code>/practices/<ref>/: one practice a screen. A choice saves it and goes on to the next."""

    def get(self, request, code, ref):
        refs = [practice.ref for practice in self.questions]
        if ref not in refs:
            raise NotOnBallotError("This practice is not on the ballot.")
        number = refs.index(ref)
        return self.page(
            "workshops/voting/one.html",
            practice=self.questions[number],
            number=number + 1,
            count=len(refs),
            before=refs[number - 1] if number else "",
            after=following(refs, ref),
        )

    def post(self, request, code, ref):
        if "choice" not in request.POST:
            raise NoChoiceError("No choice was sent. Go back, and choose keep, amplify, discard or create.")
        refs = casting.cast_votes(self.paper, {ref: request.POST["choice"]})
        after = following(refs, ref)
        return self.to("paper_question", after) if after else self.to("paper")


def following(refs, ref):
    """The one after this, or an empty string after the last."""
    return "".join(refs[refs.index(ref) + 1 :][:1])


def cookie_name(code):
    return f"ballot_{code}"


def hand_ticket(response, ballot):
    """Give this phone a ticket of its own for this ballot, for as long as the ballot may last."""
    response.set_signed_cookie(
        cookie_name(ballot.join_code),
        secrets.token_hex(16),
        salt=TICKET_SALT,
        max_age=ballot.expires_at - timezone.now(),
        path=reverse("join_ballot", args=[ballot.join_code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
