from django.apps import AppConfig
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _

from workshops import changes


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights")

    def ready(self):
        from insights import checks  # noqa: F401 models may be imported only now; checks register themselves
        from insights.evidence import merged_practices, quotations  # noqa: F401 it registers what the ledger replays
        from insights.models import (
            Article,
            Commitment,
            Evidence,
            FreshLook,
            Insight,
            Publication,
            PublishedEvidence,
            ReleasedPractice,
            Review,
        )
        from insights.publications import held_words, judged_words, story_changes  # noqa: F401 the first registers
        from insights.votes import erasure
        from workshops.browsing import moved
        from workshops.models import Participant, passages

        changes.listeners.append(story_changes.stories_changed)
        changes.passage_listeners.append(story_changes.words_hidden)
        pre_delete.connect(erasure.keep_counted_votes, sender=Participant)
        changes.quoters.append(story_changes.where_quoted)
        changes.foretellers.append(story_changes.foretell_unpublishing)
        moved.register(
            Insight, "insight", "version", "evidence_file", rows=lambda user: Insight.objects.ever_published()
        )
        moved.register(Article, "article", rows=lambda user: Article.objects.published())
        changes.programme_texts.append(judged_words.texts_of_programme)
        changes.practice_merges["insights"] = merged_practices.LISTENER
        paths = {
            Insight: "programme",
            Evidence: "insight__programme",
            Publication: "insight__programme",
            PublishedEvidence: "publication__insight__programme",
            FreshLook: "insight__programme",
            Article: "programme",
            Commitment: "insight__programme",
            Review: "commitment__insight__programme",
            ReleasedPractice: "programme",
        }
        passages.edited_rows |= {model._meta.label: passages.rows_edited(path) for model, path in paths.items()}
