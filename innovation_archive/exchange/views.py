"""The analysts' page /data/ and the files it offers."""

from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import (
    DISCLOSURE,
    FORMATS,
    CsvFile,
    Measured,
    datasets_for,
    file_name,
    licence,
    zip_pieces,
)
from innovation_archive.exchange.forms import PurposeForm
from innovation_archive.exchange.list_files import file_response
from innovation_archive.exchange.measurements import recall_measurement, record_measurement
from innovation_archive.exchange.qdpx import project_file
from innovation_archive.models import DOWNLOAD_MAY_BE_USED_FOR, Download
from insights.models import Insight
from workshops.roles import is_reader_of_everything

# A file of so many rows takes a moment to measure; of a longer one /data/ tells what its last download came to, as of
# all of them whenever somebody takes the whole archive.
QUICKLY_MEASURED = 2000


@require_safe
def data_page(request):
    """Every dataset the reader may have, with what a row is, its columns, its rows, its size and its age."""
    context = {
        "public": offered(Audience.PUBLIC),
        "site": request.build_absolute_uri(reverse("data")),
        "licence": licence(),
        "disclosure": DISCLOSURE[Audience.PUBLIC],
    }
    if is_reader_of_everything(request.user):
        purpose = request.session.get("purpose", "")
        context |= {
            "for_analysts": offered(Audience.ANALYST),
            "analysts_disclosure": DISCLOSURE[Audience.ANALYST],
            "purpose": purpose,
            "form": PurposeForm(initial={"purpose": purpose}),
            "days": DOWNLOAD_MAY_BE_USED_FOR.days,
        }
    return render(request, "innovation_archive/exchange/data.html", context)


def offered(audience):
    offers = [
        {
            "dataset": each,
            "columns": each.columns(audience),
            "rows": each.count(audience),
            "written": recall_measurement(each.dataset, audience),
        }
        for each in datasets_for(audience)
    ]
    measure_one(offers, audience)
    return offers


def measure_one(offers, audience):
    """Measure the short file that was measured longest ago, if that is an hour: one a visit, so that none waits."""
    due = [
        offer
        for offer in offers
        if offer["rows"] <= QUICKLY_MEASURED and (not offer["written"] or offer["written"].is_stale(offer["rows"]))
    ]
    if due:
        oldest = min(due, key=lambda offer: offer["written"].measured_at.timestamp() if offer["written"] else 0)
        file = Measured(CsvFile(oldest["dataset"], audience))
        for _ in file:
            pass
        oldest["written"] = record_measurement(oldest["dataset"].dataset, audience, file.measures)


def dataset_file(request, dataset, format):
    """One dataset as a file: the public's, or with ?audience=analyst the analysts'."""
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
def evidence_file(request, slug, format):
    """What stands behind one published insight: its own rows of the dataset `evidence`."""
    if format not in FORMATS:
        raise Http404
    insight = get_object_or_404(Insight.objects.published(), slug=slug)
    return file_response("evidence", format, among=insight.evidence.all(), called=f"evidence-{insight.slug}")


def archive_file(request):
    """All datasets as a Data Package in a ZIP archive: the public's, or with ?audience=analyst the analysts'."""
    return whole_archive(request, "zip", "application/zip", zip_pieces)


def project_file_view(request):
    """The archive as a REFI-QDA project: the public's, or with ?audience=analyst the analysts'."""
    return whole_archive(request, "qdpx", "application/octet-stream", project_file)


def whole_archive(request, extension, content_type, pieces):
    """`pieces(audience, download)` as a download called archive."""

    def respond(audience, download=None):
        response = StreamingHttpResponse(pieces(audience, download), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{file_name("archive", extension, download)}"'
        return response

    if wants_analysts_edition(request):
        return for_analysts(request, f"archive.{extension}", lambda download: respond(Audience.ANALYST, download))
    return for_everyone(request, lambda: respond(Audience.PUBLIC))


def wants_analysts_edition(request):
    return request.GET.get("audience") == Audience.ANALYST


@require_safe
def for_everyone(request, respond):
    return respond()


@require_http_methods(["GET", "HEAD", "POST"])
def for_analysts(request, file, respond):
    """A file of team-level data for those who may have it, once they said what for. It is kept who took what.

    A form of ours sends for it: a link, wherever it stands, takes nothing in anybody's name, and leads to that form.
    `respond` makes the response from the record of this download.
    """
    if not is_reader_of_everything(request.user):
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
    response = respond(Download.objects.create(user=request.user, file=file, purpose=purpose))
    response["Cache-Control"] = "private, no-store"
    return response


def purpose(request):
    """What the files are for: asked with each file, and filled in with what was said last in this session."""
    if not is_reader_of_everything(request.user):
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


def file_at(address):
    """The name of the file at this address, or empty: a form of ours is sent to no other address that a link names."""
    path = urlsplit(address).path
    try:
        name = resolve(path).url_name
    except Resolver404:
        return ""
    return path.rpartition("/")[2] if name in {"dataset_file", "archive_file", "project"} else ""
