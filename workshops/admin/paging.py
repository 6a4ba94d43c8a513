from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from django.utils.functional import cached_property


class LookAheadPaginator(Paginator):
    """Pages of a list that is never counted: it looks one row beyond the page asked for, to see if another follows.

    Counting a long list costs as much as reading it. Here `count` is where this page ends, and one more if another
    follows; so on the last page it is the true length of the list.
    """

    def __init__(self, object_list, per_page, *args, number=1, **kwargs):
        super().__init__(object_list, per_page, *args, **kwargs)
        self.number = number

    @cached_property
    def count(self):
        start = (self.number - 1) * self.per_page
        return start + len(self.object_list.values_list("pk")[start : start + self.per_page + 1])


def page_number(request):
    """The page that an address asks for, of a list or of an autocomplete field; the first where it says none."""
    asked = request.GET.get(PAGE_VAR) or request.GET.get("page") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:7]) < 1_000_000 else 1
