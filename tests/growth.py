"""How the cost of a function grows with its text: a limit on seconds would measure the machine and its other work."""

import gc
import time

MORE = 10
MEASURABLE = 0.001  # seconds; less is mostly the clock's own
LINEAR_AT_MOST = 40  # times the cost for ten times the text; in quadratic time it is a hundred times


def growth(function, text):
    """How many times the processor's work for a tenth of a text the whole of it takes."""
    least = min(work(function, text[: len(text) // MORE]) for _ in range(3))
    return min(work(function, text) for _ in range(2)) / max(least, MEASURABLE)


def work(function, text):
    gc.disable()  # what it looks through belongs to all the tests before
    try:
        started = time.process_time()
        function(text)
        return time.process_time() - started
    finally:
        gc.enable()
