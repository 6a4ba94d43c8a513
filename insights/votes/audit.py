"""Checking a released result against the exact table it was made of, for an auditor who is given table and salt."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from insights.models import ReleasedPractice
from insights.votes.pictures import group_ranges
from insights.votes.ranges import ChoiceCounts, merge_small_groups, ranges_of_group
from insights.votes.release import digest_of
from insights.votes.verdicts import words_for

LARGEST_COUNT = 10**9


class AuditFinding(NamedTuple):
    """Whether a table is the one that was sealed, and whether words and ranges are those it gives."""

    digest_agrees: bool
    words_agree: bool
    ranges_agree: bool


def audit(result: ReleasedPractice, table: Mapping[str, list[int]], salt: str) -> AuditFinding:
    groups = {name: ChoiceCounts(*row[:4]) for name, row in table.items()}
    shown = merge_small_groups(groups, result.release.least_voters)
    words = words_for(shown)
    said = (result.direction, result.share, result.verdict, result.less, result.more)
    return AuditFinding(
        digest_agrees=digest_of(result, table, salt) == result.digest,
        words_agree=said == (words.direction, words.share, words.verdict, words.less, words.more),
        ranges_agree={row.group: group_ranges(row) for row in result.groups.all()}
        == {name: ranges_of_group(counts) for name, counts in shown.items()},
    )


def read_table(text: str) -> dict[str, list[int]]:
    """The exact table as an auditor pastes it: JSON of {service area: [keep, amplify, discard, create, of them hands]}."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict) or not all(is_row(row) for row in table.values()):
        raise ValidationError(
            _(
                "This is not such a table. It reads like {“Early help”: [12, 7, 0, 2, 0]}, with straight quotation marks."
            )
        )
    return table


def is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) == 5 and all(type(n) is int and 0 <= n < LARGEST_COUNT for n in row)
