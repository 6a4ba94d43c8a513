"""Joins each stylesheet into one file, so that a page requests one file and not thirty, one after the other.

static/css/archive.css and static/css/admin.css name their parts with `@import`, as any browser understands it. This
finder provides /static/archive.css and /static/admin.css with the parts in place. `runserver` and the demo show a
change at the next request; `collectstatic` hashes and compresses the joined files like all others. A bundler would do
no more, and would be a second tool chain.
"""

import os
import posixpath
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEETS = ["archive.css", "admin.css"]
SOURCES = "css"
IMPORT = re.compile(r'^@import url\("(?P<part>[^"]+)"\)(?: layer\((?P<layer>\w+)\))?;$', re.MULTILINE)
ADDRESS = re.compile(r'url\("(?P<address>[^"]+)"\)')


def join_parts(sheet):
    """The text of a stylesheet with each `@import` replaced by the text of its part, in its layer."""
    return IMPORT.sub(lambda found: read_part(**found.groupdict()), read_source(sheet))


def read_part(part, layer):
    text = rebase(read_source(part), posixpath.join(SOURCES, posixpath.dirname(part)))
    return f"@layer {layer} {{\n{text}}}" if layer else text


def rebase(text, folder):
    """The text with its addresses, which are relative to `folder`, made relative to the folder of the joined file."""

    def rebased(found):
        return f'url("{posixpath.normpath(posixpath.join(folder, found["address"]))}")'

    return ADDRESS.sub(rebased, text)


def read_source(name):
    return (settings.BASE_DIR / "static" / SOURCES / name).read_text(encoding="utf-8")


class StylesheetFinder(BaseFinder):
    """The joined stylesheets, as files in the data folder."""

    @property
    def storage(self):
        return FileSystemStorage(location=settings.DATA_DIR / "stylesheets")

    def find(self, path, find_all=False, **kwargs):
        found = [self.write(path)] if path in SHEETS else []
        return found if find_all or not found else found[0]  # an empty list, as Django’s finders say “nowhere”

    def list(self, ignore_patterns):
        for sheet in SHEETS:
            self.write(sheet)
            yield sheet, self.storage

    def write(self, sheet):
        """Write a joined stylesheet and return its path. A file that would not change is not written again."""
        path, text = Path(self.storage.path(sheet)), join_parts(sheet)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as draft:
                draft.write(text)
            os.replace(draft.name, path)  # atomic, even if another process reads or writes it
        return str(path)
