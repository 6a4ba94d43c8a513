from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workshops import changes


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights")

    def ready(self):
        from insights import checks  # noqa: F401 models may be imported only now; checks register themselves
        from insights.publications import story_changes

        changes.listeners.append(story_changes.stories_changed)
