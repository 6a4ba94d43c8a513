from django.apps import AppConfig

from workshops import changes


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self):
        from insights import checks  # noqa: F401 models may be imported only now; checks register themselves
        from insights.publications import story_changes

        changes.listeners.append(story_changes.stories_changed)
