from django.apps import AppConfig

from workshops import changes


class InsightsConfig(AppConfig):
    name = "insights"

    def ready(self):
        from insights import hearing  # models may be imported only now

        changes.listeners.append(hearing.stories_changed)
