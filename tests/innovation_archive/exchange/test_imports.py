import datetime

import pytest

from innovation_archive.datasets import KINDS
from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import FileProblemError, read_content
from insights.models import Insight
from tests import factories as make
from workshops import search
from workshops.choices import Choice, Consent, Kind, Status
from workshops.consent.erasure import erase_participant
from workshops.consent.passages import hide_passage
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import (
    ConsentRecord,
    OriginalText,
    Participant,
    Phase,
    Practice,
    Programme,
    ServiceArea,
    Story,
    Tag,
    Vote,
    Workshop,
)
from workshops.roles import FACILITATOR

pytestmark = pytest.mark.django_db


def bring_in(kind, *lines, **options):
    """Import lines of CSV as a file called kind.csv, and give the report."""
    return import_table(kind, read_content("\n".join(lines).encode(), f"{kind}.csv"), **options)


def said(report):
    return [str(problem) for problem in report.problems]


def counts(report):
    return report.added, report.changed, report.unchanged, len(report.kept)


@pytest.fixture
def bolton():
    return make.a_place("Bolton", code="E08000001", aliases=["Bolton Council"])


@pytest.fixture
def workshop():
    return make.a_workshop(slug="early-help-1")


def test_import_adds_then_leaves_unchanged_then_changes():
    lines = ["slug,name,aliases", "hubs,Community hubs,The hubs|Hub teams"]
    assert counts(bring_in("service_areas", *lines)) == (1, 0, 0, 0)
    assert counts(bring_in("service_areas", *lines)) == (0, 0, 1, 0)
    assert counts(bring_in("service_areas", "slug,name,aliases", "hubs,Community hubs,The hubs")) == (0, 1, 0, 0)
    assert list(ServiceArea.objects.values_list("slug", "name", "aliases")) == [
        ("hubs", "Community hubs", ["The hubs"])
    ]


def test_import_leaves_a_description_without_a_column_and_clears_it_by_an_empty_cell():
    practice = make.a_practice(ref="P-1", statement="Ring", description="A call.\nIt takes an hour.")
    steps = [
        (["ref,statement", "P-1,Ring"], (0, 0, 1, 0), "A call.\nIt takes an hour."),
        (["ref,statement,description", "P-1,Ring,Another."], (0, 1, 0, 0), "Another."),
        (["ref,statement,description", "P-1,Ring,"], (0, 1, 0, 0), ""),
    ]
    for lines, counted, description in steps:
        assert counts(bring_in("practices", *lines)) == counted
        practice.refresh_from_db()
        assert practice.description == description


def test_import_dry_run_says_what_would_happen_and_writes_nothing(workshop):
    bring_in("service_areas", "slug,name", "hubs,Community hubs")
    report = bring_in("service_areas", "slug,name", "hubs,Hubs", "help,Early help", dry_run=True)
    assert counts(report) == (1, 1, 0, 0)
    assert list(ServiceArea.objects.values_list("name", flat=True)) == ["Community hubs"]


def test_import_writes_nothing_when_one_line_is_wrong(workshop):
    report = bring_in(
        "stories", "ref,workshop,kind,title,tags", "a,early-help-1,message,Fine,rotas", "b,nowhere,gossip,,x"
    )
    assert said(report) == [
        "stories.csv, line 3, column workshop, “nowhere”: There is no workshop “nowhere” in the archive. "
        "Import the workshops first, or mend the name.",
        "stories.csv, line 3, column kind, “gossip”: It must be one of: innovation, elsewhere, message.",
        "stories.csv, line 3, column title, “”: It is empty, and every row needs it. Fill it in.",
    ]
    assert (Story.objects.count(), Tag.objects.count()) == (0, 0)


def test_import_shows_a_hundred_problems_and_counts_the_rest():
    report = bring_in("service_areas", "slug,name", *(f"slug{n}," for n in range(120)))
    lines = report.problem_lines()
    assert len(lines) == 101
    assert lines[-1] == "… and 20 more: 120 problems in all."


def test_import_refuses_unknown_columns_by_name():
    with pytest.raises(
        FileProblemError, match=r"service_areas has no column “colour”\. Its columns are: slug, name, aliases"
    ):
        bring_in("service_areas", "slug,name,colour", "hubs,Hubs,red")


