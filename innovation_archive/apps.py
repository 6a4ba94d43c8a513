from django.apps import AppConfig
from django.contrib.admin import apps as admin


class InnovationArchiveConfig(AppConfig):
    name = "innovation_archive"
    verbose_name = "Workshop learning archive"
    default = True


class DeskConfig(admin.AdminConfig):
    """Django's admin with a site of our own."""

    default = False
    default_site = "innovation_archive.desk.Desk"
