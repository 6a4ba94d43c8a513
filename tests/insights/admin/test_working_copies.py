"""What editors write of a published insight: nothing of it shows before they publish it."""

import io
import re
import zipfile

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from innovation_archive.datasets import DATASETS, Audience
from insights.evidence import editing
from insights.models import Evidence, Insight, Publication
from insights.publications import publishing, working_copies
from tests.desk import filled, listed, messages, page
from tests.factories import a_practice, a_service_area, a_story, a_theme, a_user, an_article, an_insight
from tests.insights.admin.test_insights import address_of, press, said, sent, text
from workshops.choices import Status
from workshops.consent import withdrawal
from workshops.roles import ANALYST, EDITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR, username="edith"))
    return client


@pytest.fixture
def insight():
    """A published finding that quotes the van; everything that could show a change of it is there."""
    area = a_service_area("Hubs")
    van = a_story(ref="van", title="The van", published_text="We bought a van. It ran.", service_area=area)
    others = [a_story(ref=ref, title=f"The {ref}", service_area=area) for ref in ("hub", "lift")]
    finding = an_insight(
        supports=[van, *others], slug="vans", title="Vans help", none_found="We asked.", themes=[a_theme("Trust")],
        programme=van.workshop.phase.programme, status=Status.DRAFT,
    )  # fmt: skip
    editing.change_evidence(finding.evidence.get(story=van), "supports", "a van")
    editing.set_stories_aside(finding, [a_story(ref="aside")], "outlier")
    publishing.publish_insight(finding)
    an_article([finding], body="See {{insight:vans}}.")
    publishing.publish_insight(an_insight(kind="big idea", slug="idea", builds_on=[finding], status=Status.DRAFT))
    a_story(ref="new", title="The new one", published_text="A new voice.", service_area=area)
    a_practice(ref="p-1", stories=[van])
    a_theme("Pace")
    return finding


def what_the_public_gets(client):
    """Every page of the sitemap, every list and every file, as {address: bytes}."""
    client.logout()
    addresses = re.findall(r"<loc>https?://[^/]+(.*?)</loc>", client.get("/sitemap.xml").content.decode())
    lists = ["insights", "stories", "matrix", "votes", "articles", "places", "workshops", "commitments"]
    addresses += [f"/{name}/?format={form}" for name in lists for form in ("csv", "json")]
    public = [name for name, each in DATASETS.items() if Audience.PUBLIC in each.audiences]
    addresses += [f"/data/{name}.{form}" for name in public for form in ("csv", "json")]
    addresses += ["/insights/vans/evidence.csv", "/insights/vans/v1/", "/insights/vans/v1/?format=json"]
    addresses += ["/feeds/insights.atom", "/sitemap.xml", "/stories/?insight=vans"]
    got = {address: body_of(client.get(address)) for address in addresses}
    return got | unpacked(body_of(client.get("/data/archive.qdpx")))


def body_of(response):
    assert response.status_code == 200, response
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(rb'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', b"", body)  # another one at each visit


