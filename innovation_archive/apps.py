from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_delete
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from workshops import changes


class InnovationArchiveConfig(AppConfig):
    name = "innovation_archive"
    verbose_name = _("Workshop learning archive")
    default = True

    def ready(self):
        from innovation_archive.accounts import checks  # noqa: F401 they register themselves
        from innovation_archive.accounts.sessions import record_sign_in
        from innovation_archive.exchange import removals, uploads  # models can be imported only now
        from innovation_archive.models import Case, CaseEvent, Import
        from innovation_archive.operation import checks as operation_checks  # noqa: F401 as above
        from innovation_archive.operation import held_words  # noqa: F401 what it registers is registered on import
        from innovation_archive.operation.outages import limit_lock_wait
        from workshops.models import Participant, passages

        passages.edited_rows |= {
            Import._meta.label: passages.rows_edited("workshop__phase__programme"),
            Case._meta.label: passages.rows_edited("programme"),
            CaseEvent._meta.label: passages.rows_edited("case__programme"),
        }
        passages.readers[Import._meta.label] = passages.read_with_rows_of(Import)
        changes.listeners += [uploads.forget_words_of, removals.write_to_holders]
        user_logged_in.connect(record_sign_in)
        connection_created.connect(limit_lock_wait)
        pre_delete.connect(uploads.forget_files_naming, sender=Participant)


class ArchiveAdminConfig(SimpleAdminConfig):
    """Django's admin with a site of our own.

    Each app's `admin/registry.py` registers its pages. Its `admin/__init__.py` cannot: the site itself is in such a
    package, and must exist before anything is registered.
    """

    default = False
    default_site = "innovation_archive.admin.site.ArchiveAdminSite"

    def ready(self):
        super().ready()
        autodiscover_modules("admin", "admin.registry", register_to=admin.site)
