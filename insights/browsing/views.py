"""The public pages of insights, versions, the matrix, practices, articles and commitments."""

from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView

from insights.article_cards import insights_of, place_in_series, split_body_into_cards
from insights.browsing.filters import (
    ArticleFilter,
    CommitmentFilter,
    InsightFilter,
    MatrixFilter,
    PracticeFilter,
    StoryFilterWithInsight,
)
from insights.browsing.matrix import Matrix, build_matrix
from insights.choices import Role
from insights.commitments import reviews
from insights.evidence.coverage import Coverage, with_coverage
from insights.models import Article, Commitment, Insight, Publication
from insights.publications import looking_again, publishing, versions
from insights.votes import results
from workshops.addresses import absolute_url
from workshops.browsing import views as workshops
from workshops.browsing.moved import follow_filter
from workshops.browsing.views import FilteredList
from workshops.keys import exists_in
from workshops.models import Practice, Story
from workshops.roles import is_editor_somewhere


class StoryListWithInsights(workshops.StoryList):
    filter_class = StoryFilterWithInsight


class InsightList(FilteredList):
    model = Insight
    filter_class = InsightFilter

    def get_queryset(self):
        return self.filter.narrow(Insight.objects.published()).in_reading_order()

    def get_context_data(self, **kwargs):
        kind = self.filter.is_valid() and self.filter.cleaned_data["kind"]
        context = super().get_context_data(noun=kind or "insight", **kwargs)
        with_coverage(context["object_list"])
        return context


class InsightPage(DetailView):
    model = Insight

    def get_queryset(self):
        return Insight.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        insight = with_coverage([self.object])[0]
        published = list(insight.publications.select_related("insight"))
        version = published[-1] if published else None
        looks = list(insight.looks.order_by("-looked_on", "-pk"))
        practices = [piece.practice_id for piece in insight.public_evidence if piece.practice_id]
        return super().get_context_data(
            programme=insight.programme,
            **by_role(insight.public_evidence),
            practices=results.in_order(results.for_page(Practice.objects.filter(pk__in=practices)), "agreement")
            if practices
            else [],
            withdrawn=insight.evidence.withdrawn().count(),
            set_aside=insight.set_aside.filter(exists_in(Story.objects.published(), "story")).select_related("story"),
            builds_on=insight.builds_on.published().in_reading_order(),
            built_on_by=insight.built_on_by.published().in_reading_order(),
            commitments=insight.commitments.published().for_page(),
            articles=insight.articles.published(),
            version=version,
            earlier_versions=published[:-1],
            looks=looks,
            not_looked_at_since=looking_again.not_looked_at_since(insight, looks, version),
            changes=versions.changes_since(version, insight) if version else [],
            cited_url=absolute_url(self.request, version.get_absolute_url()) if version else "",
            **kwargs,
        )


def by_role(pieces):
    """Evidence by role, under the names that `evidence/_sides.html` shows."""
    return {
        "supporting": [piece for piece in pieces if piece.role == Role.SUPPORTS],
        "qualifying": [piece for piece in pieces if piece.role == Role.QUALIFIES],
        "contradicting": [piece for piece in pieces if piece.role == Role.CONTRADICTS],
    }


class VersionPage(DetailView):
    """A version as it was published, as a page or with ?format=json; 410 while its insight is unpublished."""

    model = Publication
    template_name = "insights/publications/version.html"
    context_object_name = "version"

    def get_object(self, queryset=None):
        versions_of = Publication.objects.select_related("insight__programme")
        return get_object_or_404(versions_of, insight__slug=self.kwargs["slug"], version=self.kwargs["version"])

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not Insight.objects.visible_to(request.user).filter(pk=self.object.insight_id).exists():
            context = {"version": self.object, "programme": self.object.insight.programme}
            return render(request, "insights/publications/version_gone.html", context, status=410)
        extension = request.GET.get("format")
        if extension == "json":
            content = versions.as_json(self.object, absolute_url(request, self.object.get_absolute_url()))
            return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
        if extension:
            return HttpResponseBadRequest(_("There is no such format. Use ?format=json."), "text/plain")
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        version = self.object
        pieces = versions.visible_pieces(list(version.evidence.all()))
        version.public_evidence = pieces
        return super().get_context_data(
            programme=version.insight.programme,
            insight=version.insight,
            text=version.text,
            coverage=Coverage.thawed(version.reach),
            **by_role(pieces),
            builds_on=Insight.objects.published().once_called(version.text.get("builds_on", [])),
            versions=version.insight.publications.select_related("insight"),
            verifies=publishing.verify_hash(version),
            removed=versions.note_of_removal(version),
            cited_url=absolute_url(self.request, version.get_absolute_url()),
            **kwargs,
        )


class MatrixPage(TemplateView):
    template_name = "insights/matrix.html"

    @cached_property
    def filter(self):
        return follow_filter(MatrixFilter(self.request.GET))

    def matrix_for(self, user):
        return build_matrix(**self.filter.cleaned_data, user=user) if self.filter.is_valid() else Matrix()

    def get_queryset(self):
        """The rows of the page's file: not a queryset, but the cells that the table shows the public."""
        return self.matrix_for(None).cells

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            filter=self.filter,
            matrix=self.matrix_for(self.request.user),
            is_editor=is_editor_somewhere(self.request.user),
            programme=self.filter.chosen_programme,
            **kwargs,
        )


class PracticeList(FilteredList):
    """Practices and how people voted on them. Released results alone decide what is shown, and in which order."""

    model = Practice
    template_name = "insights/votes/practice_list.html"
    filter_class = PracticeFilter
    paginate_by = 10  # each has a bar a service: more would be a heavy page, and a long one on a phone
    in_picture = 40
    """How many practices the picture above the list shows."""

    def get_queryset(self):
        return self.filter.narrow(Practice.objects.published())

    def for_page(self, rows):
        return results.for_page(rows, self.filter.chosen_programme)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            summary=results.summarise_results(self.filter.chosen_programme),
            attendance=results.attendance_in_words(self.filter.chosen_programme),
            service=self.filter.chosen_service,
            **kwargs,
        )
        if context["page_obj"].number == 1:  # the picture holds what the page lists, so it is read once for both
            pictured = list(self.for_page(self.object_list)[: self.in_picture])
            listed = pictured[: self.paginate_by]
            context |= {"pictured": pictured, "object_list": listed, "practice_list": listed}
        return context


class PracticePage(DetailView):
    model = Practice
    template_name = "insights/votes/practice_detail.html"
    slug_field = slug_url_kwarg = "ref"

    def get_queryset(self):
        return results.for_page(Practice.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            stories=self.object.stories.published().for_page(),
            insights=Insight.objects.published().filter(evidence__practice=self.object).in_reading_order(),
            **kwargs,
        )


class ArticleList(FilteredList):
    model = Article
    filter_class = ArticleFilter

    def get_queryset(self):
        return self.filter.narrow(Article.objects.published())


class ArticlePage(DetailView):
    model = Article

    def get_queryset(self):
        return Article.objects.published().for_page()

    def get_context_data(self, **kwargs):
        shown = with_coverage(insights_of(self.object).in_reading_order().for_page())
        parts, insights = split_body_into_cards(self.object, shown)
        return super().get_context_data(
            programme=self.object.programme,
            parts=parts,
            insights=insights,
            series=place_in_series(self.object),
            **kwargs,
        )


class CommitmentList(FilteredList):
    model = Commitment
    filter_class = CommitmentFilter

    def get_queryset(self):
        return self.filter.narrow(Commitment.objects.published()).overdue_first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(kept=reviews.summarise_reviews(self.get_queryset()), **kwargs)
