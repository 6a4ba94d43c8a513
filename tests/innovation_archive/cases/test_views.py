"""/complaints/ and “Something here is about me”, as somebody without an account sends them."""

import datetime
import re
import uuid

import pytest
from django.utils import timezone

from innovation_archive.cases import views
from innovation_archive.cases.clock import due_after
from innovation_archive.models import Case, CaseContact, CaseEvent, Controller
from tests.factories import a_story, an_article, an_insight
from workshops.choices import Status
from workshops.models import OutgoingMail

pytestmark = pytest.mark.django_db

SENT = {"kind": "complaint", "words": "You wrote my name."}


def text(response):
    return response.content.decode()


def errors(response):
    return {field: list(said) for field, said in response.context["form"].errors.items()}


def test_complaint_is_acknowledged_in_the_same_answer(client):
    Controller.objects.create(publisher="The Example Foundation", telephone="0161 496 0000", post="1 Example Street")
    response = client.post("/complaints/", SENT)
    case = Case.objects.get()
    today = timezone.localdate()
    assert response.status_code == 200
    assert (case.kind, case.way, case.words) == ("complaint", "page", "You wrote my name.")
    assert (case.received_on, case.acknowledged_on, case.due_on) == (today, today, due_after(today))
    assert list(CaseEvent.objects.values_list("kind", "by")) == [("opened", None), ("acknowledged", None)]
    assert len(case.reference) == 8
    for shown in (case.reference, f"{case.due_on:%d %B %Y}".lstrip("0"), "0161 496 0000", "1 Example Street"):
        assert shown in text(response)
    assert "You gave no address" in text(response)
    assert 'Send <a href="/complaints/">the form</a> again and give the reference.' in text(response)
    assert not CaseContact.objects.exists()


def test_field_that_is_wrong_is_described_by_what_is_wrong(client):
    page = text(client.post("/complaints/", {}))
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split())
    assert {"id_kind_error", "id_words_error"} <= described
    assert described <= set(re.findall(r' id="([^"]+)"', page))


def test_address_is_kept_apart_and_written_to_without_the_words(client, settings):
    settings.MAIL_IS_ON = True
    response = client.post("/complaints/", SENT | {"name": " Ann  Other ", "email": "ann@example.org"})
    case = Case.objects.get()
    contact = CaseContact.objects.get()
    assert (contact.case, contact.name, contact.email, contact.post) == (case, "Ann Other", "ann@example.org", "")
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.is_confidential) == ("ann@example.org", True)
    assert letter.subject == f"We have received what you wrote: {case.reference}"
    assert case.reference in letter.body
    assert "You wrote my name" not in letter.body
    assert "We write the same to the e-mail address" in text(response)


def test_without_a_mail_server_no_letter_is_promised_and_it_waits(client, settings):
    settings.MAIL_IS_ON = False
    response = client.post("/complaints/", SENT | {"email": "ann@example.org"})
    assert response.status_code == 200
    assert Case.objects.get().reference in text(response)
    assert "We write the same" not in text(response)
    assert OutgoingMail.objects.get().sent_at is None


def test_form_sent_twice_opens_one_case_and_shows_the_same_reference(client):
    once = SENT | {"form_key": uuid.uuid4().hex, "email": "ann@example.org"}
    first, second = (client.post("/complaints/", once) for _ in range(2))
    reference = Case.objects.get().reference
    assert reference in text(first) and reference in text(second)
    assert OutgoingMail.objects.count() == 1


def test_form_gone_back_to_and_sent_with_other_words_opens_another_case(client):
    once = SENT | {"form_key": uuid.uuid4().hex}
    client.post("/complaints/", once)
    second = client.post("/complaints/", once | {"words": "And my address."})
    told = dict(Case.objects.values_list("words", "reference"))
    assert set(told) == {"You wrote my name.", "And my address."}
    assert told["And my address."] in text(second)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, {"kind": ["Choose what you want to do."], "words": ["Write what it is about, in a sentence at least."]}),
        ({"kind": "<script>", "words": "A"}, {"kind": ["Choose one of the answers that the page offers."]}),
        ({"kind": "complaint", "words": " \0 "}, {"words": ["Write what it is about, in a sentence at least."]}),
        (
            SENT | {"words": "a" * 100_000},
            {"words": ["That is 100000 characters long; 5000 fit here. Say it more shortly, or write to us."]},
        ),
        (SENT | {"email": "ann"}, {"email": ["That is no e-mail address. It looks like name@example.org."]}),
        (
            SENT | {"name": "a" * 201},
            {"name": ["That is 201 characters long; 200 fit here. Say it more shortly, or write to us."]},
        ),
    ],
)
def test_what_is_wrong_is_said_in_sentences_and_nothing_is_kept(client, sent, says):
    response = client.post("/complaints/", sent)
    assert (response.status_code, errors(response)) == (400, says)
    assert "<script>" not in text(response)
    assert not Case.objects.exists()


