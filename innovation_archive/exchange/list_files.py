"""A list of the site as a page, and with ?format=csv or ?format=json the same rows as a file."""

from django.http import HttpResponseBadRequest, StreamingHttpResponse

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.exchange.exports import FORMATS, Measured, file_name, note_sizes


def with_file_formats(dataset, list_view):
    """The view of a list: its page, or a file of `dataset` narrowed to what the page's filters choose.

    `list_view` is a class-based list whose `get_queryset` applies the filters and pages nothing.
    """
    page = list_view.as_view()

    def view(request, *args, **kwargs):
        extension = request.GET.get("format")
        if not extension:
            return page(request, *args, **kwargs)
        if extension not in FORMATS:
            return HttpResponseBadRequest("There is no such format. Use ?format=csv or ?format=json.", "text/plain")
        filtered = list_view()
        filtered.setup(request, *args, **kwargs)
        return file_response(dataset, extension, among=filtered.get_queryset())

    return view


def file_response(dataset, extension, audience=Audience.PUBLIC, among=None, download=None, called=None):
    """A dataset as a download, sent while it is read; `called` is its name, if that is not the dataset's."""
    file = FORMATS[extension](DATASETS[dataset](), audience, among)
    pieces = noted(file) if extension == "csv" and among is None else iter(file)
    response = StreamingHttpResponse(pieces, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name(called or dataset, extension, download)}"'
    return response


def noted(file):
    """The pieces of a whole file; once the last is sent, /data/ knows its size."""
    measured = Measured(file)
    yield from measured
    note_sizes([measured])