@pytest.mark.parametrize(("number", "end"), [(10, "“c9”."), (11, "“c9” and 1 other."), (12, "“c9” and 2 others.")])
def test_import_names_ten_unknown_columns_and_counts_the_others(number, end):
    columns = [f"c{n}" for n in range(number)]
    with pytest.raises(FileProblemError) as refusal:
        bring_in("service_areas", ",".join(["slug", *columns]))
    named = ", ".join(f"“c{n}”" for n in range(9))
    assert str(refusal.value) == (
        f"service_areas.csv, line 1: service_areas has no column {named}, {end} Its columns are: slug, name, aliases."
    )


def test_import_refuses_a_file_without_its_key():
    with pytest.raises(FileProblemError, match="the column “slug” is missing"):
        bring_in("service_areas", "name", "Hubs")


def test_import_passes_over_columns_that_exports_add(workshop):
    report = bring_in(
        "stories",
        "ref,workshop,kind,title,programme,phase,held_on,place_name,url",
        "a,early-help-1,message,T,x,9,x,x,x",
    )
    assert counts(report) == (1, 0, 0, 0)


def test_import_refuses_a_key_twice_in_one_file():
    report = bring_in("service_areas", "slug,name", "hubs,Hubs", "help,Help", "hubs,Hub teams")
    assert said(report) == [
        "service_areas.csv, line 4, column slug, “hubs”: This row stands on line 2 already. Keep one of the two."
    ]


def test_import_needs_a_new_row_whole_and_lets_an_old_one_be_in_part(workshop):
    make.a_story(ref="old", title="Before", workshop=workshop)
    assert said(bring_in("stories", "ref,title", "old,After", "new,After")) == [
        "stories.csv, line 3, column workshop, “”: This row is new, and a new row needs this column.",
        "stories.csv, line 3, column kind, “”: This row is new, and a new row needs this column.",
    ]
    assert counts(bring_in("stories", "ref,title", "old,After")) == (0, 1, 0, 0)
    assert Story.objects.get().title == "After"


def test_import_clears_an_optional_field_with_an_empty_cell_and_leaves_it_without_the_column(workshop, bolton):
    make.a_story(ref="s", workshop=workshop, place=bolton, tags=["rotas"], themes=[make.a_theme("Culture")])
    bring_in("stories", "ref,title", "s,New title")
    story = Story.objects.get()
    assert (story.place, [tag.name for tag in story.tags.all()], story.themes.count()) == (bolton, ["rotas"], 1)
    bring_in("stories", "ref,place,tags,themes", "s,,,")
    story = Story.objects.get()
    assert (story.place, list(story.tags.all()), story.themes.count()) == (None, [], 0)


@pytest.mark.parametrize("name", ["Bolton", "bolton", "E08000001", "e08000001", "BOLTON COUNCIL", " Bolton "])
def test_import_finds_a_place_by_name_code_or_alias_whatever_the_case(name, workshop, bolton):
    bring_in("stories", "ref,workshop,kind,title,place", f"s,early-help-1,message,T,{name}")
    assert Story.objects.get().place == bolton


def test_import_makes_no_new_place_and_suggests_the_likely_one(workshop, bolton):
    assert said(bring_in("stories", "ref,workshop,kind,title,place", "s,early-help-1,message,T,Boltn")) == [
        "stories.csv, line 2, column place, “Boltn”: There is no place “Boltn” in the archive. Did you mean “Bolton”?"
    ]


def test_import_takes_tags_that_differ_in_case_spacing_or_unicode_form_as_one(workshop):
    bring_in(
        "stories",
        "ref,workshop,kind,title,tags",
        "a,early-help-1,message,A,Mental  health|mental health|Cafe\u0301",
        "b,early-help-1,message,B,MENTAL HEALTH|Café|cafe|food\\|drink",
    )
    tags = {story.ref: sorted(tag.name for tag in story.tags.all()) for story in Story.objects.all()}
    assert tags == {"a": ["Café", "Mental health"], "b": ["Café", "Mental health", "cafe", "food|drink"]}


def test_import_starts_the_published_wording_as_a_copy_and_keeps_an_edited_one(workshop):
    lines = "ref,workshop,kind,title,text,published_text", "s,early-help-1,message,T,Ann said so.,"
    bring_in("stories", *lines)
    assert Story.objects.get().published_text == "Ann said so."
    bring_in("stories", "ref,text,published_text", "s,Ann said it.,")
    assert Story.objects.get().published_text == "Ann said it."
    Story.objects.update(published_text="Somebody said so.")
    assert counts(bring_in("stories", "ref,text,published_text", "s,Ann told us.,")) == (0, 1, 0, 0)
    story = Story.objects.get()
    assert (story.published_text, story.original_text.text) == ("Somebody said so.", "Ann told us.")


