"""Importing at the desk: preview, confirm once, undo, and nothing of what belongs to others."""

import datetime
import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovation_archive.datasets import KINDS
from innovation_archive.exchange import uploads
from innovation_archive.exchange.blank_templates import Template
from innovation_archive.exchange.exports import Audience, CsvFile, datasets_for
from innovation_archive.models import Import, ImportedRow, ImportLine, ImportState
from insights.models import Release
from tests import factories as make
from tests.crowd import all_at_once
from tests.desk import messages
from tests.shared import shared
from workshops.choices import Choice, Consent, Status
from workshops.consent import withdrawal
from workshops.models import OriginalText, Participant, Practice, Story, Tag, Tally, Theme, Vote, Workshop
from workshops.roles import ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER
from workshops.stories import review

pytestmark = pytest.mark.django_db

ADD = "/admin/innovation_archive/import/add/"
LIST = "/admin/innovation_archive/import/"


def address(record, name):
    return reverse(f"admin:innovation_archive_import_{name}", args=[record.pk])


@pytest.fixture
def facilitator(client):
    user = make.a_user(FACILITATOR, username="fay")
    client.force_login(user)
    return user


@pytest.fixture
def workshop(facilitator):
    return make.a_workshop(slug="mine", title="Mine", facilitators=[facilitator])


@pytest.fixture
def editor(client):
    user = make.a_user(EDITOR, username="edith")
    client.force_login(user)
    return user


def upload(client, kind, *lines, workshop="mine", name=None, **fields):
    """Send lines of CSV, or bytes, as a file; the page that follows."""
    content = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
    file = SimpleUploadedFile(name or f"{kind}.csv", content)
    return client.post(ADD, {"kind": kind, "workshop": workshop, "file": file, **fields}, follow=True)


def refusals(response):
    return [text for texts in response.context["errors"].values() for text in texts]


def preview(response):
    """The lines on a preview's page: number, outcome, reasons."""
    return [(line.line, line.outcome, line.reasons) for line in response.context["page"]]


def confirm(client, record=None, digest=None):
    record = record or Import.objects.get(state=ImportState.WAITING)
    return client.post(address(record, "confirm"), {"digest": digest or record.digest}, follow=True)


def bring_in(client, kind, *lines, **fields):
    """Upload and confirm; the record."""
    upload(client, kind, *lines, **fields)
    record = Import.objects.get(state=ImportState.WAITING)
    confirm(client, record)
    record.refresh_from_db()
    assert record.state == ImportState.IMPORTED
    return record


def undo(client, record):
    return client.post(address(record, "undo"), follow=True)


def archive():
    """Every dataset of the full export, by name."""
    return {dataset.dataset: "".join(CsvFile(dataset, Audience.FULL)) for dataset in datasets_for(Audience.FULL)}


# Uploading


@pytest.mark.parametrize(("role", "status"), [(FACILITATOR, 200), (EDITOR, 200), (ANALYST, 403), (SYSTEM_LEADER, 403)])
def test_import_is_for_facilitators_and_editors(client, role, status):
    client.force_login(make.a_user(role))
    assert client.get(ADD).status_code == status
    assert client.get(LIST).status_code == status


def test_import_offers_a_facilitator_five_kinds_and_their_own_workshops(client, workshop):
    make.a_workshop(slug="theirs")
    form = client.get(ADD).context["form"]
    assert [kind for kind, _ in form.fields["kind"].choices if kind] == [
        "participants",
        "stories",
        "practices",
        "votes",
        "tallies",
    ]
    assert list(form.fields["workshop"].queryset) == [workshop]


def test_import_offers_an_editor_every_kind_and_workshop(client, editor):
    make.a_workshop(slug="theirs")
    form = client.get(ADD).context["form"]
    assert [kind for kind, _ in form.fields["kind"].choices if kind] == list(KINDS)
    assert form.fields["workshop"].queryset.count() == 1


def test_import_starts_with_the_workshop_one_comes_from(client, workshop):
    response = client.get(reverse("admin:innovation_archive_import_into", args=[workshop.pk]), follow=True)
    assert response.context["form"]["workshop"].value() == "mine"


def test_import_into_a_workshop_of_others_is_not_there(client, workshop):
    other = make.a_workshop(slug="theirs", title="Secret title")
    assert client.get(reverse("admin:innovation_archive_import_into", args=[other.pk])).status_code == 404
    assert "Secret title" not in client.get(f"{ADD}?workshop=theirs").content.decode()
    response = upload(client, "stories", "ref,kind,title", "a,message,T", workshop="theirs")
    assert refusals(response) == ["Select a valid choice. That choice is not one of the available choices."]
    assert not Import.objects.exists()


def test_import_by_a_facilitator_needs_a_workshop_and_one_of_their_kinds(client, workshop):
    assert refusals(upload(client, "stories", "ref,kind,title", workshop="")) == ["This field is required."]
    said = "Select a valid choice. themes is not one of the available choices."
    assert refusals(upload(client, "themes", "slug,name", "a,A")) == [said]


def test_import_of_what_belongs_to_no_workshop_refuses_one(client, editor):
    make.a_workshop(slug="mine")
    assert refusals(upload(client, "themes", "slug,name", "a,A")) == [
        "One lens that cuts across service areas. It belongs to no one workshop: leave this empty."
    ]


