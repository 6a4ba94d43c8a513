"""The reading of notes: what a person would have split, with the marks that people really type."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR_AT_MOST, growth
from tests.shared import shared
from workshops.notes import read_notes, title_of


def a_term(*names):
    return SimpleNamespace(names=names)


HOMELESSNESS = a_term("homelessness", "Homelessness", "rough sleeping")
EARLY_YEARS = a_term("early-years", "Early years (high needs)")
WORKFORCE = a_term("workforce-and-culture", "Workforce and culture", "culture", "workforce & culture")
PRACTICE = a_term("practice-and-citizen-experience", "Practice and citizen experience", "citizen's experience")
BOLTON = a_term("E08000001", "Bolton", "Bolton Council")
MANCHESTER = a_term("E08000003", "Manchester", "City of Manchester")


def reading(text, **answers):
    return read_notes(text, [HOMELESSNESS, EARLY_YEARS], [WORKFORCE, PRACTICE], [BOLTON, MANCHESTER], answers)


def texts(text):
    return [entry.text for entry in reading(text).entries]


def the_entry(text):
    (entry,) = reading(text).entries
    return entry


def choices(text):
    return [(entry.kind, entry.choice, entry.text) for entry in reading(text).entries]


# Entries


@pytest.mark.parametrize(
    "bullet",
    [
        *(
            "• ",
            "•\t",
            "•",
            "o ",
            "o\t",
            "- ",
            "-",
            "– ",
            "— ",
            "* ",
            "*",
            "· ",
            "·\t",
            "▪ ",
            "▪\t",
            "+ ",
            "◦ ",
            "‣ ",
            "✓ ",
        ),
        *("\uf0b7\t", "\uf0a7\t", "§\t", "1. ", "12.\t", "1) ", "(1) ", "a) ", "iv. ", "- [ ] ", "- [x] ", "> - "),
    ],
)
def test_bullet_makes_an_entry(bullet):
    assert texts(f"{bullet}Daily calls\n{bullet}Food parcels") == ["Daily calls", "Food parcels"]


def test_bullets_of_all_kinds_make_an_entry_each():
    assert texts("• one\no two\n- three\n– four\n* five\n· six\n▪ seven\n8. eight") == [
        *("one", "two", "three", "four", "five", "six", "seven", "eight"),
    ]


@pytest.mark.parametrize(
    "line", ["O come all ye", "-5 degrees in the hall", "*so* quiet", "2.5 days would do", "of course", "a.m. calls"]
)
def test_sign_that_is_no_bullet_stays(line):
    assert texts(line) == [line]


def test_nested_bullet_belongs_to_its_parent():
    assert texts("- Hubs\n  - in libraries\n\t- with tea\n- Calls") == ["Hubs\n– in libraries\n– with tea", "Calls"]


def test_bullets_of_word_nest_by_their_sign():
    assert texts("•\tHubs\no\tin libraries\n▪\twith tea\n•\tCalls") == ["Hubs\n– in libraries\n– with tea", "Calls"]


def test_nested_bullet_that_says_what_it_is_is_an_entry():
    assert choices("- Hubs\n  - stop: paper forms\n  - 🤫 one closed early\n  - in libraries") == [
        ("note", "", "Hubs"),
        ("practice", "discard", "paper forms"),
        ("note", "", "one closed early"),
        ("note", "", "in libraries"),
    ]


def test_list_that_is_indented_as_a_whole_is_not_nested():
    assert texts("    - one\n    - two\n  - three") == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Daily calls\nFood parcels", ["Daily calls", "Food parcels"]),
        ("daily calls\nfood parcels", ["daily calls", "food parcels"]),
        ("We rang every\nfamily we knew", ["We rang every family we knew"]),
        ("Hubs, libraries,\nParks", ["Hubs, libraries, Parks"]),
        ("We rang every family.\n\nthen we stopped", ["We rang every family.", "then we stopped"]),
        ("- We rang every\nfamily", ["We rang every family"]),
        ("- We rang\n  Every family", ["We rang Every family"]),
        ("- We rang\n\n  Every family", ["We rang\nEvery family"]),
        ("- We rang\nParents liked it", ["We rang", "Parents liked it"]),
        ("- We rang\r\n- They came\r- So what\u2028- Well", ["We rang", "They came", "So what", "Well"]),
        ("> We rang\n> They came", ["We rang", "They came"]),
        ("مكالمات يومية\n• طرود", ["مكالمات يومية", "طرود"]),
        ("We rang\n* * *\nThey came\n\n-----", ["We rang", "They came"]),
        ("- <script>alert(1)</script>", ["<script>alert(1)</script>"]),
        ("- We\0 rang", ["We rang"]),
        ("- We **really** rang", ["We really rang"]),
        (" \n\t\n", []),
        ("", []),
    ],
)
def test_lines_and_blank_lines_part_entries(text, expected):
    assert texts(text) == expected


def test_entry_says_where_it_begins():
    assert [entry.line for entry in reading("# Keep\n\n- one\n  more\n- two").entries] == [3, 5]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We called every family. It took a week.", "We called every family"),
        ("How much everyone did! And so on", "How much everyone did!"),
        ("Great. Really great ideas were in the room", "Great. Really great ideas were in the room"),
        ("Daily calls:\n– at nine", "Daily calls"),
        ("word " * 30, "word word word word word word word word word word word word word word word word…"),
        ("x" * 100, "x" * 79 + "…"),
        ("–", "–"),
    ],
)
def test_title_comes_from_the_first_words(text, title):
    assert title_of(text) == title


# Headings


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "# Keep",
            "### KEEP ###",
            "Keep:",
            "Keep",
            "keep",
            "**Keep**",
            "**Keep:**",
            "__Keep__:",
            "Keep\n====",
            "Keep\n----",
        ),
        *("- Keep:", "• Keep", "1. Keep", "## What should we keep?", "Things to keep", "What we would like to keep:"),
        *("Keep doing", "# Continue", "Pluses", "What did you like?", "## Keep – what served us"),
    ],
)
def test_heading_makes_practices_of_what_follows(heading):
    assert choices(f"{heading}\n- Daily calls\n- Hubs") == [
        ("practice", "keep", "Daily calls"),
        ("practice", "keep", "Hubs"),
    ]


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        *(("amplify", "amplify"), ("do more of", "amplify"), ("scale up", "amplify"), ("build on", "amplify")),
        *(("discard", "discard"), ("stop", "discard"), ("stop doing", "discard"), ("let go", "discard")),
        *(("Let go of", "discard"), ("things we want to let go of", "discard"), ("get rid of", "discard")),
        *(("create", "create"), ("start", "create"), ("start doing", "create"), ("restart", "create")),
        *(("stop / let go", "discard"), ("start and create", "create")),
    ],
)
def test_cousins_of_the_four_choices_mean_them(word, choice):
    assert choices(f"{word}:\n- Daily calls") == [("practice", choice, "Daily calls")]


@pytest.mark.parametrize(
    "heading",
    [
        *("Deltas", "delta:", "## Δ", "# Change", "What would you change?", "Even better if", "Less of:", "More:"),
        *("What went well", "Stop / start", "Keep and amplify", "**Pluses and deltas**", "What didn’t work"),
    ],
)
def test_heading_that_could_mean_two_things_is_asked_about(heading):
    found = reading(f"{heading}\n- Daily calls\n- Hubs")
    assert [(entry.kind, entry.choice) for entry in found.entries] == [("note", ""), ("note", "")]
    (question,) = found.questions
    assert question.heading in heading
    assert question.lines == ["Daily calls", "Hubs"]


def test_question_is_asked_once_and_only_if_something_stands_under_it():
    found = reading("# Deltas\n- one\n# Keep\n- two\n# DELTAS:\n- three\n# Changes\n# Keep\n- four")
    assert [(question.heading, question.lines) for question in found.questions] == [("Deltas", ["one", "three"])]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("discard", ("practice", "discard")), ("create", ("practice", "create")), ("note", ("note", ""))],
)
def test_answer_settles_the_question(answer, expected):
    found = reading("Deltas\n- Daily calls", deltas=answer)
    assert found.questions == []
    assert [(entry.kind, entry.choice) for entry in found.entries] == [expected]


@pytest.mark.parametrize("heading", ["# Pluses and Deltas - London", "Agenda:", "**Next steps**", "Start of the day:"])
def test_other_heading_means_nothing(heading):
    assert choices(f"{heading}\n- Daily calls") == [("note", "", "Daily calls")]


def test_heading_holds_until_one_of_its_kind_or_any_of_its_level():
    text = """
