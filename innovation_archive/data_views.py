"""The analysts' page /data/ and the files it offers."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exports import FORMATS, datasets_for, file_name
from innovation_archive.lists import file_response
from innovation_archive.qdpx import project_file
from workshops.roles import is_reader_of_everything


def data_page(request):
    """Every dataset the reader may have, with what a row is, its columns and how many rows it holds."""
    context = {"public": offered(Audience.PUBLIC)}
    if is_reader_of_everything(request.user):
        context["for_analysts"] = offered(Audience.ANALYST)
    return render(request, "data.html", context)


def offered(audience):
    return [
        {"dataset": each, "columns": each.columns(audience), "rows": each.count(audience)}
        for each in datasets_for(audience)
    ]


def dataset_file(request, dataset, format):
    """One dataset as a file: the public's, or with ?audience=analyst the analysts', for those who may."""
    if dataset not in DATASETS or format not in FORMATS:
        raise Http404
    public = Audience.PUBLIC in DATASETS[dataset].audiences
    audience = Audience.PUBLIC if public and request.GET.get("audience") != Audience.ANALYST else Audience.ANALYST
    if audience == Audience.ANALYST and not is_reader_of_everything(request.user):
        raise PermissionDenied
    return file_response(dataset, format, audience)


def project(request):
    """The archive as a REFI-QDA project: the public's, or with ?audience=analyst the analysts', for those who may."""
    audience = Audience.ANALYST if request.GET.get("audience") == Audience.ANALYST else Audience.PUBLIC
    if audience == Audience.ANALYST and not is_reader_of_everything(request.user):
        raise PermissionDenied
    response = StreamingHttpResponse(project_file(audience), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{file_name("archive", "qdpx")}"'
    if audience != Audience.PUBLIC:
        response["Cache-Control"] = "private, no-store"
    return response