def test_import_keeps_what_was_typed_when_the_file_is_refused(client, workshop):
    response = upload(client, "stories", "ref,colour", "a,red")
    assert response.context["form"]["kind"].value() == "stories"
    assert response.context["form"]["workshop"].value() == "mine"
    assert refusals(response)[0].startswith(
        "stories.csv, line 1: stories has no column “colour”. Its columns are: ref,"
    )
    assert not Import.objects.exists()


def test_import_form_comes_back_after_signing_in_again(client, facilitator, workshop):
    facilitator.set_password("tram-lantern-9")
    facilitator.save()
    client.force_login(facilitator)
    client.get(ADD)
    client.session.flush()
    page = upload(client, "votes", "practice,participant,choice")
    kept = re.search('name="kept" value="([^"]+)"', page.content.decode())[1]
    typed = {"username": "fay", "password": "tram-lantern-9", "next": ADD, "kept": kept}
    response = client.post("/admin/login/", typed, follow=True)
    assert messages(response) == ["You were signed out. Choose the file again."]
    form = response.context["form"]
    assert (form["kind"].value(), form["workshop"].value()) == ("votes", "mine")
    assert not Import.objects.exists()


# The preview


def test_preview_shows_each_line_and_writes_nothing(client, workshop):
    make.a_story(ref="old", title="Before", workshop=workshop, status=Status.DRAFT, tags=["rotas"])
    make.a_story(ref="same", title="Same", workshop=workshop, status=Status.DRAFT)
    gone = make.a_story(ref="gone", title="Taken back", workshop=workshop)
    withdrawal.withdraw_stories([gone])
    before = archive()
    response = upload(
        client,
        "stories",
        "ref,kind,title,tags",
        "new,message,Fresh,",
        "old,innovation,After,rotas|trust",
        "same,innovation,Same,",
        "gone,message,Again,",
    )
    assert [
        (line.line, line.key, line.outcome, line.changes if line.outcome == "changed" else None)
        for line in response.context["page"]
    ] == [
        (2, "new", "added", None),
        (3, "old", "changed", [["title", "Before", "After"], ["tags", "rotas", "rotas | trust"]]),
        (4, "same", "unchanged", None),
        (5, "gone", "kept", None),
    ]
    assert "Import 2 rows" in response.content.decode()
    assert archive() == before
    assert not Tag.objects.filter(name="trust").exists()


def test_preview_with_a_refused_line_shows_it_first_and_offers_no_import(client, workshop):
    response = upload(client, "stories", "ref,kind,title", "a,message,Fine", "b,gossip,")
    reasons = [
        "column kind, “gossip”: It must be one of: innovation, elsewhere, message.",
        "column title, “”: It is empty, and every row needs it. Fill it in.",
    ]
    assert preview(response) == [(3, "refused", reasons)]
    assert "Import 1 row" not in response.content.decode()
    record = Import.objects.get()
    assert messages(confirm(client, record)) == [
        "Nothing was imported: some of its lines are refused. Mend them in the file, and send it again."
    ]
    assert not Story.objects.exists()


def test_preview_of_nothing_to_import_says_why(client, workshop):
    header = "ref,kind,title"
    bring_in(client, "stories", header, "a,message,Here")
    again = upload(client, "stories", header, "a,message,Here").content.decode()
    assert "the archive says already what the file says" in again
    assert "below the names of its columns the file has no row" not in again
    assert "below the names of its columns the file has no row" in upload(client, "stories", header).content.decode()


def test_preview_has_fifty_lines_a_page_in_few_queries(client, workshop, django_assert_max_num_queries):
    lines = [f"s{n},message,T{n}" for n in range(120)]
    response = upload(client, "stories", "ref,kind,title", *lines)
    page = address(Import.objects.get(), "change")
    assert [line.line for line in response.context["page"]] == list(range(2, 52))
    with django_assert_max_num_queries(11):
        last = client.get(f"{page}?page=3")
    assert [line.line for line in last.context["page"]] == list(range(102, 122))
    assert client.get(f"{page}?page=x&show=nonsense").status_code == 200


def test_preview_shows_long_texts_where_they_begin_to_differ(client, workshop):
    make.a_story(ref="s", workshop=workshop, status=Status.DRAFT, text="a" * 500 + "old end")
    response = upload(client, "stories", "ref,text", "s," + "a" * 500 + "new end")
    changes = response.context["page"][0].changes
    assert changes[0] == ["text", "…" + "a" * 40 + "old end", "…" + "a" * 40 + "new end"]


