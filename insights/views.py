from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView

from insights import results
from insights.choices import Role
from insights.coverage import with_coverage
from insights.forms import ArticleFilter, CommitmentFilter, InsightFilter, MatrixFilter, PracticeFilter
from insights.matrix import Matrix, build
from insights.models import Article, Commitment, Insight
from workshops.models import Practice, Story
from workshops.views import FilteredList


class InsightList(FilteredList):
    model = Insight
    filter_class = InsightFilter

    def get_queryset(self):
        return self.filter.narrow(Insight.objects.published()).in_reading_order()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        with_coverage(context["object_list"])
        return context


class InsightPage(DetailView):
    model = Insight

    def get_queryset(self):
        return Insight.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        insight = with_coverage([self.object])[0]
        told = insight.public_evidence
        return super().get_context_data(
            programme=insight.programme,
            supporting=[piece for piece in told if piece.role == Role.SUPPORTS],
            qualifying=[piece for piece in told if piece.role == Role.QUALIFIES],
            contradicting=[piece for piece in told if piece.role == Role.CONTRADICTS],
            withdrawn=insight.evidence.withdrawn().count(),
            set_aside=insight.set_aside.filter(story__in=Story.objects.published()).select_related("story"),
            builds_on=insight.builds_on.published().in_reading_order(),
            built_on_by=insight.built_on_by.published().in_reading_order(),
            commitments=insight.commitments.published().for_page(),
            articles=insight.articles.published(),
            version=insight.publications.last(),
            **kwargs,
        )


class MatrixPage(TemplateView):
    template_name = "insights/matrix.html"

    @cached_property
    def filter(self):
        return MatrixFilter(self.request.GET)

    @cached_property
    def matrix(self):
        if not self.filter.is_valid():
            return Matrix([], [])
        return build(**self.filter.cleaned_data)

    def get_queryset(self):
        """The rows of the page's file: not of the database, but cell by cell what the table shows."""
        return self.matrix.cells

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            filter=self.filter, matrix=self.matrix, programme=self.filter.chosen_programme, **kwargs
        )


class PracticeList(FilteredList):
    """What people would keep or change. Released results alone decide what is shown, and in which order."""

    model = Practice
    template_name = "insights/practice_list.html"
    filter_class = PracticeFilter

    def get_queryset(self):
        return self.filter.narrow(Practice.objects.published())

    def for_page(self, rows):
        return results.for_page(rows)

    def get_context_data(self, **kwargs):
        return super().get_context_data(summary=results.summarise(self.filter.chosen_programme), **kwargs)


class PracticePage(DetailView):
    model = Practice
    template_name = "insights/practice_detail.html"
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
        return super().get_context_data(
            programme=self.object.programme,
            insights=self.object.insights.published().in_reading_order(),
            **kwargs,
        )


class CommitmentList(FilteredList):
    model = Commitment
    filter_class = CommitmentFilter

    def get_queryset(self):
        return self.filter.narrow(Commitment.objects.published())
