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
WHO = rf"(?:he|she|i|who|they|one of (?:the|our|my|his|her|their) \w{{2,20}}|{PERSON})(?:,? who)?"
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
SAID = "(?P<said>{})"
OR_ARTICLE = r"(?:(?<!\w)(?=an? )|{})"
"""An article right before a term belongs to what is found, so that other words can take the place of both."""


def said(terms: str) -> str:
    return SAID.format(terms)


def had(nouns: Iterable[str], capitals: Iterable[str] = ()) -> list[str]:
    """Patterns for what a person has: “she had a …”, “a lad with …”, “her …”."""
    in_capitals = rf"|(?-i:{one_of(capitals)})" if capitals else ""
    terms = said(one_of(nouns) + in_capitals) + NO_SERVICE
    return [HAS + terms, WITH + terms, WHOSE + terms]


def been(adjectives: Iterable[str], *, in_capitals: bool = False) -> list[str]:
    """Patterns for what a person is: “he is …”, “a … woman”."""
    terms = f"(?-i:{one_of(adjectives)})" if in_capitals else one_of(adjectives)
    after = GOES_ON if in_capitals else NO_SERVICE + NOT_FIGURATIVE
    verb = rf"(?<!\w){WHO}(?:'(?:s|m|re|d|ve)| (?:is|was|am|are|were|had|has|got|became|felt)) (?:{VERBS} ){{0,4}}"
    person = rf"(?:{terms})(?:,? [\w-]{{1,20}})? (?:{one_of(PEOPLE | ROLES)})"
    before_person = OR_ARTICLE.format(NEAR) + said(rf"(?:an? )?{person}") + r"(?!\w)"
    return [verb + said(terms) + after, before_person + NO_SERVICE]


def called(labels: Iterable[str]) -> list[str]:
    """Patterns for what a person is called: “an asylum seeker”."""
    before = OR_ARTICLE.format(r"(?<!\w)(?:an|a|one|this|that|the|another) (?:[\w-]{1,20} )?")
    return [before + said(rf"(?:an? )?(?:{one_of(labels)})") + NO_SERVICE]


def does(patterns: Iterable[str]) -> list[str]:
    """Patterns for what a person does or what was done to them."""
    return [SAID_OF + said("|".join(patterns)) + r"(?!\w)"]


def from_abroad() -> list[str]:
    countries = one_of(COUNTRIES)
    return [
        SAID_OF + said(rf"(?:(?:moved|fled|arrived|originally) )?(?:here |over )?from (?:{countries})") + r"(?!\w)",
        rf"(?<!\w){PERSON} " + said(rf"from (?:{countries})") + r"(?!\w)",
    ]


def believes() -> list[str]:
    before = OR_ARTICLE.format(r"(?<!\w)(?:as )?an? (?:[\w-]{1,20} )")
    return [before + said(rf"(?:an? )?(?-i:{one_of(RELIGIOUS_ADJECTIVES)})") + GOES_ON]


@cache
def special_patterns() -> dict[Mark, list[re.Pattern[str]]]:
    """{kind: its patterns}, made at the first use: they are long."""
    texts = {
        Mark.HEALTH: [*had(HEALTH_NOUNS, HEALTH_CAPITALS), *been(HEALTH_ADJECTIVES), *does(HEALTH_PATTERNS)],
        Mark.IMMIGRATION: [*called(IMMIGRATION_LABELS), *had(IMMIGRATION_NOUNS), *does(IMMIGRATION_PATTERNS)],
        Mark.OFFENCE: [*called(OFFENCE_LABELS), *had(OFFENCE_NOUNS), *does(OFFENCE_PATTERNS)],
        Mark.ETHNICITY: [*been(ETHNIC_ADJECTIVES, in_capitals=True), *from_abroad()],
        Mark.RELIGION: [*been(RELIGIOUS_ADJECTIVES, in_capitals=True), *believes(), *does(RELIGIOUS_PATTERNS)],
        Mark.ORIENTATION: [*been(ORIENTATION_ADJECTIVES), *does(ORIENTATION_PATTERNS)],
        Mark.UNION: does(UNION_PATTERNS),
        Mark.POLITICS: does(POLITICS_PATTERNS),
    }
    return {mark: [re.compile(text, re.IGNORECASE) for text in some] for mark, some in texts.items()}


def special_categories(text: str, masked: str) -> Iterator[PersonalDataHit]:
    """What is said of persons. `masked` is the text with names masked and apostrophes straight, as long as the text."""
    for mark, patterns in special_patterns().items():
        taken: set[int] = set()
        places = sorted({match.span("said") for pattern in patterns for match in pattern.finditer(masked)})
        for start, end in places:
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                yield hit_at(mark, text, start, end)


def with_masked_names(text: str, names: Iterable[PersonalDataHit]) -> str:
    """The text with each name masked but its ’s, apostrophes straight. Its length is the same."""
    letters = list(text.replace("’", "'"))
    for hit in names:
        bare = re.sub(r"['’]s?$", "", hit.text)
        letters[hit.start : hit.start + len(bare)] = MASK * len(bare)
    return "".join(letters)
