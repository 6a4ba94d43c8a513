"""Imports each module that registers pages of the desk; found by `ArchiveAdminConfig`."""

import innovation_archive.admin.accounts
import innovation_archive.admin.downloads
import innovation_archive.admin.imports  # noqa: F401
