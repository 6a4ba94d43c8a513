"""Imports each module that registers pages of the desk; found by `ArchiveAdminConfig`."""

import workshops.admin.mail
import workshops.admin.notes.admin
import workshops.admin.participants
import workshops.admin.passages
import workshops.admin.programmes
import workshops.admin.readings
import workshops.admin.stories.admin
import workshops.admin.tags
import workshops.admin.vocabulary
import workshops.admin.voting.admin
import workshops.admin.voting.ballots  # noqa: F401
