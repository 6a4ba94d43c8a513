"""Releases at the desk: what an editor sees before releasing, and who may see and release."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.models import Release, ReleasedGroup, ReleasedPractice, ReleaseRequest
from insights.votes.release import release
from tests.desk import messages, page
from tests.factories import (
    a_practice,
    a_programme,
    a_release_of_first_rule,
    a_service_area,
    a_user,
    a_workshop,
    votes_on,
)
from workshops.choices import Consent, Status
from workshops.models import Participant, Practice, Vote
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/insights/release/of/gm/"


@pytest.fixture
def room():
    return a_workshop(slug="room-3", title="A room", programme=a_programme(slug="gm", title="GM"))


@pytest.fixture
def voted(room):
    votes_on(a_practice(statement="Vans", status=Status.DRAFT), room, Hubs=(12, 9, 0, 2), Parks=(9, 8, 4, 1))
    votes_on(a_practice(statement="A letter"), room, Hubs=(3, 0, 0, 0))


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR))
    return client


def text(response):
    return " ".join(response.content.decode().split())


def test_address_of_the_preview():
    assert reverse("admin:insights_release_preview", args=["gm"]) == PREVIEW


@pytest.mark.usefixtures("voted")
def test_editor_finds_the_preview_in_the_list_of_releases(as_editor):
    assert f'<a href="{PREVIEW}">Preview votes of GM</a>' in text(as_editor.get(page(Release)))


@pytest.mark.usefixtures("voted")
def test_preview_shows_what_the_public_will_read_and_what_is_held_back(as_editor):
    html = text(as_editor.get(PREVIEW))
    assert "<strong>2 of 2 practices</strong> would be released now." in html
    assert html.count("A draft, to be published") == 1
    assert "Of those whose votes are shown here, most wanted to keep it or do more of it. The services agree." in html
    assert "Exactly, of those the words speak of: 38 of 45, 84 % (71 to 92 %) would keep it or do more of it." in html
    assert "<td>about 25</td> <td>about 10</td><td>about 10</td><td>fewer than 5</td><td>fewer than 5</td>" in html
    assert "Fewer than 10 people with a recorded service voted, so we do not show a breakdown." in html
    assert (
        '<th scope="row">Hubs</th> <td>12</td><td>9</td><td>0</td><td>2</td> <td>0</td> <td>21 of 23, 91 % (73 to 98 %)</td>'
        in html
    )
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_preview_says_what_would_be_said_without_each_service_and_workshop(as_editor):
    (vans,) = [each for each in as_editor.get(PREVIEW).context["preview"].all if str(each.outcome.practice) == "Vans"]
    too_few = "Too few people voted to say more than the rows do."
    assert vans.without_each_service() == [("Hubs", too_few, True), ("Parks", too_few, True)]
    nothing = "Fewer than 10 people with a recorded service voted, so we do not show a breakdown."
    assert vans.without_each_workshop() == [("A room", nothing, True)]
    assert "Without Hubs: Too few people voted" in text(as_editor.get(PREVIEW))


def test_preview_names_who_is_joined_and_who_is_silent(as_editor, room):
    room.service_areas.set([a_service_area("Schools")])
    votes_on(a_practice(statement="Vans"), room, Hubs=(30, 0, 0, 0), Parks=(28, 0, 0, 0), Police=(1, 0, 0, 0))
    html = text(as_editor.get(PREVIEW))
    assert "Parks and police are counted together, since fewer than 10 people of at least one of them voted." in html
    assert "Schools was in these workshops, and nobody recorded as from there voted on this." in html
    assert '<th scope="row">Police</th> <td>1</td>' in html


def test_single_practice_is_released_in_the_singular(as_editor, room):
    votes_on(a_practice(statement="Vans"), room, Hubs=(12, 7, 0, 2))
    preview = as_editor.get(PREVIEW)
    assert "<strong>1 of 1 practice</strong> would be released now." in text(preview)
    assert 'value="Release 1 practice"' in text(preview)
    response = as_editor.post(PREVIEW, {"seen": preview.context["seen"]}, follow=True)
    assert messages(response) == ["The votes on 1 practice were released."]
    assert LogEntry.objects.get().change_message == "1 of 1 practice."


@pytest.mark.usefixtures("voted")
def test_editor_releases_what_the_preview_showed(as_editor):
    seen = as_editor.get(PREVIEW).context["seen"]
    response = as_editor.post(PREVIEW, {"seen": seen}, follow=True)
    assert messages(response) == ["The votes on 2 practices were released."]
    assert ReleasedGroup.objects.count() == 2
    assert set(Practice.objects.values_list("status", flat=True)) == {"published"}
    assert LogEntry.objects.get().change_message == "2 of 2 practices."
    assert Release.objects.get().released_by.groups.get().name == EDITOR
    again = as_editor.get(PREVIEW)
    assert 'value="Release' not in text(again)
    assert text(again).count("nobody voted for the first time since, and 10 must.") == 1
    assert messages(as_editor.post(PREVIEW, {"seen": again.context["seen"]})) == [
        "Nothing was released: no practice has enough new voters."
    ]
    assert Release.objects.count() == 1


@pytest.mark.usefixtures("voted")
def test_second_release_of_the_same_preview_is_refused(as_editor):
    seen = as_editor.get(PREVIEW).context["seen"]
    as_editor.post(PREVIEW, {"seen": seen}, follow=True)
    assert messages(as_editor.post(PREVIEW, {"seen": seen})) == [
        "Votes or statements have changed since you looked. Look at the results again."
    ]
    assert Release.objects.count() == 1


def states(response):
    return [(str(each.outcome.practice), each.state) for each in response.context["page"]]


def test_preview_shows_each_practice_once_and_what_changes_first(as_editor, room):
    words, ranges, held, same, new = (a_practice(statement=name) for name in ("Words", "Ranges", "Held", "Same", "New"))
    for practice in (words, ranges, held, same):
        votes_on(practice, room, Hubs=(20, 0, 0, 0), Parks=(20, 0, 0, 0))
    release(room.phase.programme)
    votes_on(words, room, Hubs=(0, 0, 20, 0))
    votes_on(ranges, room, Hubs=(5, 5, 0, 0))
    votes_on(held, room, Hubs=(0, 0, 9, 0))
    votes_on(new, room, Hubs=(3, 0, 0, 0))
    response = as_editor.get(PREVIEW)
    assert states(response) == [
        ("New", "new"), ("Words", "words"), ("Ranges", "ranges"), ("Held", "held back"), ("Same", "unchanged")
    ]  # fmt: skip
    html = text(response)
    assert html.count("9 voted for the first time since, and 10 must.") == 1
    assert "All (5)" in html
    assert states(as_editor.get(f"{PREVIEW}?state=held back")) == [("Held", "held back")]
    assert len(states(as_editor.get(f"{PREVIEW}?state=no such"))) == 5


def test_preview_says_beside_the_new_words_what_is_said_today(as_editor, room):
    practice = a_practice(statement="Vans")
    votes_on(practice, room, Hubs=(20, 0, 0, 0), Parks=(20, 0, 0, 0))
    release(room.phase.programme)
    votes_on(practice, room, Hubs=(0, 0, 20, 0))
    html = text(as_editor.get(PREVIEW))
    assert (
        "<dd> Of those whose votes are shown here, nearly everyone wanted to keep it or do more of it. The services agree. </dd>"
        in html
    )
    assert "<dd> Of those whose votes are shown here, more than half wanted to keep it or do more of it." in html


def test_preview_of_a_practice_in_two_programmes_compares_each_with_its_own(as_editor, room):
    practice, elsewhere = a_practice(statement="Vans"), a_workshop()
    votes_on(practice, elsewhere, Hubs=(0, 0, 40, 0))
    release(elsewhere.phase.programme)
    votes_on(practice, room, Hubs=(20, 0, 0, 0), Parks=(20, 0, 0, 0))
    response = as_editor.get(PREVIEW)
    assert states(response) == [("Vans", "new")]
    assert "Nothing is published." in text(response)


def test_preview_of_many_practices_and_services_asks_the_database_as_often(
    as_editor, room, django_assert_max_num_queries
):
    services = {f"Service_{n}": (3, 1, 0, 0) for n in range(10)}
    practices = [a_practice(ref=f"P-{n}", statement=f"Practice {n:03}") for n in range(3)]
    for practice in practices:
        votes_on(practice, room, **services)
    release(room.phase.programme)
    with CaptureQueriesContext(connection) as few:
        as_editor.get(PREVIEW)
    for n in range(45):
        votes_on(a_practice(statement=f"Other {n:03}"), room, Service_1=(12, 1, 0, 0))
    with django_assert_max_num_queries(len(few)):
        response = as_editor.get(PREVIEW)
    assert (len(response.context["page"]), response.context["page"].paginator.num_pages) == (20, 3)
    assert states(as_editor.get(f"{PREVIEW}?p=3"))[-1] == ("Practice 002", "unchanged")
    assert as_editor.get(f"{PREVIEW}?p=x").context["page"].number == 1


@pytest.mark.usefixtures("voted")
@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "x\0"}])
def test_release_without_the_preview_that_holds_is_refused(seen, as_editor):
    response = as_editor.post(PREVIEW, seen)
    assert messages(response) == ["Votes or statements have changed since you looked. Look at the results again."]
    assert 'value="Release 2 practices"' in text(response)
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_release_after_another_vote_asks_to_look_again(as_editor, room):
    seen = as_editor.get(PREVIEW).context["seen"]
    votes_on(Practice.objects.get(statement="Vans"), room, Hubs=(0, 0, 9, 0))
    assert "have changed since you looked" in text(as_editor.post(PREVIEW, {"seen": seen}))
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_analyst_sees_the_exact_counts_and_releases_nothing(client):
    client.force_login(a_user(ANALYST))
    assert "Analysts’ files hold no votes of GM yet" in text(client.get(PREVIEW))
    Participant.objects.update(consent=Consent.TEAM)
    response = client.get(PREVIEW)
    assert "<td>12</td><td>9</td><td>0</td><td>2</td>" in text(response)
    assert "Release 2 practices" not in text(response)
    assert "would be released now" not in text(response)
    assert client.post(PREVIEW, {"seen": response.context["seen"], "ask": "1"}).status_code == 403
    assert client.post(PREVIEW, {"seen": response.context["seen"]}).status_code == 403
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_analyst_sees_no_vote_that_their_files_leave_out(client):
    """Neither in the counts nor in the words: one that only the desk counted would be known by subtraction."""
    Participant.objects.update(consent=Consent.TEAM)
    ten = Participant.objects.filter(votes__practice__statement="Vans", service_area__name="Hubs", votes__choice="keep")
    Participant.objects.filter(pk__in=ten.values("pk")[:10]).update(consent=Consent.FACILITATORS)
    hubs = '<th scope="row">Hubs</th> <td>{}</td><td>9</td><td>0</td><td>2</td> <td>0</td> <td>{} of {},'
    seen = {}
    for role in (EDITOR, ANALYST):
        client.force_login(a_user(role))
        seen[role] = text(client.get(PREVIEW))
    assert [hubs.format(12, 21, 23) in seen[EDITOR], hubs.format(2, 11, 13) in seen[ANALYST]] == [True, True]
    assert "Exactly, of those the words speak of: 28 of 35," in seen[ANALYST]
    assert "Without Hubs: Too few people voted to say more than the rows do." in seen[EDITOR]
    # Of 35 too few voted for words, with Hubs or without.
    assert "Without Hubs: the same." in seen[ANALYST]
    assert "These are the votes that analysts’ files hold" in seen[ANALYST]
    assert "What the public reads" in seen[EDITOR]
    assert "What the public reads" not in seen[ANALYST]


@pytest.mark.usefixtures("voted")
@pytest.mark.parametrize("role", [FACILITATOR, SYSTEM_LEADER, ADMINISTRATOR])
def test_exact_counts_are_for_editors_and_analysts(role, client):
    assert client.get(PREVIEW).status_code == 302
    client.force_login(a_user(role))
    for address in (PREVIEW, page(Release)):
        assert client.get(address).status_code == 403
    assert client.post(PREVIEW).status_code == 403


def test_preview_of_a_programme_without_votes_says_what_to_do(as_editor, room):
    assert "Nobody has voted in the workshops of GM yet." in text(as_editor.get(PREVIEW))
    assert as_editor.get(PREVIEW.replace("gm", "mg")).status_code == 404
    response = as_editor.post(PREVIEW)
    assert "so there is nothing to release" in messages(response)[0]


@pytest.mark.usefixtures("voted")
def test_release_at_the_desk_is_read_only(as_editor):
    as_editor.post(PREVIEW, {"seen": as_editor.get(PREVIEW).context["seen"]})
    release = Release.objects.get()
    assert as_editor.get(page(Release, "change", release.pk)).status_code == 200
    for name in ("change", "delete"):
        assert as_editor.post(page(Release, name, release.pk), {"post": "yes"}).status_code == 403
    assert as_editor.get(page(Release, "add")).status_code == 403


# Two people


@pytest.fixture
def second_person(client, settings):
    settings.SECOND_READER = True
    return a_user(EDITOR, username="second")


@pytest.mark.usefixtures("voted")
def test_release_by_two_is_refused_to_one(as_editor, second_person):
    seen = as_editor.get(PREVIEW).context["seen"]
    assert messages(as_editor.post(PREVIEW, {"seen": seen})) == [
        "Two people release votes here. Ask for this release, and another editor releases what you saw."
    ]
    asked = as_editor.post(PREVIEW, {"seen": seen, "ask": "1"}, follow=True)
    assert messages(asked) == [
        "Another editor is asked to release these results. Votes that change meanwhile end the request."
    ]
    assert messages(as_editor.post(PREVIEW, {"seen": seen})) == [
        "You asked for this release, so another editor releases it."
    ]
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_second_person_releases_what_the_first_asked_for(as_editor, second_person):
    preview = as_editor.get(PREVIEW)
    first = preview.wsgi_request.user
    as_editor.post(PREVIEW, {"seen": preview.context["seen"], "ask": "1"})
    as_editor.force_login(second_person)
    page_of_second = as_editor.get(PREVIEW)
    assert f"{first.username} asked on" in text(page_of_second)
    as_editor.post(PREVIEW, {"seen": page_of_second.context["seen"]})
    made = Release.objects.get()
    assert (made.prepared_by, made.released_by) == (first, second_person)
    assert not ReleaseRequest.objects.exists()


@pytest.mark.usefixtures("voted")
def test_request_ends_when_votes_change(as_editor, second_person, room):
    as_editor.post(PREVIEW, {"seen": as_editor.get(PREVIEW).context["seen"], "ask": "1"})
    votes_on(Practice.objects.get(statement="Vans"), room, Hubs=(0, 0, 9, 0))
    as_editor.force_login(second_person)
    preview = as_editor.get(PREVIEW)
    assert "for a release, and votes or statements have changed since: ask again." in text(preview)
    refused = as_editor.post(PREVIEW, {"seen": preview.context["seen"]})
    assert messages(refused)[0].startswith("Two people release votes here.")
    assert not Release.objects.exists()


@pytest.mark.usefixtures("voted")
def test_asking_for_what_nobody_sees_any_more_is_refused(as_editor):
    assert messages(as_editor.post(PREVIEW, {"seen": "x", "ask": "1"})) == [
        "Votes or statements have changed since you looked. Look at the results again."
    ]
    assert not ReleaseRequest.objects.exists()


@pytest.mark.usefixtures("voted")
def test_editor_may_ask_and_release_alone_where_one_may(as_editor):
    seen = as_editor.get(PREVIEW).context["seen"]
    as_editor.post(PREVIEW, {"seen": seen, "ask": "1"})
    as_editor.post(PREVIEW, {"seen": seen})
    made = Release.objects.get()
    assert made.prepared_by == made.released_by


# Released results and their corrections


@pytest.fixture
def result(room):
    votes_on(a_practice(statement="Vans"), room, Hubs=(30, 0, 2, 0), Parks=(28, 0, 2, 0))
    release(room.phase.programme)
    return ReleasedPractice.objects.get()


def address(result, name="result"):
    return reverse(f"admin:insights_release_{name}", args=[result.pk])


def turn(count):
    keep = Vote.objects.filter(choice="keep", participant__service_area__name="Parks")
    Vote.objects.filter(pk__in=list(keep.values_list("pk", flat=True)[:count])).update(choice="discard")


def test_page_of_a_release_leads_to_each_of_its_results(as_editor, result):
    html = text(as_editor.get(page(Release, "change", result.release_id)))
    assert f'<a href="{address(result)}">Vans</a>' in html
    assert (
        "Of those whose votes are shown here, nearly everyone wanted to keep it or do more of it. The services agree."
        in html
    )


def test_page_of_a_result_shows_its_words_ranges_and_seal(as_editor, result):
    html = text(as_editor.get(address(result)))
    assert (
        "Of those whose votes are shown here, nearly everyone wanted to keep it or do more of it. The services agree."
        in html
    )
    assert "<td>about 30</td>" in html
    assert result.digest in html
    assert result.exact.salt in html
    assert "&quot;Hubs&quot;: [30, 0, 2, 0, 0]" in html
    assert f'href="{address(result, "correct")}"' in html


def test_result_of_the_first_rule_has_no_seal(as_editor, room):
    result = a_release_of_first_rule(a_practice(), room.phase.programme, Hubs=(30, 0, 0, 0))
    assert "No exact table was kept with it." in text(as_editor.get(address(result)))
    assert as_editor.get(address(result, "check")).status_code == 200


def test_correction_is_shown_before_it_is_made(as_editor, result):
    turn(20)
    response = as_editor.get(address(result, "correct"))
    html = text(response)
    assert "20 votes changed. Rows and words are replaced, once;" in html
    assert "<dd> Of those whose votes are shown here, more than half wanted to keep it or do more of it." in html
    assert ReleasedPractice.objects.count() == 1
    done = {"reason": "Typed in twice.", "seen": response.context["found"].fingerprint}
    after = as_editor.post(address(result, "correct"), done, follow=True)
    current = ReleasedPractice.objects.current().get()
    assert messages(after) == ["The result was corrected."]
    assert after.redirect_chain == [(address(current), 302)]
    assert ": Typed in twice." in text(after)
    assert f'<a href="{address(result)}">' in text(after)
    assert LogEntry.objects.get().change_message == f"{result.practice.ref}: The result was corrected. Typed in twice."


def test_correction_of_few_votes_says_that_it_takes_back(as_editor, result):
    turn(1)
    response = as_editor.get(address(result, "correct"))
    assert "1 vote changed. Beside the old numbers the new ones would tell whose" in text(response)
    assert 'value="Take it back"' in text(response)
    done = {"reason": "One slip was typed in wrongly.", "seen": response.context["found"].fingerprint}
    assert messages(as_editor.post(address(result, "correct"), done, follow=True)) == ["The result was taken back."]
    assert ReleasedPractice.objects.current().get().is_taken_back


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_correction_without_a_proper_reason_is_not_made(reason, as_editor, result):
    turn(20)
    seen = as_editor.get(address(result, "correct")).context["found"].fingerprint
    response = as_editor.post(address(result, "correct"), {"reason": reason, "seen": seen})
    assert response.status_code == 400
    assert "Nothing is corrected yet." in text(response)
    assert ReleasedPractice.objects.count() == 1


def test_correction_where_nothing_changed_leads_back(as_editor, result):
    response = as_editor.get(address(result, "correct"), follow=True)
    assert messages(response)[0].startswith("The votes are what they were when this was released")
    assert response.redirect_chain == [(address(result), 302)]


def test_correction_after_another_vote_asks_to_look_again(as_editor, result):
    turn(20)
    seen = as_editor.get(address(result, "correct")).context["found"].fingerprint
    turn(1)
    response = as_editor.post(address(result, "correct"), {"reason": "Typed in twice.", "seen": seen})
    assert messages(response) == ["Votes have changed since you looked. Look at the correction again."]
    assert "21 votes changed." in text(response)
    assert ReleasedPractice.objects.count() == 1


def test_second_correction_leads_back_with_a_sentence(as_editor, result):
    turn(20)
    seen = as_editor.get(address(result, "correct")).context["found"].fingerprint
    as_editor.post(address(result, "correct"), {"reason": "Typed in twice.", "seen": seen})
    again = as_editor.post(address(result, "correct"), {"reason": "Again.", "seen": seen}, follow=True)
    assert messages(again)[-1] == "This result has been replaced. Only what is published now can be corrected."
    assert ReleasedPractice.objects.count() == 2


def test_analyst_sees_results_and_corrects_nothing(client, result):
    turn(20)
    client.force_login(a_user(ANALYST))
    assert "Correct it …" not in text(client.get(address(result)))
    assert result.exact.salt not in text(client.get(address(result)))
    assert "The exact table is for editors" in text(client.get(address(result)))
    check = client.get(address(result, "check"))
    assert (check.status_code, check.context["form"].initial) == (200, {})
    assert client.get(address(result, "correct")).status_code == 403
    assert client.post(address(result, "correct"), {"reason": "Typed in twice."}).status_code == 403
    assert ReleasedPractice.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "salt", "said"),
    [
        (None, None, ["The digest agrees:", "Every word of the result is", "Every range of the result is"]),
        (None, "0" * 64, ["The digest does not agree:", "Every word of the result is", "Every range of the result is"]),
        (
            '{"Hubs": [2, 0, 30, 0, 0], "Parks": [28, 0, 2, 0, 0]}',
            None,
            ["The digest does not agree:", "The rule says other words", "The rule gives other ranges"],
        ),
    ],
)
def test_table_is_checked_against_the_digest(table, salt, said, as_editor, result):
    given = as_editor.get(address(result, "check")).context["form"].initial
    response = as_editor.post(
        address(result, "check"), {"table": table or given["table"], "salt": salt or given["salt"]}
    )
    assert [sentence in text(response) for sentence in said] == [True, True, True]


@pytest.mark.parametrize(
    "table", ["[]", "{", '{"Hubs": [1, 2]}', '{"Hubs": [1, 2, 3, -4, 5]}', '{"Hubs": [true, 0, 0, 0, 0]}', "[" * 9999]
)
def test_text_that_is_no_table_is_refused(table, as_editor, result):
    response = as_editor.post(address(result, "check"), {"table": table, "salt": "x"})
    assert response.status_code == 400
    assert "This is not such a table." in text(response)
