"""The page of emerging patterns, and the button that starts an insight from one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from insights.evidence import patterns
from insights.publications import second_reader
from workshops.browsing.filters import Filter
from workshops.models import Tag


class StartForm(Filter):
    """The one or two tags of a pattern, and the programme that the page was narrowed to."""

    tags = forms.ModelMultipleChoiceField(Tag.objects.all())

    def clean_tags(self):
        if len(self.cleaned_data["tags"]) not in patterns.MIN_STORIES:
            raise ValidationError(gettext("A pattern is one tag or two."))
        return self.cleaned_data["tags"]


class PatternPagesMixin:
    """Adds the page of patterns to the admin of insights, and the button that starts an insight from one."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("patterns/", view(self.patterns), name="insights_insight_patterns"),
            path("patterns/start/", view(require_POST(self.start)), name="insights_insight_start"),
            *super().get_urls(),
        ]

    def patterns(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        narrowing = Filter(request.GET)
        tags, pairs = (
            patterns.find_patterns(narrowing.chosen_programme, request.user) if narrowing.is_valid() else ([], [])
        )
        return self.desk_page(
            request,
            "admin/insights/insight/patterns.html",
            gettext("Emerging patterns"),
            filter=narrowing,
            parts=[(gettext("Tags"), tags, no_tags()), (gettext("Pairs of tags"), pairs, no_pairs())],
            areas=[area for area, *_ in (tags or pairs)[0].areas] if tags or pairs else [],
            rules={
                "least_tag": patterns.MIN_STORIES[1],
                "least_pair": patterns.MIN_STORIES[2],
                "least_used": patterns.MIN_EVIDENCE_IN_USE,
                "shown": patterns.MAX_PATTERNS,
                "most_evidence": patterns.MAX_EVIDENCE_AT_START,
            },
        )

    def start(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StartForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(gettext("This pattern is not there any more. Look at the list again."))
            insight, stories = patterns.start_insight(form.cleaned_data["tags"], form.chosen_programme, request.user)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:insights_insight_patterns"))
        second_reader.note_writer(insight)
        attached = insight.evidence.count()
        self.log_addition(request, insight, started_log_entry(attached, stories))
        self.message_user(request, started_sentence(attached, stories), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:insights_insight_change", args=[insight.pk]))


def no_tags():
    return gettext("No tags are borne by enough stories yet. Tag stories with words that other stories share.")


def no_pairs():
    return gettext("No pairs of tags are borne by enough stories yet. Tag stories with words that other stories share.")


def started_log_entry(attached, stories):
    sentence = ngettext(
        "Started from a pattern, with %(attached)s of %(count)s story.",
        "Started from a pattern, with %(attached)s of %(count)s stories.",
        stories,
    )
    return sentence % {"attached": attached, "count": stories}


def started_sentence(attached, stories):
    sentence = ngettext(
        "A draft is started. %(attached)s of the %(count)s story is attached as support, taken from each service in "
        "turn. Write the claim, and say what each story does to it.",
        "A draft is started. %(attached)s of the %(count)s stories are attached as support, taken from each service in "
        "turn. Write the claim, and say what each story does to it.",
        stories,
    )
    return sentence % {"attached": attached, "count": stories}