# Homelessness
## Keep
- a
## Discard
- b
### In meetings
- c
## Next steps
- d
# Early years (high needs)
- e
"""
    assert [(entry.text, entry.choice, entry.service_area, entry.heading) for entry in reading(text).entries] == [
        ("a", "keep", HOMELESSNESS, "Keep"),
        ("b", "discard", HOMELESSNESS, "Discard"),
        ("c", "discard", HOMELESSNESS, "In meetings"),
        ("d", "", HOMELESSNESS, "Next steps"),
        ("e", "", EARLY_YEARS, "Early years (high needs)"),
    ]


@pytest.mark.parametrize("style", ["{}:", "**{}**", "{}", "## {}"])
def test_headings_of_one_level_nest_in_the_order_they_come(style):
    def noted(*lines):
        text = "\n".join(line if line.startswith("-") else style.format(line) for line in lines)
        return [(entry.text, entry.choice, entry.service_area) for entry in reading(text).entries]

    assert noted("Homelessness", "Keep", "- a", "Early years (high needs)", "- b", "Stop", "- c") == [
        ("a", "keep", HOMELESSNESS),
        ("b", "", EARLY_YEARS),
        ("c", "discard", EARLY_YEARS),
    ]
    assert noted("Keep", "Homelessness", "- a", "Early years (high needs)", "- b", "Stop", "- c") == [
        ("a", "keep", HOMELESSNESS),
        ("b", "keep", EARLY_YEARS),
        ("c", "discard", None),
    ]


def test_heading_that_is_a_bullet_holds_for_the_bullets_in_it():
    assert choices("- Keep\n  - a\n  - b\n- c\n- Discard:\n- d") == [
        ("practice", "keep", "a"),
        ("practice", "keep", "b"),
        ("note", "", "c"),
        ("practice", "discard", "d"),
    ]


def test_short_line_right_above_bullets_is_a_heading():
    assert choices("Keep\n- a\nNext steps\n- b\n\nWe opened a hub.\n- c") == [
        ("practice", "keep", "a"),
        ("note", "", "b"),
        ("note", "", "We opened a hub."),
        ("note", "", "c"),
    ]


@pytest.mark.parametrize(
    ("heading", "field", "value"),
    [
        ("# Rough sleeping", "service_area", HOMELESSNESS),
        ("Homelessness", "service_area", HOMELESSNESS),
        ("Service area: homelessness", "service_area", HOMELESSNESS),
        ("Early Years (High Needs):", "service_area", EARLY_YEARS),
        ("Workforce & Culture", "themes", [WORKFORCE]),
        ("**Citizen’s experience**", "themes", [PRACTICE]),
        ("Theme: culture", "themes", [WORKFORCE]),
        ("## Bolton Council", "place", BOLTON),
    ],
)
def test_name_or_alias_as_a_heading_sets_it(heading, field, value):
    assert getattr(the_entry(f"{heading}\n- Daily calls"), field) == value


def test_heading_may_say_several_things():
    entry = the_entry("## Homelessness – keep (Bolton)\n- Daily calls")
    assert (entry.service_area, entry.choice, entry.place) == (HOMELESSNESS, "keep", BOLTON)


def test_name_among_other_lines_is_one_of_them():
    assert texts("Kindness\nCulture\nTea") == ["Kindness", "Culture", "Tea"]
    assert texts("- Kindness\n- Culture\n- Tea") == ["Kindness", "Culture", "Tea"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("Stories", "innovation"), ("# Elsewhere", "elsewhere"), ("Messages for the future:", "message")],
)
def test_kind_of_story_as_a_heading_makes_stories(heading, kind):
    assert [entry.kind for entry in reading(f"{heading}\n- one\n- two").entries] == [kind, kind]


def test_text_that_tells_people_what_to_write_is_left_out():
    found = reading("# Keep\nPlease add a line.\n\n- a\n\nWhat about b?\n- b\n# Stories\nWhat inspired you?\n- c")
    assert [entry.text for entry in found.entries] == ["a", "What about b?", "b", "c"]
    assert found.instructions == [(2, "Please add a line."), (9, "What inspired you?")]


def test_text_that_tells_nobody_what_to_write_stays():
    assert texts("# Keep\nWe kept the calls.\n\n- a") == ["We kept the calls.", "a"]
    assert texts("# Keep\nPlease stay kind") == ["Please stay kind"]


# In front of an entry


@pytest.mark.parametrize(
    ("line", "choice", "text"),
    [
        ("keep: daily calls", "keep", "daily calls"),
        ("- Keep - daily calls", "keep", "daily calls"),
        ("Stop – paper forms", "discard", "paper forms"),
        ("Stop— paper forms", "discard", "paper forms"),
        ("• stop doing paper forms", "discard", "paper forms"),
        ("start doing weekly calls", "create", "weekly calls"),
        ("Let go of paper forms", "discard", "paper forms"),
        ("AMPLIFY: hubs: all of them", "amplify", "hubs: all of them"),
        ("Create\tA hub", "create", "A hub"),
        ("**Keep:** daily calls", "keep", "daily calls"),
    ],
)
def test_prefix_makes_a_practice(line, choice, text):
    assert choices(line) == [("practice", choice, text)]
    assert choices(f"# Amplify\n{line}") == [("practice", choice, text)]


@pytest.mark.parametrize(
    "line",
    [
        *("Drop-in sessions helped", "Start-up money ran out", "Plus – the hub stayed open", "Like: a family"),
        *("Stop and search came up", "Keeping calm", "One hub: in the library"),
    ],
)
def test_words_of_a_sentence_are_no_prefix(line):
    assert choices(line) == [("note", "", line)]


def test_prefix_that_could_mean_two_things_is_asked_about():
    found = reading("- Change: the forms")
    assert [question.heading for question in found.questions] == ["Change"]
    assert [(entry.kind, entry.text) for entry in found.entries] == [("note", "the forms")]


def test_prefix_of_a_story_makes_one():
    assert [(entry.kind, entry.text) for entry in reading("- Story: we rang\n- Message: ring").entries] == [
        ("innovation", "we rang"),
        ("message", "ring"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "🤫 One left",
            "🤫One left",
            "In confidence: One left",
            "(said in confidence) One left",
            "Off the record, One left",
            "[off-the-record] One left",
            "Not for sharing – One left",
            "Please don’t share: One left",
            "Strictly confidential. One left",
            "One left 🤫",
            "One left (in confidence)",
            "One left [private].",
            "- 🤫\ufe0f One left",
            "🤫 - One left",
            "[private] One left",
            "* [Private]: One left",
        ),
        *(
            "(private) One left",
            "[not public] One left",
            "not public: One left",
            "Not public - One left",
            "PRIVATE: One left",
        ),
        *("keep: 🤫 One left", "🤫 keep: One left", "🤫 **keep:** One left"),
    ],
)
def test_mark_at_a_lines_start_keeps_it_for_facilitators(line):
    entry = the_entry(line)
    assert (entry.private, entry.text) == (True, "One left")


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("Innovation (in confidence): One left", "innovation", "One left"),
        ("- Message [Private] – One left", "message", "One left"),
        ("Innovation (not public): One left", "innovation", "One left"),
        ("From the police (off the record): One left", "note", "From the police: One left"),
    ],
)
def test_confidence_may_be_asked_for_before_the_colon(line, kind, text):
    entry = the_entry(line)
    assert (entry.private, entry.kind, entry.text) == (True, kind, text)


def test_not_public_is_private_even_where_it_belongs_to_the_sentence():
    entry = the_entry("- Not public transport but bikes")
    assert (entry.private, entry.text) == (True, "Not public transport but bikes")


@pytest.mark.parametrize(
    "heading",
    [
        "# In confidence",
        "Off the record:",
        "# 🤫 Staff",
        "## [private] Keep",
        "Private:",
        "🤫",
        "🤫 Keep:",
        "**Not public**",
    ],
)
def test_mark_on_a_heading_keeps_all_under_it(heading):
    assert [entry.private for entry in reading(f"{heading}\n- one\n- two").entries] == [True, True]


def test_mark_on_a_line_of_an_entry_keeps_the_entry():
    assert the_entry("- One left\n  🤫 after a row").private


@pytest.mark.parametrize(
    "line",
    [
        "The private sector came",
        "Confidential waste piled up",
        "We stayed in a hotel (private)",
        "They spoke in confidence",
        "We hushed 🤫 it up",
        "It is not public yet",
    ],
)
def test_mark_within_a_sentence_is_none(line):
    assert not the_entry(line).private


def test_what_was_said_in_confidence_is_no_practice():
    entry = the_entry("# Discard\n- 🤫 the Monday row")
    assert (entry.kind, entry.choice, entry.private) == ("note", "discard", True)


# In an entry


@pytest.mark.parametrize(
    ("line", "tags", "text"),
    [
        ("Daily calls #trust", ["trust"], "Daily calls"),
        ("Daily calls #trust #mental_health.", ["trust", "mental health"], "Daily calls #trust #mental_health."),
        ("Daily calls #trust #well-being", ["trust", "well-being"], "Daily calls"),
        ("We worked on #trust", ["trust"], "We worked on #trust"),
        ("More #trust in the room", ["trust"], "More #trust in the room"),
        ("Daily calls #trust #Trust", ["trust"], "Daily calls"),
        ("#trust", ["trust"], "#trust"),
        ("Daily calls\n#trust #tea", ["trust", "tea"], "Daily calls"),
        ("Daily calls # trust", [], "Daily calls # trust"),
        ("We were #1 in the C# and R&#233; league", [], "We were #1 in the C# and R&#233; league"),
        ("See https://example.org/#top", [], "See https://example.org/#top"),
        (f"Calls #{'x' * 101}", [], f"Calls #{'x' * 101}"),
    ],
)
def test_hash_without_a_space_makes_a_tag(line, tags, text):
    entry = the_entry(f"- {line}")
    assert (entry.tags, entry.text) == (tags, text)


@pytest.mark.parametrize(
    ("line", "place", "text", "names"),
    [
        ("Daily calls @Bolton", BOLTON, "Daily calls", []),
        ("Daily calls @bolton council #tea", BOLTON, "Daily calls", []),
        ("@City of Manchester: daily calls", MANCHESTER, "daily calls", []),
        ("We rang in @Bolton", BOLTON, "We rang in @Bolton", []),
        ("Thanks @Lachlan", None, "Thanks @Lachlan", ["@Lachlan"]),
        (
            "Thanks @Lachlan and @Mary-Jane @Bolton",
            BOLTON,
            "Thanks @Lachlan and @Mary-Jane",
            ["@Lachlan", "@Mary-Jane"],
        ),
        ("@Boltonia is none", None, "@Boltonia is none", ["@Boltonia"]),
        ("Write to us@example.org at 5 @ noon", None, "Write to us@example.org at 5 @ noon", []),
    ],
)
def test_at_sets_the_place_only_where_it_matches_one(line, place, text, names):
    entry = the_entry(f"- {line}")
    assert (entry.place, entry.text, entry.names) == (place, text, names)


def test_place_of_an_entry_goes_before_that_of_its_heading():
    assert the_entry("# Manchester\n- Daily calls @Bolton").place == BOLTON


@pytest.mark.parametrize(
    ("lines", "agreements", "text"),
    [
        ("+1", 1, "Calls"),
        ("+ 1", 1, "Calls"),
        ("  +1\n\n+1", 2, "Calls"),
        ("- +1\n* +2", 3, "Calls"),
        ("+1 +1 +1", 3, "Calls"),
        ("+1 x3", 3, "Calls"),
        ("+1!", 1, "Calls"),
        ("+1 agree", 1, "Calls"),
        ("+1 me too", 1, "Calls"),
        ("+3 people agreed", 3, "Calls"),
        ("+1 Anna", 1, "Calls"),
        ("+1 (Anna)", 1, "Calls"),
        ("+1 from Anna B.", 1, "Calls"),
        ("+1, but not daily", 1, "Calls\nbut not daily"),
        ("+1 agree but not daily", 1, "Calls\nbut not daily"),
    ],
)
def test_plus_one_under_an_entry_counts_who_agreed(lines, agreements, text):
    for mark in ("- ", ""):
        entry = the_entry(f"{mark}Calls\n{lines}")
        assert (entry.agreements, entry.text) == (agreements, text)


@pytest.mark.parametrize(
    "line", ["+1 day would help", "+44 161 496 0000", "+10% more calls", "+1.5 hours", "+12345 said so"]
)
def test_plus_that_belongs_to_a_sentence_is_text(line):
    found = reading(f"- Calls\n\n{line}").entries
    assert [(entry.agreements, entry.text) for entry in found] == [(0, "Calls"), (0, line)]


def test_plus_one_under_nothing_is_text():
    assert [(entry.agreements, entry.text) for entry in reading("# Keep\n+1").entries] == [(0, "+1")]


# Whole pages


def test_real_notes_come_out_as_a_person_would_have_split_them():
    """Pluses and deltas, as a facilitator typed them: every bullet an entry, word for word."""
    text = shared("notes", "pluses-and-deltas-ldn.md").read_text()
    bullets = [line.removeprefix("* ").strip() for line in text.splitlines() if line.startswith("* ")]
    found = reading(text)
    assert [entry.text for entry in found.entries] == bullets
    assert len(bullets) == 31
    assert [entry.choice for entry in found.entries] == ["keep"] * 20 + [""] * 11
    assert [entry.kind for entry in found.entries] == ["practice"] * 20 + ["note"] * 11
    assert [(question.heading, len(question.lines)) for question in found.questions] == [("Deltas", 11)]
    assert [line for line, _ in found.instructions] == [5, 31]
    assert [entry.line for entry in found.entries if entry.names] == [37]
    assert [entry.names for entry in found.entries if entry.names] == [["@Lachlan"]]
    assert [(entry.line, entry.tags) for entry in found.entries if entry.tags] == [(20, ["TTW"])]
    assert not any(entry.private or entry.agreements for entry in found.entries)
    assert [entry.kind for entry in reading(text, deltas="discard").entries] == ["practice"] * 31


PAGE = """\
Workshop 4, Bolton, Tuesday
===========================

