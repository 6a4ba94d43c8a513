"""Publishing an insight tells those whose stories it uses, if they asked for it."""

import datetime

import pytest
from django.utils import timezone

from insights.models import Evidence
from insights.publications.publishing import publish_insight
from tests.factories import a_participant, a_practice, a_story, an_insight
from workshops.choices import Status
from workshops.models import UseSubscription

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_new_version_tells_the_tellers_of_its_stories_and_of_its_practices():
    tellers = [a_participant() for _ in range(4)]
    for number, teller in enumerate(tellers):
        UseSubscription.objects.create(
            participant=teller,
            address=f"{number}@example.org",
            confirmed_at=timezone.now(),
            lapses_at=timezone.now() + HOUR,
        )
    quoted, against, through, _ = (a_story(told_by=teller) for teller in tellers)
    insight = an_insight([quoted], [against], status=Status.DRAFT)
    Evidence.objects.create(insight=insight, order=3, role="supports", practice=a_practice([through]))
    publish_insight(insight)
    told = UseSubscription.objects.filter(used_at__isnull=False)
    assert set(told.values_list("address", flat=True)) == {"0@example.org", "1@example.org", "2@example.org"}
    UseSubscription.objects.update(used_at=None)
    publish_insight(insight)
    assert not told.exists()
