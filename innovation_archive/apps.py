from django.apps import AppConfig


class InnovationArchiveConfig(AppConfig):
    name = "innovation_archive"
    verbose_name = "Workshop learning archive"
