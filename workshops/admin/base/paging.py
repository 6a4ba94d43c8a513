"""Lists of a hundred thousand rows that open as fast as short ones: they are never counted, and never shown whole."""

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class LookAheadPaginator(Paginator):
    """Reads one row more than the page asked for, and so knows whether another page follows.

    `count` is the number of rows up to the end of this page, plus one if another follows; on the last page it is the
    true length of the list.
    """

    def __init__(self, object_list, per_page, *args, number=1, **kwargs):
        super().__init__(object_list, per_page, *args, **kwargs)
        self.number = number

    @cached_property
    def rows(self):
        start = (self.number - 1) * self.per_page
        return list(self.object_list[start : start + self.per_page + 1])

    @cached_property
    def count(self):
        return (self.number - 1) * self.per_page + len(self.rows)

    def page(self, number):
        number = self.validate_number(number)
        if number != self.number:
            return super().page(number)
        return self._get_page(self.rows[: self.per_page], number, self)


class LookAheadList(ChangeList):
    """A list that shows the rows which its paginator has read already."""

    def get_results(self, request):
        super().get_results(request)
        try:
            self.result_list = self.paginator.page(self.page_num).object_list
        except InvalidPage as beyond:
            raise IncorrectLookupParameters from beyond


class LookAheadPaginationMixin:
    """For a ModelAdmin: its list looks ahead instead of counting, and says what to do first while it is empty."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    when_empty = _("Nothing is here yet.")

    def get_changelist(self, request, **kwargs):
        return LookAheadList

    def get_paginator(self, request, queryset, per_page, orphans=0, allow_empty_first_page=True):
        return LookAheadPaginator(queryset, per_page, orphans, allow_empty_first_page, number=page_number(request))

    def changelist_view(self, request, extra_context=None):
        context = {"selection_note_all": gettext("All that match are selected"), "when_empty": self.when_empty}
        if IS_POPUP_VAR not in request.GET:
            context["title"] = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, context | (extra_context or {}))


def page_number(request):
    """The page that an address asks for, of a list or of an autocomplete field; the first if it names none."""
    asked = request.GET.get(PAGE_VAR) or request.GET.get("page") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:7]) < 1_000_000 else 1
