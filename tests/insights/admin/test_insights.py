"""The page on which an editor writes an insight beside its evidence, as a browser without JavaScript works it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insights.choices import Role
from insights.evidence import editing
from insights.models import Evidence, Insight, SetAside
from insights.publications import publishing
from tests.desk import filled, listed, messages, page
from tests.factories import (
    a_participant,
    a_place,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_workshop,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.roles import ANALYST, EDITOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_editor(client):
    client.force_login(a_user(EDITOR))
    return client


def a_draft(**fields):
    return an_insight(**{"status": Status.DRAFT} | fields)


def address_of(insight):
    return page(Insight, "change", insight.pk)


def sent(response, **changes):
    """What a browser would post of the bench page: the text, and what each piece shows."""
    fields = filled(response)
    for form in response.context["adminform"].form.pieces:
        for name, field in form.fields.items():
            value = form[name].value()
            fields[form.add_prefix(name)] = "" if value is None else value
            if field.show_hidden_initial:
                fields[form.add_initial_prefix(name)] = form.initial[name]
    return fields | changes


def press(client, insight, button, **changes):
    address = address_of(insight)
    return client.post(address, sent(client.get(address), _bench=button, **changes))


def said(response):
    return response.context["said"]["sentences"] if response.context["said"] else []


def text(response):
    return response.content.decode()


def found(response):
    return [str(row["thing"]) for row in response.context["found"]]


def roles_of(insight):
    return list(insight.evidence.order_by("order").values_list("role", "story__ref", "excerpt"))


def test_new_insight_is_saved_and_opens_at_its_bench(as_editor):
    fields = {"title": "Vans help", "slug": "vans-help", "programme": a_programme().pk, "actions": "Buy\r\nShare"}
    response = as_editor.post(page(Insight, "add"), filled(as_editor.get(page(Insight, "add")), **fields))
    insight = Insight.objects.get()
    assert response.url == address_of(insight)
    assert (insight.title, insight.status, insight.actions) == ("Vans help", "draft", ["Buy", "Share"])


@pytest.mark.parametrize("role", ["supports", "qualifies", "contradicts"])
def test_attach_with_a_role_and_a_passage(as_editor, role):
    insight = a_draft(supports=[a_story(ref="first")])
    a_story(ref="second", title="The van", published_text="We bought a van. It ran.")
    fields = {"found-story-second-passage": "It  ran.", "found-story-first-passage": "Of another row"}
    response = press(as_editor, insight, f"attach {role} story second", **fields)
    assert said(response) == [f"“The van” is among the evidence. It {role} the insight."]
    assert roles_of(insight) == [("supports", "first", ""), (role, "second", "It ran.")]
    assert Evidence.objects.get(story__ref="second").excerpt_start == 17


def test_attach_a_practice(as_editor):
    insight, practice = a_draft(), a_practice(statement="Ring twice.", status=Status.DRAFT)
    press(as_editor, insight, f"attach supports practice {practice.ref}")
    assert insight.evidence.get().practice == practice


def test_what_is_typed_in_the_text_comes_back_unsaved(as_editor):
    insight, story = a_draft(title="Stored", body="Stored"), a_story()
    response = press(as_editor, insight, f"attach supports story {story.ref}", title="", body="Typed <b>\r\nhere")
    assert response.context["adminform"].form["title"].value() == ""
    assert "Typed &lt;b&gt;\r\nhere" in text(response)
    assert not response.context["errors"]
    insight.refresh_from_db()
    assert (insight.title, insight.body, insight.evidence.count()) == ("Stored", "Stored", 1)


def test_refused_passage_stays_typed_and_nothing_is_attached(as_editor):
    insight = a_draft()
    a_story(ref="van", title="The van", published_text="We bought a van.", text="Mrs Khan bought a van.")
    response = press(as_editor, insight, "attach supports story van", **{"found-story-van-passage": "Mrs Khan"})
    assert said(response) == [
        "The published wording of “The van” does not say this. Copy the passage letter by letter."
    ]
    assert response.context["found"][0]["form"]["passage"].value() == "Mrs Khan"
    assert not insight.evidence.exists()


def test_attaching_what_somebody_else_just_attached_says_so(as_editor):
    insight, story = a_draft(), a_story(title="The van")
    address = address_of(insight)
    form = sent(as_editor.get(address))
    editing.attach_evidence(insight, story, "contradicts")
    response = as_editor.post(address, form | {"_bench": f"attach supports story {story.ref}"})
    assert said(response) == ["“The van” is among the evidence already."]
    assert roles_of(insight) == [("contradicts", story.ref, "")]


def hidden_stories(editor):
    """Stories that are not for evidence, one of them of a workshop that this editor facilitated."""
    own = a_workshop(facilitators=[editor])
    told = [
        a_story(title="Facilitators", status=Status.DRAFT, consent=Consent.FACILITATORS),
        a_story(title="My own room", status=Status.DRAFT, consent=Consent.FACILITATORS, workshop=own),
        a_story(title="Withdrawn"),
    ]
    withdrawal.withdraw_stories([told[2]])
    return told


def test_story_that_is_not_for_editors_is_neither_found_nor_attached(client):
    editor = a_user(EDITOR)
    client.force_login(editor)
    insight, hidden = a_draft(), hidden_stories(editor)
    a_story(title="Team", status=Status.IN_REVIEW, consent=Consent.TEAM, told_by=a_participant())
    response = client.get(address_of(insight))
    assert found(response) == ["Team"]
    assert '<span class="mark">In review</span>' in text(response)
    for story in hidden:
        assert said(press(client, insight, f"attach supports story {story.ref}")) == [
            "This story is not here to attach any more."
        ]
        assert said(press(client, insight, "set-aside", pick=[story.ref], reason="outlier")) == [
            "Tick the stories to set aside."
        ]
    assert (Evidence.objects.count(), SetAside.objects.count()) == (0, 0)


def test_evidence_that_is_not_for_editors_any_more_is_not_shown_and_stays(client):
    editor = a_user(EDITOR)
    client.force_login(editor)
    told = [a_story(title="Kept"), *hidden_stories(editor)]
    insight = a_draft(supports=told)
    SetAside.objects.create(insight=a_draft(), story=told[3], reason="outlier")
    gone = SetAside.objects.create(insight=insight, story=told[3], reason="outlier")
    shown = text(client.get(address_of(insight)))
    assert [title in shown for title in ("Kept", "Facilitators only", "My own room", "Withdrawn")] == [
        True,
        False,
        False,
        False,
    ]
    client.post(address_of(insight), sent(client.get(address_of(insight)), title="Changed"))
    for piece in insight.evidence.exclude(story=told[0]):
        assert said(press(client, insight, f"take-out {piece.source_key}")) == [
            "This piece is not among the evidence any more: somebody took it out meanwhile."
        ]
    assert (insight.evidence.count(), SetAside.objects.filter(pk=gone.pk).count()) == (4, 1)


def test_search_narrows_as_the_public_list_does_and_keeps_its_words(as_editor):
    area, theme, place = a_service_area("Housing"), a_theme("Trust"), a_place("Bolton")
    insight = a_draft()
    story = {"service_area": area, "themes": [theme], "place": place}
    a_story(title="The van in Bolton", **story)
    a_story(title="The van elsewhere")
    a_story(title="The hub in Bolton", **story)
    fields = {"find-q": "van", "find-service_area": "housing", "find-theme": "trust", "find-place": place.code}
    response = press(as_editor, insight, "search", **fields)
    assert found(response) == ["The van in Bolton"]
    assert response.context["finder"]["q"].value() == "van"
    assert found(as_editor.get(address_of(insight), fields)) == ["The van in Bolton"]


def test_search_by_status_and_for_what_does_not_exist(as_editor):
    insight = a_draft()
    a_story(title="Out")
    a_story(title="Waiting", status=Status.IN_REVIEW)
    assert found(press(as_editor, insight, "search", **{"find-status": "in review"})) == ["Waiting"]
    response = press(as_editor, insight, "search", **{"find-theme": "nonsense"})
    assert found(response) == []
    assert "There is no theme “nonsense”. So nothing is shown." in text(response)


def test_search_among_practices(as_editor):
    area = a_service_area("Housing")
    told = a_story(service_area=area, workshop=a_workshop(slug="here"))
    a_practice(statement="Ring twice", service_areas=[area], stories=[told])
    a_practice(statement="Ring once", status=Status.DRAFT)
    a_practice(statement="Write")
    insight = a_draft()

    def search(**fields):
        return found(press(as_editor, insight, "search", **{f"find-{name}": value for name, value in fields.items()}))

    assert search(what="practices", q="ring") == ["Ring once", "Ring twice"]
    assert search(what="practices", q="ring", service_area="housing") == ["Ring twice"]
    assert search(what="practices", workshop="here") == ["Ring twice"]
    assert search(what="practices", status="draft") == ["Ring once"]
    assert search(what="practices", programme=told.workshop.phase.programme.slug) == ["Ring twice"]
    assert search(what="practices", programme=a_programme(slug="another").slug) == []


def test_search_goes_from_page_to_page(as_editor):
    insight = a_draft()
    for number in range(12):
        a_story(title=f"Story {number:02}")
    first = press(as_editor, insight, "search", **{"find-sort": "title"})
    second = press(as_editor, insight, "search 2", **{"find-sort": "title"})
    assert (found(first)[0], len(found(first)), first.context["next_page"]) == ("Story 00", 10, 2)
    assert (found(second), second.context["next_page"]) == (["Story 10", "Story 11"], None)


def test_reach_leads_to_what_is_missing(as_editor):
    area = a_service_area("Housing")
    programme = a_programme()
    a_workshop(programme=programme, service_areas=[area])
    insight = a_draft(programme=programme)
    a_story(title="Of housing", service_area=area)
    a_story(title="Of nothing")
    assert 'value="find service_area housing"' in text(as_editor.get(address_of(insight)))
    response = press(as_editor, insight, "find service_area housing", **{"find-q": "nothing"})
    assert found(response) == ["Of housing"]


def test_piece_is_saved_by_its_button(as_editor):
    insight = a_draft(supports=[a_story(ref="van", title="The van", published_text="We bought a van.")])
    piece = insight.evidence.get()
    fields = {f"piece-{piece.source_key}-role": "qualifies", f"piece-{piece.source_key}-passage": "a van"}
    response = press(as_editor, insight, f"save {piece.source_key}", **fields)
    assert said(response) == ["“The van” is saved."]
    assert roles_of(insight) == [("qualifies", "van", "a van")]
    assert Evidence.objects.get().excerpt_start == 10


def test_save_of_the_page_saves_its_pieces(as_editor):
    insight = a_draft(supports=[a_story(ref="van", published_text="We bought a van.")], title="Old")
    piece = insight.evidence.get()
    address = address_of(insight)
    fields = {
        "title": "New",
        f"piece-{piece.source_key}-role": "contradicts",
        f"piece-{piece.source_key}-passage": "bought",
    }
    as_editor.post(address, sent(as_editor.get(address), **fields))
    insight.refresh_from_db()
    assert (insight.title, roles_of(insight)) == ("New", [("contradicts", "van", "bought")])
    changes = LogEntry.objects.get().get_change_message()
    assert changes.splitlines() == ["Changed Title. Changed role and passage for evidence “Contradicts: van”."]


def test_save_with_a_passage_that_is_not_there_saves_nothing(as_editor):
    insight = a_draft(supports=[a_story(title="The van", published_text="We bought a van.")], title="Old")
    piece = insight.evidence.get()
    address = address_of(insight)
    fields = {"title": "New", f"piece-{piece.source_key}-passage": "a bus"}
    response = as_editor.post(address, sent(as_editor.get(address), **fields))
    assert response.context["adminform"].form.non_field_errors() == [
        "The published wording of “The van” does not say this. Copy the passage letter by letter."
    ]
    insight.refresh_from_db()
    assert (insight.title, insight.evidence.get().excerpt) == ("Old", "")
    assert "a bus" in text(response)


def test_what_an_editor_left_alone_does_not_undo_what_another_did(as_editor):
    insight = a_draft(supports=[a_story(ref="van", published_text="We bought a van."), a_story(ref="hub")])
    van, hub = insight.evidence.order_by("order")
    address = address_of(insight)
    form = sent(as_editor.get(address))
    editing.change_evidence(van, "qualifies", "a van")
    editing.remove_evidence(hub)
    editing.attach_evidence(insight, a_story(ref="new"), "supports")
    as_editor.post(address, form | {"summary": "Mine", f"piece-{van.source_key}-role": "contradicts"})
    insight.refresh_from_db()
    assert insight.summary == "Mine"
    assert roles_of(insight) == [("contradicts", "van", "a van"), ("supports", "new", "")]


def test_second_of_two_who_save_the_text_is_told_and_loses_nothing(as_editor):
    insight = a_draft()
    address = address_of(insight)
    form = sent(as_editor.get(address), title="Mine")
    insight.title = "Theirs"
    insight.save()
    response = as_editor.post(address, form)
    assert "Somebody saved this insight after you had opened it." in text(response)
    assert response.context["adminform"].form["title"].value() == "Mine"
    insight.refresh_from_db()
    assert insight.title == "Theirs"
    as_editor.post(address, sent(response, title="Mine"))
    insight.refresh_from_db()
    assert insight.title == "Mine"


@pytest.mark.parametrize(
    ("button", "order", "sentence"),
    [
        ("up {}", "BAC", "“B” is number 1 of 3."),
        ("down {}", "ACB", "“B” is number 3 of 3."),
        ("place {} 0", "BAC", "“B” is number 1 of 3."),
        ("place {} 9", "ACB", "“B” is number 3 of 3."),
    ],
)
def test_pieces_are_ordered_by_button(as_editor, button, order, sentence):
    insight = a_draft(supports=[a_story(title=title) for title in "ABC"])
    piece = insight.evidence.get(story__title="B")
    assert said(press(as_editor, insight, button.format(piece.source_key))) == [sentence]
    assert "".join(insight.evidence.order_by("order").values_list("story__title", flat=True)) == order


def test_take_out(as_editor):
    insight = a_draft(supports=[a_story(ref="a"), a_story(ref="b")])
    press(as_editor, insight, f"take-out {insight.evidence.get(story__ref='a').source_key}")
    assert roles_of(insight) == [("supports", "b", "")]


@pytest.mark.parametrize("role", ["supports", "qualifies", "contradicts"])
def test_attached_practice_is_named_with_what_it_does_to_the_insight(as_editor, role):
    insight = a_draft()
    a_practice(statement="Fix the lift", ref="lift")
    response = press(as_editor, insight, f"attach {role} practice lift")
    assert said(response) == [f"“Fix the lift” is among the evidence. It {role} the insight."]
    assert LogEntry.objects.latest("pk").get_change_message() == f"Attached lift: {role}."
    unknown = press(as_editor, insight, f"attach {role} practice stairs")
    assert said(unknown) == ["This practice is not here to attach any more."]


def test_one_story_that_is_set_aside_is_named(as_editor):
    insight = a_draft()
    a_story(ref="a", title="Vans help")
    assert said(press(as_editor, insight, "set-aside", pick=["a"], reason="too old")) == ["“Vans help” is set aside."]
    assert LogEntry.objects.latest("pk").get_change_message() == "Set aside a: too old."


def test_many_are_set_aside_with_one_reason_and_put_back(as_editor):
    insight = a_draft()
    for ref in "abc":
        a_story(ref=ref)
    response = press(as_editor, insight, "set-aside", pick=["a", "b"], reason="too old")
    assert said(response) == ["2 stories are set aside."]
    assert set(insight.set_aside.values_list("story__ref", "reason")) == {("a", "too old"), ("b", "too old")}
    press(as_editor, insight, "put-back a")
    assert list(insight.set_aside.values_list("story__ref", flat=True)) == ["b"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "outlier"}, "Tick the stories to set aside."),
        ({"pick": ["a"]}, "Choose the reason for which they are set aside."),
        ({"pick": ["a"], "reason": "dull"}, "Choose the reason for which they are set aside."),
    ],
)
def test_set_aside_asks_for_stories_and_a_reason(as_editor, fields, sentence):
    insight = a_draft()
    a_story(ref="a")
    assert said(press(as_editor, insight, "set-aside", **fields)) == [sentence]
    assert not SetAside.objects.exists()


@pytest.mark.parametrize("button", ["", "x", "attach adores story a", "attach supports tag a", "up x", "place 1 x"])
def test_button_that_is_not_known_is_refused_in_words(as_editor, button):
    insight = a_draft(supports=[a_story(ref="a")])
    button = button.replace("place 1", f"place {insight.evidence.get().source_key}")
    assert said(press(as_editor, insight, button)) == ["This button is not known here. Open the page anew."]


def test_gate_leads_to_where_each_gap_is_mended(as_editor):
    story, practice = a_story(status=Status.DRAFT), a_practice(status=Status.DRAFT)
    insight = a_draft(supports=[story])
    editing.attach_evidence(insight, practice, "supports")
    first, second = insight.evidence.order_by("order")
    assert [ways for _, ways in as_editor.get(address_of(insight)).context["gaps"]] == [
        [
            ("Open the story", f"/admin/workshops/story/{story.pk}/change/"),
            ("Go to it here", f"#piece-{first.source_key}"),
        ],
        [
            ("Open the practice", f"/admin/workshops/practice/{practice.pk}/change/"),
            ("Go to it here", f"#piece-{second.source_key}"),
        ],
        [("Find evidence", "#find")],
        [("Find a contradiction", "#find"), ("Say where you looked", "#id_none_found")],
    ]


@pytest.mark.parametrize(
    ("fields", "leads_to"),
    [
        ({"status": Status.DRAFT}, '<div class="readonly">Draft</div>'),
        ({"status": Status.IN_REVIEW}, 'name="_publish"'),
        ({"status": Status.UNPUBLISHED}, 'name="_publish"'),
        ({"status": Status.UNPUBLISHED, "consent": Consent.TEAM}, "Publishing needs consent “public” or “credited”"),
    ],
)
def test_editor_who_follows_every_way_of_the_gate_finds_what_mends_it(fields, leads_to, as_editor):
    practice = a_practice(status=Status.DRAFT)
    insight = a_draft(supports=[a_story(**fields)])
    editing.attach_evidence(insight, practice, "supports")
    opened = as_editor.get(address_of(insight))
    ways = [way for _, ways in opened.context["gaps"] for way in ways]
    mends = {
        "Open the story": leads_to,
        "Open the practice": 'name="_publish"',
        "Find evidence": 'name="find-q"',
        "Find a contradiction": 'name="find-q"',
        "Say where you looked": '<textarea name="none_found"',
    }
    assert {label for label, _ in ways} == {*mends, "Go to it here"}
    for label, address in ways:
        assert f'<a href="{address}">{label}</a>' in text(opened)
        page, _, anchor = address.partition("#")
        response = as_editor.get(page) if page else opened
        assert response.status_code == 200
        assert not anchor or f'id="{anchor}"' in text(response), label
        assert mends.get(label, f'value="take-out {anchor.removeprefix("piece-")}"') in text(response), label


def test_page_escapes_titles(as_editor):
    insight = a_draft(supports=[a_story(title="<b>Bold</b>", status=Status.DRAFT)])
    assert "<b>Bold</b>" not in text(as_editor.get(address_of(insight)))


def test_save_and_publish_saves_what_is_typed_first(as_editor):
    insight = a_draft(title="Vans help", supports=[a_story(), a_story()])
    address = address_of(insight)
    response = as_editor.post(
        address, sent(as_editor.get(address), none_found="We asked all.", _publish="1"), follow=True
    )
    assert messages(response) == ["“Vans help” was published as version 1."]
    assert response.redirect_chain[-1][0] == address
    insight.refresh_from_db()
    assert (insight.status, insight.publications.get().text["none_found"]) == ("published", "We asked all.")


def test_save_and_publish_below_the_gate_saves_and_says_why_not(as_editor):
    insight = a_draft(title="Vans help")
    address = address_of(insight)
    response = as_editor.post(
        address, sent(as_editor.get(address), none_found="We asked all.", _publish="1"), follow=True
    )
    assert messages(response) == [
        "“Vans help” was not published. No published story from any workshop supports it. Add supporting evidence."
    ]
    insight.refresh_from_db()
    assert (insight.status, insight.none_found) == ("draft", "We asked all.")


def a_published_insight(**fields):
    insight = a_draft(none_found="We asked.", supports=[a_story(), a_story()], **fields)
    publishing.publish_insight(insight)
    return insight


def test_unpublish_asks_first(as_editor):
    insight = a_published_insight(title="Vans help")
    leads = page(Insight, "unpublish", insight.pk)
    assert f'href="{leads}"' in text(as_editor.get(address_of(insight)))
    as_editor.get(leads)
    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED
    response = as_editor.post(leads, {"confirmed": "1"}, follow=True)
    insight.refresh_from_db()
    assert insight.status == Status.UNPUBLISHED
    assert messages(response)[0].startswith("“Vans help” was unpublished. <a href=")
    assert f'href="{leads}"' not in text(response)


def test_step_below_the_gate_leaves_readers_what_they_have(as_editor):
    insight = a_published_insight(title="Vans help")
    story = a_story(title="A draft", status=Status.DRAFT)
    response = press(as_editor, insight, f"attach supports story {story.ref}")
    assert said(response) == ["“A draft” is among the evidence. It supports the insight."]
    assert [sentence for sentence, _ways in response.context["gaps"]] == [
        "The story “A draft” is among the evidence, but still a draft. Ask its facilitators to submit it and publish it "
        "then, or take it out.",
    ]
    insight.refresh_from_db()
    assert (insight.status, insight.evidence.count(), insight.as_written.evidence.count()) == ("published", 2, 3)


def test_broken_excerpt_is_listed_on_the_page_and_found_in_the_list(as_editor):
    story = a_story(title="The van", published_text="We bought a van.")
    insight = a_draft(title="With a broken one")
    editing.attach_evidence(insight, story, "supports", "bought a van")
    whole = a_draft(title="Whole")
    editing.attach_evidence(whole, a_story(published_text="We bought a van."), "supports", "bought a van")
    story.published_text = "We hired a van."
    story.save()
    shown = text(as_editor.get(address_of(insight)))
    assert "The published wording does not say this any more: “bought a van”." in shown
    assert "does not say this any more" not in text(as_editor.get(address_of(whole)))
    assert listed(as_editor.get(page(Insight), {"quotations": "broken"})) == ["With a broken one"]


def test_desk_history_names_a_story_by_its_ref_alone(as_editor):
    insight = a_draft()
    a_story(ref="van", title="The van", published_text="Said.")
    press(as_editor, insight, "attach supports story van", **{"found-story-van-passage": "Said."})
    press(as_editor, insight, f"take-out {insight.evidence.get().source_key}")
    press(as_editor, insight, "set-aside", pick=["van"], reason="outlier")
    press(as_editor, insight, "search", **{"find-q": "van"})
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "Attached van: supports.",
        "Took out van.",
        "Set aside van: outlier.",
    ]


def test_bench_is_for_editors(client):
    insight, story = an_insight(), a_story()
    client.force_login(a_user(ANALYST))
    response = client.post(address_of(insight), {"_bench": f"attach supports story {story.ref}"})
    assert (response.status_code, insight.evidence.count()) == (403, 0)


def test_cost_does_not_grow_with_the_evidence(as_editor):
    small, large = a_draft(supports=[a_story()]), a_draft(supports=[a_story() for _ in range(9)])
    editing.set_stories_aside(small, [a_story()], "outlier")
    editing.set_stories_aside(large, [a_story(), a_story()], "outlier")
    counts = []
    for insight in (small, large):
        with CaptureQueriesContext(connection) as queries:
            as_editor.get(address_of(insight))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_bench_says_which_stories_have_nearly_the_same_words(as_editor):
    wording = "We put families into a hotel for a night while the heating of the whole block was mended."
    insight = a_draft()
    editing.attach_evidence(insight, a_story(ref="S-1", published_text=wording), Role.SUPPORTS)
    a_story(ref="S-12", title="Beds", published_text=wording.replace("whole ", ""))
    a_story(ref="S-13", published_text=wording, consent=Consent.FACILITATORS, status=Status.DRAFT)
    a_practice(statement=wording)
    response = as_editor.get(address_of(insight))
    (piece,) = (form.piece for form in response.context["adminform"].form.pieces)
    assert [double.thing.ref for double in piece.doubles] == ["S-12"]
    found = {row["thing"].ref: [double.thing.ref for double in row["doubles"]] for row in response.context["found"]}
    assert found == {"S-1": ["S-12"], "S-12": ["S-1"]}
    assert response.content.decode().count("Nearly the same words as S-12") == 2
