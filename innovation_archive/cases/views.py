"""/complaints/: what somebody sends there is a case at once, and the same answer acknowledges it. No account, no script."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from innovation_archive.cases.choices import CaseSubject
from innovation_archive.cases.forms import CaseForm, SomethingAboutMeForm
from innovation_archive.cases.opening import receive
from innovation_archive.cases.subjects import find_subject
from innovation_archive.models import Controller
from workshops import throttle

MAX_CASES_PER_ADDRESS = 300
"""Within ten minutes. A whole room shares one address, so this stops a script and never a room."""


@method_decorator(never_cache, name="dispatch")
class ComplaintsPage(View):
    """A complaint, or a request about what is held about oneself."""

    form_class: type[CaseForm] = CaseForm
    template = "innovation_archive/cases/complaints.html"

    def get(self, request: HttpRequest, **about: str) -> HttpResponse:
        return self.page(self.form_class(), about)

    def post(self, request: HttpRequest, **about: str) -> HttpResponse:
        form = self.form_class(request.POST)
        address = throttle.address_of(request)
        if throttle.too_many_failures(MAX_CASES_PER_ADDRESS, "case", address):
            form.add_error(
                None,
                _(
                    "Too much was sent from your network within ten minutes, so this was not kept. What you wrote still "
                    "stands below: send it again in ten minutes, or write or call."
                ),
            )
            return self.page(form, about, status=429)
        if not form.is_valid():
            return self.page(form, about, status=400)
        throttle.record_failure("case", address)
        case = form.as_case()
        case.about_kind, case.about_ref = about.get("kind", ""), about.get("ref", "")
        case, mailed = receive(case, **form.contact())
        reachable = any(form.contact().values())
        return self.answer("innovation_archive/cases/received.html", case=case, mailed=mailed, reachable=reachable)

    def page(self, form: CaseForm, about: dict[str, str], status: int = 200) -> HttpResponse:
        return self.answer(self.template, status, form=form)

    def answer(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, template, {"controller": Controller.objects.current(), **context}, status=status)


class SomethingAboutMePage(ComplaintsPage):
    """“Something here is about me”, of one story, insight or article.

    A form that is sent when the page has been taken down meanwhile is a case all the same.
    """

    form_class = SomethingAboutMeForm
    template = "innovation_archive/cases/about_me.html"

    def post(self, request: HttpRequest, **about: str) -> HttpResponse:
        if about["kind"] not in CaseSubject.values or len(about["ref"]) > 100:
            raise Http404
        return super().post(request, **about)

    def page(self, form: CaseForm, about: dict[str, str], status: int = 200) -> HttpResponse:
        subject = find_subject(about["kind"], about["ref"])
        if subject is None and not form.is_bound:
            raise Http404
        noun = CaseSubject(about["kind"]).label
        return self.answer(self.template, status, form=form, subject=subject, noun=noun)
