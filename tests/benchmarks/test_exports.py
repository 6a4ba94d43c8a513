"""The short form of the benchmark: a small archive, and files that are the models' to the row."""

from tests import benchmarks


def test_files_of_a_seeded_archive_are_those_of_the_models_on_both_databases():
    run = benchmarks.run("exports", "--stories=300", "--votes=3000")
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("votes: the first 3000 rows are the models’") == 2, run.stdout
