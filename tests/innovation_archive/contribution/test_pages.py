"""/my-contribution/: what a slip opens, what needs its word, and that nothing of it leaks."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from innovation_archive.contribution.corrections import a_month_after
from insights.models import Evidence, Insight, Publication, PublishedEvidence, SetAside
from insights.publications.publishing import publish_insight, verify_hash
from tests.factories import a_participant, a_practice, a_story, a_user, a_vote, a_workshop, an_insight
from workshops.choices import Consent, ConsentWay, CorrectionState, Status
from workshops.contribution import slip_codes
from workshops.contribution.erasure_requests import ask_to_erase, carry_out_due_requests
from workshops.contribution.slip_codes import issue_slip
from workshops.contribution.words import choose_word
from workshops.mail.subscriptions import subscribe
from workshops.models import (
    ConsentRecord,
    Correction,
    ErasureRequest,
    Forgotten,
    Identity,
    OriginalText,
    Participant,
    Slip,
    Story,
    UseSubscription,
    Vote,
)
from workshops.roles import EDITOR
from workshops.stories.review import accept_correction, decline_correction

pytestmark = pytest.mark.django_db

PAGE = "/my-contribution/"
WORD = "green door"


@pytest.fixture
def room():
    return a_workshop(title="Hubs in June")


@pytest.fixture
def person(room):
    person = a_participant(code="gm-ines", workshops=[room], role="Resident")
    Identity.objects.create(participant=person, name="xnamex", contact="xcontactx")
    a_story(
        ref="s-public", title="Ring them back", published_text="We rang them back the same day.", workshop=room,
        told_by=person, text="xtoldx we rang", consent=Consent.CREDITED, credit="Ines of Bury",
    )  # fmt: skip
    a_story(
        ref="s-draft", title="xdrafttitlex", published_text="xdraftx", workshop=room, told_by=person, text="xtolddraftx",
        status=Status.DRAFT, consent=Consent.TEAM,
    )  # fmt: skip
    return person


@pytest.fixture
def insight(person):
    """An insight that rests on the public story alone, and quotes it in two versions."""
    public = Story.objects.get(ref="s-public")
    insight = an_insight(slug="ring-back", title="Ringing back holds", none_found="We asked.", status=Status.DRAFT)
    Evidence.objects.create(insight=insight, role="supports", story=public, excerpt="rang them back")
    publish_insight(insight, on=datetime.date(2021, 1, 1))
    Insight.objects.filter(pk=insight.pk).update(summary="Shorter.")
    insight.refresh_from_db()
    publish_insight(insight, on=datetime.date(2021, 2, 2))
    return insight


@pytest.fixture
def code(person):
    return issue_slip(person)


@pytest.fixture
def holder(client, code):
    """A browser in which the code of the slip was typed."""
    assert client.post(PAGE, {"code": code}).url == PAGE
    return client


@pytest.fixture
def knower(holder, person):
    """One in which its word was typed, too; it was chosen the week before."""
    choose_word(person.slip, WORD)
    Slip.objects.update(word_chosen_at=timezone.now() - datetime.timedelta(days=7))
    assert holder.post(f"{PAGE}word/", {"word": "Green  Door"}).url == PAGE
    return holder


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def do(browser, act, what="", follow=True, **fields):
    """Ask for an act, say yes to what will follow, and read the receipt."""
    asked = {"act": act, "what": what, **fields}
    first = browser.post(f"{PAGE}change/", asked)
    assert first.status_code == 200, text(first)
    return browser.post(f"{PAGE}change/", asked | {"confirmed": "1"}, follow=follow)


def reference_on(receipt):
    return re.search(r'<dd class="slip-code">\s*(\S+)\s*</dd>', receipt.content.decode()).group(1)


PRIVATE = ["xnamex", "xcontactx", "xtoldx", "xtolddraftx", "xdraftx", "xdrafttitlex", "gm-ines"]


def shown(response):
    return [word for word in PRIVATE if word in response.content.decode()]


# Opening and closing


def test_page_asks_for_a_code_and_writes_nothing(client, code):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(PAGE)
    assert (response.status_code, "The code on your slip" in text(response)) == (200, True)
    assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []
    assert client.get(PAGE, {"code": code}).content.count(b"Ring them back") == 0


@pytest.mark.parametrize(
    "typed", ["7kfr-w2mn-8zqpd", "gm-ines", "s-public", "<script>alert(1)</script>", "\0", "🤫" * 10]
)
def test_wrong_code_is_told_and_opens_nothing(client, person, typed):
    response = client.post(PAGE, {"code": typed})
    assert response.status_code in (400, 404)
    assert "<script>alert" not in response.content.decode()
    assert "contribution" not in response.cookies
    assert client.get(PAGE).content.count(b"Ring them back") == 0


def test_empty_code_is_told_in_a_sentence_beside_the_field_and_above(client):
    response = client.post(PAGE, {"code": " "})
    assert (response.status_code, text(response).count("Type the code that is on your slip.")) == (400, 2)


def test_room_that_mistypes_still_opens_with_a_right_code(client, code, monkeypatch):
    monkeypatch.setattr(slip_codes, "WRONG_CODES_BEFORE_WAITING", 2)
    assert [client.post(PAGE, {"code": "wrong"}).status_code for _ in range(4)] == [404, 404, 429, 429]
    assert client.post(PAGE, {"code": code}).status_code == 302


def test_code_is_in_no_address_and_no_cookie_and_the_page_in_no_cache(holder, code):
    cookie = holder.cookies["contribution"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"], cookie["max-age"]) == (True, PAGE, "Strict", 1800)
    assert code not in cookie.value
    page = holder.get(PAGE)
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
    assert page["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert code not in page.content.decode()


def test_page_closes_when_its_holder_is_done(holder):
    done = holder.post(f"{PAGE}done/")
    assert "Your page is closed" in text(done)
    assert "Ring them back" not in text(holder.get(PAGE))


def test_page_closes_after_half_an_hour_of_nothing(holder, monkeypatch):
    later = timezone.now().timestamp() + 31 * 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    refused = holder.post(f"{PAGE}change/", {"act": "withdraw all", "confirmed": "1"})
    assert (refused.status_code, "Type your code to open it again." in text(refused)) == (403, True)
    assert Story.objects.filter(status=Status.WITHDRAWN).count() == 0


def test_page_closes_when_a_new_slip_is_printed(holder, person):
    issue_slip(person)
    assert "Ring them back" not in text(holder.get(PAGE))


@pytest.mark.parametrize("page", ["word", "change", "call-back", "correct", "copy"])
def test_no_page_does_anything_without_a_code(client, person, page):
    stranger = Client()
    assert stranger.post(f"{PAGE}{page}/", {"act": "withdraw all", "confirmed": "1"}).status_code == 403
    assert stranger.get(f"{PAGE}{page}/").status_code == 403
    assert not Story.objects.filter(status=Status.WITHDRAWN).exists()


@pytest.mark.parametrize("page", ["", "word/", "change/", "correct/", "copy/"])
def test_opening_a_page_of_ones_own_writes_nothing(holder, page):
    with CaptureQueriesContext(connection) as queries:
        assert holder.get(f"{PAGE}{page}").status_code in (200, 302)
    assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []


def test_forged_cookie_opens_nothing(client, person, code):
    slip = Slip.objects.get()
    client.cookies["contribution"] = f"{slip.pk}|{slip.fingerprint}|"
    assert "Ring them back" not in text(client.get(PAGE))


# What is shown


def test_slip_alone_shows_what_is_public_and_where_it_is_used(holder, person, insight, room):
    public = Story.objects.get(ref="s-public")
    other = an_insight(title="Hubs need rooms", supports=[a_story()])
    SetAside.objects.create(insight=other, story=public, reason="outlier")
    a_practice(stories=[public], statement="Ring back the same day")
    a_vote(participant=person, practice=a_practice(statement="xvotex"), workshop=room)
    page = holder.get(PAGE)
    said = text(page)
    assert "You told 2 stories; 1 can be read by everybody. You cast 1 vote." in said
    assert "Hubs in June" in said
    assert "We rang them back the same day." in said
    assert "It is published: everybody can read it." in said
    assert "Quoted there now." in said
    assert "Quoted in version 1 of 1 January 2021" in said
    assert "Quoted in version 2 of 2 February 2021" in said
    assert "Considered for “Hubs need rooms” and left out." in said
    assert "Ring back the same day" in said
    assert "Story 2, which is not public" in said
    assert "It is not published. Those who ran the workshop are still working on it." in said
    assert shown(page) == []
    assert "xvotex" not in said


def test_word_shows_the_rest_and_only_the_right_one(holder, person, room):
    a_vote(participant=person, practice=a_practice(statement="xvotex"), workshop=room)
    choose_word(person.slip, WORD)
    wrong = holder.post(f"{PAGE}word/", {"word": "red door"})
    assert (wrong.status_code, shown(wrong)) == (400, [])
    assert "red door" not in wrong.content.decode()
    holder.post(f"{PAGE}word/", {"word": WORD})
    page = holder.get(PAGE)
    assert shown(page) == PRIVATE
    assert "Keep : xvotex" in text(page)
    assert "Hubs in June Keep : xvotex" in text(page)
    assert "You typed the word of your slip" in text(page)


def test_word_is_chosen_on_the_first_visit(holder, person):
    assert "Choose a word for your slip" in text(holder.get(PAGE))
    assert "at least 6 letters" in text(holder.post(f"{PAGE}word/", {"word": "abc"}))
    holder.post(f"{PAGE}word/", {"word": WORD})
    assert shown(holder.get(PAGE)) == PRIVATE
    assert Slip.objects.get().word != ""


def test_words_that_were_published_as_told_are_not_shown_twice(knower, person, room):
    a_story(title="Twice", published_text="We met at eight.", text="We met at eight.", workshop=room, told_by=person)
    page = text(knower.get(PAGE))
    assert page.count("We met at eight.") == 1
    assert page.count("The same as the wording for readers, word for word.") == 1


def test_agreement_is_shown_in_the_wording_that_was_read(knower, person):
    ConsentRecord.objects.all().delete()
    given = {"participant": person, "level": Consent.FACILITATORS}
    ConsentRecord.objects.create(**given, wording=1, way=ConsentWay.SPOKEN, given_on=datetime.date(2020, 5, 6))
    said = text(knower.get(PAGE)).partition("What you agreed to")[2]
    assert (
        "All you told: Facilitators only: it stays with those who ran this workshop Given on 6 May 2020. "
        "How: Said to somebody. Noted here on"
    ) in said
    ConsentRecord.objects.update(wording=None, way=ConsentWay.UNKNOWN, given_on=None)
    said = text(knower.get(PAGE)).partition("What you agreed to")[2]
    assert (
        "technically read it How you gave it is not recorded. "
        "Which wording you read is not recorded; this is today’s. Noted here on"
    ) in said


def test_nothing_of_anybody_else_is_shown_or_can_be_touched(knower, room):
    neighbour = a_participant(workshops=[room])
    theirs = a_story(ref="s-theirs", title="xtheirsx", workshop=room, told_by=neighbour, text="xtheirwordsx")
    assert "xtheirs" not in knower.get(PAGE).content.decode()
    for act in ("withdraw", "lower"):
        asked = {"act": act, "what": "s-theirs", "level": 0, "confirmed": "1"}
        assert knower.post(f"{PAGE}change/", asked).status_code == 404
    assert knower.post(f"{PAGE}correct/", {"what": "s-theirs", "why": "No"}).status_code == 404
    Evidence.objects.create(insight=an_insight(slug="theirs"), story=theirs, excerpt="Wording")
    asked = {"act": "lower quotation", "what": "s-theirs", "insight": "theirs", "confirmed": "1"}
    assert knower.post(f"{PAGE}change/", asked).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.status, theirs.consent, Correction.objects.count()) == (Status.PUBLISHED, Consent.PUBLIC, 0)


def test_hostile_words_are_shown_as_words(knower, person, room):
    a_story(title="<b>bold</b>", published_text="<script>alert(1)</script>", text="</blockquote>{{ x }}", workshop=room,
            told_by=person)  # fmt: skip
    for page in (knower.get(PAGE), knower.post(f"{PAGE}copy/", {"format": "html"})):
        body = page.content.decode()
        assert "<script>alert(1)" not in body
        assert "&lt;script&gt;alert(1)" in body
        assert "&lt;/blockquote&gt;{{ x }}" in body


# Acts


def test_act_says_first_what_will_follow_and_does_nothing(holder, insight):
    asked = holder.post(f"{PAGE}change/", {"act": "withdraw", "what": "s-public"})
    said = text(asked)
    assert "The insight “Ringing back holds” loses 1 quotation of yours, in its older versions too." in said
    assert "The insight “Ringing back holds” is unpublished with it" in said
    assert "Nothing has happened yet." in said
    insight.refresh_from_db()
    assert (insight.status, Story.objects.get(ref="s-public").status) == (Status.PUBLISHED, Status.PUBLISHED)


def test_holder_takes_one_story_back_and_gets_a_receipt(holder, insight):
    receipt = do(holder, "withdraw", "s-public")
    assert "1 story was taken back, and its words deleted." in text(receipt)
    assert Forgotten.objects.filter(reference=reference_on(receipt)).exists()
    assert dict(Story.objects.values_list("ref", "status")) == {"s-public": "withdrawn", "s-draft": "draft"}
    assert Client().get("/stories/s-public/").status_code == 410
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED
    assert "Ring them back" not in text(holder.get(PAGE))


def test_holder_takes_all_stories_back(holder):
    assert "2 stories were taken back" in text(do(holder, "withdraw all"))
    assert set(Story.objects.values_list("status", flat=True)) == {Status.WITHDRAWN}
    assert "No story of yours is in this archive." in text(holder.get(PAGE))


@pytest.mark.parametrize(("level", "status"), [(0, "unpublished"), (1, "unpublished"), (2, "published")])
def test_holder_lowers_one_story_for_good(holder, level, status):
    receipt = do(holder, "lower", "s-public", level=level)
    story = Story.objects.get(ref="s-public")
    assert (story.status, story.consent, story.consent_ceiling) == (status, level, level)
    assert "One story is shown to fewer people" in text(receipt)
    record = ConsentRecord.objects.filter(story=story).last()
    assert (record.level, record.way, record.given_on) == (level, ConsentWay.SLIP, timezone.localdate())
    assert Story.objects.get(ref="s-draft").consent == Consent.TEAM


@pytest.mark.parametrize("level", ["", "3", "4", "x"])
def test_story_is_never_raised_by_its_slip(holder, level):
    asked = {"act": "lower", "what": "s-public", "level": level, "confirmed": "1"}
    assert holder.post(f"{PAGE}change/", asked).status_code in (400, 404)
    assert Story.objects.get(ref="s-public").consent == Consent.CREDITED


def test_holder_takes_one_quotation_back_in_every_version(holder, insight):
    piece = Evidence.objects.get(insight=insight)
    elsewhere = an_insight()
    kept = Evidence.objects.create(insight=elsewhere, story=piece.story, excerpt="the same day")
    receipt = do(holder, "lower quotation", "s-public", insight="ring-back")
    assert "An insight no longer quotes one of your stories" in text(receipt)
    assert set(Evidence.objects.filter(insight=insight).values_list("excerpt", flat=True)) == {""}
    assert set(PublishedEvidence.objects.values_list("excerpt", "salt")) == {("", "")}
    assert all(verify_hash(version) for version in Publication.objects.all())
    kept.refresh_from_db()
    insight.refresh_from_db()
    assert (kept.excerpt, insight.status, piece.story.status) == ("the same day", Status.PUBLISHED, Status.PUBLISHED)
    assert "rang them back" not in Client().get("/insights/ring-back/v1/").content.decode()


def test_holder_with_a_settled_word_erases_everything_at_once(knower, person, room):
    a_vote(participant=person, practice=a_practice(), workshop=room)
    receipt = do(knower, "erase")
    assert "Everything you gave was erased" in text(receipt)
    assert Forgotten.objects.filter(reference=reference_on(receipt), kind="erasure").count() == 1
    assert (Participant.objects.count(), Slip.objects.count(), Identity.objects.count()) == (0, 0, 0)
    assert (Vote.objects.count(), OriginalText.objects.count()) == (0, 0)
    assert "Type its code" in text(knower.get(PAGE))
    assert "Everything you gave was erased" in text(knower.get(f"{PAGE}receipt/"))


def test_word_that_was_not_typed_keeps_a_finder_from_erasing(holder, person):
    choose_word(person.slip, WORD)
    refused = holder.post(f"{PAGE}change/", {"act": "erase", "confirmed": "1"})
    assert (refused.status_code, "Type the word of your slip first" in text(refused)) == (403, True)
    assert (Participant.objects.count(), ErasureRequest.objects.count()) == (1, 0)


def test_who_only_voted_is_told_of_no_stories(client, room):
    client.post(PAGE, {"code": issue_slip(a_participant(workshops=[room]))})
    assert "You told" not in text(client.get(PAGE))
    first = text(client.post(f"{PAGE}change/", {"act": "erase"}))
    assert "Your votes are deleted." in first
    assert "story" not in first
    assert "copied" not in first


@pytest.mark.parametrize("chooses", [False, True])
def test_without_a_settled_word_everything_is_hidden_and_can_be_called_back(holder, insight, chooses):
    if chooses:
        holder.post(f"{PAGE}word/", {"word": WORD})
    first = text(holder.post(f"{PAGE}change/", {"act": "erase"}))
    assert ("The word of this slip is less than a day old." in first) is chooses
    assert ("protects you from somebody who only found your slip." in first) is not chooses
    receipt = do(holder, "erase")
    assert "It is hidden from now on, and will be erased in a day." in text(receipt)
    request = ErasureRequest.objects.get()
    assert reference_on(receipt) == request.reference
    assert Client().get("/stories/s-public/").status_code == 404
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED
    page = holder.get(PAGE)
    assert "Everything of yours is hidden" in text(page)
    assert shown(page) == []
    assert holder.post(f"{PAGE}change/", {"act": "withdraw all", "confirmed": "1"}).status_code == 409

    back = holder.post(f"{PAGE}call-back/", follow=True)
    assert "You called the erasure back." in text(back)
    assert Client().get("/stories/s-public/").status_code == 200
    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED
    assert set(Evidence.objects.values_list("excerpt", flat=True)) == {"rang them back"}


def test_calling_back_leaves_an_insight_that_editors_took_down(holder, insight, person):
    do(holder, "erase")
    other = an_insight(supports=[a_story()], status=Status.UNPUBLISHED)
    holder.post(f"{PAGE}call-back/")
    other.refresh_from_db()
    assert other.status == Status.UNPUBLISHED


def test_calling_back_too_late_shows_the_form_for_the_code(holder, person):
    ask_to_erase(person)
    now = timezone.now()
    ErasureRequest.objects.update(asked_at=now - datetime.timedelta(days=2), due_at=now - datetime.timedelta(days=1))
    assert carry_out_due_requests() == 1
    assert "Type your code" in text(holder.post(f"{PAGE}call-back/"))


# “This is not what I meant”


def test_correction_comes_to_the_editors_with_its_clock_and_is_answered_on_the_page(holder):
    form = holder.post(f"{PAGE}correct/", {"what": "s-public"})
    assert "We rang them back the same day." in text(form)
    sent = {"what": "s-public", "why": "It was the next day.", "wording": "We rang them back the next day."}
    receipt = holder.post(f"{PAGE}correct/", sent, follow=True)
    assert "An editor reads it and answers within a month." in text(receipt)
    correction = Correction.objects.get()
    assert reference_on(receipt) == f"correction-{correction.pk}"
    assert (correction.is_from_teller, correction.suggested_by, correction.state) == (True, None, CorrectionState.OPEN)
    assert correction.answer_by == a_month_after(timezone.localdate())
    editor = a_user(EDITOR)
    assert list(Correction.objects.visible_to(editor).open()) == [correction]
    accept_correction(correction, editor, "Thank you, it says so now.")
    assert Story.objects.get(ref="s-public").published_text == "We rang them back the next day."
    assert "Taken. Thank you, it says so now." in text(holder.get(PAGE))


def test_correction_may_leave_the_wording_to_the_editor(holder):
    sent = {"what": "s-public", "why": "Too grand.", "wording": "We rang them back the same day.\r\n"}
    holder.post(f"{PAGE}correct/", sent)
    correction = Correction.objects.get()
    assert correction.published_text == ""
    accept_correction(correction, a_user(EDITOR), "I made it plainer.")
    assert Story.objects.get(ref="s-public").published_text == "We rang them back the same day."


def test_declined_correction_says_why_on_the_page(holder):
    holder.post(f"{PAGE}correct/", {"what": "s-public", "why": "Too grand.", "wording": ""})
    decline_correction(Correction.objects.get(), a_user(EDITOR), "It is what the notes say.")
    assert "Declined. It is what the notes say." in text(holder.get(PAGE))


def test_correction_needs_a_sentence_and_keeps_what_was_typed(holder):
    refused = holder.post(f"{PAGE}correct/", {"what": "s-public", "why": " ", "wording": "As I <meant> it."})
    assert refused.status_code == 400
    assert "Say in a sentence what is wrong" in text(refused)
    assert "As I &lt;meant&gt; it." in refused.content.decode()
    assert not Correction.objects.exists()


def test_correction_sent_twice_is_there_once(holder):
    sent = {"what": "s-public", "why": "Too grand.", "wording": ""}
    for _ in range(2):
        holder.post(f"{PAGE}correct/", sent)
    assert Correction.objects.count() == 1


def test_story_that_is_not_public_has_nothing_to_correct(holder):
    assert holder.post(f"{PAGE}correct/", {"what": "s-draft", "why": "No"}).status_code == 404


def test_month_ends_on_the_same_day_or_the_last():
    assert a_month_after(datetime.date(2026, 11, 25)) == datetime.date(2026, 12, 25)
    assert a_month_after(datetime.date(2026, 12, 31)) == datetime.date(2027, 1, 31)
    assert a_month_after(datetime.date(2027, 1, 31)) == datetime.date(2027, 2, 28)


# Copies


def test_copy_without_the_word_holds_what_is_public(holder, insight):
    page = holder.post(f"{PAGE}copy/", {"format": "html"})
    assert ("We rang them back the same day." in text(page), shown(page)) == (True, [])
    file = holder.post(f"{PAGE}copy/", {"format": "json"})
    assert shown(file) == []
    copied = json.loads(file.content)
    assert [story["ref"] for story in copied["stories"]] == ["s-public"]
    assert (copied["is_complete"], copied["stories_not_public"], copied["votes_cast"]) == (False, 1, 0)


def test_copy_with_the_word_holds_all(knower, insight, person, room):
    a_vote(participant=person, practice=a_practice(statement="Vans"), workshop=room)
    file = knower.post(f"{PAGE}copy/", {"format": "json"})
    assert file["Content-Disposition"] == 'attachment; filename="my-contribution.json"'
    assert "no-store" in file["Cache-Control"]
    copied = json.loads(file.content)
    stories = {story["ref"]: story for story in copied["stories"]}
    assert stories["s-public"]["words_as_told"] == "xtoldx we rang"
    assert stories["s-draft"]["words_as_told"] == "xtolddraftx"
    assert stories["s-public"]["used_in"] == [
        {
            "insight": "Ringing back holds",
            "address": "/insights/ring-back/",
            "role": "supports",
            "quotations": [{"words": "rang them back", "is_quoted_now": True, "versions": [1, 2]}],
        }
    ]
    assert (copied["person"]["name"], copied["person"]["role"]) == ("xnamex", "Resident")
    assert copied["votes"] == [{"practice": "Vans", "choice": "keep", "workshop": "Hubs in June"}]
    assert [record["of"] for record in copied["consent_records"]].count("s-public") == 1
    page = knower.post(f"{PAGE}copy/", {"format": "html"})
    assert shown(page) == PRIVATE


def test_copy_in_no_known_format_is_refused(knower):
    assert knower.post(f"{PAGE}copy/", {"format": "pdf"}).status_code == 400


# “Tell me when it is used”


@pytest.fixture
def mail_is_on(settings):
    settings.MAIL_IS_ON = True
    settings.SITE_URL = "https://archive.example.org"


def test_holder_leaves_an_address_that_is_asked_to_confirm(holder, person, mail_is_on):
    assert "Tell me when it is used" in text(holder.get(PAGE))
    said = holder.post(f"{PAGE}tell-me/", {"address": "ines@example.org"})
    assert "A mail is on its way to ines@example.org." in text(said)
    assert list(UseSubscription.objects.values_list("participant", "address", "confirmed_at")) == [
        (person.pk, "ines@example.org", None)
    ]
    assert "ines@example.org" not in holder.get(PAGE).content.decode()


@pytest.mark.parametrize("address", ["", "ines", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_refused_in_a_sentence(holder, mail_is_on, address):
    refused = holder.post(f"{PAGE}tell-me/", {"address": address})
    assert (refused.status_code, UseSubscription.objects.count()) == (400, 0)
    assert "address" in text(refused)


def test_without_a_mail_server_no_address_is_asked_for_or_kept(holder):
    assert "Tell me when it is used" not in text(holder.get(PAGE))
    assert holder.post(f"{PAGE}tell-me/", {"address": "ines@example.org"}).status_code == 409
    assert not UseSubscription.objects.exists()


def test_page_says_that_an_address_is_held_and_shows_it_to_who_knows_the_word(holder, person, mail_is_on):
    assert "No more mails" not in text(holder.get(PAGE))
    subscribe(person, "ines@example.org")
    assert "An address was left here and is not confirmed yet" in text(holder.get(PAGE))
    UseSubscription.objects.update(confirmed_at=timezone.now())
    assert "We write to the address that was left here" in text(holder.get(PAGE))
    assert b"ines@example.org" not in holder.get(PAGE).content
    holder.post(f"{PAGE}word/", {"word": WORD})
    assert "The address is ines@example.org." in text(holder.get(PAGE))
    copied = json.loads(holder.post(f"{PAGE}copy/", {"format": "json"}).content)
    assert copied["person"]["address_for_mails_of_uses"] == "ines@example.org"


def test_confirmed_address_given_again_is_not_asked_to_confirm(holder, person, mail_is_on):
    subscribe(person, "ines@example.org")
    UseSubscription.objects.update(confirmed_at=timezone.now())
    said = text(holder.post(f"{PAGE}tell-me/", {"address": "ines@example.org"}))
    assert "You have confirmed ines@example.org before. We write there until" in said
    assert "A mail is on its way" not in said


def test_holder_ends_the_mails_and_gets_a_receipt(holder, person, mail_is_on, settings):
    subscribe(person, "ines@example.org")
    settings.MAIL_IS_ON = False  # it can be ended at any time
    receipt = holder.post(f"{PAGE}tell-me/", {"end": "1"}, follow=True)
    assert "You get no more mails about uses of what you told" in text(receipt)
    assert reference_on(receipt) == Forgotten.objects.get().reference
    assert not UseSubscription.objects.exists()
    assert holder.post(f"{PAGE}tell-me/", {"end": "1"}).url == PAGE
