"""The pages on a participant's phone: the code, who they are, and their ballot paper. No account, no session.

A signed cookie, which the browser sends to the pages of one ballot only, holds the phone's ticket for that ballot. The
ticket opens the person's paper.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from workshops import slips
from workshops.addresses import absolute_url
from workshops.choices import Choice
from workshops.contribution.slip_codes import on_every_slip
from workshops.models import Ballot, BallotPaper, Practice, Slip
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
TICKET_SALT = "ticket of a ballot"  # not translated: a salt


@method_decorator(never_cache, name="dispatch")
class PhonePage(View):
    """A page that answers a `BallotError` with its sentence and its status."""

    paper: BallotPaper | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return self.admit() or super().dispatch(request, *args, **kwargs)
        except BallotError as refusal:
            return self.page("workshops/voting/refused.html", status=refusal.status, refusal=refusal, paper=self.paper)

    def admit(self) -> HttpResponse | None:
        """None if the phone may see the page; otherwise a redirect, or a `BallotError` raised."""
        return None

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, template, context, status=status)


class JoinPage(PhonePage):
    """/join/: where the code is typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("workshops/voting/code.html", form=JoinForm())

    def post(self, request: HttpRequest) -> HttpResponse:
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
    """A page of one ballot. `paper` is this phone's ballot paper, if it has one."""

    @cached_property
    def ticket(self) -> str | None:
        return self.request.get_signed_cookie(cookie_name(self.kwargs["code"]), default=None, salt=TICKET_SALT)

    def find_paper(self) -> BallotPaper | None:
        if self.ticket is None:
            return None
        code, ticket = self.kwargs["code"], ballots.ticket_hash(self.ticket)
        if self.request.method == "POST":  # shows no page, so it needs neither workshop nor programme
            return casting.paper_with(code, ticket)
        papers = BallotPaper.objects.select_related("ballot__workshop__phase__programme")
        return papers.filter(ballot__join_code=code, ticket=ticket).first()


class AboutPage(BallotPage):
    """/join/<code>/: who votes, or the slip of somebody who took part before. Gives the phone its ticket."""

    def admit(self) -> HttpResponse | None:
        self.paper = self.find_paper()
        if self.paper and self.paper.is_active:
            return redirect("paper", self.paper.ballot.join_code)
        return None

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        ballot = ballots.find_open_ballot(code, address_of(request))
        if ballot.join_code != code:
            return redirect("join_ballot", ballot.join_code)
        response = self.about(ballot)
        if self.ticket is None or self.paper:
            hand_ticket(response, ballot)
        return response

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        address = address_of(request)
        ballot = ballots.find_open_ballot(code, address)
        if self.ticket is None:
            raise BallotError(
                _("Your browser did not keep the cookie that holds your ballot paper. Allow it, and try again.")
            )
        if self.paper:
            raise PaperVoidedError(self.paper) if self.paper.voided_at else NotJoinedError
        if "slip" in request.POST:
            return self.join_by_slip(ballot, self.ticket, address)
        form = AboutForm(request.POST)
        if not form.is_valid():
            return self.about(ballot, status=400, form=form)
        ballots.join_ballot(ballot, self.ticket, address, **form.cleaned_data)
        return redirect("paper", ballot.join_code)

    def join_by_slip(self, ballot: Ballot, ticket: str, address: str) -> HttpResponse:
        form = SlipForm(self.request.POST)
        if not form.is_valid():
            return self.about(ballot, status=400, slip_form=form)
        try:
            participant = ballots.holder_of_slip(form.cleaned_data["slip"], address)
        except BallotError as refusal:
            form.add_error("slip", str(refusal))
            return self.about(ballot, status=refusal.status, slip_form=form)
        ballots.join_with_slip(ballot, ticket, address, participant)
        return redirect("paper", ballot.join_code)

    def about(
        self, ballot: Ballot, status: int = 200, form: AboutForm | None = None, slip_form: SlipForm | None = None
    ) -> HttpResponse:
        return self.page(
            "workshops/voting/about.html",
            status=status,
            ballot=ballot,
            programme=ballot.workshop.phase.programme,
            form=form or AboutForm(),
            slip_form=slip_form or SlipForm(),
            voided=PaperVoidedError(self.paper) if self.paper and self.paper.voided_at else None,
        )