def unpacked(package):
    """The members of a ZIP archive, without the moment at which they were made."""
    with zipfile.ZipFile(io.BytesIO(package)) as members:
        return {name: re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?", b"", members.read(name)) for name in members.namelist()}


def test_saving_shows_nothing_to_the_public(client, as_editor, insight):
    what_the_public_gets(client)  # /data/ says how large a file is once somebody has taken it
    before = what_the_public_gets(client)
    client.force_login(a_user(EDITOR))
    pace = Insight.themes.rel.model.objects.get(slug="pace")
    fields = {
        "title": "Vans hinder",
        "slug": "vans-hinder",
        "summary": "Another.",
        "body": "Another.",
        "themes": [pace.pk],
    }
    client.post(address_of(insight), sent(client.get(address_of(insight)), **fields))
    press(client, insight, "attach contradicts story new", **{"found-story-new-passage": "A new voice."})
    press(client, insight, "attach supports practice p-1")
    press(client, insight, "take-out story-hub")
    press(client, insight, "up story-lift")
    press(
        client, insight, "save story-van", **{"piece-story-van-role": "qualifies", "piece-story-van-passage": "It ran."}
    )
    press(client, insight, "set-aside", pick=["hub"], reason="too old")
    press(client, insight, "put-back aside")
    press(client, insight, "ask-reading")
    for address, body in what_the_public_gets(client).items():
        assert body == before[address], address
    assert len(before) > 70

    publishing.publish_insight(insight)
    after = what_the_public_gets_at(client, "/insights/vans-hinder/")
    assert [words in after for words in ("Vans hinder", "A new voice.", "It ran.", "The hub")] == [
        True,
        True,
        True,
        True,
    ]
    assert list(insight.evidence.order_by("order").values_list("role", "story__ref", "practice__ref", "excerpt")) == [
        ("supports", "lift", None, ""),
        ("qualifies", "van", None, "It ran."),
        ("contradicts", "new", None, "A new voice."),
        ("supports", None, "p-1", ""),
    ]
    assert list(insight.set_aside.values_list("story__ref", "reason")) == [("hub", "too old")]


def what_the_public_gets_at(client, address):
    client.logout()
    return client.get(address).content.decode()


def test_looking_begins_no_working_copy(as_editor, insight):
    as_editor.get(address_of(insight))
    press(as_editor, insight, "search", **{"find-q": "van"})
    assert as_editor.get(page(Insight, "compare", insight.pk)).url == address_of(insight)
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight))))
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), title=""))
    assert said(press(as_editor, insight, "take-out story-nothing")) == [
        "This piece is not among the evidence any more: somebody took it out meanwhile."
    ]
    assert Insight.with_working_copies.count() == Insight.objects.count() == 2


def test_page_says_which_text_it_shows(as_editor, insight):
    assert "Readers have what stands here, as version 1" in text(as_editor.get(address_of(insight)))
    response = press(as_editor, insight, "take-out story-hub")
    assert "You are looking at the working copy." in text(response)
    shown = text(as_editor.get(address_of(insight)))
    assert "You are looking at the working copy." in shown
    assert "Last written by edith." in shown
    assert [form.piece.source.ref for form in response.context["adminform"].form.pieces] == ["van", "lift"]


def test_page_of_a_working_copy_has_no_address_of_its_own(as_editor, insight):
    copy = working_copies.row_to_write(insight)
    assert as_editor.get(page(Insight, "change", copy.pk)).status_code == 404
    assert as_editor.get(page(Insight, "history", copy.pk)).status_code == 404
    shown = text(as_editor.get(address_of(insight)))
    assert page(Insight, "history", insight.pk) in shown
    assert 'href="/insights/vans/"' in shown
    assert (
        sorted(listed(as_editor.get(page(Insight)))) == ["Insight 13", "Vans help"]
        or len(listed(as_editor.get(page(Insight)))) == 2
    )
    assert listed(as_editor.get(page(Insight), {"working_copy": "yes"})) == ["Vans help"]


def test_comparison_tells_text_and_evidence_apart(as_editor, insight):
    copy = working_copies.row_to_write(insight)
    copy.title, copy.next_slug = "Vans hinder", "vans-hinder"
    copy.save()
    editing.attach_evidence(copy, a_story(title="Against"), "contradicts")
    editing.remove_evidence(copy.evidence.get(story__ref="hub"))
    editing.change_evidence(copy.evidence.get(story__ref="van"), "qualifies", "It ran.")
    editing.move_evidence(copy.evidence.get(story__ref="lift"), 0)
    copy.set_aside.all().delete()
    response = as_editor.get(page(Insight, "compare", insight.pk))
    assert [(each.label, "".join(p.text for p in each.after)) for each in response.context["texts"]] == [
        ("the claim", "Vans hinder"),
        ("its address", "vans-hinder"),
    ]
    assert [(change.says, str(change.source)) for change in response.context["changes"]] == [
        ("Taken out", "The hub"),
        ("It qualifies this now; before, it supports it", "The van"),
        ("Quoted anew", "The van"),
        ("Added: it contradicts this", "Against"),
        ("Moved from place 2 to 1", "The lift"),
        ("Not set aside any more", str(insight.set_aside.get().story)),
    ]
    assert "<del>help</del>" in text(response)


