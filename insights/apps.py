from django.apps import AppConfig

from workshops import changes


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self):
        from insights import checks, hearing  # noqa: F401 models may be imported only now; checks register themselves

        changes.listeners.append(hearing.stories_changed)