@dataclass(frozen=True)
class BallotQuestion:
    """A practice that is voted on, and what this person chose; empty if nothing yet."""

    practice: Practice
    chosen: str


class PaperPage(BallotPage):
    """A page for phones that have joined. Others are sent to where they can join."""

    needs_open_ballot = True

    def admit(self) -> HttpResponse | None:
        self.paper = self.find_paper()
        if self.paper and self.paper.voided_at:
            raise PaperVoidedError(self.paper)
        if self.paper is None or not self.paper.is_active:
            self.paper = None
            if self.request.method in ("GET", "HEAD"):
                return redirect("join_ballot", self.kwargs["code"])
            raise NotJoinedError
        if self.needs_open_ballot and self.request.method != "POST" and not self.paper.ballot.is_open:
            raise BallotClosedError  # a POST is checked where it is cast, under a lock
        return None

    @property
    def own_paper(self) -> BallotPaper:
        """The paper of an admitted phone."""
        if self.paper is None:
            raise NotJoinedError
        return self.paper

    @cached_property
    def questions(self) -> list[BallotQuestion]:
        """The practices of the ballot, in the order in which they are asked."""
        chosen = dict(ballots.votes_on([self.own_paper]).values_list("practice", "choice"))
        return [BallotQuestion(practice, chosen.get(practice.pk, "")) for practice in self.own_paper.ballot.questions]

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        if self.paper:
            ballot = self.paper.ballot
            context |= {"ballot": ballot, "programme": ballot.workshop.phase.programme, "choices": Choice}
        return super().page(template, status, **context)

    def redirect_to(self, name: str, *args: str) -> HttpResponse:
        """To another page of this ballot."""
        return redirect(name, self.kwargs["code"], *args)


class StartPage(PaperPage):
    """/join/<code>/paper/: the slip to keep, how many votes are cast, and the two ways to vote."""

    needs_open_ballot = False

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        cast = sum(1 for question in self.questions if question.chosen)
        address = absolute_url(request, reverse("contribution"))
        return self.page(
            "workshops/voting/paper.html",
            questions=self.questions,
            cast=cast,
            slip=self.slip(),
            **on_every_slip(address),
        )

    def slip(self) -> str:
        """The code of the slip that this phone was given; one that was typed in is not shown."""
        for length in (slips.CODE_LENGTH, slips.FORMER_CODE_LENGTH):
            code = slips.code_from(self.ticket or "", length)
            if Slip.objects.with_code(code).filter(participant=self.own_paper.participant_id).exists():
                return code
        return ""


class AllQuestionsPage(PaperPage):
    """/join/<code>/all/: every practice on one page."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page("workshops/voting/all.html", questions=self.questions)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        names = [name for name in request.POST if name.startswith(VOTE_FIELD_PREFIX)]
        choices = {name.removeprefix(VOTE_FIELD_PREFIX): request.POST[name] for name in names}
        casting.cast_votes(self.own_paper, choices)
        return self.redirect_to("paper")


class OneQuestionPage(PaperPage):
    """/join/<code>/practices/<ref>/: one practice a screen. A choice saves it and goes on to the next."""

    def get(self, request: HttpRequest, code: str, ref: str) -> HttpResponse:
        refs = [question.practice.ref for question in self.questions]
        if ref not in refs:
            raise NotOnBallotError(_("This practice is not on the ballot."))
        number = refs.index(ref)
        return self.page(
            "workshops/voting/one.html",
            question=self.questions[number],
            number=number + 1,
            count=len(refs),
            before=refs[number - 1] if number else "",
            after=following(refs, ref),
        )

    def post(self, request: HttpRequest, code: str, ref: str) -> HttpResponse:
        if "choice" not in request.POST:
            raise NoChoiceError(_("No choice was sent. Go back, and choose keep, amplify, discard or create."))
        refs = casting.cast_votes(self.own_paper, {ref: request.POST["choice"]})
        after = following(refs, ref)
        return self.redirect_to("paper_question", after) if after else self.redirect_to("paper")


def following(refs: list[str], ref: str) -> str:
    """The ref after this one, or an empty string after the last."""
    return "".join(refs[refs.index(ref) + 1 :][:1])


def cookie_name(code: str) -> str:
    return f"ballot_{code}"


def hand_ticket(response: HttpResponse, ballot: Ballot) -> None:
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
