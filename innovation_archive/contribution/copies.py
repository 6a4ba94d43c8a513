"""“Give me a copy”: all that is held of a participant, as JSON."""

import json
from typing import Any

from django.utils import timezone

from innovation_archive.contribution.held import HeldStory, Holdings, InsightUse
from workshops.choices import Consent
from workshops.models import ConsentRecord, Vote


def copy_as_json(holdings: Holdings, with_word: bool) -> str:
    """Readable by people and programs; what needs the slip's word is in it only `with_word`."""
    stories = holdings.stories if with_word else holdings.public_stories
    copied: dict[str, Any] = {
        "copied_on": timezone.localdate().isoformat(),
        "is_complete": with_word,
        "workshops": [each.title for each in holdings.workshops],
        "stories": [story_as_copied(held, with_word) for held in stories],
        "stories_not_public": len(holdings.stories) - len(holdings.public_stories),
        "votes_cast": holdings.vote_count,
    }
    if with_word:
        copied |= person_as_copied(holdings)
    return json.dumps(copied, ensure_ascii=False, indent=2)


def person_as_copied(holdings: Holdings) -> dict[str, Any]:
    person, identity = holdings.participant, holdings.identity
    return {
        "person": {
            "code": person.code,
            "name": identity.name if identity else "",
            "contact": identity.contact if identity else "",
            "address_for_mails_of_uses": holdings.subscription.address if holdings.subscription else "",
            "role": person.role,
            "sector": person.sector,
            "service_area": str(person.service_area or ""),
            "place": str(person.place or ""),
            "consent": Consent(person.consent).word,
        },
        "votes": [vote_as_copied(vote) for vote in holdings.votes],
        "consent_records": [record_as_copied(record) for record in holdings.consent_records],
    }


def story_as_copied(held: HeldStory, with_word: bool) -> dict[str, Any]:
    story = held.story
    original = getattr(story, "original_text", None)
    told = {"words_as_told": original.text if original else "", "credit": story.credit} if with_word else {}
    return {
        "ref": story.ref,
        "workshop": story.workshop.title,
        "status": story.status,
        "consent": held.consent.word,
        "title": story.title,
        "published_wording": story.published_text,
        **told,
        "used_in": [use_as_copied(use) for use in held.uses],
        "set_aside_for": [aside.insight.title for aside in held.set_aside],
        "practices": [practice.statement for practice in held.practices],
        "texts_in_writing": held.texts_in_writing,
    }


def use_as_copied(use: InsightUse) -> dict[str, Any]:
    return {
        "insight": use.insight.title,
        "address": use.insight.get_absolute_url(),
        "role": use.piece.role if use.piece else "",
        "quotations": [
            {
                "words": passage.words,
                "is_quoted_now": passage.is_quoted_now,
                "versions": [version.version for version in passage.versions],
            }
            for passage in use.passages
        ],
    }


def vote_as_copied(vote: Vote) -> dict[str, str]:
    return {"practice": vote.practice.statement, "choice": vote.choice, "workshop": vote.workshop.title}


def record_as_copied(record: ConsentRecord) -> dict[str, Any]:
    return {
        "of": record.story.ref if record.story else "person",
        "level": Consent(record.level).word,
        "wording": record.wording,
        "given_on": record.given_on.isoformat() if record.given_on else "",
        "how": record.way,
        "recorded_at": record.recorded_at.isoformat(),
    }
