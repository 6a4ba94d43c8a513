"""What somebody typed into a search box, read into terms that both databases match alike."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workshops.search.words import TextWord, words_in

# A dash before a word or quotation excludes it. A quotation that is never closed goes on to the end.
TYPED = re.compile(r"""(?P<without>-?)(?:["“”„](?P<quoted>[^"“”„]*)["“”„]?|(?P<plain>[^\s"“”„]+))""")
MIN_PREFIX_LENGTH = 3


@dataclass(frozen=True)
class QueryTerm:
    """Words that stand side by side, by their stems. With a `prefix`, any word that begins with it matches too."""

    stems: tuple[str, ...]
    prefix: str = ""

    def spans_in(self, text: Sequence[TextWord]) -> Iterator[tuple[int, int]]:
        """The first and last index of each place in a text's words where the term stands, in order."""
        stems = tuple(word.stem for word in text)
        for first, stem in enumerate(stems):
            last = first + len(self.stems) - 1
            if stem == self.stems[0] and stems[first : last + 1] == self.stems:
                yield first, last
            elif self.prefix and text[first].spelling.startswith(self.prefix):
                yield first, first


@dataclass(frozen=True)
class Query:
    """Finds the stories that hold every wanted term and no unwanted one."""

    wanted: tuple[QueryTerm, ...] = ()
    unwanted: tuple[QueryTerm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def read_query(typed: str) -> Query:
    """The query in what somebody typed: words, "a phrase", -without. The last word may be unfinished.

    >>> read_query('Families "food banks" -cars hospita')
    Query(wanted=(QueryTerm(stems=('famili',), prefix=''), QueryTerm(stems=('food', 'bank'), prefix=''), QueryTerm(stems=('hospita',), prefix='hospita')), unwanted=(QueryTerm(stems=('car',), prefix=''),))
    """
    wanted: dict[QueryTerm, None] = {}
    unwanted: dict[QueryTerm, None] = {}
    for part in TYPED.finditer(typed):
        found = list(words_in(part["plain"] or part["quoted"] or ""))
        if not found:
            continue
        last = part["plain"] and part.end() == len(typed.rstrip()) and not part["without"]
        may_go_on = last and len(found) == 1 and len(found[0].spelling) >= MIN_PREFIX_LENGTH
        term = QueryTerm(tuple(word.stem for word in found), found[0].spelling if may_go_on else "")
        (unwanted if part["without"] else wanted)[term] = None
    return Query(tuple(wanted), tuple(unwanted))
