"""What the detector finds in the published stories of the sample archive, and which of it is no alarm at all.

The names of places, services and programmes are known to it, as they are where a story is published.
"""

import csv
from pathlib import Path

from workshops.personal_data import PersonalDataHit, find_personal_data

SAMPLE = Path(__file__).resolve().parents[3] / "innovation_archive" / "sample"
TRUE_ALARMS = {
    ("health", "syndrome"),  # a child with one that eleven people in the country have
    ("relation", "a four-year-old"),  # that child
    ("relation", "a woman of eighty-four"),
    ("relation", "woman of nineteen"),
    ("offence", "record"),  # his checks “with his record”
    ("name", "Heywood"),  # a ward, which is no known place and tells where somebody lives
}
"""All that was read and does tell of a person; whatever else is found is false."""


def sample_rows(name):
    with (SAMPLE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def known_in_sample():
    terms = [row for name in ("places", "service_areas", "themes") for row in sample_rows(name)]
    names = [name for row in terms for name in [row["name"], *(row.get("aliases") or "").split("|")]]
    return [*names, *(row["title"] for row in sample_rows("programmes"))]


def false_alarms_in_sample() -> tuple[list[PersonalDataHit], list[PersonalDataHit], int]:
    """The false alarms, the true ones, and in how many published stories they are."""
    known = known_in_sample()
    stories = [row for row in sample_rows("stories") if row["status"] == "published"]
    texts = [text for row in stories for text in (row["title"], row["published_text"] or row["text"])]
    hits = [hit for text in texts for hit in find_personal_data(text, known=known)]
    false = [hit for hit in hits if (hit.mark.value, hit.text) not in TRUE_ALARMS]
    return false, [hit for hit in hits if hit not in false], len(stories)
