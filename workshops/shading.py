"""How dark a number of stories is shown on the map and in the matrix: by one scale for every page and every archive.

A scale that ran from the smallest number of a page to its largest would make 10 and 12 look far apart where all numbers
are alike, and alike where they stand beside 500.
"""

from bisect import bisect_right

from django.utils.translation import gettext as _

SHADES_FROM = (1, 5, 20, 100, 500)
"""The least number of stories of each shade, from the lightest to the darkest: about five times as many each."""


def shade_of(stories: int) -> int:
    """0 for no story, else 1 to 5."""
    return bisect_right(SHADES_FROM, stories)


def shade_names() -> list[tuple[int, str]]:
    """What each shade stands for, as [(shade, "5–19")]."""
    ends = [next_one - 1 for next_one in SHADES_FROM[1:]]
    ranges = [f"{least}–{most}" for least, most in zip(SHADES_FROM, ends, strict=False)]
    return list(enumerate([*ranges, _("%(number)s or more") % {"number": SHADES_FROM[-1]}], 1))
