"""The short form of the benchmark: a few votes, released while another process writes."""

from tests import benchmarks


def test_votes_of_a_seeded_archive_are_released_while_others_write_on_both_databases():
    run = benchmarks.run("releases", "--votes=3000")
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("results of 3000 votes in") == 2, run.stdout
