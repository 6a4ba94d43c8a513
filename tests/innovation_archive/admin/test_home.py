"""What each role finds on the home of the desk, and that every number leads to the rows it counts."""

import datetime
import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovation_archive.models import HousekeepingRun
from insights.models import Insight
from insights.publications import publishing, working_copies
from tests.desk import listed
from tests.factories import (
    a_participant,
    a_phase,
    a_practice,
    a_programme,
    a_story,
    a_theme,
    a_user,
    a_vote,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, CorrectionState, Status, StoryGap
from workshops.models import Correction, Note, OutgoingMail, Story, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db


def home(client, person):
    client.force_login(person)
    return client.get(reverse("admin:index"))


def part(response, name):
    return dict(response.context["parts"])[f"admin/home/{name}.html"]


@pytest.fixture
def facilitator():
    return a_user(FACILITATOR, first_name="Fay")


@pytest.fixture
def workshop(facilitator):
    return a_workshop(facilitators=[facilitator], title="Early help in May")


def a_complete_draft(workshop, **fields):
    return a_story(
        workshop=workshop, themes=[a_theme()], tags=["trust"], **{"status": Status.DRAFT, "text": "As told."} | fields
    )


LACKING = {
    "answer": {"remark": "Take out the name."},
    "consent": {"consent": Consent.FACILITATORS},
    "words": {"text": ""},
    "wording": {"published_text": "", "text": "As told."},
}


@pytest.fixture
def lacking(workshop, facilitator):
    """A story that lacks each thing, one that lacks nothing, and the same in a workshop of somebody else."""
    for room in (workshop, a_workshop(facilitators=[a_user(FACILITATOR)])):
        a_complete_draft(room, title="complete")
        for what, fields in LACKING.items():
            a_complete_draft(room, title=what, **fields)
        a_story(workshop=room, title="tags", themes=[a_theme()], status=Status.DRAFT)
        a_story(workshop=room, title="theme", tags=["trust"], status=Status.IN_REVIEW)
        a_story(workshop=room, title="published, and bare")
    return workshop


@pytest.mark.parametrize("what", StoryGap)
def test_facilitator_is_told_what_is_missing(client, facilitator, lacking, what):
    (shown,) = part(home(client, facilitator), "facilitator")["workshops"]
    numbers = {words: (number, address) for number, words, address in shown.missing}
    number, address = numbers[what.label]
    assert number == 1
    assert listed(client.get(address)) == [what.value]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("to submit", ["answer", "complete", "consent", "tags", "wording", "words"]),
        ("waiting for an editor", ["theme"]),
        ("published", ["published, and bare"]),
    ],
)
def test_facilitator_is_told_how_far_stories_have_come(client, facilitator, lacking, words, titles):
    (shown,) = part(home(client, facilitator), "facilitator")["workshops"]
    numbers = {said: (number, address) for number, said, address in shown.progress}
    number, address = numbers[words]
    assert number == len(titles)
    assert listed(client.get(address)) == titles


def test_facilitator_finds_own_workshops_the_newest_first(client, facilitator):
    for day in (1, 3, 2):
        a_workshop([facilitator], title=f"In May {day}", held_on=datetime.date(2020, 5, day))
    a_workshop([a_user(FACILITATOR)], title="Of somebody else")
    response = home(client, facilitator)
    assert [str(each) for each in part(response, "facilitator")["workshops"]] == ["In May 3", "In May 2", "In May 1"]
    assert "Of somebody else" not in response.content.decode()


def test_facilitator_is_told_what_else_is_to_be_entered(client, facilitator, workshop):
    content = home(client, facilitator).content.decode()
    assert "No story yet. Paste the notes" in content
    assert "Nobody is entered as having been in the room." in content
    assert "No votes are entered." in content

    Note.objects.create(workshop=workshop, text="Unsorted")
    participant = a_participant([workshop])
    a_vote(practice=a_practice(), participant=participant, workshop=workshop)
    a_complete_draft(workshop)
    content = home(client, facilitator).content.decode()
    assert "No story yet" not in content
    assert "Nobody is entered" not in content
    assert "No votes" not in content
    assert "<b>1</b> note</a>" in content
    Note.objects.create(workshop=workshop, text="Of a practice", practice=a_practice())
    (address,) = re.findall(r'href="([^"]*practice__isempty[^"]*)"', content)
    assert listed(client.get(unescape(address))) == [str(Note.objects.get(text="Unsorted"))]


def test_facilitator_without_a_workshop_is_told_what_to_do_first(client, facilitator):
    assert "Ask an administrator to enter the programme" in home(client, facilitator).content.decode()
    a_phase()
    content = home(client, facilitator).content.decode()
    assert f'<a href="{reverse("admin:workshops_workshop_add")}">Add the workshop</a>' in content


