"""Pasting notes at the desk: what is asked, shown, mended, refused and saved, and who may."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk import filled, listed, messages, page
from tests.factories import a_place, a_practice, a_service_area, a_story, a_theme, a_user, a_workshop
from tests.shared import shared
from workshops.admin.base import form_recovery
from workshops.choices import Consent, Kind, Status
from workshops.models import Note, OriginalText, Practice, Story, StoryTag, Tag, Workshop
from workshops.notes import saving
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return a_user(FACILITATOR, username="anna")


@pytest.fixture
def workshop(anna):
    return a_workshop(facilitators=[anna], title="Session 4")


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def box(workshop):
    return reverse("admin:workshops_workshop_notes", args=[workshop.pk])


def preview(workshop):
    return reverse("admin:workshops_workshop_notes_preview", args=[workshop.pk])


def read(client, workshop, text, **fields):
    """What a browser gets that pastes these notes."""
    return client.post(box(workshop), {"text": text, "read": "first", **fields})


def press(client, workshop, response, button, **changes):
    """Press a button of the preview with all that stands on the page and these changes; `row_field` names a field."""
    entries, bar = response.context["entries"], response.context["bar"]
    fields = {
        field.html_name: field.value() for form in [entries.management_form, bar, *entries.forms] for field in form
    }
    fields["text"] = response.context["notes"]["text"].value()
    if response.context["again"]:
        fields["again"] = "on"
    for name, value in changes.items():
        row, _, field = name.partition("_")
        fields[f"entry-{row[3:]}-{field}" if row[:3] == "row" else f"all-{field}" if row == "all" else name] = value
    sent = {name: value for name, value in fields.items() if value is not None and value is not False}
    return client.post(preview(workshop), sent | {"do": button})


def rows(response, *names):
    """These fields of each entry on the page; with one name, its values alone."""
    found = [tuple(form[name].value() for name in names) for form in response.context["entries"].forms]
    return [values[0] for values in found] if len(names) == 1 else found


def errors(response):
    entries, bar = response.context["entries"], response.context["bar"]
    found = {f"entry {n}": form.errors for n, form in enumerate(entries.forms, 1) if form.errors}
    return {name: dict(error) for name, error in {**found, **({"all": bar.errors} if bar.errors else {})}.items()}


# From the box to the preview


def test_workshop_leads_to_its_notes(desk, workshop):
    assert f'href="{box(workshop)}"' in desk.get(page(Workshop, "change", workshop.pk)).content.decode()


def test_notes_are_shown_as_entries_before_anything_is_saved(desk, workshop):
    homelessness, culture, bolton = a_service_area("Homelessness"), a_theme("Culture"), a_place("Bolton")
    text = (
        "# Homelessness\n## Culture\n- We rang every family #calls @Bolton\n+1\n- 🤫 One left\n## Keep\n- Daily calls\n"
    )
    response = read(desk, workshop, text)
    assert rows(response, "text", "kind", "choice", "agreements", "private") == [
        ("We rang every family", "note", "", 1, False),
        ("One left", "note", "", 0, True),
        ("Daily calls", "practice", "keep", 0, False),
    ]
    assert rows(response, "service_area") == [str(homelessness.pk)] * 3
    assert rows(response, "themes", "place", "tags")[0] == ([str(culture.pk)], str(bolton.pk), "calls")
    assert rows(response, "title", "consent")[0] == ("We rang every family", Consent.FACILITATORS)
    assert (Note.objects.count(), Practice.objects.count(), Story.objects.count()) == (0, 0, 0)
    workshop.refresh_from_db()
    assert workshop.notes == ""


def test_possible_name_is_flagged(desk, workshop):
    content = read(desk, workshop, "- Thanks @Lachlan").content.decode()
    assert "“@Lachlan”" in content
    assert "may be somebody’s name" in content


def test_what_tells_people_what_to_write_is_shown_as_left_out(desk, workshop):
    response = read(desk, workshop, "# Keep\nPlease add a line.\n- Daily calls")
    assert "Line 2: Please add a line." in response.content.decode()
    assert rows(response, "text") == ["Daily calls"]


def test_heading_that_could_mean_two_things_is_asked_about_first(desk, workshop):
    response = read(desk, workshop, "# Deltas\n- More time\n- Fewer slides")
    assert [field.label for field in response.context["form"].questions] == ["What stands under “Deltas”?"]
    assert "It begins with: More time" in response.content.decode()
    assert "# Deltas" in response.content.decode()

    assert rows(read(desk, workshop, "# Deltas\n- More time", **{"means:deltas": "create"}), "kind", "choice") == [
        ("practice", "create")
    ]
    assert rows(read(desk, workshop, "# Deltas\n- More time", **{"means:deltas": "note"}), "kind", "choice") == [
        ("note", "")
    ]
    for answer in ("", "perhaps"):
        asked_again = read(desk, workshop, "# Deltas\n- More time", **{"means:deltas": answer})
        assert len(asked_again.context["form"].questions) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste or type the notes first."),
        (" \n\t\0", "Paste or type the notes first."),
        ("# Keep\n# Stop", "There are only headings in these notes. Put what was said under them, a line each."),
        ("- a\n" * 301, "These notes have 301 entries. At most 300 can be looked over at once: "),
        ("- a\n" * 10_000, "These notes have 10,000 entries. At most 300 can be looked over at once: "),
        ("a" * 100_001, "These notes have 100001 letters. At most 100,000 can be read at once: "),
    ],
    ids=["nothing", "blank", "headings", "301 entries", "10,000 entries", "too long"],
)
def test_notes_that_cannot_be_read_are_refused_and_kept(desk, workshop, text, said):
    response = read(desk, workshop, text)
    (refusal,) = response.context["form"].errors["text"]
    assert refusal.startswith(said)
    assert response.context["form"]["text"].value() == text
    workshop.refresh_from_db()
    assert workshop.notes == ""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "\u202eقراءة\n• نعم",
        "x" * 100_000,
        "- a\0b",
        "- " + "😀" * 30_000,
        "&#0; &lt;",
        "{{ x }}{% y %}",
    ],
    ids=["html", "right to left", "one line", "NUL", "astral", "entities", "template"],
)
def test_hostile_notes_are_read_shown_and_saved(desk, workshop, text):
    response = read(desk, workshop, text)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    kinds = {f"row{number}_kind": "innovation" for number in range(len(rows(response, "text")))}
    assert press(desk, workshop, response, "save", **kinds).status_code == 302
    assert [story.original_text.text for story in Story.objects.order_by("pk")] == rows(response, "text")


def test_back_to_the_notes_brings_them_back(desk, workshop):
    response = desk.post(box(workshop), {"text": "# Keep\n- Daily calls", "text-only": ""})
    assert response.context["form"]["text"].value() == "# Keep\n- Daily calls"
    assert "# Keep\n- Daily calls</textarea>" in response.content.decode()


def test_preview_cannot_be_opened_by_its_address(desk, workshop):
    assert desk.get(preview(workshop)).url == box(workshop)


# Apply to all

THREE = "- One\n- 🤫 Two\n# Keep\n- Three"


def test_bar_counts_the_entries_in_words(desk, workshop):
    alone = press(desk, workshop, read(desk, workshop, "- One"), "apply", all_kind="all:practice")
    assert alone.context["applied"] == "Set in the 1 entry, where it fits. Look it over, then save."
    assert "Apply to the 1 entry</button>" in alone.content.decode()
    all_three = press(desk, workshop, read(desk, workshop, THREE), "apply", all_kind="all:practice")
    assert all_three.context["applied"] == "Set in all 3 entries, where it fits. Look them over, then save."
    assert "Apply to all 3 entries</button>" in all_three.content.decode()


def test_bar_sets_everything_in_all_entries_at_once(desk, workshop):
    area, place, theme = a_service_area(), a_place(), a_theme()
    response = press(
        *(desk, workshop, read(desk, workshop, THREE), "apply"),
        all_service_area=str(area.pk),
        all_place=str(place.pk),
        all_themes=[str(theme.pk)],
        all_consent="2",
        all_agreed="on",
        all_kind="notes:innovation",
        row0_title="Mended",
    )
    assert rows(response, "service_area", "place", "themes") == [(str(area.pk), str(place.pk), [str(theme.pk)])] * 3
    assert rows(response, "kind") == ["innovation", "innovation", "practice"]
    assert rows(response, "consent") == ["2", "0", "2"]
    assert rows(response, "title") == ["Mended", "Two", "Three"]
    assert response.context["bar"]["service_area"].value() is None
    assert response.context["bar"]["agreed"].value() is True
    assert Story.objects.count() == 0


def test_bar_leaves_what_is_not_chosen(desk, workshop):
    area = a_service_area()
    mended = {"row0_service_area": str(area.pk), "row2_choice": "create", "row0_consent": "1"}
    response = press(desk, workshop, read(desk, workshop, THREE), "apply", **mended)
    assert rows(response, "kind", "choice", "service_area", "consent") == [
        ("note", "", str(area.pk), "1"),
        ("note", "", "", "0"),
        ("practice", "create", "", "0"),
    ]


@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        ("all:message", ["message", "message", "message"]),
        ("notes:message", ["message", "message", "practice"]),
        ("all:practice", ["practice", "note", "practice"]),
        ("all:note", ["note", "note", "note"]),
    ],
)
def test_bar_sets_the_kind_of_all_or_of_what_is_still_a_note(desk, workshop, chosen, kinds):
    response = press(desk, workshop, read(desk, workshop, THREE), "apply", all_kind=chosen)
    assert rows(response, "kind") == kinds


@pytest.mark.parametrize("consent", ["1", "2", "3"])
def test_wider_consent_for_all_needs_the_word_that_everyone_agreed(desk, workshop, consent):
    response = read(desk, workshop, THREE)
    for button in ("apply", "save"):
        refused = press(desk, workshop, response, button, all_consent=consent, row0_title="Mended")
        assert list(errors(refused)["all"]) == ["agreed"]
        assert rows(refused, "consent") == ["0", "0", "0"]
        assert rows(refused, "title")[0] == "Mended"
        assert refused.context["bar"]["consent"].value() == consent
    assert (Story.objects.count(), Note.objects.count()) == (0, 0)
    assert rows(press(desk, workshop, response, "apply", all_consent="0"), "consent") == ["0", "0", "0"]


def test_saving_with_something_chosen_in_the_bar_shows_first_what_becomes_of_it(desk, workshop):
    response = press(desk, workshop, read(desk, workshop, THREE), "save", all_kind="all:message")
    assert rows(response, "kind") == ["message"] * 3
    assert Story.objects.count() == 0
    assert press(desk, workshop, response, "save").status_code == 302
    assert Story.objects.count() == 3


# Mending


def test_merging_joins_an_entry_to_the_one_before(desk, workshop):
    theme, other = a_theme(), a_theme()
    area = a_service_area()
    response = press(
        *(desk, workshop, read(desk, workshop, "- One #a\n+1\n- Two #b\n+1\n- Three"), "merge:1"),
        row0_kind="innovation",
        row0_consent="2",
        row1_consent="1",
        row1_service_area=str(area.pk),
        row0_themes=[str(theme.pk)],
        row1_themes=[str(other.pk)],
    )
    assert rows(response, "text", "title", "kind", "tags", "agreements", "consent") == [
        ("One\nTwo", "One", "innovation", "a, b", 2, 1),
        ("Three", "Three", "note", "", "0", "0"),
    ]
    assert rows(response, "themes", "service_area")[0] == ([str(theme.pk), str(other.pk)], str(area.pk))


def test_merging_with_what_was_said_in_confidence_keeps_it_so(desk, workshop):
    response = press(desk, workshop, read(desk, workshop, "- Keep: one\n- 🤫 two"), "merge:1", row0_consent="3")
    assert rows(response, "text", "kind", "consent", "private") == [("one\ntwo", "note", 0, True)]
    widened = press(desk, workshop, response, "save", row0_kind="innovation", row0_consent="3")
    assert list(errors(widened)["entry 1"]) == ["consent"]
    press(desk, workshop, response, "save", row0_kind="innovation")
    assert Story.objects.get().consent == Consent.FACILITATORS


def test_splitting_cuts_at_a_line_of_three_dashes(desk, workshop):
    typed = "One, at last.\n---\nTwo\n---\nThree"
    response = press(desk, workshop, read(desk, workshop, "- One\n+1"), "split:0", row0_text=typed, row0_tags="a")
    assert rows(response, "text", "title", "tags", "agreements") == [
        ("One, at last.", "One, at last", "a", "1"),
        ("Two\n---\nThree", "Two", "a", 0),
    ]


@pytest.mark.parametrize("typed", ["One", "---\nOne", "One\n---"])
def test_splitting_nowhere_says_how(desk, workshop, typed):
    response = press(desk, workshop, read(desk, workshop, "- One\n- Two"), "split:0", row0_text=typed)
    assert response.context["problem"].startswith("Entry 1 was not split. Put a line of three dashes (---)")
    assert rows(response, "text") == [typed, "Two"]


def test_adding_gives_an_empty_entry(desk, workshop):
    response = press(desk, workshop, read(desk, workshop, "- One"), "add")
    assert rows(response, "text", "kind", "consent") == [("One", "note", "0"), ("", "note", 0)]
    refused = press(desk, workshop, response, "save")
    assert errors(refused) == {"entry 2": {"text": ["Say what was said, or drop this entry."]}}


def test_dropped_entry_is_not_saved(desk, workshop):
    response = read(desk, workshop, "- One\n- Two")
    press(desk, workshop, response, "save", row0_DELETE="on", row0_text="")
    assert [note.text for note in Note.objects.all()] == ["Two"]


def test_saving_nothing_is_refused(desk, workshop):
    response = press(desk, workshop, read(desk, workshop, "- One"), "save", row0_DELETE="on")
    assert response.context["problem"] == "Every entry is dropped, so there is nothing to save."


@pytest.mark.parametrize(
    "button", ["merge:0", "merge:9", "split:9", "split:x", f"split:{'9' * 5000}", "split:-1", "dance", ""]
)
def test_button_that_is_none_changes_nothing(desk, workshop, button):
    response = press(desk, workshop, read(desk, workshop, "- One\n- Two"), button)
    assert rows(response, "text") == ["One", "Two"]


def test_no_more_rows_are_added_than_a_form_takes(desk, workshop, monkeypatch):
    monkeypatch.setattr("workshops.admin.notes.entry_rows.MAX_ROWS", 2)
    response = read(desk, workshop, "- One\n- Two")
    for button in ("add", "split:0"):
        refused = press(desk, workshop, response, button, row0_text="One\n---\nmore")
        assert refused.context["problem"] == "There are 2 entries, and no room for more. Save these first."
        assert rows(refused, "text") == ["One\n---\nmore", "Two"]


@pytest.mark.parametrize("total", ["", "x", "-1", "999999999"])
def test_form_with_a_broken_count_writes_nothing(desk, workshop, total):
    response = read(desk, workshop, "- One")
    answer = press(desk, workshop, response, "save", **{"entry-TOTAL_FORMS": total})
    assert answer.status_code == 200
    assert "- One" in answer.content.decode()
    assert Note.objects.count() == 0


def test_form_without_its_fields_writes_nothing(desk, workshop):
    sent = {"text": "- One", "entry-TOTAL_FORMS": "2", "entry-INITIAL_FORMS": "2"}
    for button in ("save", "merge:1", "split:0", "apply", "add"):
        assert desk.post(preview(workshop), sent | {"do": button}).status_code == 200
    assert desk.post(preview(workshop), {"do": "save"}).status_code == 200
    assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"row0_kind": "elsewhere"}, "location"),
        ({"row0_kind": "poem"}, "kind"),
        ({"row0_kind": "innovation", "row0_consent": "9"}, "consent"),
        ({"row0_service_area": "999999"}, "service_area"),
        ({"row0_themes": ["999999"]}, "themes"),
        ({"row0_place": "Leeds"}, "place"),
        ({"row0_tags": "x" * 101}, "tags"),
        ({"row0_tags": "a\0b"}, "tags"),
        ({"row0_title": "x" * 251}, "title"),
        ({"row0_agreements": "-1"}, "agreements"),
        ({"row0_agreements": "9" * 30}, "agreements"),
        ({"row0_text": " "}, "text"),
        ({"row1_kind": "practice"}, "kind"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_saved(desk, workshop, changes, field):
    response = read(desk, workshop, "- One\n- 🤫 Two\n- Three")
    refused = press(desk, workshop, response, "save", row2_title="Mended", **changes)
    entry = "entry 2" if "row1_kind" in changes else "entry 1"
    assert list(errors(refused)) == [entry]
    assert list(errors(refused)[entry]) == [field]
    (name, typed) = next(iter(changes.items())) if len(changes) == 1 else ("row0_consent", "9")
    assert rows(refused, name.partition("_")[2])[int(name[3])] == typed
    assert rows(refused, "title")[2] == "Mended"
    assert (Story.objects.count(), Practice.objects.count(), Note.objects.count()) == (0, 0, 0)
    workshop.refresh_from_db()
    assert workshop.notes == ""


# Saving


def test_saving_makes_stories_practices_and_notes(desk, workshop, anna):
    area, place, theme = a_service_area("Homelessness"), a_place("Bolton"), a_theme("Culture")
    text = "# Homelessness\n# Culture\n- We rang every family. It helped. @Bolton #calls #trust\n+1\n- Tea #tea\n# Stop\n- Forms #forms\n+2"
    response = read(desk, workshop, text)
    saved = press(desk, workshop, response, "save", row0_kind="innovation", row0_consent="2")
    assert saved.url == box(workshop)

    story = Story.objects.get()
    assert (story.workshop, story.kind, story.status) == (workshop, Kind.INNOVATION, Status.DRAFT)
    assert (story.title, story.published_text) == ("We rang every family", "We rang every family. It helped.")
    assert (story.original_text.text, story.told_by) == ("We rang every family. It helped.", None)
    assert (story.consent, story.effective_consent) == (Consent.PUBLIC, Consent.PUBLIC)
    assert (story.service_area, story.place, list(story.themes.all())) == (area, place, [theme])
    assert (sorted(story.tags.names()), story.agreements) == (["calls", "trust"], 1)

    practice = Practice.objects.get()
    assert (practice.statement, practice.status, practice.entered_by) == ("Forms", Status.DRAFT, anna)
    assert (list(practice.service_areas.all()), list(practice.themes.all())) == ([area], [theme])
    assert list(practice.tags.names()) == ["forms"]

    tea, forms = Note.objects.order_by("text").exclude(text="Forms"), Note.objects.get(text="Forms")
    assert (forms.practice, forms.choice, forms.agreements) == (practice, "discard", 2)
    (tea,) = tea
    assert (tea.text, tea.practice, tea.choice, tea.tags) == ("Tea", None, "", ["tea"])
    assert (tea.service_area, list(tea.themes.all())) == (area, [theme])
    assert practice.votes.count() == 0

    content = desk.get(box(workshop)).content.decode()
    assert "Saved: 1 story, 1 practice, 1 note." in content
    assert "notes-saved" in content


def test_saving_remembers_who_entered_the_story(desk, workshop, anna):
    press(desk, workshop, read(desk, workshop, "- One #a"), "save", row0_kind="innovation")
    (entry,) = Story.objects.get().history.all()
    assert (entry.history_type, entry.history_user) == ("+", anna)
    (link,) = StoryTag.history.all()
    assert (link.tag, link.history_user) == (Tag.objects.get(), anna)


def test_example_from_elsewhere_says_where(desk, workshop):
    press(desk, workshop, read(desk, workshop, "# Elsewhere\n- One"), "save", row0_location="Leeds")
    story = Story.objects.get()
    assert (story.kind, story.location) == (Kind.ELSEWHERE, "Leeds")


def test_empty_title_comes_from_the_first_words(desk, workshop):
    press(desk, workshop, read(desk, workshop, "- One. Two."), "save", row0_kind="message", row0_title=" ")
    assert Story.objects.get().title == "One. Two"


def test_raw_notes_stay_with_the_workshop(desk, workshop):
    workshop.notes = "What was there."
    workshop.save()
    press(desk, workshop, read(desk, workshop, "# Keep\r\n- Daily calls  \n\n- <b>"), "save", row0_text="Mended")
    workshop.refresh_from_db()
    first, _, rest = workshop.notes.partition("\n\n[Pasted on ")
    assert first == "What was there."
    assert rest.partition("]\n\n")[2] == "# Keep\n- Daily calls  \n\n- <b>\n"
    assert rest.partition("]")[0].endswith(" by anna")


def test_pasted_notes_bear_the_day_in_words(desk, workshop, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2020, 9, 23, 13, 5, tzinfo=datetime.UTC))
    press(desk, workshop, read(desk, workshop, "- Daily calls"), "save")
    workshop.refresh_from_db()
    assert workshop.notes == "[Pasted on 23 September 2020, 14:05 by anna]\n\n- Daily calls\n"


def test_same_notes_twice_are_warned_of_and_refused_unless_wanted(desk, workshop):
    text = "- One\n- Two"
    first = read(desk, workshop, text)
    assert not first.context["pasted_before"]
    press(desk, workshop, first, "save")
    again = read(desk, workshop, "- One\n\n- Two  \n")
    assert again.context["pasted_before"]
    assert "These notes are with this workshop already." in again.content.decode()
    refused = press(desk, workshop, again, "save", row0_text="Mended")
    assert refused.context["problem"] == saving.PASTED_BEFORE
    assert rows(refused, "text") == ["Mended", "Two"]
    assert Note.objects.count() == 2

    kept = Workshop.objects.get().notes
    assert press(desk, workshop, refused, "save", again="on").status_code == 302
    assert Note.objects.count() == 4
    assert Workshop.objects.get().notes == kept


def test_second_click_saves_nothing_more(desk, workshop):
    response = read(desk, workshop, "- One")
    assert press(desk, workshop, response, "save").status_code == 302
    assert press(desk, workshop, response, "save").context["problem"] == saving.PASTED_BEFORE
    assert Note.objects.count() == 1


def test_saving_is_all_or_nothing(desk, workshop, monkeypatch):
    response = read(desk, workshop, "- One\n# Keep\n- Two #tag")

    def fail(*args):
        raise ValidationError("The disk is full.")

    monkeypatch.setattr(saving, "save_notes", fail)
    refused = press(desk, workshop, response, "save", row0_kind="innovation")
    assert refused.context["problem"] == "The disk is full."
    assert (Story.objects.count(), OriginalText.objects.count(), Practice.objects.count()) == (0, 0, 0)
    assert Tag.objects.count() == 0
    assert Workshop.objects.get().notes == ""


def test_history_of_the_workshop_says_how_much_and_on_whose_word_but_no_words(desk, workshop):
    response = press(
        *(desk, workshop, read(desk, workshop, "- One secret"), "apply"),
        all_kind="all:innovation",
        all_consent="2",
        all_agreed="on",
    )
    press(desk, workshop, response, "save")
    said = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert said == [
        "Saved from pasted notes: 1 story, 0 practices, 0 notes. "
        "Everyone in this workshop agreed to who may see the stories."
    ]
    other = a_workshop(facilitators=workshop.facilitators.all())
    press(desk, other, read(desk, other, "- One secret"), "save")
    assert LogEntry.objects.first().get_change_message() == "Saved from pasted notes: 0 stories, 0 practices, 1 note."


def test_saving_takes_as_many_queries_for_many_entries(desk, workshop, django_assert_max_num_queries):
    text = "\n".join(f"- One {n} #tag{n}" for n in range(100)) + "\n# Keep\n" + "- a #b\n" * 100
    response = read(desk, workshop, text)
    with django_assert_max_num_queries(50):
        press(desk, workshop, response, "save", **{f"row{n}_kind": "innovation" for n in range(100)})
    assert (Story.objects.count(), Practice.objects.count(), Note.objects.count()) == (100, 100, 100)


def test_real_notes_are_saved_whole(desk, workshop):
    text = shared("notes", "pluses-and-deltas-ldn.md").read_text()
    response = read(desk, workshop, text, **{"means:deltas": "note"})
    assert len(rows(response, "text")) == 31
    press(desk, workshop, response, "save")
    assert (Practice.objects.count(), Note.objects.unsorted().count()) == (20, 11)
    assert set(Note.objects.exclude(practice=None).values_list("choice", flat=True)) == {"keep"}
    assert text.strip() in Workshop.objects.get().notes


# What was typed outlives the session


def sign_in_again(client, response, user):
    """Sign in on the page that a form was answered with, which carries what was typed."""
    context = response.context
    fields = {"next": context["next"], form_recovery.RECOVERY_FIELD: context[form_recovery.RECOVERY_FIELD]}
    return client.post(reverse("admin:login"), fields | {"username": user.username, "password": "sesame"}, follow=True)


def test_typed_notes_come_back_after_signing_in_again(desk, workshop, anna):
    anna.set_password("sesame")
    anna.save()
    desk.force_login(anna)
    desk.get(box(workshop))
    del desk.cookies["sessionid"]
    response = sign_in_again(desk, read(desk, workshop, "# Deltas\n- One"), anna)
    assert response.context["form"]["text"].value() == "# Deltas\n- One"
    assert messages(response) == [form_recovery.SIGNED_OUT]
    assert Note.objects.count() == 0


def test_mended_entries_come_back_after_signing_in_again(desk, workshop, anna):
    anna.set_password("sesame")
    anna.save()
    desk.force_login(anna)
    shown = read(desk, workshop, "- One\n- Two")
    del desk.cookies["sessionid"]
    refused = press(desk, workshop, shown, "save", row0_text="Mended", all_kind="all:message")
    response = sign_in_again(desk, refused, anna)
    assert response.context["problem"] == form_recovery.SIGNED_OUT
    assert rows(response, "text") == ["Mended", "Two"]
    assert response.context["bar"]["kind"].value() == "all:message"
    assert (Note.objects.count(), Story.objects.count()) == (0, 0)


# The notes afterwards


def a_note(workshop, **fields):
    return Note.objects.create(**{"workshop": workshop, "text": "What was said"} | fields)


def promote(client, note):
    return client.post(reverse("admin:workshops_note_promote", args=[note.pk]))


def test_notes_are_listed_below_the_box(desk, workshop):
    note = a_note(workshop, choice="keep", agreements=3)
    a_note(a_workshop(), text="Said elsewhere")
    content = desk.get(box(workshop)).content.decode()
    assert "What was said" in content
    assert "3 agreed." in content
    assert reverse("admin:workshops_note_promote", args=[note.pk]) in content
    assert "Said elsewhere" not in content


def test_promoted_note_is_a_story_and_nothing_else(desk, workshop):
    area, place, theme = a_service_area(), a_place(), a_theme()
    note = a_note(workshop, service_area=area, place=place, tags=["a", "b"], agreements=2)
    note.themes.add(theme)
    response = promote(desk, note)
    story = Story.objects.get()
    assert response.url == page(Story, "change", story.pk)
    assert (story.title, story.original_text.text, story.published_text) == ("What was said",) * 3
    assert (story.workshop, story.status, story.consent) == (workshop, Status.DRAFT, Consent.FACILITATORS)
    assert (story.service_area, story.place, list(story.themes.all())) == (area, place, [theme])
    assert (sorted(story.tags.names()), story.agreements) == (["a", "b"], 2)
    assert Note.objects.count() == 0
    assert Story.objects.count() == 1


def test_second_press_leads_to_the_story_that_the_note_became(desk, workshop):
    note, other = a_note(workshop), a_note(workshop)
    first, again = promote(desk, note), promote(desk, note)
    promote(desk, other)
    story, _ = Story.objects.order_by("pk")
    assert first.url == again.url == page(Story, "change", story.pk)
    assert messages(desk.get(again.url)) == [
        "The note is a story now, for its facilitators only until you say otherwise.",
        "A story was made of this note already. This is the one.",
        "The note is a story now, for its facilitators only until you say otherwise.",
    ]


def test_second_press_leads_nowhere_when_the_story_is_gone_or_belongs_to_others(desk, workshop):
    note = a_note(workshop)
    promote(desk, note)
    story = Story.objects.get()
    Story.objects.update(consent=Consent.TEAM, effective_consent=Consent.TEAM)
    for role in OTHERS:
        assert promote(signed_in(role), note).status_code == 404
    story.delete()
    assert promote(desk, note).status_code == 404


def test_note_that_was_deleted_leads_to_no_story(desk, workshop):
    note = a_note(workshop)
    desk.post(page(Note, "delete", note.pk), {"post": "yes"})
    assert promote(desk, note).status_code == 404


def test_story_says_how_many_agreed(desk, workshop):
    def shown(**fields):
        story = a_story(workshop=workshop, status=Status.DRAFT, **fields)
        return "How many others in the room agreed" in desk.get(page(Story, "change", story.pk)).content.decode()

    assert shown(agreements=3)
    assert not shown()


def test_note_of_a_practice_is_not_promoted(desk, workshop):
    note = a_note(workshop, practice=a_practice())
    assert promote(desk, note).status_code == 404
    assert Note.objects.count() == 1


def test_note_is_promoted_by_a_button_alone(desk, workshop):
    note = a_note(workshop)
    assert desk.get(reverse("admin:workshops_note_promote", args=[note.pk])).status_code == 405
    assert "Make it a story" in desk.get(page(Note, "change", note.pk)).content.decode()
    assert Note.objects.count() == 1


def test_note_is_mended_and_deleted_at_the_desk_and_its_words_are_in_no_history(desk, workshop):
    note = a_note(workshop)
    address = page(Note, "change", note.pk)
    desk.post(address, filled(desk.get(address), text="Mended"))
    note.refresh_from_db()
    assert note.text == "Mended"
    desk.post(page(Note, "delete", note.pk), {"post": "yes"})
    assert Note.objects.count() == 0
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {f"Note {note.pk}"}


def test_note_takes_no_tag_that_a_story_could_not_bear(desk, workshop):
    note = a_note(workshop)
    address = page(Note, "change", note.pk)
    refused = desk.post(address, filled(desk.get(address), tags="x" * 101))
    assert list(refused.context["adminform"].form.errors) == ["tags"]
    desk.post(address, filled(desk.get(address), tags="tea\nfood, drink"))
    promote(desk, note)
    assert sorted(Story.objects.get().tags.names()) == ["food, drink", "tea"]


def test_deleted_practice_leaves_its_note(workshop):
    practice = a_practice(status=Status.DRAFT)
    note = a_note(workshop, practice=practice)
    practice.delete()
    note.refresh_from_db()
    assert note.practice is None


def test_notes_pasted_while_the_workshops_form_lay_open_stay(desk, workshop):
    address = page(Workshop, "change", workshop.pk)
    workshop.notes = "Before"
    workshop.save()
    opened = filled(desk.get(address)) | {"initial-notes": "Before"}
    press(desk, workshop, read(desk, workshop, "- Pasted"), "save")

    assert desk.post(address, opened | {"title": "Renamed"}).status_code == 302
    workshop.refresh_from_db()
    assert workshop.title == "Renamed"
    assert workshop.notes.startswith("Before\n\n[Pasted on ")

    refused = desk.post(address, opened | {"notes": "Before, and mine"})
    assert list(refused.context["adminform"].form.errors) == ["notes"]
    assert refused.context["adminform"].form["notes"].value() == "Before, and mine"
    workshop.refresh_from_db()
    assert "- Pasted" in workshop.notes


# Who may

OTHERS = [FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR, "superuser"]


def signed_in(role):
    client = Client()
    client.force_login(a_user(is_superuser=True) if role == "superuser" else a_user(role))
    return client


@pytest.mark.parametrize("role", OTHERS)
def test_notes_of_others_are_not_there(workshop, role):
    client = signed_in(role)
    note = a_note(workshop)
    assert client.get(box(workshop)).status_code == 404
    assert read(client, workshop, "- One").status_code == 404
    assert client.post(preview(workshop), {"text": "- One", "do": "save"}).status_code == 404
    assert client.get(preview(workshop)).status_code == 404
    assert promote(client, note).status_code == 404
    assert (Note.objects.count(), Story.objects.count()) == (1, 0)
    assert client.get(box(workshop).replace(str(workshop.pk), "999999999999999999999")).status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_note_of_others_is_in_no_list_and_has_no_page(workshop, role):
    client = signed_in(role)
    note = a_note(workshop, text="What was said")
    response = client.get(page(Note))
    if role in (FACILITATOR, "superuser"):
        assert listed(response) == []
        assert listed(client.get(page(Note), {"q": "said"})) == []
    else:
        assert response.status_code == 403
    for name in ("change", "history", "delete"):
        for method in (client.get, client.post):
            assert method(page(Note, name, note.pk)).status_code in (403, 404)
    assert Note.objects.count() == 1


def test_own_notes_are_listed(desk, workshop):
    a_note(workshop)
    assert [note.text for note in desk.get(page(Note)).context["cl"].result_list] == ["What was said"]


def test_facilitator_who_lost_the_role_may_not_paste(desk, workshop, anna):
    anna.groups.clear()
    assert desk.get(box(workshop)).status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(client, workshop):
    assert client.get(box(workshop)).url.startswith("/admin/login/")
    assert client.post(preview(workshop), {"do": "save"}).status_code in (302, 200)
    assert Note.objects.count() == 0


def test_practice_from_notes_is_seen_by_the_workshops_other_facilitators_and_no_others(desk, workshop):
    colleague = a_user(FACILITATOR)
    workshop.facilitators.add(colleague)
    press(desk, workshop, read(desk, workshop, "- Keep: calls"), "save")
    assert [str(practice) for practice in Practice.objects.visible_to(colleague)] == ["calls"]
    assert list(Practice.objects.visible_to(a_user(FACILITATOR))) == []


def test_words_of_notes_are_on_no_public_page(desk, client, workshop):
    a_note(workshop, text="Kept to ourselves")
    press(desk, workshop, read(desk, workshop, "- Kept to ourselves too"), "save")
    a_story(workshop=workshop)
    for address in (workshop.get_absolute_url(), "/stories/", "/data/workshops.csv"):
        response = Client().get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200
        assert b"Kept to ourselves" not in content


def test_session_title_is_found_in_the_path_of_the_page(desk, workshop):
    assert list(messages(desk.get(box(workshop)))) == []
    assert (
        f'<a href="{page(Workshop, "change", workshop.pk)}">Session 4</a>' in desk.get(box(workshop)).content.decode()
    )
