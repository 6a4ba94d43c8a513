import csv
import datetime
import io

import pytest
from django.utils import timezone

from innovation_archive.exchange.removals import copies_to_mend
from innovation_archive.models import Download
from tests.factories import a_story, a_user
from workshops.choices import Consent, Status
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.roles import ANALYST

pytestmark = pytest.mark.django_db


@pytest.fixture
def removed():
    """One story of each kind that is taken back."""
    withdraw_stories([a_story(ref="public"), a_story(ref="team", status=Status.DRAFT, consent=Consent.TEAM)])
    withdraw_stories([a_story(ref="room", status=Status.DRAFT, consent=Consent.FACILITATORS)])
    lower_consent(a_story(ref="lowered"), Consent.TEAM)
    lower_consent(a_story(ref="uncredited", consent=Consent.CREDITED), Consent.PUBLIC)
    lower_consent(a_story(ref="hidden", status=Status.IN_REVIEW), Consent.FACILITATORS)


def refs(client, **query):
    body = b"".join(client.get("/data/removed.csv", query)).decode()
    return [row["ref"] for row in csv.DictReader(io.StringIO(body))]


def test_file_lists_what_was_public_and_is_not(client, removed):
    assert refs(client) == ["lowered", "public"]


def test_lowered_story_that_was_public_says_that_it_is_gone(client, removed):
    assert [client.get(f"/stories/{ref}/").status_code for ref in ("lowered", "public", "hidden", "room")] == [
        410,
        410,
        404,
        404,
    ]


def test_analyst_is_told_which_stories_of_a_download_were_taken_back(client, removed):
    analyst = a_user(ANALYST)
    early = Download.objects.create(user=analyst, file="stories.csv", purpose="a study")
    Download.objects.create(user=analyst, file="votes.csv", purpose="a study")
    Download.objects.create(user=a_user(ANALYST), file="stories.csv", purpose="another's")
    assert copies_to_mend(analyst) == [(early, ["hidden", "lowered", "public", "team"])]
    client.force_login(analyst)
    page = " ".join(client.get("/admin/").content.decode().split())
    assert "for “a study”: hidden, lowered, public, team" in page


def test_download_made_later_or_expired_asks_for_nothing(removed):
    analyst = a_user(ANALYST)
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    Download.objects.create(user=analyst, file="stories.csv", purpose="later", downloaded_at=tomorrow)
    Download.objects.create(
        user=analyst, file="stories.csv", purpose="expired", expires_on=timezone.localdate() - datetime.timedelta(1)
    )
    assert copies_to_mend(analyst) == []
