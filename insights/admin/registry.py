"""Imports each module that registers pages of the desk; found by `ArchiveAdminConfig`."""

import insights.admin.articles
import insights.admin.insights
import insights.admin.publications
import insights.admin.releases  # noqa: F401
