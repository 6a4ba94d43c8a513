"""Imports each module that registers models with the admin; imported by `ArchiveAdminConfig`."""

import insights.admin.articles
import insights.admin.insights
import insights.admin.publications
import insights.admin.releases  # noqa: F401
