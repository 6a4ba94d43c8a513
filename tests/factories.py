"""One of each thing, with as little said as the database allows. Tests say what matters to them."""

import datetime
from itertools import count

from django.contrib.auth.models import Group, User
from django.utils import timezone

from innovation_archive.cases.opening import open_case
from innovation_archive.models import Case
from insights.models import Article, Commitment, Evidence, Insight, Release, ReleasedPractice, Turnout
from insights.publications import judged_words
from insights.votes.ranges import ChoiceCounts, CountRange, ranges_of_group
from insights.votes.release import group_row
from workshops.choices import Choice, Consent, Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.judgements import judging, passages
from workshops.models import (
    Ballot,
    Correction,
    OriginalText,
    Participant,
    Phase,
    Place,
    Practice,
    Programme,
    RoleGrant,
    ServiceArea,
    Story,
    Tally,
    Theme,
    Vote,
    Workshop,
)

number = count(1)


def linked(row, **links):
    """Link a new row to these. None are not set: for a story that would take 11 queries, as many as to make it."""
    for name, others in links.items():
        if others:
            getattr(row, name).set(others)
    return row


def a_user(*roles, **fields):
    user = User.objects.create_user(**{"username": f"user{next(number)}", "is_staff": True} | fields)
    user.groups.set(Group.objects.get_or_create(name=role)[0] for role in roles)
    return user


def a_user_for(programme, *roles, **fields):
    """A person with these roles for one programme alone."""
    user = a_user(**fields)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, programme=programme) for role in roles)
    return user


def a_programme(**fields):
    n = next(number)
    return Programme.objects.create(**{"slug": f"programme-{n}", "title": f"Programme {n}"} | fields)


def a_phase(**fields):
    programme = fields.pop("programme", None) or a_programme()
    return Phase.objects.create(**{"programme": programme, "number": 1, "question": "What inspired you?"} | fields)


def a_service_area(name=None, **fields):
    name = name or f"Service {next(number)}"
    return ServiceArea.objects.create(**{"slug": name.lower().replace(" ", "-"), "name": name} | fields)


def a_theme(name=None, **fields):
    name = name or f"Theme {next(number)}"
    return Theme.objects.create(**{"slug": name.lower().replace(" ", "-"), "name": name} | fields)


def a_place(name=None, **fields):
    n = next(number)
    return Place.objects.create(**{"code": f"X{n:08}", "name": name or f"Place {n}"} | fields)


def a_workshop(facilitators=(), service_areas=(), places=(), **fields):
    n = next(number)
    if "phase" not in fields:
        fields["phase"] = a_phase(programme=fields.pop("programme", None))
    workshop = Workshop.objects.create(
        **{"slug": f"workshop-{n}", "title": f"Workshop {n}", "held_on": datetime.date(2020, 6, 1)} | fields
    )
    return linked(workshop, facilitators=facilitators, service_areas=service_areas, places=places)


def a_participant(workshops=(), **fields):
    participant = Participant.objects.create(**{"code": f"p-{next(number)}", "consent": Consent.CREDITED} | fields)
    return linked(participant, workshops=workshops)


def a_story(themes=(), tags=(), text=None, **fields):
    """A published story, unless a status or consent says otherwise; a withdrawn one was published and is taken back."""
    n = next(number)
    withdrawn_at = fields.pop("withdrawn_at", None)
    is_withdrawn = fields.get("status") == Status.WITHDRAWN
    if is_withdrawn:
        fields["status"] = Status.PUBLISHED
    defaults = {
        "title": f"Story {n}",
        "published_text": f"Wording {n}.",
        "consent": Consent.PUBLIC,
        "status": Status.PUBLISHED,
    }
    if "workshop" not in fields:
        fields["workshop"] = a_workshop()
    story = Story.objects.create(**defaults | fields)
    OriginalText.objects.create(story=story, text=story.published_text if text is None else text)
    linked(story, themes=themes, tags=tags)
    if is_withdrawn:
        withdraw_stories([story], at=withdrawn_at)
        story.refresh_from_db()
    return story


def a_story_in_confidence(raised_to=Consent.FACILITATORS, why="She agreed by mail.", **fields):
    """A draft that was said in confidence; with a reason, where more people may see it than its facilitators."""
    if raised_to:
        fields = {"raised_to": raised_to, "raised_why": why, "raised_at": timezone.now()} | fields
    return a_story(**{"in_confidence": True, "consent": raised_to, "status": Status.DRAFT} | fields)


def a_correction(story, **fields):
    words = {"title": "Better", "published_text": "Better said.", "why": "A typing error."}
    return Correction.objects.create(story=story, **words | fields)


def a_practice(stories=(), themes=(), service_areas=(), tags=(), **fields):
    n = next(number)
    practice = Practice.objects.create(**{"statement": f"Practice {n}", "status": Status.PUBLISHED} | fields)
    return linked(practice, stories=stories, themes=themes, service_areas=service_areas, tags=tags)


def a_vote(**fields):
    if "workshop" not in fields:
        fields["workshop"] = a_workshop()
    return Vote.objects.create(**{"choice": Choice.KEEP} | fields)