def test_hostile_letters_are_kept_as_they_are_but_for_nul(client):
    words = "\0<b onclick='x'>{{ 7*7 }} 🤫\r\n‮% DROP TABLE"
    response = client.post("/complaints/", SENT | {"words": words, "name": "\0Ann", "form_key": "\0" * 40})
    assert response.status_code == 200
    assert Case.objects.get().words == "<b onclick='x'>{{ 7*7 }} 🤫\n‮% DROP TABLE"
    assert CaseContact.objects.get().name == "Ann"


def test_script_is_slowed_by_address_and_the_next_address_is_not(client, monkeypatch):
    monkeypatch.setattr(views, "MAX_CASES_PER_ADDRESS", 2)
    answers = [client.post("/complaints/", SENT, REMOTE_ADDR="192.0.2.1") for _ in range(3)]
    assert [response.status_code for response in answers] == [200, 200, 429]
    assert "You wrote my name." in text(answers[2])
    assert "Too much was sent from your network" in text(answers[2])
    assert client.post("/complaints/", SENT, REMOTE_ADDR="192.0.2.2").status_code == 200
    assert Case.objects.count() == 3


def test_whole_room_behind_one_address_is_heard():
    assert views.MAX_CASES_PER_ADDRESS == 300


def test_form_prints_the_other_ways_and_the_commissioner(client):
    Controller.objects.create(email="privacy@example.org", telephone="0161 496 0000", post="1 Example Street\nBury")
    shown = text(client.get("/complaints/"))
    for line in ("privacy@example.org", "0161 496 0000", "1 Example Street<br>Bury", "0303 123 1113", "section 164A"):
        assert line in shown


def test_form_of_an_archive_without_facts_says_that_they_are_missing(client):
    assert "The publisher has not yet said by which other ways they can be reached." in text(client.get("/complaints/"))


@pytest.mark.parametrize("kind", ["story", "insight", "article"])
def test_something_here_is_about_me_leads_from_the_page_to_a_case_about_it(client, kind):
    thing = {"story": a_story, "insight": an_insight, "article": an_article}[kind]()
    ref = thing.ref if kind == "story" else thing.slug
    address = f"/complaints/{kind}/{ref}/"
    assert f'href="{address}"' in text(client.get(thing.get_absolute_url()))
    assert str(thing) in text(client.get(address))
    sent = {"kind": "objection", "words": "That is me.", "passage": "her son (6)"}
    assert client.post(address, sent).status_code == 200
    case = Case.objects.get()
    assert (case.subject, case.about_kind, case.about_ref, case.passage) == (thing, kind, ref, "her son (6)")


def test_complaint_about_oneself_may_not_ask_for_what_that_form_does_not_offer(client):
    story = a_story()
    response = client.post(f"/complaints/story/{story.ref}/", SENT)
    assert errors(response) == {"kind": ["Choose one of the answers that the page offers."]}


@pytest.mark.parametrize("address", ["/complaints/story/none/", "/complaints/vote/1/", "/complaints/story/hidden/"])
def test_form_about_what_is_not_public_is_not_found(client, address):
    a_story(ref="hidden", title="Secret", status=Status.DRAFT)
    response = client.get(address)
    assert response.status_code == 404
    assert "Secret" not in text(response)


def test_case_about_a_story_that_was_unpublished_meanwhile_is_kept_and_tells_nothing(client):
    story = a_story(ref="hidden", title="Secret", status=Status.UNPUBLISHED)
    sent = {"kind": "erasure", "words": "That is me."}
    answers = [client.post(f"/complaints/story/{ref}/", sent) for ref in ("hidden", "nosuch")]
    assert [response.status_code for response in answers] == [200, 200]
    assert "Secret" not in text(answers[0])
    assert [case.subject for case in Case.objects.order_by("pk")] == [story, None]
    wrong = client.post("/complaints/story/hidden/", {"kind": "erasure"})
    assert (wrong.status_code, "Secret" in text(wrong)) == (400, False)


@pytest.mark.parametrize("address", ["/complaints/vote/1/", f"/complaints/story/{'a' * 101}/"])
def test_case_about_no_kind_of_page_is_not_found(client, address):
    assert client.post(address, {"kind": "erasure", "words": "That is me."}).status_code == 404


def test_page_is_never_kept_by_a_cache(client):
    assert "no-store" in client.get("/complaints/")["Cache-Control"]


def test_link_stands_at_the_foot_of_every_page(client):
    assert 'href="/complaints/"' in text(client.get("/"))
    assert 'href="/complaints/"' in text(client.get("/join/"))
    assert "/complaints/" in text(client.get("/sitemap.xml"))


def test_case_received_is_due_within_the_law(client, monkeypatch):
    day = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: day)
    assert "2 March 2026" in text(client.post("/complaints/", SENT))
