"""What the law calls special categories, and offences and immigration: found where they are said of a person.

“Her autism” is found and “the autism team” is not: what is looked for is a term beside a person (“the lad has”, “my mum
is”, “a woman with”), and no service after it. Names must have been masked before, so that they are persons too.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at
from workshops.personal_data.people_lists import (
    COUNTRIES,
    ETHNIC_ADJECTIVES,
    HEALTH_ADJECTIVES,
    HEALTH_CAPITALS,
    HEALTH_NOUNS,
    HEALTH_PATTERNS,
    IMMIGRATION_LABELS,
    IMMIGRATION_NOUNS,
    IMMIGRATION_PATTERNS,
    OFFENCE_LABELS,
    OFFENCE_NOUNS,
    OFFENCE_PATTERNS,
    ORIENTATION_ADJECTIVES,
    ORIENTATION_PATTERNS,
    PEOPLE,
    POLITICS_PATTERNS,
    RELIGIOUS_ADJECTIVES,
    RELIGIOUS_PATTERNS,
    ROLES,
    SERVICES,
    UNION_PATTERNS,
)
from workshops.personal_data.word_lists import one_of

MASK = "\ue000"
"""Stands for each letter of a name, so that a pattern takes it for a person."""

PERSON = rf"(?:{one_of(PEOPLE | ROLES)}|[\w-]{{1,20}}[- ]year[- ]old|{MASK}{{1,60}})"
WHO = rf"(?:he|she|i|who|they|one of (?:the|our|my|his|her|their) \w{{2,20}}|{PERSON})(?:,? who| \(\d{{1,3}}\)|, \d{{1,3}},)?"
VERBS = (
    r"(?:is|was|am|are|were|be|has|had|have|having|been|being|got|gets|getting|became|becomes|felt|went|goes|go|came|come|put"
    r"|lives?|lived|suffers?|just|also|still|now|then|never|always|only|recently|already|both|really|very|quite|nearly|deeply"
    r"|profoundly|severely|heavily|clinically|newly|openly|once|not|an?|the|as|out|about|at work|to be|moderately|currently|born)"
)
SAID_OF = rf"(?<!\w){WHO}(?:'(?:s|d|m|ve|re))?,? (?:{VERBS} ){{0,5}}"
HAS = rf"(?<!\w){WHO}(?:'(?:s|d|ve)(?: got| had)?| has| had| have| has got| having| suffers from| suffered| suffered from) (?:[\w-]{{1,20}} ){{0,2}}?"
WITH = (
    rf"(?<!\w){PERSON},? (?:with|having|has|had|living with|suffering from|who has|who had) (?:[\w-]{{1,20}} ){{0,2}}?"
)
WHOSE = rf"(?<!\w)(?:my|his|her|their|whose|{PERSON}'s?) (?:[\w-]{{1,20}} ){{0,2}}?"
NEAR = r"(?<!\w)(?:an?|the|my|his|her|their|our|one|this|that|another|two|only) (?:[\w-]{1,20} )?"
NO_SERVICE = rf"(?!\w|['’-]\w|(?: [\w-]{{1,20}})? (?:{one_of(SERVICES)})\b| of\b)"
NOT_FIGURATIVE = r"(?! (?:to|about|by|at|with the|of|faith)\b)"
GOES_ON = r"(?=[.,;:!?)\"”]|$| (?:and|who|but|so|or|in|on|at|from|with|when|then|because|was|is|has|had|to|as|too|did|by|inside|herself|himself)\b)"
OR_ARTICLE = r"(?:(?<!\w)(?=an? )|{})"
"""An article right before a term belongs to what is found, so that other words can take the place of both."""


def of_kinds(terms: dict[Mark, str]) -> str:
    """A pattern with a group for each kind, named as the kind: one pass over the text finds them all."""
    return "(?:" + "|".join(f"(?P<{mark.value}>{pattern})" for mark, pattern in terms.items()) + ")"


def had() -> list[str]:
    """What a person has: “she had a …”, “a lad with …”, “her …”."""
    health = one_of(HEALTH_NOUNS) + rf"|(?-i:{one_of(HEALTH_CAPITALS)})"
    nouns = {Mark.HEALTH: health, Mark.IMMIGRATION: one_of(IMMIGRATION_NOUNS), Mark.OFFENCE: one_of(OFFENCE_NOUNS)}
    return [before + of_kinds(nouns) + NO_SERVICE for before in (HAS, WITH, WHOSE)]


def been() -> list[str]:
    """What a person is: “he is …”, “a … woman”. Of nations and religions only with a capital letter."""
    plain = {Mark.HEALTH: one_of(HEALTH_ADJECTIVES), Mark.ORIENTATION: one_of(ORIENTATION_ADJECTIVES)}
    capital = {Mark.ETHNICITY: one_of(ETHNIC_ADJECTIVES), Mark.RELIGION: one_of(RELIGIOUS_ADJECTIVES)}
    adjectives = plain | {mark: f"(?-i:{words})" for mark, words in capital.items()}
    said_of = {mark: f"(?:{words})" + after_adjective(mark in capital) for mark, words in adjectives.items()}
    person = rf"(?:,? [\w-]{{1,20}})? (?:{one_of(PEOPLE | ROLES)})"
    attributes = {mark: rf"(?:an? )?(?:{words}){person}" for mark, words in adjectives.items()}
    verb = rf"(?<!\w){WHO}(?:'(?:s|m|re|d|ve)| (?:is|was|am|are|were|had|has|got|became|felt)) (?:{VERBS} ){{0,4}}"
    return [verb + of_kinds(said_of), OR_ARTICLE.format(NEAR) + of_kinds(attributes) + NO_SERVICE]


def after_adjective(is_capital: bool) -> str:
    """What may follow: a nation or a religion is also what a school or a meal is, and one may be blind to something."""
    return GOES_ON if is_capital else NO_SERVICE + NOT_FIGURATIVE


def called() -> list[str]:
    """What a person is called: “an asylum seeker”, “a Quaker”."""
    labels = {
        Mark.IMMIGRATION: rf"(?:an? )?(?:{one_of(IMMIGRATION_LABELS)})" + NO_SERVICE,
        Mark.OFFENCE: rf"(?:an? )?(?:{one_of(OFFENCE_LABELS)})" + NO_SERVICE,
        Mark.RELIGION: rf"(?:an? )?(?-i:{one_of(RELIGIOUS_ADJECTIVES)})" + GOES_ON,
    }
    before = OR_ARTICLE.format(r"(?<!\w)(?:an|a|one|this|that|the|another) (?:[\w-]{1,20} )?")
    return [before + of_kinds(labels)]


def did() -> list[str]:
    """What a person does or what was done to them, and from where they came."""
    countries = one_of(COUNTRIES)
    patterns = {
        Mark.HEALTH: HEALTH_PATTERNS,
        Mark.IMMIGRATION: IMMIGRATION_PATTERNS,
        Mark.OFFENCE: OFFENCE_PATTERNS,
        Mark.RELIGION: RELIGIOUS_PATTERNS,
        Mark.ORIENTATION: ORIENTATION_PATTERNS,
        Mark.UNION: UNION_PATTERNS,
        Mark.POLITICS: POLITICS_PATTERNS,
        Mark.ETHNICITY: [rf"(?:(?:moved|fled|arrived|originally) )?(?:here |over )?from (?:{countries})"],
    }
    said_of = SAID_OF + of_kinds({mark: "|".join(some) for mark, some in patterns.items()}) + r"(?!\w)"
    return [said_of, rf"(?<!\w){PERSON} " + of_kinds({Mark.ETHNICITY: rf"from (?:{countries})(?!\w)"})]


@cache
def special_patterns() -> list[re.Pattern[str]]:
    """All patterns, made at the first use: they are long."""
    return [re.compile(pattern, re.IGNORECASE) for pattern in [*had(), *been(), *called(), *did()]]


def special_categories(text: str, masked: str) -> Iterator[PersonalDataHit]:
    """What is said of persons. `masked` is the text with names masked and apostrophes straight, as long as the text."""
    matches = (match for pattern in special_patterns() for match in pattern.finditer(masked))
    places = {(*match.span(match.lastgroup), Mark(match.lastgroup)) for match in matches if match.lastgroup}
    taken: set[tuple[Mark, int]] = set()
    for start, end, mark in sorted(places):
        span = {(mark, place) for place in range(start, end)}
        if taken.isdisjoint(span):
            taken |= span
            yield hit_at(mark, text, start, end)


def with_masked_names(text: str, names: Iterable[PersonalDataHit]) -> str:
    """The text with each name masked but its ’s, apostrophes straight. Its length is the same."""
    letters = list(text.replace("’", "'"))
    for hit in names:
        bare = re.sub(r"['’]s?$", "", hit.text)
        letters[hit.start : hit.start + len(bare)] = MASK * len(bare)
    return "".join(letters)
