"""How dark a number is shown among its like."""

import math

HEAT_LEVELS = 4


def heat_level(count, counts):
    """0 for nothing, else 1 to 4 by where the count stands between the smallest of `counts` and the largest."""
    if not count:
        return 0
    least, most = min(counts), max(counts)
    return math.ceil(HEAT_LEVELS * (count - least + 1) / (most - least + 1))