def test_import_never_carries_raw_words_into_a_published_wording(workshop):
    make.a_story(ref="s", workshop=workshop, published_text="As it was told.")
    assert counts(bring_in("stories", "ref,text,published_text", "s,Ann told it otherwise.,")) == (0, 1, 0, 0)
    story = Story.objects.get()
    assert (story.published_text, story.original_text.text) == ("As it was told.", "Ann told it otherwise.")


@pytest.mark.parametrize("cell", ["", "yes", "Facilitators", "PUBLIC?"])
def test_import_reads_unclear_consent_as_facilitators_only(cell, workshop):
    bring_in("stories", "ref,workshop,kind,title,consent", f"s,early-help-1,message,T,{cell}")
    assert Story.objects.get().effective_consent == Consent.FACILITATORS


def test_import_publishes_only_through_the_gate(workshop):
    make.a_participant(code="shy", consent=Consent.TEAM)
    header = "ref,workshop,kind,title,text,told_by,consent,status"
    assert said(bring_in("stories", header, "s,early-help-1,message,T,Words,shy,public,published")) == [
        "stories.csv, line 2, column consent, “public”: Publishing needs consent “public” or “credited”; that of the "
        "person who told it is “team”."
    ]
    assert said(bring_in("stories", header, "s,early-help-1,message,T,,,public,published")) == [
        "stories.csv, line 2, column published_text, “”: It has no published wording. Write what readers are to see."
    ]
    assert counts(bring_in("stories", header, "s,early-help-1,message,T,Words,,public,published")) == (1, 0, 0, 0)
    assert Story.objects.published().get().published_text == "Words"


def test_import_by_a_facilitator_sets_no_status_that_only_an_editor_may(workshop):
    header = "ref,workshop,kind,title,text,consent,status"
    row = "s,early-help-1,message,T,Words,public,"
    facilitator, editor = make.a_user("facilitator"), make.a_user("editor")
    workshop.facilitators.add(facilitator)
    refused = bring_in("stories", header, row + "published", user=facilitator)
    assert said(refused) == [
        "stories.csv, line 2, column status, “published”: Only an editor publishes, unpublishes or withdraws. "
        "Use draft or in review."
    ]
    assert counts(bring_in("stories", header, row + "in review", user=facilitator)) == (1, 0, 0, 0)
    assert counts(bring_in("stories", header, row + "published", user=editor)) == (0, 1, 0, 0)


def test_import_never_revives_what_was_withdrawn(workshop):
    header, row = "ref,workshop,kind,title,text,consent,status", "s,early-help-1,message,T,Words,public,"
    bring_in("stories", header, row + "published")
    bring_in("stories", header, row + "withdrawn")
    assert Story.objects.get().status == Status.WITHDRAWN
    report = bring_in("stories", header, row + "published")
    assert (counts(report), report.kept) == ((0, 0, 0, 1), [2])
    assert Story.objects.get().status == Status.WITHDRAWN


def test_import_of_an_old_file_does_not_bring_back_what_an_editor_hid(workshop):
    make.a_story(workshop=workshop, ref="s", title="Rotas", published_text="Nurse Ann rang.")
    hide_passage(Story.objects.get(), "published_text", 0, 9, "An objection.")
    report = bring_in("stories", "ref,published_text", "s,Nurse Ann rang.")
    assert said(report) == [
        "stories.csv, line 2, column published_text, “Nurse Ann rang.”: “Nurse Ann” was hidden, because somebody who told it "
        "withdrew it or objects to it. Say it in your own words."
    ]
    assert "Ann" not in Story.objects.get().published_text


def test_line_of_a_withdrawn_story_makes_a_story_without_words(workshop):
    header = "ref,workshop,kind,title,text,published_text,status"
    assert counts(bring_in("stories", header, "gone23,early-help-1,,,,,withdrawn")) == (1, 0, 0, 0)
    story = Story.objects.get()
    assert (story.ref, story.workshop, story.status, story.title) == ("gone23", workshop, "withdrawn", "")
    assert counts(bring_in("stories", header, "gone23,early-help-1,,,,,withdrawn")) == (0, 0, 1, 0)


def test_line_that_withdraws_a_story_deletes_its_words(workshop):
    make.a_story(ref="s", workshop=workshop, title="Soup", text="Told", tags=["own"])
    assert counts(bring_in("stories", "ref,title,status", "s,Another,withdrawn")) == (0, 1, 0, 0)
    story = Story.objects.get()
    assert (story.status, story.title, story.published_text, story.tags.count()) == ("withdrawn", "", "", 0)
    assert not OriginalText.objects.exists()