def test_comparison_publishes_with_one_click(as_editor, insight):
    press(as_editor, insight, "take-out story-hub")
    response = as_editor.post(page(Insight, "compare", insight.pk), follow=True)
    assert messages(response) == ["“Vans help” was published as version 2."]
    assert (insight.evidence.count(), Insight.with_working_copies.count()) == (2, 2)


def test_discarding_asks_first(as_editor, insight):
    press(as_editor, insight, "take-out story-hub")
    address = page(Insight, "discard", insight.pk)
    assert "Yes, discard the working copy" in text(as_editor.get(address))
    assert Insight.with_working_copies.count() == 3
    assert messages(as_editor.post(address, follow=True)) == [
        "The working copy is discarded. Here is again what readers have."
    ]
    assert (insight.evidence.count(), Insight.with_working_copies.count()) == (3, 2)
    assert messages(as_editor.post(address, follow=True)) == [
        "There is no working copy any more: somebody published or discarded it meanwhile."
    ]


def test_version_is_made_the_working_copy(as_editor, insight):
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), title="Second", _publish="1"))
    address = f"{page(Insight, 'change', insight.pk).removesuffix('change/')}restore/1/"
    assert address in text(as_editor.get(address_of(insight)))
    assert address in text(as_editor.get(page(Publication)))
    first = insight.publications.first()
    assert address in text(as_editor.get(page(Publication, "change", first.pk)))
    assert "“Vans help”" in text(as_editor.get(address))
    assert messages(as_editor.post(address, follow=True)) == [
        "Here is version 1 again. Readers see nothing of it before you publish."
    ]
    insight.refresh_from_db()
    assert (insight.title, insight.as_written.title) == ("Second", "Vans help")
    assert as_editor.post(address.replace("/1/", "/9/")).status_code == 404


def test_what_a_page_opened_before_the_working_copy_sends_goes_into_it(as_editor, insight):
    form = sent(as_editor.get(address_of(insight)))
    press(as_editor, insight, "attach supports story new")
    as_editor.post(address_of(insight), form | {"body": "Mine", "piece-story-van-role": "qualifies"})
    copy = insight.as_written
    assert (copy.body, copy.evidence.get(story__ref="van").role, copy.evidence.count()) == ("Mine", "qualifies", 4)
    assert insight.evidence.get(story__ref="van").role == "supports"


def test_second_of_two_who_save_a_working_copy_is_told(as_editor, insight):
    form = sent(as_editor.get(address_of(insight)), title="Mine")
    press(as_editor, insight, "take-out story-hub")
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), title="Theirs"))
    response = as_editor.post(address_of(insight), form)
    assert "Somebody saved this insight after you had opened it." in text(response)
    assert insight.as_written.title == "Theirs"
    as_editor.post(address_of(insight), sent(response, title="Mine"))
    assert insight.as_written.title == "Mine"


def test_who_has_it_open_while_it_is_published_or_discarded_is_told(as_editor, insight):
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), title="Mine"))
    form = sent(as_editor.get(address_of(insight)), title="Mine too")
    working_copies.discard_working_copy(insight)
    response = as_editor.post(address_of(insight), form)
    assert "Somebody saved this insight after you had opened it." in text(response)
    assert Insight.with_working_copies.count() == 2


def test_address_waits_for_the_publication_and_belongs_to_one(as_editor, insight):
    an_insight(slug="taken")
    response = as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), slug="taken"))
    assert response.context["adminform"].form.errors == {"slug": ["Insight with this Slug already exists."]}
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), slug="vehicles"))
    response = as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), slug="taken"))
    assert response.context["adminform"].form.errors == {
        "slug": ["Another insight has this address. Choose another one."]
    }
    opened = as_editor.get(address_of(insight))
    assert filled(opened)["slug"] == "vehicles"
    insight.refresh_from_db()
    assert insight.slug == "vans"
    an_insight(slug="vehicles")
    response = as_editor.post(page(Insight, "compare", insight.pk), follow=True)
    assert messages(response) == [
        "“Vans help” was not published. The address “vehicles” has become that of another insight. Choose another one."
    ]


