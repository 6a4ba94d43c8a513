"""Every address of the archive."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import converters, include, path, register_converter
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

from innovation_archive import views
from innovation_archive.accounts import directory_views as directory
from innovation_archive.accounts import factor_views as account
from innovation_archive.accounts.shell_links import SignInLinkPage
from innovation_archive.admin.factors import TakeFactorPage
from innovation_archive.cases.views import ComplaintsPage, SomethingAboutMePage
from innovation_archive.contribution import views as contribution
from innovation_archive.exchange.list_files import with_file_formats
from innovation_archive.exchange.views import (
    archive_file,
    data_page,
    dataset_file,
    evidence_file,
    project_file_view,
    purpose,
)
from innovation_archive.operation import health
from innovation_archive.privacy.views import PrivacyPage
from innovation_archive.sitemaps import SITEMAPS, sitemap_or_index
from insights.browsing import term_views as terms
from insights.browsing import views as insights
from insights.browsing.feeds import InsightFeed
from workshops.browsing import views as workshops
from workshops.mail.views import UseSubscriptionPage
from workshops.voting import phone_views as join


class KeyConverter(converters.StringConverter):
    """A slug, ref or code: anything without a slash, and without NUL, which PostgreSQL refuses."""

    regex = r"[^/\0]+"


register_converter(KeyConverter, "key")

# What scripts say, in the reader's language: they call gettext, which this defines.
javascript_catalogue = cache_control(public=True, max_age=3600)(
    JavaScriptCatalog.as_view(packages=["workshops", "insights", "innovation_archive"])
)

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("programmes/<key:slug>/", workshops.ProgrammePage.as_view(), name="programme"),
    path("insights/", with_file_formats("insights", insights.InsightList), name="insights"),
    path("insights/<key:slug>/", insights.InsightPage.as_view(), name="insight"),
    path("insights/<key:slug>/evidence.<slug:format>", evidence_file, name="evidence_file"),
    path("insights/<key:slug>/v<int:version>/", insights.VersionPage.as_view(), name="version"),
    path("matrix/", with_file_formats("matrix", insights.MatrixPage), name="matrix"),
    path("votes/", with_file_formats("practices", insights.PracticeList), name="votes"),
    path("practices/<key:ref>/", insights.PracticePage.as_view(), name="practice"),
    path("stories/", with_file_formats("stories", insights.StoryListWithInsights), name="stories"),
    path("stories/<key:ref>/", workshops.StoryPage.as_view(), name="story"),
    path("workshops/", with_file_formats("workshops", workshops.WorkshopList), name="workshops"),
    path("workshops/<key:slug>/", workshops.WorkshopPage.as_view(), name="workshop"),
    path("service-areas/<key:slug>/", terms.ServiceAreaPage.as_view(), name="service_area"),
    path("themes/<key:slug>/", terms.ThemePage.as_view(), name="theme"),
    path("places/", with_file_formats("places", workshops.PlaceList), name="places"),
    path("places/<key:code>/", terms.PlacePage.as_view(), name="place"),
    path("tags/<key:slug>/", terms.TagPage.as_view(), name="tag"),
    path("articles/", with_file_formats("articles", insights.ArticleList), name="articles"),
    path("articles/<key:slug>/", insights.ArticlePage.as_view(), name="article"),
    path("commitments/", with_file_formats("commitments", insights.CommitmentList), name="commitments"),
    path("data/", data_page, name="data"),
    path("data/purpose/", purpose, name="purpose"),
    path("data/archive.zip", archive_file, name="archive_file"),
    path("data/archive.qdpx", project_file_view, name="project"),
    path("data/<slug:dataset>.<slug:format>", dataset_file, name="dataset_file"),
    path("about/method/", views.MethodPage.as_view(), name="method"),
    path("accessibility/", views.AccessibilityPage.as_view(), name="accessibility"),
    path("privacy/", PrivacyPage.as_view(), name="privacy"),
    path("complaints/", ComplaintsPage.as_view(), name="complaints"),
    path("complaints/<slug:kind>/<key:ref>/", SomethingAboutMePage.as_view(), name="about_me"),
    path("feeds/insights.atom", InsightFeed(), name="feed"),
    path("sitemap.xml", sitemap_or_index, name="sitemap"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_of"),
    path("catalogue.js", javascript_catalogue, name="javascript_catalogue"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("join/", join.JoinPage.as_view(), name="join"),
    path("join/<key:code>/", join.AboutPage.as_view(), name="join_ballot"),
    path("join/<key:code>/paper/", join.StartPage.as_view(), name="paper"),
    path("join/<key:code>/all/", join.AllQuestionsPage.as_view(), name="paper_all"),
    path("join/<key:code>/practices/<key:ref>/", join.OneQuestionPage.as_view(), name="paper_question"),
    path("my-contribution/mail/<key:token>/", UseSubscriptionPage.as_view(), name="use_subscription"),
    path("my-contribution/", contribution.ContributionPage.as_view(), name="contribution"),
    path("my-contribution/word/", contribution.WordPage.as_view(), name="contribution_word"),
    path("my-contribution/change/", contribution.ChangePage.as_view(), name="contribution_change"),
    path("my-contribution/call-back/", contribution.CallBackPage.as_view(), name="contribution_call_back"),
    path("my-contribution/correct/", contribution.CorrectPage.as_view(), name="contribution_correct"),
    path("my-contribution/tell-me/", contribution.TellPage.as_view(), name="contribution_tell"),
    path("my-contribution/copy/", contribution.CopyPage.as_view(), name="contribution_copy"),
    path("my-contribution/receipt/", contribution.ReceiptPage.as_view(), name="contribution_receipt"),
    path("my-contribution/done/", contribution.DonePage.as_view(), name="contribution_done"),
    path("admin/directory/", directory.ToDirectoryView.as_view(), name="directory"),
    path("admin/directory/return/", directory.FromDirectoryView.as_view(), name="directory_return"),
    path("admin/directory/sign-out/", directory.LeaveDirectoryView.as_view(), name="directory_leave"),
    path("admin/sign-in/<key:token>/", SignInLinkPage.as_view(), name="sign_in_link"),
    path("admin/second-step/", account.SecondStepPage.as_view(), name="second_step"),
    path("admin/second-factor/", account.FactorsPage.as_view(), name="factors"),
    path("admin/second-factor/app/", account.AppPage.as_view(), name="factor_app"),
    path("admin/second-factor/app/new/", account.NewAppView.as_view(), name="factor_app_new"),
    path("admin/second-factor/app/remove/", account.RemoveFactorView.as_view(), name="factor_app_remove"),
    path("admin/second-factor/passkeys/<int:pk>/remove/", account.RemoveFactorView.as_view(), name="passkey_remove"),
    path("admin/second-factor/codes/", account.RecoveryCodesPage.as_view(), name="factor_codes"),
    path("admin/auth/user/<int:pk>/second-factor/", TakeFactorPage.as_view(), name="take_factor"),
    path("admin/passkeys/", include("django_otp_webauthn.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "innovation_archive.operation.errors.server_error"