def test_line_of_a_new_withdrawn_story_needs_its_workshop(workshop):
    assert said(bring_in("stories", "ref,workshop,status", "gone23,,withdrawn")) == [
        "stories.csv, line 2, column workshop, “”: It is empty, and every row needs it. Fill it in."
    ]


def test_facilitator_withdraws_nothing_by_a_file(workshop):
    facilitator = make.a_user(FACILITATOR)
    workshop.facilitators.add(facilitator)
    make.a_story(ref="s", workshop=workshop, status=Status.DRAFT)
    report = bring_in("stories", "ref,status", "s,withdrawn", user=facilitator)
    assert said(report) == [
        "stories.csv, line 2, column status, “withdrawn”: Only an editor publishes, unpublishes or withdraws. "
        "Use draft or in review."
    ]


def test_import_brings_back_nobody_who_was_erased(workshop):
    person = make.a_participant(code="ann", consent=Consent.PUBLIC)
    make.a_story(ref="told", workshop=workshop, told_by=person)
    make.a_practice(ref="P-1")
    erase_participant(person)
    assert counts(bring_in("participants", "code,role", "ann,resident", "bob,resident")) == (1, 0, 0, 1)
    row = "again,early-help-1,message,T,Words,ann"
    assert counts(bring_in("stories", "ref,workshop,kind,title,text,told_by", row)) == (0, 0, 0, 1)
    row = "P-1,ann,keep,early-help-1"
    assert counts(bring_in("votes", "practice,participant,choice,workshop", row)) == (0, 0, 0, 1)
    assert list(Participant.objects.values_list("code", flat=True)) == ["bob"]


def test_import_brings_back_no_story_that_the_ledger_knows(workshop):
    withdraw_stories([make.a_story(ref="told", workshop=workshop)])
    Story.objects.all().delete()  # as in a database that is older than the story
    row = "told,early-help-1,message,T,Words"
    assert counts(bring_in("stories", "ref,workshop,kind,title,text", row)) == (0, 0, 0, 1)
    assert not Story.objects.exists()


def test_file_says_which_wording_was_agreed_to_and_when(workshop):
    header = "ref,workshop,kind,title,text,consent,consent_wording,consent_on"
    assert counts(bring_in("stories", header, "s,early-help-1,message,T,Words,team,1 EN-GB,2020-05-03")) == (1, 0, 0, 0)
    record = ConsentRecord.objects.get()
    assert (record.level, record.wording, record.language, str(record.given_on), record.way) == (
        Consent.TEAM,
        1,
        "en-gb",
        "2020-05-03",
        "file",
    )
    assert counts(bring_in("stories", header, "s,early-help-1,message,T,Words,team,1 en-gb,2020-05-04")) == (0, 1, 0, 0)
    assert str(ConsentRecord.objects.get().given_on) == "2020-05-04"
    report = bring_in("stories", header, "s,early-help-1,message,T,Words,team,9,2020-05-04")
    assert said(report) == [
        "stories.csv, line 2, column consent_wording, “9”: There is no such wording. It is a version and a language, such "
        "as 2 en-gb."
    ]


def test_import_never_raises_a_consent_that_its_giver_lowered(workshop):
    make.a_story(ref="s", workshop=workshop, status=Status.DRAFT, consent=Consent.TEAM, consent_ceiling=Consent.TEAM)
    make.a_participant(code="p", consent=Consent.TEAM, consent_ceiling=Consent.TEAM, role="resident")
    assert counts(bring_in("stories", "ref,title,consent", "s,New,public")) == (0, 0, 0, 1)
    assert counts(bring_in("participants", "code,role,consent", "p,editor,public")) == (0, 0, 0, 1)
    assert (Story.objects.get().consent, Participant.objects.get().role) == (Consent.TEAM, "resident")


def test_import_of_a_lower_consent_takes_the_tellers_stories_down(workshop):
    teller = make.a_participant(code="p", consent=Consent.PUBLIC)
    make.a_story(told_by=teller, workshop=workshop)
    bring_in("participants", "code,consent", "p,team")
    story = Story.objects.get()
    assert (story.status, story.effective_consent) == (Status.UNPUBLISHED, Consent.TEAM)


def test_import_needs_a_location_for_a_story_from_elsewhere(workshop):
    assert said(bring_in("stories", "ref,workshop,kind,title,location", "s,early-help-1,elsewhere,T,")) == [
        "stories.csv, line 2, column location, “”: A story from elsewhere says where it happened. Fill in the location."
    ]


