import time

import pytest

from insights.publications.placeholders import placeholder_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("To be written", "To be written"),
        ("Vans help.\n\nto be confirmed.\n", "to be confirmed."),
        ("### To be written: what stories of vans say", "### To be written: what stories of vans say"),
        ("Ask Ines (TBC) for the number.", "TBC"),
        ("Lorem ipsum dolor sit amet", "Lorem ipsum"),
        ("Vans help. lorem  ipsum", ""),
        ("TODO: ask", "TODO"),
        ("[insert text here]", ""),
        ("[insert text]", "[insert text]"),
        ("…", "…"),
        ("A claim\n...\n", "..."),
        ("???", "???"),
        ("xxx", "xxx"),
        ("tbc", "tbc"),
        ("Coming soon!", "Coming soon!"),
    ],
)
def test_placeholder_is_found(text, found):
    assert placeholder_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A tenancy is to be written in plain words.",
        "She asked for it to be confirmed.",
        "What there was to do, people did.",
        "To do this well takes time.",
        "“Well … we bought a van.”",
        "Services kept on… and on.",
        "---",
        "To be added to a list took a day.",
        "Is that so?",
        "XXI: a century of change",
    ],
)
def test_sentence_is_no_placeholder(text):
    assert placeholder_in(text) == ""


def test_long_text_is_read_quickly():
    started = time.process_time()
    for piece in ("\n", " #", "to be ", ".", "…", "?", "x", "tbc ", "TBC" + " " * 50_000 + "x"):
        placeholder_in(piece * (50_000 // len(piece)) + "y")
    assert time.process_time() - started < 1
