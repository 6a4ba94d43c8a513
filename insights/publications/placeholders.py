"""Words that say that something is still to be written. They may stand in a draft, never in what readers get."""

import re

ANYWHERE = re.compile(r"\b(?:TBC|TBD|TBA|TODO|FIXME)\b|(?i:\blorem ipsum\b)")
"""In capitals these are no words of a sentence; “to do” in small letters may be."""

WHOLE_LINE = re.compile(
    r"""^[ \t\#>*_\-+\[(<{]*                                          # marks of Markdown, brackets
        (?: to\ be\ (?:written|done|completed|confirmed|added|decided|filled\ in|drafted)(?:[ ]*[:.…\-–\])}>] .*)?
          | (?:tbc|tbd|tba|todo|to\ do|placeholder|coming\ soon|insert\ (?:text|summary|body|here))(?:[ ]*[:.…\])}>] .*)?
          | x{3,}+ | \.{2,}+ | …++ | \?{2,}+
        )
        [ \t*_\])}>.!…:]*$""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""A line that is nothing else, or that begins so and goes on after a colon or full stop."""


def placeholder_in(text: str) -> str:
    """The first placeholder of a text as it stands there; empty if there is none."""
    found = ANYWHERE.search(text) or WHOLE_LINE.search(text)
    return " ".join(found.group().split()) if found else ""