def test_import_replaces_an_earlier_vote(workshop):
    make.a_practice(ref="P-1")
    make.a_participant(code="p")
    header = "practice,participant,choice,workshop"
    bring_in("votes", header, "P-1,p,keep,early-help-1")
    assert counts(bring_in("votes", header, "P-1,p,Discard,early-help-1")) == (0, 1, 0, 0)
    assert Vote.objects.get().choice == Choice.DISCARD
    assert said(bring_in("votes", header, "P-1,p,maybe,early-help-1")) == [
        "votes.csv, line 2, column choice, “maybe”: It must be one of: keep, amplify, discard, create."
    ]


def test_import_refuses_a_negative_tally(workshop):
    make.a_practice(ref="P-1")
    make.a_service_area("Hubs")
    report = bring_in("tallies", "practice,workshop,service_area,keep,amplify", "P-1,early-help-1,hubs,-3,2.5")
    assert said(report) == [
        "tallies.csv, line 2, column keep, “-3”: It must be a whole number, 0 or more.",
        "tallies.csv, line 2, column amplify, “2.5”: It must be a whole number, 0 or more.",
    ]


def test_import_of_programmes_keeps_their_phases_in_order():
    bring_in("programmes", "slug,title,phases,started,ended", "gm,GM,Why?|What \\| who?,2020-05-01,2020-09-30")
    assert list(Phase.objects.values_list("number", "question")) == [(1, "Why?"), (2, "What | who?")]
    bring_in("programmes", "slug,phases", "gm,Why?|What?|When?")
    assert list(Phase.objects.values_list("question", flat=True)) == ["Why?", "What?", "When?"]
    make.a_workshop(slug="w", phase=Phase.objects.get(number=3))
    assert said(bring_in("programmes", "slug,phases", "gm,Why?|What?")) == [
        "programmes.csv, line 2, column phases, “Why?|What?”: It leaves out phases that have workshops, such as “w”. "
        "Keep their questions."
    ]


def test_import_wants_dates_in_order_and_as_iso_writes_them():
    report = bring_in("programmes", "slug,title,started,ended", "a,A,2020-09-30,2020-05-01", "b,B,30/09/2020,")
    assert said(report) == [
        "programmes.csv, line 2, column ended, “2020-05-01”: It ends on 2020-05-01, before it starts on 2020-09-30. "
        "Swap or mend the dates.",
        "programmes.csv, line 3, column started, “30/09/2020”: A date is written year-month-day, such as 2020-06-30.",
    ]
    assert not Programme.objects.exists()


def test_import_puts_a_workshop_in_a_phase_of_its_programme():
    make.a_phase(programme=make.a_programme(slug="gm"))
    header = "slug,title,programme,phase,held_on"
    assert said(bring_in("workshops", header, "w,W,gm,2,2020-06-01")) == [
        "workshops.csv, line 2, column phase, “2”: The programme gm has the phases 1."
    ]
    bring_in("workshops", header, "w,W,gm,1,2020-06-01")
    workshop = Workshop.objects.get()
    assert (workshop.phase.number, workshop.held_on) == (1, datetime.date(2020, 6, 1))


def test_import_from_the_shell_makes_closed_accounts_for_unknown_facilitators():
    make.a_phase(programme=make.a_programme(slug="gm"))
    report = bring_in("workshops", "slug,title,programme,phase,facilitators", "w,W,gm,1,sam|alex")
    assert report.notices == ["Accounts made, closed until an administrator opens them: alex, sam."]
    accounts = Workshop.objects.get().facilitators.order_by("username")
    assert [(user.username, user.is_active, user.has_usable_password()) for user in accounts] == [
        ("alex", False, False),
        ("sam", False, False),
    ]


def test_import_by_a_person_makes_them_the_facilitator_and_makes_no_accounts():
    make.a_phase(programme=make.a_programme(slug="gm"))
    facilitator = make.a_user("facilitator", username="sam")
    header = "slug,title,programme,phase,facilitators"
    bring_in("workshops", header, "w,W,gm,1,", user=facilitator)
    assert list(Workshop.objects.get().facilitators.all()) == [facilitator]
    assert said(bring_in("workshops", header, "v,V,gm,1,alex", user=facilitator)) == [
        "workshops.csv, line 2, column facilitators, “alex”: There is no user “alex” in the archive. "
        "Import the users first, or mend the name."
    ]


