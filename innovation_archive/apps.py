from django.apps import AppConfig
from django.contrib.admin import apps as admin

from workshops import changes


class InnovationArchiveConfig(AppConfig):
    name = "innovation_archive"
    verbose_name = "Workshop learning archive"
    default = True

    def ready(self):
        from innovation_archive import uploads  # models may be imported only now

        changes.listeners.append(uploads.forget_words_of)


class DeskConfig(admin.AdminConfig):
    """Django's admin with a site of our own."""

    default = False
    default_site = "innovation_archive.desk.Desk"
