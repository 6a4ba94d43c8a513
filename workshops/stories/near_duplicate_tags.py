"""Tags that may be one: written apart or together, in the plural, with or without accents, or with one letter amiss.

Twenty thousand tags are never compared each with each. Names that agree in a simpler form share a bucket; names one
letter apart share a bucket of what is left of them when any one letter is dropped.
"""

import re
import unicodedata
from collections import defaultdict
from itertools import combinations

from django.utils.translation import gettext_lazy as _

SHORTEST = 5
"""One letter tells short words apart: “care” and “cafe” are no slip of the pen."""
CROWD = 50
"""So many names in one bucket follow a pattern, such as numbers, and are no slips either."""

SPACING = _("spacing, hyphens or accents")
PLURAL = _("singular and plural")
LETTER = _("one letter")


def near_duplicates(keys):
    """Groups of near-doubles among these keys of tags, as (why, [keys]); the surest first.

    >>> near_duplicates(["co-production", "coproduction", "carers", "carer", "trust", "trsut"])
    [('spacing, hyphens or accents', ['co-production', 'coproduction']), ('singular and plural', ['carer', 'carers']), \
('one letter', ['trsut', 'trust'])]
    """
    together, singular = defaultdict(set), defaultdict(set)
    for key in keys:
        together[written_together(key)].add(key)
        singular[written_together(" ".join(map(singular_of, words_in_key(key))))].add(key)
    groups = [(SPACING, sorted(group)) for group in together.values() if len(group) > 1]
    same = {frozenset(group) for _why, group in groups}
    groups += [
        (PLURAL, sorted(group)) for group in singular.values() if len(group) > 1 and frozenset(group) not in same
    ]
    kin = {form: root for root, group in singular.items() for form in map(written_together, group)}
    for one, other in sorted(a_letter_apart(together)):
        if kin[one] != kin[other]:
            groups.append((LETTER, sorted(together[one] | together[other])))
    return groups


def words_in_key(key):
    return re.split(r"[\s\-‐-―_/.'’]+", without_accents(key))


def written_together(key):
    """
    >>> written_together("Covid-19 café"), written_together("covid 19cafe")
    ('covid19cafe', 'covid19cafe')
    """
    return "".join(words_in_key(key)).casefold() or key


def without_accents(key):
    return "".join(letter for letter in unicodedata.normalize("NFKD", key) if not unicodedata.combining(letter))


def singular_of(word):
    """Roughly: what it says is only shown to an editor, who knows better.

    >>> [singular_of(word) for word in ["hubs", "families", "boxes", "houses", "access", "crisis", "bus"]]
    ['hub', 'family', 'box', 'house', 'access', 'crisis', 'bus']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def a_letter_apart(words):
    """The pairs of words where one letter is missing, too many, another one, or changed places with its neighbour."""
    buckets = defaultdict(set)
    for word in words:
        if len(word) >= SHORTEST:
            buckets[word].add(word)
            for place in range(len(word)):
                buckets[word[:place] + word[place + 1 :]].add(word)
    pairs = set()
    for bucket in buckets.values():
        if 1 < len(bucket) <= CROWD:
            pairs.update(pair for pair in combinations(sorted(bucket), 2) if is_slip(*pair))
    return pairs


def is_slip(one, other):
    """Whether two words differ by one slip of the pen. Numbers differ on purpose.

    >>> [is_slip("trust", other) for other in ["trsut", "trusts", "trost", "rust", "truth", "thirst"]]
    [True, True, True, True, False, False]
    >>> is_slip("phase1", "phase2")
    False
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if any(letter.isdigit() for letter in one + other):
        return False
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
