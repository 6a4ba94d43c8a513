"""The short form of the benchmark: a small archive, and an answer in words to each hostile request."""

from tests import benchmarks


def test_search_of_a_seeded_archive_answers_on_both_databases():
    run = benchmarks.run("search", "--stories=400", "--seconds=0", "--without-datasette")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line for line in lines if "“tram”" in line] == ["  “tram” (45 %): 134 stories"] * 2
    assert len([line for line in lines if "an unknown facet: 200" in line or "page -1: 400" in line]) == 4
