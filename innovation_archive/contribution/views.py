"""/my-contribution/: what a participant gave, opened by the code of their slip. No account, no JavaScript.

Neither a code nor which story is whose stands in an address: all of it is posted. A GET writes nothing.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from innovation_archive.contribution import acts, receipts
from innovation_archive.contribution.acts import Deed
from innovation_archive.contribution.copies import copy_as_json
from innovation_archive.contribution.corrections import send_correction
from innovation_archive.contribution.forms import ActForm, CopyForm, OwnCorrectionForm, SlipCodeForm, TellForm, WordForm
from innovation_archive.contribution.held import HeldStory, Holdings
from innovation_archive.contribution.visit import Visit, end_visit, keep_open, visit_of
from workshops.contribution.slip_codes import WrongSlipError, find_slip
from workshops.contribution.words import WordError, check_word, choose_word
from workshops.mail.subscriptions import end_subscription_of, may_subscribe, subscribe
from workshops.throttle import address_of

FOLDER = "innovation_archive/contribution"


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PrivatePage(View):
    """A page that is one person's, or asks whose it is."""

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, f"{FOLDER}/{template}.html", context, status=status)

    def ask_for_code(self, form: SlipCodeForm | None = None, status: int = 200, ended: str = "") -> HttpResponse:
        return self.page("code", status=status, form=form or SlipCodeForm(), ended=ended)


