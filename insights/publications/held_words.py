"""What this app registers of itself in `workshops/consent/word_fields.py`. `InsightsConfig.ready` imports it."""

from django.db.models import Q

from insights.publications.publishing import READ_TEXTS
from workshops.consent.held_words import ADDRESS, DIGEST, PROGRAM, REF
from workshops.consent.word_fields import deleted_with_story, found, kept_for, register_fields, register_store

QUOTATION = deleted_with_story("insights.publications.story_changes.forget_quotations")
OF_PRACTICES = Q(practice__isnull=False)
"""An excerpt of a practice is an editor's words; one of a story goes with its own story alone."""

SERVICES = kept_for("It names service areas of the vocabulary.")
COUNTS = kept_for("It holds counts and keys, which editors and auditors need to check a result.")

for model in ("Insight", "HistoricalInsight"):
    register_fields(f"insights.{model}", "title summary body actions none_found", found())
    register_fields(f"insights.{model}", "slug", ADDRESS)
register_fields("insights.Insight", "next_slug", ADDRESS)
for model in ("HistoricalInsight", "HistoricalEvidence", "HistoricalSetAside"):
    register_fields(f"insights.{model}", "history_change_reason", PROGRAM)
register_fields("insights.Evidence", "excerpt", found(rows=OF_PRACTICES, or_deleted=QUOTATION))

register_fields("insights.Publication", "text", found(parts=tuple(READ_TEXTS)))
register_fields("insights.Publication", "reach", COUNTS)
register_fields("insights.Publication", "hash", DIGEST)
register_fields("insights.PublishedEvidence", "excerpt", found(rows=~Q(practice_ref=""), or_deleted=QUOTATION))
register_fields("insights.PublishedEvidence", "story_ref practice_ref", REF)
register_fields("insights.PublishedEvidence", "salt digest", DIGEST)

register_fields("insights.Article", "title summary body", found())
register_fields("insights.Article", "slug", ADDRESS)
register_fields("insights.Commitment", "text owner_role", found())
register_fields("insights.Commitment", "ref", REF)
register_fields(
    "insights.Commitment",
    "owner_email",
    kept_for("It is the address of a role that answers for a commitment, not a story’s."),
)
register_fields("insights.Review", "note", found())
register_fields("insights.FreshLook", "reason", found())

register_fields("insights.ReleaseRequest", "fingerprint", DIGEST)
register_fields("insights.ReleasedPractice", "statement correction", found())
register_fields("insights.ReleasedPractice", "less more joined silent", SERVICES)
register_fields("insights.ReleasedPractice", "digest", DIGEST)
register_fields("insights.ReleasedGroup", "group", SERVICES)
register_fields("insights.ExactCounts", "table", COUNTS)
register_fields("insights.ExactCounts", "salt", DIGEST)
register_fields(
    "insights.Turnout", "participants", kept_for("It holds numbers, which name nobody once a person is erased.")
)

register_store("memory insights.votes.verdicts.fisher_exact", kept_for("It holds numbers alone."))
