"""How dark a number is shown among its like."""

import math

DEPTHS = 4


def depth(count, counts):
    """0 for nothing, else 1 to 4 by where the count stands between the smallest of `counts` and the largest."""
    if not count:
        return 0
    least, most = min(counts), max(counts)
    return math.ceil(DEPTHS * (count - least + 1) / (most - least + 1))
