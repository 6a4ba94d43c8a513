from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import autodiscover_modules

from workshops import changes


class InnovationArchiveConfig(AppConfig):
    name = "innovation_archive"
    verbose_name = "Workshop learning archive"
    default = True

    def ready(self):
        from innovation_archive.exchange import uploads  # models may be imported only now

        changes.listeners.append(uploads.forget_words_of)


class ArchiveAdminConfig(SimpleAdminConfig):
    """Django's admin with a site of our own.

    Pages are registered by `admin/registry.py` of each app and not by its `admin/__init__.py`, since the site itself
    lies in such a package and is needed before anything can be registered.
    """

    default = False
    default_site = "innovation_archive.admin.site.ArchiveAdminSite"

    def ready(self):
        super().ready()
        autodiscover_modules("admin", "admin.registry", register_to=admin.site)
