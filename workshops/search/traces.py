"""Which stories may have nearly the same words, without comparing each with each.

Of a story's words the one with the lowest hash and the one with the highest are looked up, each with those that follow it:
two wordings that differ in a few words nearly always share one of the two runs, and others never do. The runs are
kept as hashes, so who looks for doubles reads an index, however large the archive is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from django.apps import apps
from django.db import connection

from workshops.keys import pk_subquery
from workshops.search.entries import SearchEntry

RUN = 5
"""How many words a run has. A wording of fewer words is one run."""
MOST_ALIKE = 5
"""With how many of those that share a run a story is compared, the first entered first."""


def trace_of(words: Sequence[str]) -> tuple[int, int]:
    """The hashes of the runs of a wording's words that begin with the lowest and the highest hash of a word."""
    hashes = [hash_of_word(word) for word in words]
    last = max(len(words) - RUN, 0)
    low, high = (min(hashes.index(extreme), last) for extreme in (min(hashes), max(hashes)))
    return run_at(words, low), run_at(words, high)


@lru_cache(maxsize=100_000)
def hash_of_word(word: str) -> int:
    return crc32(word.encode())


def run_at(words: Sequence[str], start: int) -> int:
    run = " ".join(words[start : start + RUN])
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)


def write_traces(story_ids: Collection[int], entries: Iterable[SearchEntry]) -> None:
    """Replace the traces of these stories by those of these entries of the index of words."""
    traces = apps.get_model("workshops", "WordingTrace")
    runs = {entry.story: trace_of(entry.body) for entry in entries if entry.body}
    found = [traces(story_id=story, low=low, high=high) for story, (low, high) in runs.items()]
    traces.objects.bulk_create(found, update_conflicts=True, unique_fields=["story_id"], update_fields=["low", "high"])
    if wordless := set(story_ids) - runs.keys():
        delete_traces(wordless)


def delete_traces(story_ids: Collection[int]) -> None:
    apps.get_model("workshops", "WordingTrace").objects.filter(pk__in=story_ids).delete()


def may_be_alike(story_ids: Collection[int]) -> dict[int, list[int]]:
    """For each of these stories the first few others that share a run with it, as primary keys; none where there is none."""
    alike: dict[int, dict[int, None]] = defaultdict(dict)
    wanted = set(story_ids)
    for column in ("low", "high") if wanted else ():
        for together in sharing(column, wanted):
            for story in together:
                if story in wanted:
                    alike[story].update(dict.fromkeys(other for other in together[: MOST_ALIKE + 1] if other != story))
    return {story: list(others) for story, others in alike.items()}


def sharing(column: str, story_ids: Collection[int]) -> Iterable[list[int]]:
    """The stories that share a run with one of these, each group in the order in which they were entered."""
    among = pk_subquery(story_ids)
    runs = f"SELECT {column} FROM workshops_wordingtrace WHERE story_id IN ({among.sql})"  # noqa: S608 - names of ours
    shared = (
        f"SELECT {column} FROM workshops_wordingtrace WHERE {column} IN ({runs}) GROUP BY {column} HAVING COUNT(*) > 1"  # noqa: S608
    )
    groups = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, story_id FROM workshops_wordingtrace WHERE {column} IN ({shared}) ORDER BY story_id",  # noqa: S608
            among.params,
        )
        for run, story in cursor.fetchall():
            groups[run].append(story)
    return groups.values()
