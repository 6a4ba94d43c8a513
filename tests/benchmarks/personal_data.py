"""How much the detector of personal data finds of planted sentences, by kind, and how often it is wrong.

    python -m tests.benchmarks.personal_data [--list]

Recall is of planted passages, false alarms are of all sentences of a set. `--list` prints each miss and false alarm, so use
it for the half that the detector is built with: what is learned from the half held back, it no longer measures.
"""

import os
import sys
import time


def print_set(name, list_all):
    from tests.workshops.personal_data.planted import GROUPS, measured, planted_sentences
    from workshops.personal_data import Mark

    sentences = planted_sentences(name)
    result = measured(sentences)
    innocent = sum(not sentence.passages for sentence in sentences)
    print(f"{name}: {len(sentences)} sentences, {innocent} of them innocent")
    for group, marks in GROUPS.items():
        alarms = sum(mark in marks for mark, _, _ in result.false_alarms)
        print(f"  {group}: {100 * result.recall(marks):.1f} % found, {alarms} false alarms")
    for mark in Mark:
        alarms = sum(other == mark for other, _, _ in result.false_alarms)
        print(f"    {mark.value:20} {result.found[mark]:3} of {result.planted[mark]:3}, {alarms} false")
    if list_all:
        print(*(f"  missed {mark.value}: {text}" for mark, text in result.missed), sep="\n")
        print(*(f"  false {mark.value} “{said}”: {text}" for mark, said, text in result.false_alarms), sep="\n")


def print_sample():
    from tests.workshops.personal_data.sample import false_alarms_in_sample

    started = time.process_time()
    false, true, stories = false_alarms_in_sample()
    took = 1000 * (time.process_time() - started) / stories
    print(
        f"sample: {stories} stories, {len(true)} true and {len(false)} false alarms, {len(false) / stories:.2f} a story"
    )
    print(*(f"  false {hit.mark.value}: “{hit.text}” in “{hit.sentence}”" for hit in false), sep="\n")
    print(f"  {took:.0f} ms of processor a story")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_archive.settings")
    os.environ.setdefault("SECRET_KEY", "for the benchmark alone")
    django.setup()
    for half in ("built_with", "held_back"):
        print_set(half, list_all="--list" in sys.argv and half == "built_with")
    print_sample()