def test_editor_finds_the_review_queue_the_oldest_first(client):
    stories = [a_story(title=title, status=Status.DRAFT) for title in ("second", "first", "withheld")]
    stories[2].consent = Consent.FACILITATORS
    for days, story in zip([2, 3, 4], stories, strict=True):
        story.status = Status.IN_REVIEW
        story.save()
        entry = story.history.first()
        entry.history_date -= datetime.timedelta(days=days)
        entry.save()
    response = home(client, a_user(EDITOR))
    queue = part(response, "editor")["queue"]
    assert [str(story) for story in queue["rows"]] == ["first", "second"]
    assert queue["count"] == 2
    assert "withheld" not in response.content.decode()
    assert listed(client.get(reverse("admin:workshops_story_changelist") + "?status__exact=in+review")) == [
        "first",
        "second",
    ]


def test_editor_finds_open_corrections(client):
    story = a_story(title="To be corrected")
    words = {"title": "Better", "published_text": "Better said.", "why": "A typing error."}
    Correction.objects.create(story=story, **words)
    Correction.objects.create(
        story=a_story(), state=CorrectionState.TAKEN, decided_at=datetime.datetime.now(datetime.UTC), **words
    )
    corrections = part(home(client, a_user(EDITOR)), "editor")["corrections"]
    assert [str(correction.story) for correction in corrections["rows"]] == ["To be corrected"]


def gate_of(insight):
    return [name for name in ("unready", "unsupported", "unopposed") if getattr(insight, name)]


@pytest.mark.parametrize(
    ("make", "gate"),
    [
        (lambda: an_insight(status=Status.DRAFT), ["unsupported", "unopposed"]),
        (lambda: an_insight([a_story()], status=Status.DRAFT), ["unopposed"]),
        (lambda: an_insight([a_story()], status=Status.DRAFT, none_found=" \n "), ["unopposed"]),
        (lambda: an_insight([a_story()], status=Status.DRAFT, none_found="We asked everyone."), []),
        (lambda: an_insight([a_story()], [a_story()], status=Status.UNPUBLISHED), []),
        (
            lambda: an_insight([a_story(status=Status.DRAFT)], [a_story()], status=Status.DRAFT),
            ["unready", "unsupported"],
        ),
        (
            lambda: an_insight(
                [a_story(status=Status.DRAFT, consent=Consent.FACILITATORS)], [a_story()], status=Status.DRAFT
            ),
            ["unsupported"],
        ),
        (lambda: an_insight(kind="big idea", builds_on=[an_insight([a_story()])], status=Status.DRAFT), []),
        (
            lambda: an_insight(kind="big idea", builds_on=[an_insight(status=Status.DRAFT)], status=Status.DRAFT),
            ["unsupported", "unopposed"],
        ),
    ],
)
def test_gate_in_one_query_says_what_the_gate_says(make, gate):
    insight = make()
    annotated = publishing.with_gate(Insight.objects.filter(pk=insight.pk)).get()
    assert gate_of(annotated) == gate
    assert len(publishing.publication_blockers(insight)) == len(gate)


def test_editor_is_told_what_each_unpublished_insight_misses(client):
    an_insight(status=Status.DRAFT, title="Bare", slug="bare")
    an_insight([a_story()], title="Published")
    an_insight([a_story()], [a_story()], status=Status.UNPUBLISHED, title="Whole", slug="whole")
    response = home(client, a_user(EDITOR))
    insights = part(response, "editor")["insights"]
    assert [(str(insight), gate_of(insight)) for insight in insights["rows"]] == [
        ("Bare", ["unsupported", "unopposed"]),
        ("Whole", []),
    ]
    content = " ".join(response.content.decode().split())
    assert "No published story supports it. Nothing contradicts it, and it does not say where you looked." in content
    assert "Nothing is missing: it can be published." in content
    rest = client.get(reverse("admin:insights_insight_changelist") + "?status__in=draft,unpublished")
    assert listed(rest) == ["Bare", "Whole"]


def test_long_queue_shows_its_first_and_counts_the_rest(client):
    for n in range(12):
        a_story(title=f"Story {n:02}", status=Status.IN_REVIEW)
    queue = part(home(client, a_user(EDITOR)), "editor")["queue"]
    assert (len(queue["rows"]), queue["count"]) == (10, 12)


def test_analyst_finds_the_downloads(client):
    content = home(client, a_user(ANALYST)).content.decode()
    for name in ("votes", "tallies", "stories", "story_codes"):
        address = f"{reverse('dataset_file', args=[name, 'csv'])}?audience=analyst"
        assert f'href="{address}"' in content
        assert client.post(address, {"purpose": "A test"}).status_code == 200