class OwnPage(PrivatePage):
    """A page of somebody who has opened theirs. Others are asked for their code, and nothing is done."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is None:
            return self.ask_for_code(
                status=403, ended=_("Your page was closed, so nothing was changed. Type your code to open it again.")
            )
        self.visit = visit
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and not self.is_over:
            keep_open(response, self.visit)
        return response

    is_over = False
    visit: Visit

    @cached_property
    def holdings(self) -> Holdings:
        return Holdings(self.visit.slip)

    def contribution_page(
        self,
        status: int = 200,
        problem: str = "",
        word_form: WordForm | None = None,
        tell_form: TellForm | None = None,
    ) -> HttpResponse:
        template = "hidden" if self.holdings.erasure else "contribution"
        return self.page(
            template,
            status=status,
            problem=problem,
            visit=self.visit,
            held=self.holdings,
            may_be_told=may_subscribe(),
            tell_form=tell_form or TellForm(),
            word_form=word_form or WordForm(is_chosen=bool(self.visit.slip.word)),
        )

    def receipt(self, deed: Deed) -> HttpResponse:
        response = redirect("contribution_receipt")
        receipts.hand_receipt(response, deed)
        return response

    def gone(self) -> HttpResponse:
        says = _("That is not among what you gave any more. Nothing was changed; this is what there is now.")
        return self.contribution_page(status=404, problem=says)


class ContributionPage(OwnPage):
    """/my-contribution/: the code is typed here, and what it opens is shown here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and visit_of(request) is None:
            return self.ask_for_code()
        if request.method == "POST":
            return self.open(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.contribution_page()

    def open(self, request: HttpRequest) -> HttpResponse:
        form = SlipCodeForm(request.POST)
        if not form.is_valid():
            return self.ask_for_code(form, status=400)
        try:
            slip = find_slip(form.cleaned_data["code"], address_of(request))
        except WrongSlipError as refusal:
            form.add_error("code", str(refusal))
            return self.ask_for_code(form, status=refusal.status)
        response = redirect("contribution")
        keep_open(response, Visit(slip))
        return response


class WordPage(OwnPage):
    """/my-contribution/word/: choose the word of the slip, or give the one that was chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        slip = self.visit.slip
        form = WordForm(request.POST, is_chosen=bool(slip.word))
        if not form.is_valid():
            return self.contribution_page(status=400, word_form=form)
        try:
            (check_word if slip.word else choose_word)(slip, form.cleaned_data["word"])
        except WordError as refusal:
            form.add_error("word", str(refusal))
            return self.contribution_page(status=400, word_form=form)
        self.visit = Visit(slip, knows_word=True)
        return redirect("contribution")


class ChangePage(OwnPage):
    """/my-contribution/change/: what an act will bring about, and, once it is confirmed, the act."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ActForm(request.POST)
        if not form.is_valid():
            says = (
                " ".join(map(str, form.errors["level"])) if "level" in form.errors else _("That cannot be done here.")
            )
            return self.contribution_page(status=400, problem=says)
        asked = form.cleaned_data
        if self.holdings.erasure:
            return self.contribution_page(status=409)
        if asked["act"] == "erase" and self.visit.slip.word and not self.visit.knows_word:
            says = _("Type the word of your slip first: nobody who only found your slip can erase what you gave.")
            return self.contribution_page(status=403, problem=says)
        act = acts.act_of(asked, self.holdings, self.visit)
        if act is None:
            return self.gone()
        if not asked["confirmed"]:
            return self.page("confirm", act=act, asked=asked, story=self.holdings.story(asked["what"]))
        deed = act.do()
        self.is_over = deed.kind == "erased"
        response = self.receipt(deed)
        if self.is_over:
            end_visit(response)
        return response


class CallBackPage(OwnPage):
    """/my-contribution/call-back/: everything is shown again that waits to be erased."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        deed = acts.call_back(self.visit.slip.participant)
        return self.receipt(deed) if deed else redirect("contribution")


class CorrectPage(OwnPage):
    """/my-contribution/correct/: “this is not what I meant”."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        held = self.holdings.story(request.POST.get("what", ""))
        if self.holdings.erasure or held is None or not held.story.is_public:
            return self.gone()
        if "why" not in request.POST:
            now = {"what": held.story.ref, "wording": held.story.published_text}
            return self.form_page(held, OwnCorrectionForm(initial=now))
        form = OwnCorrectionForm(request.POST)
        if not form.is_valid():
            return self.form_page(held, form, status=400)
        wording = form.suggested_wording(held.story.published_text)
        return self.receipt(send_correction(held.story, form.cleaned_data["why"], wording))

    def form_page(self, held: HeldStory, form: OwnCorrectionForm, status: int = 200) -> HttpResponse:
        return self.page("correct", status=status, form=form, held_story=held)


class TellPage(OwnPage):
    """/my-contribution/tell-me/: leave an address that is written to when something of one's own is used, or end that."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        if "end" in request.POST:
            return self.end()
        form = TellForm(request.POST)
        if not form.is_valid():
            return self.contribution_page(status=400, tell_form=form)
        if self.holdings.erasure or not may_subscribe():
            return self.contribution_page(status=409, problem=_("This archive sends no mails now. Nothing was kept."))
        subscription = subscribe(self.visit.slip.participant, form.cleaned_data["address"])
        return self.page("told", subscription=subscription)

    def end(self) -> HttpResponse:
        reference = end_subscription_of(self.visit.slip.participant)
        return self.receipt(Deed("unsubscribed", reference)) if reference else redirect("contribution")


class CopyPage(OwnPage):
    """/my-contribution/copy/: all that is held, to read and print or as JSON."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CopyForm(request.POST)
        if not form.is_valid() or self.holdings.erasure:
            return self.contribution_page(status=400)
        if form.cleaned_data["format"] == "html":
            return self.page("copy", visit=self.visit, held=self.holdings)
        body = copy_as_json(self.holdings, self.visit.knows_word)
        headers = {"Content-Disposition": 'attachment; filename="my-contribution.json"'}
        return HttpResponse(body, content_type="application/json", headers=headers)


class ReceiptPage(PrivatePage):
    """/my-contribution/receipt/: what was done last, to print."""

    def get(self, request: HttpRequest) -> HttpResponse:
        receipt = receipts.receipt_of(request)
        return self.page("receipt", receipt=receipt) if receipt else redirect("contribution")


class DonePage(PrivatePage):
    """/my-contribution/done/: closes the page on this phone or computer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("contribution")

    def post(self, request: HttpRequest) -> HttpResponse:
        response = self.page("done")
        end_visit(response)
        receipts.forget_receipt(response)
        return response
