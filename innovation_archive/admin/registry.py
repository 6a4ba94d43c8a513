"""Imports each module that registers pages at the desk. `ArchiveAdminConfig` imports this one."""

import innovation_archive.admin.accounts
import innovation_archive.admin.acts
import innovation_archive.admin.cases
import innovation_archive.admin.controller
import innovation_archive.admin.downloads
import innovation_archive.admin.factors
import innovation_archive.admin.imports  # noqa: F401