def test_taking_out_what_carries_the_gate_asks_first_and_can_be_undone(as_editor, insight):
    for ref in ("hub", "lift"):
        press(as_editor, insight, f"take-out story-{ref}")
    asked = press(as_editor, insight, "take-out story-van", **{"why-story-van": "Told  twice"})
    assert said(asked) == [
        "Without it, readers keep what they have, and this could not be published again:",
        "No published story from any workshop supports it. Add supporting evidence.",
    ]
    assert insight.as_written.evidence.count() == 1
    assert 'value="take-out story-van sure"' in text(asked)
    done = press(as_editor, insight, "take-out story-van sure", **{"why-story-van": "Told  twice"})
    assert said(done) == ["“The van” is taken out. Nothing else was changed."]
    assert insight.as_written.evidence.count() == 0
    assert LogEntry.objects.latest("pk").get_change_message() == "Took out van, because: Told twice"
    fields = {f"undo-{name}": value for name, value in done.context["said"]["undo"]["fields"].items()}
    assert said(press(as_editor, insight, "undo story-van", **fields)) == ["“The van” is as it was."]
    piece = insight.as_written.evidence.get()
    assert (piece.role, piece.excerpt, piece.excerpt_start) == ("supports", "a van", 10)


def test_undo_brings_a_piece_back_to_its_place(as_editor, insight):
    done = press(as_editor, insight, "take-out story-hub")
    fields = {f"undo-{name}": value for name, value in done.context["said"]["undo"]["fields"].items()}
    press(as_editor, insight, "undo story-hub", **fields)
    order = insight.as_written.evidence.order_by("order").values_list("story__ref", flat=True)
    assert list(order) == ["van", "hub", "lift"]


def test_changing_the_role_that_carries_the_gate_asks_first(as_editor, insight):
    for ref in ("hub", "lift"):
        press(as_editor, insight, f"take-out story-{ref}")
    fields = {"piece-story-van-role": "qualifies"}
    asked = press(as_editor, insight, "save story-van", **fields)
    assert said(asked)[1] == "No published story from any workshop supports it. Add supporting evidence."
    response = as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), **fields))
    assert response.context["adminform"].form.non_field_errors() == [
        "With this change it could not be published again. Save once more if you mean it.",
        "No published story from any workshop supports it. Add supporting evidence.",
    ]
    assert insight.as_written.evidence.get().role == "supports"
    as_editor.post(address_of(insight), sent(response, **fields))
    assert insight.as_written.evidence.get().role == "qualifies"


def test_taking_out_the_finding_that_carries_the_gate_asks_first(as_editor, insight):
    idea = Insight.objects.get(slug="idea")
    fields = sent(as_editor.get(address_of(idea))) | {"builds_on": []}
    response = as_editor.post(address_of(idea), fields)
    assert [*response.context["adminform"].form.non_field_errors()][:2] == [
        "With this change it could not be published again. Save once more if you mean it.",
        "No published story from any workshop supports it. Add supporting evidence.",
    ]
    assert list(idea.as_written.builds_on.all()) == [insight]
    as_editor.post(address_of(idea), sent(response) | {"builds_on": []})
    idea.refresh_from_db()
    assert list(idea.as_written.builds_on.all()) == []
    assert list(Insight.objects.get(slug="idea").builds_on.all()) == [insight]


def test_too_long_a_reason_is_refused(as_editor, insight):
    response = press(as_editor, insight, "take-out story-hub", **{"why-story-hub": "x" * 101})
    assert said(response) == ["The reason may have 100 characters; yours has 101. Shorten it."]
    assert Evidence.with_working_copies.count() == 3


def test_draft_is_changed_without_a_question(as_editor):
    draft = an_insight(supports=[a_story(ref="only")], status=Status.DRAFT, none_found="We asked.")
    press(as_editor, draft, "take-out story-only")
    assert draft.evidence.count() == 0