def test_import_into_a_workshop_fills_it_in(workshop):
    bring_in("stories", "ref,kind,title", "s,message,T", workshop="early-help-1")
    assert Story.objects.get().workshop == workshop
    other = make.a_workshop(slug="other")
    bring_in("participants", "code,workshops", "p,other", workshop="early-help-1")
    assert set(Participant.objects.get().workshops.all()) == {workshop, other}
    with pytest.raises(FileProblemError, match="There is no workshop “nowhere”"):
        bring_in("stories", "ref,kind,title", "s,message,T", workshop="nowhere")
    with pytest.raises(FileProblemError, match="themes belong to no one workshop"):
        bring_in("themes", "slug,name", "a,A", workshop="early-help-1")


def test_import_into_a_workshop_refuses_rows_that_name_another(workshop):
    make.a_workshop(slug="other")
    rows = ["a,message,T,early-help-1", "b,message,,other", "c,message,T,nowhere"]
    assert said(bring_in("stories", "ref,kind,title,workshop", *rows, workshop="early-help-1")) == [
        "stories.csv, line 3, column workshop, “other”: The file is imported into “early-help-1”. Leave this cell empty, "
        "or import the row into its own workshop.",
        "stories.csv, line 3, column title, “”: It is empty, and every row needs it. Fill it in.",
        "stories.csv, line 4, column workshop, “nowhere”: There is no workshop “nowhere” in the archive. Import the "
        "workshops first, or mend the name.",
    ]
    assert Story.objects.count() == 0


def test_import_refuses_a_name_that_would_mean_two_things():
    make.a_service_area("Early help", aliases=["EH"])
    assert said(bring_in("service_areas", "slug,name,aliases", "hubs,Hubs,eh|x", "homes,Homes,X")) == [
        "service_areas.csv, line 2, column aliases, “eh|x”: “eh” already means early-help. A name may mean one thing only.",
        "service_areas.csv, line 3, column aliases, “X”: “X” already means hubs. A name may mean one thing only.",
    ]


def test_import_refuses_a_service_area_by_which_results_would_be_misread():
    assert said(bring_in("service_areas", "slug,name", "both,Hubs + Parks", "none,not recorded")) == [
        "service_areas.csv, line 2, column name, “Hubs + Parks”: “Hubs + Parks” holds “ + ”, by which results join the "
        "names of service areas. Write “and” instead.",
        "service_areas.csv, line 3, column name, “not recorded”: Results say “Not recorded” of voters whose service area "
        "is unknown. Choose another name.",
    ]


def test_import_refuses_other_words_for_a_practice_whose_votes_were_released():
    make.a_practice(ref="P-a", statement="Keep the vans.", is_frozen=True)
    assert counts(bring_in("practices", "ref,statement,tags", "P-a,Keep the vans.,vans")) == (0, 1, 0, 0)
    (said_of_it,) = said(bring_in("practices", "ref,statement", "P-a,Sell the vans."))
    assert said_of_it.startswith(
        "practices.csv, line 2, column statement, “Sell the vans.”: The votes on these words were released, so they stay."
    )
    assert Practice.objects.get().statement == "Keep the vans."


def test_import_lets_a_name_move_from_one_term_to_another_in_one_file():
    bring_in("themes", "slug,name,aliases", "a,A,shared", "b,B,")
    assert counts(bring_in("themes", "slug,name,aliases", "a,A,", "b,B,shared")) == (0, 2, 0, 0)


def test_import_lets_insights_build_on_later_lines_of_the_file():
    make.a_programme(slug="gm")
    report = bring_in("insights", "slug,programme,title,kind,builds_on", "a,gm,A,big idea,b", "b,gm,B,finding,")
    assert counts(report) == (2, 0, 0, 0)
    assert list(Insight.objects.get(slug="a").builds_on.all()) == [Insight.objects.get(slug="b")]


def test_import_of_evidence_wants_exactly_one_source(workshop):
    make.an_insight(slug="i")
    make.a_story(ref="s", workshop=workshop)
    make.a_practice(ref="P-1")
    sentence = "Evidence is one story or one practice: fill in exactly one of the two."
    assert said(bring_in("evidence", "insight,role,story,practice", "i,supports,s,P-1", "i,supports,,")) == [
        f"evidence.csv, line 2, column story, “s”: {sentence}",
        f"evidence.csv, line 3, column story, “”: {sentence}",
    ]


def test_import_of_evidence_says_which_excerpts_readers_will_not_see(workshop):
    make.an_insight(slug="i")
    make.a_story(ref="s", workshop=workshop, published_text="We rang every family.")
    header = "insight,role,story,excerpt"
    assert bring_in("evidence", header, "i,supports,s,We rang every").notices == []
    assert bring_in("evidence", header, "i,supports,s,We called every").notices == [
        "evidence.csv, line 2: the excerpt does not stand in the published wording of s, so readers do not see it."
    ]


