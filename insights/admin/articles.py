from django.contrib import admin

from insights.models import Article, Commitment, Review
from workshops.admin.desk import DeskAdmin


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    fields = ["title", "slug", "programme", "published_on", "summary", "body", "insights"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["insights"]
    list_display = ["title", "published_on", "programme"]
    list_filter = ["programme"]
    search_fields = ["title", "slug"]


class ReviewInline(admin.TabularInline):
    model = Review
    extra = 0


@admin.register(Commitment)
class CommitmentAdmin(DeskAdmin):
    fields = ["ref", "insight", "place", "text", "owner_role", "owner_email", "made_on"]
    autocomplete_fields = ["insight"]
    inlines = [ReviewInline]
    list_display = ["text", "place", "owner_role", "made_on"]
    list_filter = ["place"]
    list_select_related = ["place"]
    search_fields = ["text", "ref"]