def test_history_tells_each_thing_once_with_its_reason(as_editor, insight):
    press(as_editor, insight, "attach contradicts story new", **{"found-story-new-passage": "A new voice."})
    press(as_editor, insight, "up story-lift")
    press(as_editor, insight, "take-out story-hub", **{"why-story-hub": "Told twice"})
    press(as_editor, insight, "save story-van", **{"piece-story-van-role": "qualifies", "piece-story-van-passage": ""})
    press(as_editor, insight, "set-aside", pick=["hub"], reason="too old")
    as_editor.post(address_of(insight), sent(as_editor.get(address_of(insight)), title="Vans help more"))
    as_editor.post(page(Insight, "compare", insight.pk))
    entries = as_editor.get(page(Insight, "history", insight.pk)).context["entries"]
    told = [
        (str(change.label), "".join(p.text for p in change.before), "".join(p.text for p in change.after))
        for entry in reversed(entries)
        if str(entry.user) == "edith"
        for change in entry.changes
    ]
    assert told == [
        ("evidence: The new one", "", "Contradicts"),
        ("quotation: The new one", "", "a passage is quoted"),
        ("place: The lift", "3", "2"),
        ("evidence: The hub, taken out because: Told twice", "Supports", ""),
        ("evidence: The van", "Supports", "Qualifies"),
        ("quotation: The van", "a passage is quoted", ""),
        ("set aside: The hub", "", "Too old to speak for the time in question"),
        ("title", "Vans help", "Vans help more"),
        ("published", "", "version 2"),
    ]


def test_history_names_a_withdrawn_story_by_its_ref(as_editor, insight):
    press(as_editor, insight, "take-out story-hub")
    withdrawal.withdraw_stories([insight.evidence.get(story__ref="hub").story])
    shown = text(as_editor.get(page(Insight, "history", insight.pk)))
    assert ("evidence: hub" in shown.lower(), "The hub" in shown) == (True, False)


def test_own_work_is_published_by_somebody_else(client, as_editor, insight, settings):
    settings.SECOND_READER = True
    response = as_editor.post(
        address_of(insight), sent(as_editor.get(address_of(insight)), title="Mine", _publish="1"), follow=True
    )
    assert messages(response) == [
        "“Vans help” was not published. You wrote this yourself. In this archive somebody else publishes what one person "
        "wrote: ask another editor for a second reading."
    ]
    client.force_login(a_user(EDITOR, username="eve"))
    response = client.post(address_of(insight), sent(client.get(address_of(insight)), _publish="1"), follow=True)
    assert messages(response) == ["“Mine” was published as version 2."]
    assert insight.publications.last().published_by.username == "eve"


def test_second_reading_is_asked_for_and_ended(as_editor, insight):
    press(as_editor, insight, "take-out story-hub")
    response = press(as_editor, insight, "ask-reading")
    assert "edith asks for a second reading since" in " ".join(text(response).split())
    assert insight.as_written.reading_asked_by.username == "edith"
    User.objects.filter(username="edith").update(first_name="Edith", last_name="Ames")
    assert "Edith Ames asks for a second reading since" in " ".join(text(as_editor.get(address_of(insight))).split())
    Insight.with_working_copies.update(reading_asked_by=None, written_by=None)
    assert "somebody asks for a second reading since" in " ".join(text(as_editor.get(address_of(insight))).split())
    assert "somebody asks, since" in " ".join(text(as_editor.get("/admin/")).split())
    press(as_editor, insight, "end-reading")
    assert insight.as_written.reading_asked_at is None


@pytest.mark.parametrize("name", ["compare", "discard", "unpublish", "look"])
def test_pages_of_an_insight_are_for_editors(client, insight, name):
    client.force_login(a_user(ANALYST))
    assert client.get(page(Insight, name, insight.pk)).status_code == 403
    assert client.post(page(Insight, name, insight.pk), {"confirmed": "1"}).status_code == 403
    assert client.post(page(Insight, "publish_again"), {"of": [insight.pk]}).status_code == 403
    insight.refresh_from_db()
    assert insight.status == "published"
