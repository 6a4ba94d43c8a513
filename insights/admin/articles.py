"""Articles and commitments, with the reviews of these."""

from django.contrib import admin, messages
from django.utils.translation import gettext

from insights.article_cards import not_shown
from insights.models import Article, Commitment, Insight, Review
from insights.publications import judged_words
from workshops.admin.base.conflicts import VersionedAdminMixin
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.judgements.forms import JudgedWordsMixin
from workshops.choices import Status
from workshops.roles import edited_by


@admin.register(Article)
class ArticleAdmin(JudgedWordsMixin, VersionedAdminMixin, ArchiveModelAdmin):
    change_form_template = "admin/workshops/judgements/judged_form.html"
    judged_fields = judged_words.ARTICLE_TEXTS
    fields = ["title", "slug", "programme", "published_on", "summary", "body", "insights"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["insights"]  # whose boxes have names, unlike those of autocompletion
    list_display = ["title", "published_on", "programme"]
    list_filter = ["programme"]
    search_fields = ["title", "slug"]

    def passages_of(self, row):
        return judged_words.article_passages(row)

    def judged_in(self, row):
        return judged_words.judged_in_programme(row)

    def is_before_readers(self, row):
        """From the day on which it is published, which the form may only now be given."""
        return row.published_on is not None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        judged_words.refuse_unjudged_article(form.instance)

    def get_field_queryset(self, db, db_field, request):
        """The programmes that they edit; and what readers have of the insights of others too."""
        queryset = super().get_field_queryset(db, db_field, request)
        if db_field.name == "programme":
            return queryset.filter(edited_by(request.user).rows("pk"))
        return Insight.objects.visible_to(request.user) if db_field.name == "insights" else queryset

    def save_model(self, request, obj, form, change):
        """Saves an article even if readers will not see one of its cards, and warns the editor of that."""
        super().save_model(request, obj, form, change)
        for name, why in not_shown(obj):
            said = gettext("[[%(name)s]] shows readers nothing: %(why)s.") % {"name": name, "why": why}
            self.message_user(request, said, messages.WARNING)


class ReviewInline(admin.StackedInline):
    model = Review
    extra = 0


@admin.register(Commitment)
class CommitmentAdmin(JudgedWordsMixin, VersionedAdminMixin, ArchiveModelAdmin):
    change_form_template = "admin/workshops/judgements/judged_form.html"
    judged_fields = judged_words.COMMITMENT_TEXTS
    judged_below = {"reviews": "note"}
    fields = ["ref", "insight", "place", "text", "owner_role", "owner_email", "made_on"]
    autocomplete_fields = ["insight"]
    inlines = [ReviewInline]
    list_display = ["text", "place", "owner_role", "made_on"]
    list_filter = ["place"]
    list_select_related = ["place"]
    search_fields = ["text", "ref"]

    def passages_of(self, row):
        return judged_words.commitment_passages(row, getattr(row, "words_below", None)) if row.insight_id else []

    def judged_in(self, row):
        return judged_words.judged_in_programme(row.insight)

    def is_before_readers(self, row):
        """With its insight; publishing that asks of the commitments it has."""
        return row.insight.status == Status.PUBLISHED
