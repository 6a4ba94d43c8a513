"""Lists of the site as pages, and with ?format=csv or ?format=json the same rows as a file."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic.list import BaseListView

from innovation_archive.datasets import DATASETS, Audience
from innovation_archive.datasets.base import Among
from innovation_archive.exchange.exports import FORMATS, CsvFile, Measured, file_name, note_sizes, programmes_in
from innovation_archive.models import Download


def with_file_formats(dataset: str, list_view: type[BaseListView]) -> Callable[..., HttpResponseBase]:
    """A view of a list that answers with its page, or with a file of the rows of `dataset` that its filters choose.

    The `get_queryset` of `list_view` applies the filters and does no paging.
    """
    page = list_view.as_view()

    def view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        extension = request.GET.get("format")
        if not extension:
            return page(request, *args, **kwargs)
        if extension not in FORMATS:
            sentence = _("There is no such format. Use ?format=csv or ?format=json.")
            return HttpResponseBadRequest(sentence, "text/plain")
        filtered = list_view()
        filtered.setup(request, *args, **kwargs)
        return file_response(dataset, extension, among=filtered.get_queryset())

    return view


def file_response(
    dataset: str,
    extension: str,
    audience: Audience = Audience.PUBLIC,
    among: Among | None = None,
    download: Download | None = None,
    called: str | None = None,
) -> StreamingHttpResponse:
    """A dataset as a download, streamed as it is read. `called` is the file's name, if not that of the dataset."""
    described = DATASETS[dataset]().for_purpose(download.purpose if download else "").within(programmes_in(download))
    file = FORMATS[extension](described, audience, among)
    pieces = noted(file) if extension == "csv" and among is None else iter(file)
    response = StreamingHttpResponse(pieces, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name(called or dataset, extension, download)}"'
    return response


def noted(file: CsvFile) -> Iterator[bytes]:
    """Yield the pieces of a whole file, and record its size for /data/ after the last."""
    measured = Measured(file)
    yield from measured
    note_sizes([measured])
