"""The analysts' page /data/ and the files it offers."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exports import FORMATS, datasets_for
from innovation_archive.lists import file_response
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