def test_import_never_brings_back_the_excerpt_of_a_withdrawn_story(workshop):
    make.an_insight(slug="i")
    bring_in("stories", "ref,workshop,kind,title,text,status", "s,early-help-1,message,T,Words,withdrawn")
    assert counts(bring_in("evidence", "insight,role,story,excerpt", "i,supports,s,Words")) == (0, 0, 0, 1)
    assert counts(bring_in("evidence", "insight,role,story,excerpt", "i,supports,s,")) == (1, 0, 0, 0)


def test_import_wants_a_review_to_say_what_it_found():
    make.a_commitment(ref="C-1")
    header = "commitment,due_on,reviewed_on,state"
    assert said(bring_in("reviews", header, "C-1,2021-01-01,2021-01-02,", "C-1,2021-02-01,,holding")) == [
        "reviews.csv, line 2, column state, “”: It was reviewed: say what was found (holding, slipping, reverted or "
        "embedded).",
        "reviews.csv, line 3, column reviewed_on, “”: It has a state: say on which day it was reviewed.",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_import_of_an_empty_file_changes_nothing(kind):
    header = ",".join(column.column_name for column in KINDS[kind]().import_columns())
    assert counts(bring_in(kind, header)) == (0, 0, 0, 0)


def test_import_takes_no_more_queries_for_more_rows(workshop, django_assert_max_num_queries):
    make.a_theme("Culture")
    header = "ref,workshop,kind,title,text,themes,tags"
    lines = [f"s{n},early-help-1,{Kind.MESSAGE},T{n},Words,culture,tag{n}|shared" for n in range(300)]
    # Seven of them index all rows for the search, four look for what is told twice.
    with django_assert_max_num_queries(64):
        assert counts(bring_in("stories", header, *lines)) == (300, 0, 0, 0)


def test_lines_with_words_that_a_story_has_already_are_pointed_out(workshop):
    wording = "The drivers rang each other at five in the morning, and by six the school run had a bus for every child."
    make.a_story(ref="S-12", published_text=wording)
    header = "ref,workshop,kind,title,text"
    lines = [
        f'a,early-help-1,message,Buses,"{wording}"',
        "b,early-help-1,message,Beds,We put families into a hotel for a night while the heating was mended.",
        f'c,early-help-1,message,Buses again,"{wording.replace("five", "four")}"',
        'd,early-help-1,message,Beds again,"we put families into a hotel, for a night, while the heating was mended"',
    ]
    expected = [
        "stories.csv, line 2: the same words as the story “S-12”.",
        "stories.csv, line 4: nearly the same words as the story “S-12”.",
        "stories.csv, line 5: the same words as the story “b”.",
    ]
    assert bring_in("stories", header, *lines, dry_run=True).notices == expected
    assert Story.objects.count() == 1
    assert bring_in("stories", header, *lines).notices == expected
    assert bring_in("stories", header, *lines).notices == []
    reworded = lines[1].replace("b,", "S-12,").replace("We put", "Once we put")
    assert bring_in("stories", header.replace("text", "published_text"), reworded).notices == [
        "stories.csv, line 2: nearly the same words as the story “b”."
    ]


def test_import_names_no_story_that_its_person_may_not_see(workshop):
    facilitator = make.a_user(FACILITATOR)
    workshop.facilitators.add(facilitator)
    wording = "We put families into a hotel for a night while the heating was mended."
    make.a_story(ref="hidden", published_text=wording, consent=Consent.FACILITATORS, status=Status.DRAFT)
    line = f"a,early-help-1,message,Beds,{wording}"
    assert bring_in("stories", "ref,workshop,kind,title,text", line, user=facilitator).notices == []
    make.a_story(ref="ours", workshop=workshop, published_text=wording, status=Status.DRAFT)
    line = f"b,early-help-1,message,Beds,{wording}"
    assert bring_in("stories", "ref,workshop,kind,title,text", line, user=facilitator).notices == [
        "stories.csv, line 2: the same words as the story “a”."
    ]


def test_many_lines_told_twice_are_counted(workshop):
    lines = [f"s{n},early-help-1,message,Beds,We put families into a hotel for a night." for n in range(30)]
    notices = bring_in("stories", "ref,workshop,kind,title,text", *lines).notices
    assert len(notices) == 21
    assert notices[0] == "stories.csv, line 3: the same words as the story “s0”."
    assert notices[-1] == "… and 9 other lines have words that a story has already."


def test_imported_stories_are_found_by_their_words_and_tags(workshop):
    def found(typed):
        return [story.ref for story in search.matching(Story.objects.order_by("ref"), search.read_query(typed))]

    header = "ref,workshop,kind,title,text,tags"
    lines = ["a,early-help-1,message,Beds,A hotel,rotas|trust", "b,early-help-1,message,Calls,A hotel,trust"]
    bring_in("stories", header, *lines)
    assert (found("hotel"), found("beds"), found("trust")) == (["a", "b"], ["a"], ["a", "b"])
    bring_in("stories", header, "a,early-help-1,message,Kites,A hotel,rotas", lines[1])
    assert (found("hotel"), found("beds"), found("kites"), found("trust")) == (["a", "b"], [], ["a"], ["b"])


# Said in confidence


def test_mark_and_reason_come_in_and_stay(workshop):
    header = "ref,workshop,kind,title,text,consent,in_confidence,raised_why"
    assert said(bring_in("stories", header, "s,early-help-1,message,T,Words,team,1,")) == [
        "stories.csv, line 2, column consent, “team”: It was said in confidence. Say in the column raised_why what its "
        "teller agreed to, or write facilitators."
    ]
    lines = [header, "s,early-help-1,message,T,Words,team,1,She agreed."]
    assert counts(bring_in("stories", *lines)) == (1, 0, 0, 0)
    story = Story.objects.get()
    assert (story.in_confidence, story.raised_to, story.raised_why) == (True, Consent.TEAM, "She agreed.")
    assert counts(bring_in("stories", *lines)) == (0, 0, 1, 0)
    assert counts(bring_in("stories", "ref,title,in_confidence", "s,New,")) == (0, 1, 0, 0)
    assert said(bring_in("stories", "ref,in_confidence", "s,0")) == [
        "stories.csv, line 2, column in_confidence, “0”: It was said in confidence, and that stays. Write 1, or leave the "
        "cell empty."
    ]
    assert Story.objects.get().in_confidence is True


def test_file_that_narrows_consent_forgets_the_reason(workshop):
    make.a_story_in_confidence(raised_to=Consent.PUBLIC, ref="s", workshop=workshop)
    assert counts(bring_in("stories", "ref,consent", "s,facilitators")) == (0, 1, 0, 0)
    assert said(bring_in("stories", "ref,consent", "s,team"))[0].startswith(
        "stories.csv, line 2, column consent, “team”: "
    )


def test_file_that_marks_a_story_takes_it_out_of_practices(workshop):
    story = make.a_story(ref="s", workshop=workshop, consent=Consent.FACILITATORS, status=Status.DRAFT)
    practice = make.a_practice([story])
    assert counts(bring_in("stories", "ref,in_confidence", "s,1")) == (0, 1, 0, 0)
    assert practice.stories.count() == 0


def test_file_draws_no_practice_from_a_story_in_confidence(workshop):
    make.a_story_in_confidence(raised_to=Consent.PUBLIC, ref="s", workshop=workshop)
    assert said(bring_in("practices", "ref,statement,stories", "P-1,Ring,s")) == [
        "practices.csv, line 2, column stories, “s”: The story “s” was said in confidence, so no practice is drawn from it."
    ]


def test_withdrawn_line_leaves_no_reason(workshop):
    make.a_story_in_confidence(raised_to=Consent.PUBLIC, ref="s", workshop=workshop)
    assert counts(bring_in("stories", "ref,status", "s,withdrawn")) == (0, 1, 0, 0)
    assert (Story.objects.get().in_confidence, Story.objects.get().raised_why) == (False, "")


# Credit


def test_editor_does_not_learn_or_overwrite_a_credit_by_a_file(workshop):
    editor = make.a_user("editor")
    make.a_story(ref="s", workshop=workshop, credit="Ann Field", consent=Consent.PUBLIC)
    for guess in ("Ann Field", "Eve"):
        assert said(bring_in("stories", "ref,credit", f"s,{guess}", user=editor)) == [
            f"stories.csv, line 2, column credit, “{guess}”: Only those who run its workshop change this. Leave the cell "
            "as it is."
        ]
    assert counts(bring_in("stories", "ref,title,credit", "s,New,", user=editor)) == (0, 1, 0, 0)
    assert (Story.objects.get().title, Story.objects.get().credit) == ("New", "Ann Field")


def test_editor_changes_a_credit_that_is_shown(workshop):
    editor = make.a_user("editor")
    make.a_story(ref="s", workshop=workshop, credit="Ann Feild", consent=Consent.CREDITED)
    assert counts(bring_in("stories", "ref,credit", "s,Ann Field", user=editor)) == (0, 1, 0, 0)
    assert Story.objects.get().credit == "Ann Field"
