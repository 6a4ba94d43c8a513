"""The scripts' own tests, run by Node; and the server's side of what both must read alike (agreed.json)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from workshops.tags import split_tags
from workshops.voting.vote_entry import read_choice, read_count

HERE = Path(__file__).parent
AGREED = json.loads((HERE / "agreed.json").read_text())
SCRIPTS = [path.name for path in sorted(HERE.glob("*.test.mjs"))]


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_passes_its_tests(name):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine: install the package `nodejs` to run the tests of the scripts")
    run = subprocess.run([node, "--test", HERE / name], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_script_with_logic_has_tests():
    exporting = [path for path in (HERE.parent.parent / "static/js").glob("*.js") if "\nexport " in path.read_text()]
    assert sorted(f"{path.stem}.test.mjs" for path in exporting) == SCRIPTS


@pytest.mark.parametrize(("text", "names"), AGREED["tag lists"])
def test_tags_are_split_as_the_tag_box_splits_them(text, names):
    assert split_tags(text) == names


@pytest.mark.parametrize(("wording", "passage", "start"), AGREED["quotations"])
def test_quotation_starts_where_the_selection_did(wording, passage, start):
    assert wording[start : start + len(passage)] == passage


@pytest.mark.parametrize(("text", "letters"), AGREED["letters"])
def test_letters_are_counted_as_the_notes_box_counts_them(text, letters):
    assert len(text) == letters


def read(reader, text):
    """What the server reads, or nothing where it refuses."""
    try:
        return reader(text)
    except ValueError:
        return None


@pytest.mark.parametrize(("text", "letter"), AGREED["votes"])
def test_vote_is_read_as_the_table_of_votes_reads_it(text, letter):
    choice = read(read_choice, text)
    assert (choice and choice[0]) == letter


@pytest.mark.parametrize(("text", "number"), AGREED["hands"])
def test_hands_are_read_as_the_table_of_a_flip_chart_reads_them(text, number):
    count = read(read_count, text)
    assert (None if count is None else str(count)) == number
