"""Reading the log in tests."""

import json
import logging
from contextlib import contextmanager

from innovation_archive.operation.logs import JsonLines


@contextmanager
def log_lines(level=logging.INFO):
    """The records logged meanwhile, as they would stand in the log."""
    lines, root, package = [], logging.getLogger(), logging.getLogger("innovation_archive")
    handler = logging.Handler(level)
    handler.emit = lambda record: lines.append(json.loads(JsonLines().format(record)))
    before = package.level
    root.addHandler(handler)
    package.setLevel(level)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        package.setLevel(before)
