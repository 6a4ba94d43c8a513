"""What the desk says of stories after a step: whole sentences, so that each language can order its own words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True)
class StepSentences:
    """Of a story that took the step and of one that did not, of many of both, and for the desk's log."""

    done: str
    done_by_many: str
    refused: str
    refused_to_more: str
    logged: str


SUBMITTED = StepSentences(
    done=_("“%(story)s” was submitted for review."),
    done_by_many=ngettext_lazy(
        "%(count)s story was submitted for review.", "%(count)s stories were submitted for review.", "count"
    ),
    refused=_("“%(story)s” was not submitted for review. %(why)s"),
    refused_to_more=ngettext_lazy(
        "%(count)s more was not submitted for review.", "%(count)s more were not submitted for review.", "count"
    ),
    logged=_("It was submitted for review."),
)
PUBLISHED = StepSentences(
    done=_("“%(story)s” was published."),
    done_by_many=ngettext_lazy("%(count)s story was published.", "%(count)s stories were published.", "count"),
    refused=_("“%(story)s” was not published. %(why)s"),
    refused_to_more=ngettext_lazy("%(count)s more was not published.", "%(count)s more were not published.", "count"),
    logged=_("It was published."),
)
RETURNED = StepSentences(
    done=_("“%(story)s” was returned to draft."),
    done_by_many=ngettext_lazy(
        "%(count)s story was returned to draft.", "%(count)s stories were returned to draft.", "count"
    ),
    refused=_("“%(story)s” was not returned to draft. %(why)s"),
    refused_to_more=ngettext_lazy(
        "%(count)s more was not returned to draft.", "%(count)s more were not returned to draft.", "count"
    ),
    logged=_("It was returned to draft."),
)
UNPUBLISHED = StepSentences(
    done=_("“%(story)s” was unpublished."),
    done_by_many=ngettext_lazy("%(count)s story was unpublished.", "%(count)s stories were unpublished.", "count"),
    refused=_("“%(story)s” was not unpublished. %(why)s"),
    refused_to_more=ngettext_lazy(
        "%(count)s more was not unpublished.", "%(count)s more were not unpublished.", "count"
    ),
    logged=_("It was unpublished."),
)