def test_preview_is_for_its_owner_alone(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    record = Import.objects.get()
    colleague = make.a_user(FACILITATOR)
    workshop.facilitators.add(colleague)
    for user in (colleague, make.a_user(FACILITATOR), make.a_user(EDITOR)):
        client.force_login(user)
        assert client.get(address(record, "change")).status_code == 404
        assert list(client.get(LIST).context["cl"].result_list) == []
        for name in ("confirm", "cancel", "undo"):
            assert client.post(address(record, name)).status_code == 404
    assert not Story.objects.exists()
    assert Import.objects.get().content is not None


# Confirming


def test_confirm_imports_once_however_often_it_is_sent(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    record = Import.objects.get()
    first = confirm(client, record)
    Story.objects.update(title="Mended since")
    second = confirm(client, record)
    assert messages(first) == ["“stories.csv” was imported: 1 added, 0 changed."]
    assert messages(second) == ["It was imported already. Nothing was imported twice."]
    assert Story.objects.get().title == "Mended since"
    assert client.get(address(record, "confirm")).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_confirm_sent_five_times_at_once_imports_once():
    user = make.a_user(EDITOR)
    record = Import(kind="themes", user=user, file_name="t.csv", content=b"slug,name\na,A\n")
    uploads.keep_outcome(record, uploads.preview(record, user))
    done = all_at_once(lambda _: uploads.apply(Import.objects.get(pk=record.pk), user, record.digest), 5)
    assert sorted(done) == [False, False, False, False, True]
    assert list(Theme.objects.values_list("slug", flat=True)) == ["a"]
    assert ImportedRow.objects.count() == 1


def test_confirm_shows_the_new_outcome_if_the_archive_has_changed(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T", "b,message,U")
    make.a_story(ref="a", title="Meanwhile", workshop=workshop, status=Status.DRAFT)
    response = confirm(client)
    assert messages(response) == [
        "Nothing was imported: the archive has changed since you looked. This is what the file would do now."
    ]
    assert [(line.key, line.outcome) for line in response.context["page"]] == [("a", "changed"), ("b", "added")]
    assert list(Story.objects.values_list("ref", "title")) == [("a", "Meanwhile")]
    confirm(client)
    assert list(Story.objects.values_list("ref", "title")) == [("a", "T"), ("b", "U")]


def test_confirm_of_a_preview_that_another_tab_has_replaced_imports_nothing(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    confirm(client, digest="0" * 64)
    assert not Story.objects.exists()
    assert Import.objects.get().state == ImportState.WAITING


def test_confirm_after_leaving_the_workshop_imports_nothing(client, facilitator, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    record = Import.objects.get()
    workshop.facilitators.clear()
    assert client.post(address(record, "confirm"), {"digest": record.digest}).status_code == 404
    assert not Story.objects.exists()


def test_confirmed_import_keeps_neither_file_nor_lines(client, workshop):
    record = bring_in(client, "stories", "ref,kind,title", "a,message,T")
    assert record.content is None
    assert not ImportLine.objects.exists()


def test_cancelled_import_leaves_nothing(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    response = client.post(address(Import.objects.get(), "cancel"), follow=True)
    assert messages(response) == ["“stories.csv” is forgotten. Nothing was imported."]
    assert response.context["form"]["workshop"].value() == "mine"
    assert (Import.objects.count(), ImportLine.objects.count(), Story.objects.count()) == (0, 0, 0)


def test_file_that_nobody_confirms_is_seen_for_a_day_and_then_forgotten(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    waiting = Import.objects.get()
    Import.objects.update(uploaded_at=timezone.now() - datetime.timedelta(hours=25))
    assert "stories.csv" not in client.get(LIST).content.decode()
    assert client.post(address(waiting, "confirm"), {"digest": waiting.digest}).status_code == 404
    call_command("housekeeping", stdout=io.StringIO())
    assert (Import.objects.count(), ImportLine.objects.count(), Story.objects.count()) == (0, 0, 0)


def test_file_that_waits_for_less_than_a_day_is_kept(client, workshop):
    upload(client, "stories", "ref,kind,title", "a,message,T")
    Import.objects.update(uploaded_at=timezone.now() - datetime.timedelta(hours=23))
    call_command("housekeeping", stdout=io.StringIO())
    assert "stories.csv" in client.get(LIST).content.decode()


def test_imports_are_listed_for_those_of_the_workshop(client, workshop, django_assert_max_num_queries):
    bring_in(client, "stories", "ref,kind,title", "a,message,T", name="notes of june.csv")
    bring_in(client, "participants", "code", "p-new")
    colleague = make.a_user(FACILITATOR)
    workshop.facilitators.add(colleague)
    client.force_login(colleague)
    with django_assert_max_num_queries(10):
        listed = client.get(LIST)
    assert [str(record) for record in listed.context["cl"].result_list] == ["participants.csv", "notes of june.csv"]
    for user in (make.a_user(FACILITATOR), make.a_user(EDITOR)):
        client.force_login(user)
        assert list(client.get(LIST).context["cl"].result_list) == []


def test_participants_come_into_the_workshop_without_naming_it(client, workshop):
    bring_in(client, "participants", "code,role", "p-new,resident")
    assert list(Participant.objects.get().workshops.all()) == [workshop]


# What is not theirs


@pytest.fixture
def theirs():
    """A workshop of other facilitators, with something in it of every kind."""
    theirs = make.a_workshop(slug="theirs", title="Their workshop")
    participant = make.a_participant(code="p-hidden", role="whistle blower", workshops=[theirs])
    story = make.a_story(
        ref="s-hidden", title="Hidden title", status=Status.DRAFT, workshop=theirs, told_by=participant
    )
    practice = make.a_practice(ref="P-hidden", statement="Hidden statement", status=Status.DRAFT, stories=[story])
    make.a_vote(practice=practice, participant=participant, workshop=theirs)
    return theirs


HIDDEN = re.compile("Hidden title|Hidden statement|whistle|Their workshop")


@pytest.mark.parametrize(
    ("kind", "header", "row", "said"),
    [
        (
            "stories",
            "ref,kind,title",
            "s-hidden,message,Mine now",
            "column ref, “s-hidden”: This ref cannot be used here. Choose another one, which nobody uses.",
        ),
        (
            "participants",
            "code,role",
            "p-hidden,resident",
            "column code, “p-hidden”: This code cannot be used here. Choose another one, which nobody uses.",
        ),
        (
            "practices",
            "ref,statement",
            "P-hidden,Mine now",
            "column ref, “P-hidden”: This ref cannot be used here. Choose another one, which nobody uses.",
        ),
    ],
)
def test_import_never_touches_or_tells_of_rows_of_others(client, workshop, theirs, kind, header, row, said):
    before = archive()
    response = upload(client, kind, header, row)
    assert preview(response) == [(2, "refused", [said])]
    assert not HIDDEN.search(response.content.decode())
    confirm(client)
    assert archive() == before


@pytest.mark.parametrize(
    ("kind", "header", "row", "column"),
    [
        ("stories", "ref,kind,title,told_by", "a,message,T,{}", "told_by"),
        ("practices", "ref,statement,stories", "P-1,S,{}", "stories"),
        ("votes", "practice,participant,choice", "P-mine,{},keep", "participant"),
        ("votes", "practice,participant,choice", "{},p-mine,keep", "practice"),
        ("tallies", "practice,service_area,keep", "{},hubs,3", "practice"),
        ("participants", "code,workshops", "p-new,{}", "workshops"),
    ],
)
def test_import_answers_for_a_hidden_name_as_for_one_that_is_not_there(
    client, workshop, theirs, kind, header, row, column
):
    make.a_participant(code="p-mine", workshops=[workshop])
    make.a_practice(ref="P-mine")
    make.a_service_area("Hubs")
    hidden = {"told_by": "p-hidden", "participant": "p-hidden", "stories": "s-hidden", "workshops": "theirs"}
    name = hidden.get(column, "P-hidden")
    (_, outcome, reasons) = preview(upload(client, kind, header, row.format(name)))[0]
    free = preview(upload(client, kind, header, row.format("xyz")))[0]
    assert outcome == free[1] == "refused"
    assert reasons[0].startswith(f"column {column}, “{name}”: There is no ")
    assert [reason.replace(name, "xyz") for reason in reasons] == free[2]


def test_import_never_takes_a_vote_that_was_cast_in_a_workshop_of_others(client, workshop, theirs):
    practice = make.a_practice(ref="P-1")
    both = make.a_participant(code="p-both", workshops=[workshop, theirs])
    make.a_vote(practice=practice, participant=both, workshop=theirs, choice=Choice.DISCARD)
    response = upload(client, "votes", "practice,participant,choice", "P-1,p-both,keep")
    said = "column practice, “P-1”: This row cannot be written from here. Ask an editor."
    assert preview(response) == [(2, "refused", [said])]
    assert Vote.objects.get(practice=practice).choice == Choice.DISCARD


def test_import_keeps_links_that_its_facilitator_does_not_see(client, workshop, theirs):
    both = make.a_participant(code="p-both", workshops=[workshop, theirs])
    second = make.a_workshop(slug="second", facilitators=workshop.facilitators.all())
    practice = make.a_practice(ref="P-1", status=Status.DRAFT, stories=Story.objects.filter(ref="s-hidden"))
    make.a_vote(practice=practice, participant=both, workshop=workshop)
    response = upload(client, "participants", "code,workshops", "p-both,second")
    assert response.context["page"][0].changes == [["workshops", "mine", "mine | second"]]
    confirm(client)
    assert set(both.workshops.all()) == {workshop, theirs, second}
    make.a_story(ref="s-mine", workshop=workshop)
    response = upload(client, "practices", "ref,stories", "P-1,s-mine")
    assert response.context["page"][0].changes == [["stories", "", "s-mine"]]
    confirm(client)
    assert set(practice.stories.values_list("ref", flat=True)) == {"s-hidden", "s-mine"}


def test_import_does_not_tell_whether_a_guess_at_a_published_story_of_others_is_right(client, workshop, theirs):
    teller = Participant.objects.get(code="p-hidden")
    make.a_story(ref="s-pub", title="Public", workshop=theirs, told_by=teller, text="As told.")
    said = "column ref, “s-pub”: This ref cannot be used here. Choose another one, which nobody uses."
    for text in ("As told.", "Not as told."):
        assert preview(upload(client, "stories", "ref,text", f"s-pub,{text}")) == [(2, "refused", [said])]


def test_import_leaves_what_is_published_to_editors(client, workshop):
    make.a_story(ref="s", title="Public", workshop=workshop)
    make.a_practice(ref="P-1", statement="Public")
    assert preview(upload(client, "stories", "ref,title", "s,Changed")) == [
        (2, "refused", ["column ref, “s”: The story is published. Suggest a correction on its page, or ask an editor."])
    ]
    assert preview(upload(client, "practices", "ref,statement", "P-1,Changed"))[0][1] == "refused"
    assert preview(upload(client, "stories", "ref,title", "s,Public"))[0][1] == "unchanged"
    assert preview(upload(client, "practices", "ref,statement", "P-1,Public"))[0][1] == "unchanged"


def test_import_by_an_editor_touches_no_story_told_to_facilitators_only(client, editor, theirs):
    Story.objects.update(consent=Consent.FACILITATORS, effective_consent=Consent.FACILITATORS)
    response = upload(client, "stories", "ref,title", "s-hidden,Mine now", workshop="")
    said = "column ref, “s-hidden”: This ref cannot be used here. Choose another one, which nobody uses."
    assert preview(response) == [(2, "refused", [said])]
    assert not re.search("Hidden title", response.content.decode())


def test_import_by_an_editor_leaves_the_terms_of_a_story_to_its_facilitators(client, editor, theirs):
    make.a_story(ref="s", title="T", status=Status.DRAFT, consent=Consent.TEAM, workshop=theirs)
    response = upload(client, "stories", "ref,title,consent", "s,Better,public", workshop="")
    assert preview(response) == [
        (
            2,
            "refused",
            ["column consent, “public”: Only those who run its workshop change this. Leave the cell as it is."],
        )
    ]
    assert preview(upload(client, "stories", "ref,title", "s,Better", workshop=""))[0][1] == "changed"


def test_import_by_an_editor_never_tells_the_notes_of_a_workshop(client, editor):
    make.a_workshop(slug="theirs", notes="Ann said it.")
    for notes in ("Ann said it.", "A guess."):
        response = upload(client, "workshops", "slug,notes", f"theirs,{notes}", workshop="")
        said = f"column notes, “{notes}”: The notes are for those who ran the workshop. Leave the column out."
        assert preview(response) == [(2, "refused", [said])]


def test_import_by_an_editor_finds_no_account_that_runs_no_workshop(client, editor):
    make.a_user(username="root", is_superuser=True)
    make.a_user(FACILITATOR, username="sam")
    make.a_phase(programme=make.a_programme(slug="gm"))
    header = "slug,title,programme,phase,facilitators"
    assert preview(upload(client, "workshops", header, "w,W,gm,1,root", workshop=""))[0][1] == "refused"
    assert preview(upload(client, "workshops", header, "w,W,gm,1,sam", workshop=""))[0][1] == "added"


HEADER_OF_WORKSHOPS = "slug,title,programme,phase,facilitators"


@pytest.mark.parametrize("named", ["edith", "sam", "sam|edith"])
def test_import_by_an_editor_gives_nobody_the_names_of_a_workshop(client, editor, named):
    """Neither to themselves nor to others, though they may be facilitators elsewhere."""
    editor.groups.add(Group.objects.get(name=FACILITATOR))
    make.a_user(FACILITATOR, username="sam")
    room = make.a_workshop(slug="theirs", facilitators=[make.a_user(FACILITATOR)])
    make.a_participant([room])
    response = upload(client, "workshops", "slug,facilitators", f"theirs,{named}", workshop="")
    said = f"column facilitators, “{named}”: Only those who ran a workshop say who else did. Leave the cell empty."
    assert preview(response) == [(2, "refused", [said])]
    assert room.facilitators.count() == 1


def test_import_by_an_editor_makes_no_facilitator_of_who_has_not_the_role(client, editor):
    """Of a new workshop, for which they may name facilitators: what those write there later would be theirs to read."""
    make.a_phase(programme=make.a_programme(slug="gm"))
    make.a_workshop(facilitators=[editor, make.a_user(FACILITATOR, username="gone", is_active=False)])
    bring_in(client, "workshops", HEADER_OF_WORKSHOPS, "u,U,gm,1,", workshop="")
    assert list(Workshop.objects.get(slug="u").facilitators.all()) == []
    rows = ["w,W,gm,1,edith", "v,V,gm,1,gone"]
    response = upload(client, "workshops", HEADER_OF_WORKSHOPS, *rows, workshop="")
    said = "column facilitators, “{0}”: No facilitator: {0}. Only active accounts with that role can be named."
    assert preview(response) == [
        (2, "refused", [said.format("edith")]),
        (3, "refused", [said.format("gone")]),
    ]


def test_import_by_who_ran_a_workshop_names_others(client, editor):
    editor.groups.add(Group.objects.get(name=FACILITATOR))
    sam = make.a_user(FACILITATOR, username="sam")
    room = make.a_workshop(slug="mine", facilitators=[editor])
    bring_in(client, "workshops", "slug,facilitators", "mine,sam", workshop="")
    assert list(room.facilitators.all()) == [sam]


def test_import_lists_nobody_in_a_workshop_of_ones_own_whose_name_one_may_not_see(client, editor):
    make.a_workshop(slug="mine", facilitators=[editor])
    there, elsewhere = make.a_workshop(slug="there"), make.a_workshop(slug="elsewhere")
    person = make.a_participant([there], code="p-x")
    bring_in(client, "participants", "code,workshops", "p-x,there|elsewhere", workshop="")
    assert set(person.workshops.all()) == {there, elsewhere}
    response = upload(client, "participants", "code,workshops", "p-x,there|mine", workshop="")
    said = (
        "column workshops, “there|mine”: Somebody who came to no workshop of yours is entered there by those who know them: "
        "their name would be shown to you."
    )
    assert preview(response) == [(2, "refused", [said])]


def test_import_shows_what_was_withdrawn_as_kept_and_nothing_of_it(client, workshop, theirs):
    withdrawal.withdraw_stories(Story.objects.filter(ref="s-hidden"))
    response = upload(client, "stories", "ref,title,status", "s-hidden,Mine,withdrawn")
    assert [(line.outcome, line.changes) for line in response.context["page"]] == [("kept", [])]


# Undo


def test_undo_gives_the_archive_back_to_the_byte(client, workshop):
    area, place = make.a_service_area("Hubs"), make.a_place("Bolton")
    teller = make.a_participant(code="p-1", workshops=[workshop], role="resident", place=place)
    make.a_story(
        ref="old",
        workshop=workshop,
        status=Status.DRAFT,
        tags=["rotas", "trust"],
        themes=[make.a_theme("Culture"), make.a_theme("System")],
        told_by=teller,
        text="As told, line one.\nLine two.",
    )
    make.a_practice(
        ref="P-1", status=Status.DRAFT, tags=["rotas"], service_areas=[area], entered_by=workshop.facilitators.get()
    )
    make.a_vote(practice=Practice.objects.get(), participant=teller, workshop=workshop)
    Tally.objects.create(practice=Practice.objects.get(), workshop=workshop, service_area=area, keep=3)
    files = {
        "participants": ["code,role,service_area,place", "p-1,,hubs,", "p-2,resident,,"],
        "practices": [
            "ref,statement,tags,stories,service_areas",
            "P-1,New words,new tag,old,",
            "P-2,Another,rotas,,hubs",
        ],
        "stories": [
            "ref,kind,title,text,themes,tags,told_by,place",
            "old,message,New,New words,system,trust|new tag,,bolton",
            "new,message,Also,More words,culture,other,p-1,",
        ],
        "votes": ["practice,participant,choice", "P-1,p-1,discard"],
        "tallies": ["practice,service_area,keep,create", "P-1,hubs,0,5"],
    }
    for kind, lines in files.items():
        before, tags = archive(), set(Tag.objects.values_list("name", flat=True))
        record = bring_in(client, kind, *lines)
        assert archive() != before
        response = undo(client, record)
        assert messages(response)[-1] == f"“{kind}.csv” is undone: the archive is as it was before."
        assert archive() == before
        assert set(Tag.objects.values_list("name", flat=True)) == tags
    assert not ImportedRow.objects.exists()


def test_undo_does_not_take_the_mark_of_confidence_away(client, workshop):
    make.a_story(ref="old", workshop=workshop, status=Status.DRAFT, consent=Consent.FACILITATORS)
    record = bring_in(client, "stories", "ref,in_confidence", "old,1")
    response = undo(client, record)
    assert response.context["reasons"] == ["Line 2: the import marked it as said in confidence, and that stays."]
    assert Story.objects.get().in_confidence is True


def test_undo_by_an_editor_gives_vocabularies_back(client, editor):
    programme = make.a_programme(slug="gm", title="GM")
    make.a_phase(programme=programme, number=1, question="Why?")
    make.a_theme("Culture", aliases=["the culture"])
    files = {
        "themes": ["slug,name,aliases", "culture,Other,x|y", "new,New,"],
        "programmes": ["slug,title,phases", "gm,Other,Who?|What?", "two,Two,When?"],
        "workshops": ["slug,title,programme,phase", "w,W,gm,1"],
        "insights": ["slug,programme,title,kind,themes", "i,gm,I,finding,culture"],
    }
    for kind, lines in files.items():
        before = archive()
        record = bring_in(client, kind, *lines, workshop="")
        assert archive() != before
        undo(client, record)
        assert archive() == before


def test_undo_happens_once(client, workshop):
    record = bring_in(client, "stories", "ref,kind,title", "a,message,T")
    undo(client, record)
    make.a_story(ref="a", workshop=workshop, status=Status.DRAFT)
    undo(client, record)
    assert Story.objects.get().ref == "a"


STORIES = ("ref,kind,title,text,consent", "old,message,New,Words,public", "new,message,T,Words,public")


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda: Story.objects.filter(ref="old").update(title="Mended"), "Line 2: it was changed since the import."),
        (lambda: Story.objects.get(ref="old").tags.add("later"), "Line 2: it was changed since the import."),
        (lambda: Story.objects.get(ref="new").themes.add(make.a_theme()), "Line 3: it was changed since the import."),
        (lambda: OriginalText.objects.get(story__ref="new").delete(), "Line 3: it was changed since the import."),
        (lambda: Story.objects.get(ref="old").delete(), "Line 2: it has been deleted since."),
        (lambda: review.publish_story(Story.objects.get(ref="new")), "Line 3: it is published."),
        (
            lambda: withdrawal.withdraw_stories(Story.objects.filter(ref="old")),
            "Line 2: it was changed since the import.",
        ),
        (
            lambda: make.a_practice(stories=Story.objects.filter(ref="new")),
            "Line 3: something else has come to rest on it since.",
        ),
        (
            lambda: make.an_insight(supports=Story.objects.filter(ref="new"), status=Status.DRAFT),
            "Line 3: something else has come to rest on it since.",
        ),
    ],
)
def test_undo_is_refused_with_the_reason(client, workshop, happens, reason):
    make.a_story(ref="old", workshop=workshop, status=Status.DRAFT)
    record = bring_in(client, "stories", *STORIES)
    happens()
    before = archive()
    response = undo(client, record)
    assert (response.status_code, response.context["reasons"]) == (409, [reason])
    assert reason in response.content.decode()
    assert archive() == before
    assert Import.objects.get().state == ImportState.IMPORTED


def test_undo_of_participants_who_voted_since_is_refused(client, workshop):
    record = bring_in(client, "participants", "code", "p-new")
    make.a_vote(practice=make.a_practice(), participant=Participant.objects.get(), workshop=workshop)
    assert undo(client, record).context["reasons"] == ["Line 2: something else has come to rest on it since."]


def test_undo_of_votes_is_refused_once_their_results_are_released(client, workshop):
    practice = make.a_practice(ref="P-1")
    make.a_participant(code="p-1", workshops=[workshop])
    record = bring_in(client, "votes", "practice,participant,choice", "P-1,p-1,keep")
    result = make.a_result(practice, programme=workshop.phase.programme, voters_low=10, voters_high=12)
    Release.objects.filter(pk=result.release.pk).update(released_on=timezone.localdate())
    assert undo(client, record).context["reasons"] == ["Line 2: it is published."]
    assert Vote.objects.count() == 1


def test_undo_never_widens_a_consent(client, workshop):
    make.a_participant(code="p-1", workshops=[workshop], consent=Consent.PUBLIC)
    record = bring_in(client, "participants", "code,consent", "p-1,team")
    assert undo(client, record).context["reasons"] == [
        "Line 2: the import narrowed its consent, which an undo does not widen. Change it by hand."
    ]
    assert Participant.objects.get().consent == Consent.TEAM


def test_undo_of_a_publication_is_refused(client, editor):
    story = make.a_story()
    insight = make.an_insight(supports=[story], slug="i", status=Status.DRAFT, none_found="Everywhere.")
    record = bring_in(client, "publications", "insight,published_on", "i,2025-01-01", workshop="")
    assert undo(client, record).context["reasons"] == [
        "A version that was published stays. Unpublish the insights instead."
    ]
    insight.refresh_from_db()
    assert insight.status == Status.PUBLISHED


def test_undo_is_for_those_who_run_the_workshop(client, facilitator, workshop):
    record = bring_in(client, "stories", "ref,kind,title", "a,message,T")
    workshop.facilitators.clear()
    assert client.post(address(record, "undo")).status_code == 404
    client.force_login(make.a_user(EDITOR))
    assert client.post(address(record, "undo")).status_code == 404
    assert Story.objects.count() == 1


def test_withdrawn_story_leaves_no_words_with_its_import(client, workshop):
    make.a_story(ref="s", workshop=workshop, status=Status.DRAFT, text="Ann said it.")
    bring_in(client, "stories", "ref,text", "s,Somebody said it.")
    assert "Ann said it." in str(ImportedRow.objects.values_list("before"))
    upload(client, "stories", "ref,text", "s,Nobody said it.")
    assert "Somebody" in str(ImportLine.objects.values_list("changes"))
    withdrawal.withdraw_stories(Story.objects.all())
    assert "said it" not in str(ImportedRow.objects.values_list("before"))
    assert "said it" not in str(ImportLine.objects.values_list("changes"))


# Limits and bad files


def test_import_takes_five_thousand_rows_and_no_more(client, workshop):
    lines = [f"p-{n}" for n in range(5001)]
    assert len(preview(upload(client, "participants", "code", *lines[:5000]))) == 50
    assert refusals(upload(client, "participants", "code", *lines)) == [
        "participants.csv: there are more than 5,000 rows. Part the file in several, or have it imported from the "
        "shell, which has no such limit."
    ]


def test_import_takes_twenty_thousand_letters_a_cell_and_no_more(client, workshop):
    assert preview(upload(client, "stories", "ref,kind,title,text", f"a,message,T,{'x' * 20_000}"))[0][1] == "added"
    assert refusals(upload(client, "stories", "ref,kind,title,text", f"a,message,T,{'x' * 20_001}")) == [
        "stories.csv, line 2, column text: the cell has 20,001 letters, and 20,000 are the most. Shorten it, or part "
        "it in several rows."
    ]


def test_import_refuses_a_file_over_ten_megabytes(client, workshop):
    said = "A file may have 10 MB at most. Part it in several, or have it imported from the shell, which has no such limit."
    assert refusals(upload(client, "stories", b"x" * 10_000_001)) == [said]


class Unread(io.BytesIO):
    def read(self, *args):
        pytest.fail("it was read")


def send_much(client):
    """An upload of 200 MB that fails the test if a byte of it is read."""
    fields = {"CONTENT_LENGTH": "200000000", "wsgi.input": Unread()}
    return client.generic("POST", ADD, b"", content_type="multipart/form-data; boundary=x", **fields)


def test_import_turns_away_a_big_upload_without_reading_it(client, workshop):
    response = send_much(client)
    assert response.status_code == 413
    assert "The file has 200 MB. At the desk 10 MB are the most, so it was not read." in response.content.decode()


def test_import_turns_away_a_big_upload_of_those_who_may_not(client, workshop):
    client.force_login(make.a_user(ANALYST))
    assert send_much(client).status_code == 403
    client.session.flush()
    assert send_much(client).url == f"/admin/login/?next={ADD}"


def test_import_still_checks_where_a_form_comes_from(workshop, facilitator):

    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(facilitator)
    assert upload(stranger, "participants", "code", "p-1").status_code == 403
    assert not Import.objects.exists()


def test_import_writes_no_upload_to_the_temporary_folder(client, workshop, monkeypatch):
    monkeypatch.setattr(uploadedfile.tempfile, "NamedTemporaryFile", lambda **kwargs: pytest.fail("a file was made"))
    lines = [f"s{n},message,T,{'x' * 10_000}" for n in range(400)]
    assert len(preview(upload(client, "stories", "ref,kind,title,text", *lines))) == 50


BAD_FILES = {
    "nul.csv": (b"ref,kind,title\na,message,T\0\n", "line 2: there is a NUL character"),
    "quote.csv": (b'ref,kind,title\na,message,"T\n', "line 2: the quotes do not close"),
    "twice.csv": (b"ref,kind,kind,title\na,message,message,T\n", "two columns “kind”"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0", "this is a PNG picture"),
    "noise.csv": (bytes(range(256)) * 10, "is not utf-8"),
    "empty.csv": (b"\n", "the file is empty"),
    "wide.csv": (b",".join(b"c%d" % n for n in range(300)) + b"\n", "there are 300 columns"),
    "many.csv": (b",".join(b"c%d" % n for n in range(150)) + b"\n", "and 140 others"),
    "zip.xlsx": (b"PK\x03\x04 and nothing", "not a workbook that can be read"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    "lone.csv": (b"\xff\xfe\x00\xd8", "is not utf-16"),
}


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return file.getvalue()


@pytest.mark.parametrize("name", BAD_FILES)
def test_import_of_a_bad_file_says_what_is_wrong_and_keeps_nothing(client, workshop, name):
    content, says = BAD_FILES[name]
    response = upload(client, "stories", content, name=name)
    assert (response.status_code, len(refusals(response))) == (200, 1)
    assert refusals(response)[0].startswith(name)
    assert says in refusals(response)[0]
    assert not Import.objects.exists()


def test_import_of_an_empty_file_says_what_would_stand_in_it(client, workshop):
    response = upload(client, "stories", b"", name="empty.csv")
    assert refusals(response) == ["The file is empty. Its first line names the columns."]
    assert not Import.objects.exists()


def test_import_of_a_workbook_that_is_a_bomb_says_so(client, workshop):
    assert "larger than 50 MB" in refusals(upload(client, "stories", bomb(), name="bomb.xlsx"))[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "cell", ["x" * 19_000, "9" * 19_000, "ﷺ" * 100, "\u202e\x01\ud7ff", "|" * 500, "=1+1", "-1", "0000-00-00"]
)
def test_import_of_any_text_in_any_column_is_refused_or_taken_but_never_fails(client, editor, kind, cell):
    columns = [column.column_name for column in KINDS[kind]().import_columns()]
    for columns_filled in (columns, columns[:1]):
        row = ",".join(f'"{cell}"' for _ in columns_filled)
        response = upload(client, kind, ",".join(columns_filled), row, workshop="")
        assert response.status_code == 200
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "latin1.csv",
        "title-row.csv",
        "weird_head_padding.csv",
        "merged-cells.xlsx",
        "workshop_feedback_London_20190312.csv",
    ],
)
def test_import_of_files_as_people_have_them_is_refused_in_words(client, workshop, name):
    content = shared("messy", name).read_bytes()
    response = upload(client, "stories", content, name=name)
    assert (response.status_code, len(refusals(response))) == (200, 1)
    assert not Import.objects.exists()


def test_import_of_another_encoding_works_once_it_is_named(client, workshop):
    content = "code,role\np-1,Café owner\n".encode("cp1252")
    assert "byte 0xE9" in refusals(upload(client, "participants", content))[0]
    upload(client, "participants", content, encoding="cp1252")
    confirm(client)
    assert Participant.objects.get().role == "Café owner"


# Files to start from


@pytest.mark.parametrize("kind", ["participants", "stories", "practices", "votes", "tallies"])
def test_template_imports_as_it_stands_into_a_workshop(client, workshop, kind):
    make.a_service_area("Hubs")
    make.a_place("Bolton")
    make.a_theme("Culture")
    make.a_practice(ref="P-1")
    make.a_participant(code="p-1", workshops=[workshop])
    response = client.get(reverse("admin:innovation_archive_import_template", args=[kind]), {"workshop": "mine"})
    assert response.headers["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    assert response.content.count(b"\n") == 2
    assert [outcome for _, outcome, _ in preview(upload(client, kind, response.content))] == ["added"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "publications"])
def test_template_imports_as_it_stands_for_an_editor(client, editor, kind):
    make.a_service_area("Hubs")
    make.a_place("Bolton")
    make.a_theme("Culture")
    workshop = make.a_workshop(slug="w", facilitators=[make.a_user(FACILITATOR)])
    make.a_story(workshop=workshop)
    make.a_practice(ref="P-1")
    make.a_participant(code="p-1", workshops=[workshop])
    make.a_commitment(insight=make.an_insight(slug="i"))
    response = client.get(reverse("admin:innovation_archive_import_template", args=[kind]))
    assert [outcome for _, outcome, _ in preview(upload(client, kind, response.content, workshop=""))] == ["added"]


def test_template_says_what_must_be_there_first(client, workshop):
    templates = {
        template.kind: template.missing for template in client.get(f"{ADD}?workshop=mine").context["templates"]
    }
    assert templates == {
        "participants": [],
        "stories": [],
        "practices": [],
        "votes": ["practice", "participant"],
        "tallies": ["practice", "service area"],
    }
    assert "First the archive needs a practice and a participant" in client.get(f"{ADD}?workshop=mine").content.decode()


def test_template_names_all_that_is_missing_in_one_list():
    template = Template("votes", "One vote.", missing=["practice", "participant", "workshop"])
    assert template.missing_in_words == "a practice, a participant and a workshop"


def test_preview_counts_one_line_and_several(client, workshop):
    one = upload(client, "practices", "ref,statement", "a,").content.decode()
    assert "1 line of the file cannot come in, so none does. Mend it in the file as it says below" in one
    two = upload(client, "practices", "ref,statement", "a,", "b,").content.decode()
    assert "2 lines of the file cannot come in, so none does. Mend them in the file as it says below" in two
    assert f'<a href="{ADD}?workshop=mine">send it again</a>' in two
    assert 'value="Import 1 row"' in upload(client, "practices", "ref,statement", "a,Ring").content.decode()
    assert 'value="Import 2 rows"' in upload(client, "practices", "ref,statement", "a,Ring", "b,Call").content.decode()


def test_template_names_nothing_that_its_reader_may_not_know(client, workshop, theirs):
    for kind in ("stories", "practices", "votes", "tallies", "participants"):
        page = client.get(reverse("admin:innovation_archive_import_template", args=[kind])).content.decode()
        assert "hidden" not in page
        assert "theirs" not in page
    assert client.get(reverse("admin:innovation_archive_import_template", args=["themes"])).status_code == 404
    assert Workshop.objects.count() == 2
    assert Theme.objects.count() == 0
