"""How dark a number is shown on a map or in a matrix, compared with the others."""

import math
from collections.abc import Collection

HEAT_LEVELS = 4


def heat_level(count: int, counts: Collection[int]) -> int:
    """0 for nothing, else 1 to 4 by where the count lies between the smallest of `counts` and the largest."""
    if not count:
        return 0
    least, most = min(counts), max(counts)
    return math.ceil(HEAT_LEVELS * (count - least + 1) / (most - least + 1))
