"""What somebody typed into a search box, read into terms that both databases look for alike."""

import re
from dataclasses import dataclass

from workshops.search.words import words_in

# A dash before a word or quotation leaves out what holds it. A quotation that never ends goes on to the end.
TYPED = re.compile(r"""(?P<without>-?)(?:["“”„](?P<quoted>[^"“”„]*)["“”„]?|(?P<plain>[^\s"“”„]+))""")
SHORTEST_PREFIX = 3


@dataclass(frozen=True)
class QueryTerm:
    """Words that stand side by side, by their stems. With a `prefix`, any word that begins like this will do too."""

    stems: tuple[str, ...]
    prefix: str = ""

    def spans_in(self, text):
        """The first and last index of each place in a list of words where the term stands, in order."""
        stems = tuple(word.stem for word in text)
        for first, stem in enumerate(stems):
            last = first + len(self.stems) - 1
            if stem == self.stems[0] and stems[first : last + 1] == self.stems:
                yield first, last
            elif self.prefix and text[first].spelling.startswith(self.prefix):
                yield first, first


@dataclass(frozen=True)
class Query:
    """Every wanted term is in the story, and none that is not wanted."""

    wanted: tuple[QueryTerm, ...] = ()
    unwanted: tuple[QueryTerm, ...] = ()

    def __bool__(self):
        return bool(self.wanted or self.unwanted)


def read_query(typed):
    """The query in what somebody typed: words, "a phrase", -without. The last word may still be being typed.

    >>> read_query('Families "food banks" -cars hospita')
    Query(wanted=(QueryTerm(stems=('famili',), prefix=''), QueryTerm(stems=('food', 'bank'), prefix=''), QueryTerm(stems=('hospita',), prefix='hospita')), unwanted=(QueryTerm(stems=('car',), prefix=''),))
    """
    wanted, unwanted = {}, {}
    for part in TYPED.finditer(typed):
        found = list(words_in(part["plain"] or part["quoted"] or ""))
        if not found:
            continue
        last = part["plain"] and part.end() == len(typed.rstrip()) and not part["without"]
        may_go_on = last and len(found) == 1 and len(found[0].spelling) >= SHORTEST_PREFIX
        term = QueryTerm(tuple(word.stem for word in found), found[0].spelling if may_go_on else "")
        (unwanted if part["without"] else wanted)[term] = None
    return Query(tuple(wanted), tuple(unwanted))