def an_insight(supports=(), contradicts=(), themes=(), builds_on=(), **fields):
    """A published insight resting on these stories."""
    n = next(number)
    programme = fields.pop("programme", None) or a_programme()
    words = {"title": f"Insight {n}", "summary": f"In short {n}.", "body": f"At length {n}."}
    insight = Insight.objects.create(
        **{"slug": f"insight-{n}", **words, "status": Status.PUBLISHED, "programme": programme} | fields
    )
    linked(insight, themes=themes, builds_on=builds_on)
    stories = [(story, "supports") for story in supports] + [(story, "contradicts") for story in contradicts]
    for order, (story, role) in enumerate(stories, 1):
        Evidence.objects.create(insight=insight, order=order, role=role, story=story)
    return insight


def a_result(practice=None, groups=None, **fields):
    """A released result of a practice: `groups` is {service area's name: (keep, amplify, discard, create)}, exact."""
    programme = fields.pop("programme", None) or a_programme()
    made = Release.objects.create(programme=programme, released_on=datetime.date(2020, 12, 1))
    practice = practice or a_practice()
    result = ReleasedPractice.objects.create(
        **{"release": made, "programme": programme, "practice": practice, "statement": practice.statement} | fields
    )
    for name, counts in (groups or {}).items():
        row = group_row(name, ranges_of_group(ChoiceCounts(*counts)), CountRange(0, 4))
        row.result = result
        row.save()
    return result


def a_release_of_first_rule(practice, programme, **groups):
    """A result as the rule until 2026 left it: ranges without words, and a turnout without exact counts."""
    result = a_result(practice, groups, programme=programme, is_by_first_rule=True)
    bases = [row.base for row in result.groups.all()]
    result.voters_low, result.voters_high = sum(low for low, _ in bases), sum(high for _, high in bases)
    result.save()
    Turnout.objects.create(practice=practice, programme=programme, participants=[], voters=0, hands=0)
    return result


def an_article(insights=(), **fields):
    n = next(number)
    programme = fields.pop("programme", None) or a_programme()
    fields = {"slug": f"article-{n}", "title": f"Article {n}", "published_on": datetime.date(2020, 11, 1)} | fields
    article = Article.objects.create(programme=programme, **fields)
    return linked(article, insights=insights)


def a_commitment(**fields):
    n = next(number)
    if "insight" not in fields:
        fields["insight"] = an_insight()
    if "place" not in fields:
        fields["place"] = a_place()
    return Commitment.objects.create(**{"ref": f"C-{n}", "text": f"Commitment {n}"} | fields)


def votes_on(practice, workshop, **groups):
    """Votes by new participants, four numbers a service area: `votes_on(practice, room, Hubs=(9, 3, 0, 1))`.

    An underscore in a name reads as a space; the area called `unknown` is nobody's.
    """
    cast = []
    for keyword, counts in groups.items():
        name = keyword.replace("_", " ")
        area = None if name == "unknown" else ServiceArea.objects.filter(name=name).first() or a_service_area(name)
        for choice, people in zip(Choice.values, counts, strict=True):
            voters = Participant.objects.bulk_create(
                Participant(code=f"p-{next(number)}", service_area=area) for _ in range(people)
            )
            cast += [Vote(practice=practice, participant=each, choice=choice, workshop=workshop) for each in voters]
    return Vote.objects.bulk_create(cast)


def a_tally(**fields):
    return Tally.objects.create(**fields)


def a_ballot(practices=(), **fields):
    """An open ballot on these practices, for up to 50 people."""
    if "workshop" not in fields:
        fields["workshop"] = a_workshop()
    ballot = Ballot.objects.create(**{"seats": 50} | fields)
    return linked(ballot, practices=practices)


def may_stand(*rows, by=None):
    """Say of every passage of what readers get of these rows that it may stand. Returns the last row."""
    for row in rows:
        if isinstance(row, Story):
            found, where = passages.story_passages(row), passages.JudgedIn(workshops=(row.workshop_id,))
        elif isinstance(row, Practice):
            where = passages.practices_judged_in([row.pk])[row.pk]
            found = passages.practice_passages(row, where)
        elif isinstance(row, Programme):
            found, where = passages.programme_passages(row), passages.NOWHERE
        elif isinstance(row, Workshop):
            found, where = passages.workshop_passages(row), passages.programme_of_workshop(row)
        elif isinstance(row, Commitment):
            found, where = judged_words.commitment_passages(row), judged_words.judged_in_programme(row.insight)
        elif isinstance(row, Insight):
            found, where = judged_words.insight_passages(row.as_written), judged_words.judged_in_programme(row)
        else:
            found, where = judged_words.article_passages(row), judged_words.judged_in_programme(row)
        judging.judge_passages(found, where, by)
    return row


def a_case(by=None, name="", email="", post="", **fields):
    """A complaint that came by post today, unless it says otherwise."""
    case = Case(**{"kind": "complaint", "way": "post", "words": "You wrote my name."} | fields)
    return open_case(case, by=by, name=name, email=email, post=post)