HOMELESSNESS

Hotels opened in three days, because one person could sign.
+1
+1 Sam
Outreach teams carried phones for people who had none #phones @Bolton

Keep:
•\tDaily calls at nine
\to\tten minutes, no slides
•\t🤫 The deputy who ignored the form

Let go
1) Paper referrals
   + 1
2) Change – the rota

Citizen's experience:
- "Nobody asked me twice." (thx @Priya)
"""


def test_a_page_as_it_is_typed():
    found = reading(PAGE)
    assert [
        (entry.line, entry.kind, entry.choice, entry.text, entry.agreements, entry.private) for entry in found.entries
    ] == [
        (6, "note", "", "Hotels opened in three days, because one person could sign.", 2, False),
        (9, "note", "", "Outreach teams carried phones for people who had none", 0, False),
        (12, "practice", "keep", "Daily calls at nine\n– ten minutes, no slides", 0, False),
        (14, "note", "keep", "The deputy who ignored the form", 0, True),
        (17, "practice", "discard", "Paper referrals", 1, False),
        (19, "note", "", "the rota", 0, False),
        (22, "practice", "discard", '"Nobody asked me twice." (thx @Priya)', 0, False),
    ]
    assert [entry.service_area for entry in found.entries] == [HOMELESSNESS] * 7
    assert [entry.themes for entry in found.entries] == [[]] * 6 + [[PRACTICE]]
    assert [(entry.line, entry.tags, entry.place) for entry in found.entries if entry.tags] == [(9, ["phones"], BOLTON)]
    assert [question.heading for question in found.questions] == ["Change"]
    assert found.entries[-1].names == ["@Priya"]


# What nobody types, and somebody pastes

HUGE = 100_000
HOSTILE = {
    "one line": "a" * HUGE,
    "one word after an at": "@" + "a" * HUGE,
    "many places": "@a " * (HUGE // 3),
    "many tags": "#a " * (HUGE // 3),
    "hashes": "# " + "#" * HUGE + "x",
    "stars": "*a" * (HUGE // 2),
    "spaces": "a" + " " * HUGE + "b",
    "plus ones": "- a\n" + "+1 " * (HUGE // 3),
    "plus one and capitals": "- a\n+1 " + "A." * (HUGE // 2),
    "bullets": "- a\n" * 10_000,
    "lines": "A\n" * 10_000,
    "continued": "A\n" + " b\n" * (HUGE // 3),
    "headings": "# a\n- b\n" * (HUGE // 8),
    "nested": "".join(" " * depth + "- a\n" for depth in range(440)),
    "quoted": "> " * (HUGE // 2) + "x",
    "colons": "a" * 59 + ":" * HUGE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_takes_time_in_proportion_to_the_notes(name):
    assert growth(reading, HOSTILE[name][:HUGE]) < LINEAR_AT_MOST


LINES = st.sampled_from(
    [
        *(
            "# ",
            "- ",
            "  - ",
            "•\t",
            "o\t",
            "1. ",
            "+1",
            "+ 1 ",
            "🤫",
            "[private] ",
            "Keep",
            "stop:",
            "Deltas",
            "Homelessness",
        ),
        *(
            "**",
            "#tag",
            "@Bolton",
            "@x",
            "\n",
            "\n\n",
            "\t",
            " ",
            ":",
            "—",
            "---\n",
            "> ",
            "word",
            "Word.",
            "?",
            "\0",
            "\r",
        ),
        *("\u202e", "\ud7ff", "<b>", "é", "ß", "\u2028", "please", "==="),
    ]
)


@given(st.lists(LINES, max_size=40).map("".join))
def test_any_text_is_read_and_no_entry_is_empty(text):
    found = reading(text)
    assert all(entry.text.strip() and entry.title.strip() for entry in found.entries)
    assert all((entry.kind == "practice") <= bool(entry.choice) for entry in found.entries)
    assert not any(entry.private and entry.kind == "practice" for entry in found.entries)


@given(st.text(max_size=200))
def test_reading_twice_gives_the_same(text):
    assert reading(text) == reading(text)