def test_administrator_finds_accounts_and_programmes(client):
    administrator = a_user(ADMINISTRATOR)
    a_user(username="roleless")
    a_user(username="closed", is_active=False)
    a_programme(title="Learning from the flood")
    response = home(client, administrator)
    shown = part(response, "administrator")
    assert shown["accounts"] == {"all": 2, "roleless": 1}
    assert "Learning from the flood" in response.content.decode()
    open_ones = client.get(reverse("admin:auth_user_changelist") + "?is_active__exact=1&role=none")
    assert listed(open_ones) == ["roleless"]


def text_of(response):
    """What a reader sees of a page, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", response.content.decode())).split())


def test_administrator_reads_numbers_in_whole_sentences(client):
    administrator = a_user(ADMINISTRATOR)
    a_workshop(phase=a_phase(programme=a_programme(title="Learning from the flood")))
    one = text_of(home(client, administrator))
    assert "1 account is open." in one
    assert "of them" not in one
    assert "Learning from the flood 1 workshop " in one
    a_user(username="roleless")
    two = text_of(home(client, administrator))
    assert "2 accounts are open. 1 of them has no role: give one, or they can do nothing at the desk." in two
    a_user(username="another")
    assert "3 accounts are open. 2 of them have no role:" in text_of(home(client, administrator))


def test_administrator_is_warned_of_what_does_not_run(client, settings):
    settings.MAIL_IS_ON = False
    administrator = a_user(ADMINISTRATOR)
    shown = text_of(home(client, administrator))
    assert "Housekeeping never ran." in shown
    assert "look at “systemctl status archive-housekeeping.timer”, and to run “manage.py housekeeping” once" in shown
    assert "Mail is off: no mail server is named in EMAIL_URL." in shown
    assert "mail waits" not in shown
    run = HousekeepingRun.objects.create(
        is_running=False, ended_at=timezone.now() - datetime.timedelta(hours=3), outcome={"mail": "OSError"}
    )
    shown = text_of(home(client, administrator))
    assert "more than two hours ago" in shown
    assert "It could not do all. The log says why of each: sending mail" in shown
    run.ended_at = timezone.now()
    run.save()
    shown = text_of(home(client, administrator))
    assert "Housekeeping last ran on" in shown
    assert "more than two hours ago" not in shown


def test_administrator_reads_which_mails_did_not_go_out(client, settings):
    settings.MAIL_IS_ON, settings.SITE_URL = True, ""
    long_ago = timezone.now() - datetime.timedelta(days=1)
    for fields in (
        {},
        {},
        {"taken_at": long_ago},
        {"failed_at": long_ago},
        {"taken_at": long_ago, "sent_at": long_ago},
    ):
        OutgoingMail.objects.create(to="office@example.org", **fields)
    shown = text_of(home(client, a_user(ADMINISTRATOR)))
    assert "2 mails wait. " in shown
    assert "Of 1 mail nobody knows whether it was sent: send it again or drop it." in shown
    assert "1 mail could not be sent." in shown
    assert "The archive does not know its own address, SITE_URL" in shown
    assert "Mail is off" not in shown


def test_editor_reads_numbers_in_whole_sentences(client):
    editor = a_user(EDITOR)
    a_story(status=Status.IN_REVIEW)
    a_practice(status=Status.DRAFT)
    an_insight(status=Status.DRAFT)
    one = text_of(home(client, editor))
    assert [
        words for words in ("1 story in review", "1 practice in draft", "1 insight not published") if words not in one
    ] == []
    a_story(status=Status.IN_REVIEW)
    a_practice(status=Status.DRAFT)
    an_insight(status=Status.DRAFT)
    two = text_of(home(client, editor))
    assert [
        words
        for words in ("2 stories in review", "2 practices in draft", "2 insights not published")
        if words not in two
    ] == []


def test_administrator_of_an_empty_archive_is_told_what_to_do_first(client):
    content = home(client, a_user(ADMINISTRATOR)).content.decode()
    assert "There is no programme yet." in content
    assert reverse("admin:workshops_programme_add") in content


@pytest.mark.parametrize("role", [SYSTEM_LEADER, None])
def test_who_comes_to_read_gets_a_friendly_word(client, role):
    response = home(client, a_user(*[role] if role else [], first_name="Sol"))
    assert response.status_code == 200
    content = response.content.decode()
    assert "Welcome, Sol" in content
    assert f'href="{reverse("insights")}"' in content


def test_account_signs_in_whether_or_not_it_is_called_staff(client):
    a_user(SYSTEM_LEADER, username="sol", password="tram-lantern-9", is_staff=False)
    response = client.post(reverse("admin:login"), {"username": "sol", "password": "tram-lantern-9"}, follow=True)
    assert response.redirect_chain == [(reverse("admin:index"), 302)]
    assert "Welcome, sol" in response.content.decode()
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_closed_account_does_not_sign_in(client):
    a_user(EDITOR, username="gone", password="tram-lantern-9", is_active=False)
    response = client.post(reverse("admin:login"), {"username": "gone", "password": "tram-lantern-9"})
    assert response.status_code == 200
    assert "Please enter a correct username and password" in response.content.decode()


def test_signing_in_and_out_is_called_so_on_every_page(client):
    assert ">Sign in to the desk</a>" in client.get("/").content.decode()
    page = client.get(reverse("admin:login")).content.decode()
    assert "<h1>Sign in</h1>" in page
    assert '<input type="submit" value="Sign in">' in page
    client.force_login(a_user(EDITOR))
    page = client.post(reverse("admin:logout")).content.decode()
    assert "<h1>You are signed out</h1>" in page
    assert f'<a href="{reverse("admin:index")}">Sign in again</a>' in page


def test_two_roles_find_the_work_of_both(client):
    response = home(client, a_user(FACILITATOR, EDITOR))
    assert [template for template, _ in response.context["parts"]] == [
        "admin/home/facilitator.html",
        "admin/home/cases.html",
        "admin/home/editor.html",
    ]


def test_home_leads_to_nothing_that_is_not_there(client, facilitator, lacking):
    person = a_user(first_name="All", is_superuser=True)
    person.groups.set(Group.objects.exclude(name=SYSTEM_LEADER))
    lacking.facilitators.add(person)
    a_story(status=Status.IN_REVIEW)
    an_insight(status=Status.DRAFT)
    response = home(client, person)
    addresses = {unescape(address) for address in re.findall(r'href="(/[^"]*)"', response.content.decode())}
    pages = [address for address in addresses if not address.startswith("/static/")]
    answers = {address: client.get(address, follow=True).status_code for address in pages}
    assert {address: status for address, status in answers.items() if status != 200} == {}


def test_home_asks_the_same_however_much_there_is(client):
    person = a_user(FACILITATOR, EDITOR, ANALYST, ADMINISTRATOR)

    def more():
        workshop = a_workshop([person])
        a_complete_draft(workshop)
        a_story(workshop=workshop, status=Status.IN_REVIEW)
        an_insight([a_story()], status=Status.DRAFT)
        Note.objects.create(workshop=workshop, text="Unsorted")

    more()
    home(client, person)
    with CaptureQueriesContext(connection) as few:
        home(client, person)
    for _ in range(7):
        more()
    assert (Workshop.objects.count() > 8, Story.objects.count() > 20) == (True, True)
    with CaptureQueriesContext(connection) as many:
        home(client, person)
    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_pages_of_the_password_have_the_links_of_the_others(client, name):
    client.force_login(a_user(FACILITATOR))
    links = re.compile(r'<div id="user-tools">(.*?)</div>', re.DOTALL)
    (others,) = links.findall(client.get(reverse("admin:workshops_story_changelist")).content.decode())
    page = client.get(reverse(f"admin:{name}")).content.decode()
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert [token.sub("", " ".join(part.split())) for part in links.findall(page)] == [
        token.sub("", " ".join(others.split()))
    ]


def test_editor_sees_working_copies_readings_and_what_is_to_be_looked_at_again(client):
    editor = a_user(EDITOR, username="edith")
    overdue = an_insight([a_story()], title="Overdue", look_again_on="2021-01-01")
    copy = working_copies.row_to_write(an_insight([a_story()], title="Written anew", none_found="We asked."))
    draft = an_insight(status=Status.DRAFT, title="Draft", body="TBC")
    Insight.objects.filter(pk=draft.pk).update(reading_asked_by=editor, reading_asked_at="2026-01-02T12:00Z")
    client.force_login(editor)
    response = client.get("/admin/")
    shown = part(response, "editor")
    assert [str(insight) for insight in shown["copies"]["rows"]] == ["Written anew"]
    assert [str(insight) for insight in shown["readings"]["rows"]] == ["Draft"]
    assert [str(insight) for insight in shown["looks"]["rows"]] == ["Overdue"]
    assert [(str(each), each.unwritten) for each in shown["insights"]["rows"]] == [("Draft", True)]
    content = " ".join(response.content.decode().split())
    assert "edith asks, since 2 January 2026" in content
    assert f'href="/admin/insights/insight/{overdue.pk}/look/"' in content
    assert f'href="/admin/insights/insight/{copy.itself.pk}/change/"' in content
