"""Finds tags that may mean the same: they differ in spacing or accents, in singular and plural, or in one letter.

Not every pair is compared, for there may be twenty thousand tags. Names with the same simpler form share a bucket, and
names that differ in one letter share the bucket of what is left when that letter is dropped.
"""

import re
import unicodedata
from collections import defaultdict
from itertools import combinations

from django.utils.translation import gettext_lazy as _

MIN_WORD_LENGTH = 5
"""Shorter words that differ in one letter, such as “care” and “cafe”, are different words and no typing errors."""
MAX_BUCKET_SIZE = 50
"""More names than this in one bucket follow a pattern, such as numbers, and are no typing errors either."""

SPACING = _("spacing, hyphens or accents")
PLURAL = _("singular and plural")
LETTER = _("one letter")


def near_duplicates(keys):
    """Groups of tags that may mean the same, as (what differs, [keys]), the surest first. Tags are given by their keys.

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
    """The singular of a word, roughly: an editor decides what becomes of what is found.

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
    """Pairs of words with one letter missing, added, replaced, or swapped with its neighbour."""
    buckets = defaultdict(set)
    for word in words:
        if len(word) >= MIN_WORD_LENGTH:
            buckets[word].add(word)
            for place in range(len(word)):
                buckets[word[:place] + word[place + 1 :]].add(word)
    pairs = set()
    for bucket in buckets.values():
        if 1 < len(bucket) <= MAX_BUCKET_SIZE:
            pairs.update(pair for pair in combinations(sorted(bucket), 2) if is_slip(*pair))
    return pairs


def is_slip(one, other):
    """Whether two words differ by one typing error. Words that differ in a digit differ on purpose.

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
