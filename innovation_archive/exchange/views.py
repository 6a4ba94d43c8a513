"""The page /data/ and the files it offers."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from innovation_archive.datasets import DATASETS, Audience, Dataset
from innovation_archive.datasets.base import Column
from innovation_archive.exchange.exports import (
    FORMATS,
    CsvFile,
    Measured,
    datasets_for,
    disclosure_of,
    file_name,
    licence,
    zip_pieces,
)
from innovation_archive.exchange.forms import PurposeForm
from innovation_archive.exchange.list_files import file_response
from innovation_archive.exchange.measurements import Measurement, recall_measurement, record_measurement
from innovation_archive.exchange.qdpx import project_file
from innovation_archive.models import DOWNLOAD_LIFETIME, Download
from insights.models import Insight
from workshops.models import Programme
from workshops.roles import EVERYTHING, Reach, read_by

MAX_ROWS_TO_MEASURE = 2000
"""A file of at most so many rows is quick to measure. Of a longer one /data/ shows what its last download came to."""


@dataclass
class Offer:
    """A dataset on /data/, with the measures of its file as far as they are known.

    `counted` is the number of rows now, None where nobody waits for it to be counted.
    """

    dataset: Dataset
    columns: list[Column]
    counted: int | None
    written: Measurement | None

    @property
    def rows(self) -> int | None:
        """As counted, or else as last written; None if that is not known either."""
        if self.counted is None and self.written:
            return self.written.rows
        return self.counted

    @property
    def is_due(self) -> bool:
        """Whether its file is to be measured again, and short enough for that."""
        if self.counted is None or self.counted > MAX_ROWS_TO_MEASURE:
            return False
        return self.written is None or self.written.is_stale(self.counted)


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """Every dataset that the reader may have, with what a row is, its columns, its rows, its size and its age."""
    context: dict[str, object] = {
        "public": offered(Audience.PUBLIC),
        "site": request.build_absolute_uri(reverse("data")),
        "licence": licence(),
        "disclosure": disclosure_of(Audience.PUBLIC),
    }
    if reach := read_by(request.user):
        purpose = request.session.get("purpose", "")
        context |= {
            "for_analysts": offered(Audience.ANALYST, purpose, reach),
            "programmes": [] if reach.is_everything else Programme.objects.filter(reach.rows("pk")),
            "analysts_disclosure": disclosure_of(Audience.ANALYST),
            "purpose": purpose,
            "form": PurposeForm(initial={"purpose": purpose}),
            "days": DOWNLOAD_LIFETIME.days,
        }
    return render(request, "innovation_archive/exchange/data.html", context)


def offered(audience: Audience, purpose: str = "", reach: Reach = EVERYTHING) -> list[Offer]:
    """What there is, of these programmes. Only files of all programmes are measured."""

    def measured(dataset: Dataset) -> Measurement | None:
        return recall_measurement(dataset, audience) if reach.is_everything else None

    datasets = datasets_for(audience, purpose, reach)
    offers = [Offer(each, each.columns(audience), each.count(audience), measured(each)) for each in datasets]
    if reach.is_everything:
        measure_one(offers, audience)
    return offers


def measure_one(offers: list[Offer], audience: Audience) -> None:
    """Measure the file whose measures are the oldest, if any are due. One a visit, so that nobody waits for all."""
    due = [offer for offer in offers if offer.is_due]
    if due:
        oldest = min(due, key=lambda offer: offer.written.measured_at.timestamp() if offer.written else 0)
        file = Measured(CsvFile(oldest.dataset, audience))
        deque(file, maxlen=0)
        oldest.written = record_measurement(oldest.dataset, audience, file.measures)


def dataset_file(request: HttpRequest, dataset: str, format: str) -> HttpResponseBase:
    """One dataset as a file: the public edition, or with ?audience=analyst that of analysts."""
    if dataset not in DATASETS or format not in FORMATS:
        raise Http404
    if Audience.PUBLIC in DATASETS[dataset].audiences and not wants_analysts_edition(request):
        return for_everyone(request, lambda: file_response(dataset, format))
    return for_analysts(
        request,
        f"{dataset}.{format}",
        lambda download: file_response(dataset, format, Audience.ANALYST, download=download),
    )


@require_safe
def evidence_file(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """The evidence of one published insight: its rows of the dataset `evidence`."""
    if format not in FORMATS:
        raise Http404
    insight = get_object_or_404(Insight.objects.published(), slug=slug)
    return file_response("evidence", format, among=insight.evidence.all(), called=f"evidence-{insight.slug}")


def archive_file(request: HttpRequest) -> HttpResponseBase:
    """All datasets as a Data Package in a ZIP archive: the public edition, or with ?audience=analyst that of analysts."""
    return whole_archive(request, "zip", "application/zip", zip_pieces)


def project_file_view(request: HttpRequest) -> HttpResponseBase:
    """The archive as a REFI-QDA project: the public edition, or with ?audience=analyst that of analysts."""
    return whole_archive(request, "qdpx", "application/octet-stream", project_file)


def whole_archive(
    request: HttpRequest,
    extension: str,
    content_type: str,
    pieces: Callable[[Audience, Download | None], Iterator[bytes]],
) -> HttpResponseBase:
    """A download called "archive", made of `pieces` of the edition that was asked for."""

    def respond(audience: Audience, download: Download | None = None) -> StreamingHttpResponse:
        response = StreamingHttpResponse(pieces(audience, download), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{file_name("archive", extension, download)}"'
        return response

    if wants_analysts_edition(request):
        return for_analysts(request, f"archive.{extension}", lambda download: respond(Audience.ANALYST, download))
    return for_everyone(request, lambda: respond(Audience.PUBLIC))


def wants_analysts_edition(request: HttpRequest) -> bool:
    return request.GET.get("audience") == Audience.ANALYST


@require_safe
def for_everyone(request: HttpRequest, respond: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    return respond()


@require_http_methods(["GET", "HEAD", "POST"])
def for_analysts(request: HttpRequest, file: str, respond: Callable[[Download], HttpResponseBase]) -> HttpResponseBase:
    """A file of team-level data, for those who may have it and say what it is for. The download is recorded.

    It needs a POST from our own form. A link, wherever it is, only leads to that form, so following it never records a
    download in somebody's name. `respond` makes the response from the record of the download.
    """
    if not read_by(request.user):
        raise PermissionDenied
    address = request.get_full_path()
    if request.method != "POST":
        return redirect(f"{reverse('purpose')}?{urlencode({'next': address})}")
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "innovation_archive/exchange/purpose.html",
            {"form": form, "next": address, "file": file},
            status=400,
        )
    purpose = request.session["purpose"] = form.cleaned_data["purpose"]
    user = cast("User", request.user)  # an anonymous visitor reads nothing but the public edition
    response = respond(Download.objects.record(user, file, purpose))
    response["Cache-Control"] = "private, no-store"
    return response


def purpose(request: HttpRequest) -> HttpResponse:
    """The form that asks what a file is for. It is filled in with the last answer in this session."""
    if not read_by(request.user):
        raise PermissionDenied
    address = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        address = f"{reverse('data')}#analysts"
    form = PurposeForm(request.POST or None, initial={"purpose": request.session.get("purpose")})
    if form.is_valid():
        request.session["purpose"] = form.cleaned_data["purpose"]
        return redirect(address)
    context = {"form": form, "next": address, "file": file_at(address)}
    return render(request, "innovation_archive/exchange/purpose.html", context, status=400 if form.is_bound else 200)


def file_at(address: str) -> str:
    """The name of the file at this address; empty if there is none. Our form is sent to addresses of files only."""
    path = urlsplit(address).path
    try:
        name = resolve(path).url_name
    except Resolver404:
        return ""
    return path.rpartition("/")[2] if name in {"dataset_file", "archive_file", "project"} else ""
