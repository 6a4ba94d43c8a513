"""Words that could stand in place of what was found: “a health visitor”, “a town”, “a young child”.

They are in the language of the wording, English, and not of the reader: who writes takes them into the text. Where
nothing fits whatever stands around it, there is none, and the writer finds their own.
"""

import re

from workshops.personal_data.hits import Mark, PersonalDataHit
from workshops.personal_data.name_lists import FIRST_NAMES
from workshops.personal_data.people_lists import (
    ETHNIC_ADJECTIVES,
    FAMILY,
    HEALTH_ADJECTIVES,
    HEALTH_CAPITALS,
    HEALTH_EVENTS,
    HEALTH_NOUNS,
    IMMIGRATION_LABELS,
    OFFENCE_LABELS,
    ORIENTATION_ADJECTIVES,
    PEOPLE,
    RELIGIOUS_ADJECTIVES,
    ROLES,
)
from workshops.personal_data.plain import folded
from workshops.personal_data.relations import ONES, TEENS, TENS
from workshops.personal_data.word_lists import one_of

IN_BRACKETS = {
    Mark.EMAIL: "[e-mail address]",
    Mark.PHONE: "[phone number]",
    Mark.POSTCODE: "[postcode]",
    Mark.ADDRESS: "[address]",
    Mark.NHS_NUMBER: "[NHS number]",
    Mark.NATIONAL_INSURANCE: "[National Insurance number]",
    Mark.BIRTH_DATE: "[date of birth]",
    Mark.PLATE: "[number plate]",
    Mark.CASE_NUMBER: "[reference number]",
    Mark.HANDLE: "[name]",
    Mark.PROFILE: "[link to a profile]",
}
BEARERS = {
    "a doctor": "dr doctor",
    "a woman": "mrs ms miss",
    "a man": "mr sir",
    "a councillor": "cllr councillor",
    "a police officer": "pc sgt sergeant inspector constable",
    "a minister of religion": "rev reverend father canon",
    "an imam": "imam",
    "a nurse": "nurse matron",
    "an aunt": "aunt auntie aunty",
    "an uncle": "uncle",
    "a professor": "prof professor",
}
TITLED = {title: bearer for bearer, titles in BEARERS.items() for title in titles.split()}
ROLE_BEFORE = re.compile(rf"\b(?:{one_of(ROLES | PEOPLE)})(?: called| named)?(?:,? |,? \()$", re.IGNORECASE)
PLACE_BEFORE = re.compile(r"\b(?:in|near|around|outside|through|across)(?: the)? $", re.IGNORECASE)
SENTENCE_BEFORE = re.compile(r"(?:^|[.!?\n])[\s\"'“‘(]*$")

ADJECTIVES = {
    Mark.HEALTH: HEALTH_ADJECTIVES,
    Mark.ETHNICITY: ETHNIC_ADJECTIVES,
    Mark.RELIGION: RELIGIOUS_ADJECTIVES,
    Mark.ORIENTATION: ORIENTATION_ADJECTIVES,
}
BEFORE_PERSON = {
    mark: re.compile(rf"(?:an? )?(?:{one_of(words)}),? (?P<person>.+)", re.IGNORECASE)
    for mark, words in ADJECTIVES.items()
}
LABELS = {
    Mark.IMMIGRATION: (IMMIGRATION_LABELS, "newcomer"),
    Mark.OFFENCE: (OFFENCE_LABELS, "person"),
    Mark.RELIGION: (RELIGIOUS_ADJECTIVES, "person of faith"),
}
TAKES_ARTICLE = re.compile(
    r"(?:\b(?:has|had|have|got|having|with|from|of|is|was|am|are|were)|'(?:ve|d|m)|\b(?:he|she|who)'s) $", re.IGNORECASE
)
THE_ONLY = re.compile(r"\w+ (?:very )?(?:only|sole|one|lone|first(?:[- ]ever)?) ", re.IGNORECASE)

AGE_IN_FIGURES = re.compile(r"\d+")
AGE_IN_WORDS = re.compile(rf"\b({'|'.join(TENS)})?[- ]?({'|'.join([*TEENS, *ONES])})?\b", re.IGNORECASE)
DECADE = re.compile(r"(teens|twen|thir|for|fif|six|seven|eigh|nine)(?:ties)?\b", re.IGNORECASE)
KIN = re.compile(rf"\b(?:{one_of(PEOPLE | ROLES)})\b", re.IGNORECASE)
ELDERS = FAMILY - {
    "son",
    "daughter",
    "child",
    "kid",
    "baby",
    "toddler",
    "boy",
    "girl",
    "lad",
    "lass",
    "twin",
    "grandson",
    "granddaughter",
    "grandchild",
}
BANDS = [
    (5, "small", "small child"),
    (12, "young", "child"),
    (18, "teenage", "teenager"),
    (26, "young", "young adult"),
    (60, "", "adult"),
    (200, "older", "older person"),
]
"""Up to which age, as an adjective, as a noun."""


def suggestion_for(hit: PersonalDataHit, text: str) -> str:
    """What could stand in the place of the hit in `text`, or nothing."""
    before = text[max(0, hit.start - 40) : hit.start].replace("’", "'")
    words = suggested_words(hit, before, text[hit.start + len(hit.text) :][:1])
    is_first = SENTENCE_BEFORE.search(before) is not None and hit.text[:1].isupper()
    return words[:1].upper() + words[1:] if is_first else words


def suggested_words(hit: PersonalDataHit, before: str, after: str) -> str:
    if hit.mark in (Mark.NAME, Mark.PARTICIPANT):
        return for_name(hit.text, before)
    if hit.mark == Mark.BIRTH_DATE:
        return for_birth(hit.text)
    if hit.mark == Mark.RELATION:
        return for_age(hit.text)
    if hit.mark == Mark.ONLY:
        return with_article(THE_ONLY.sub("", hit.text, count=1))
    return IN_BRACKETS.get(hit.mark) or for_what_is_said(hit, before)


def for_name(name: str, before: str) -> str:
    """“a doctor” for a title, “[name]” beside a word that says who it is, “a town” where one can be, “somebody”."""
    whose = "’s" if re.search(r"['’]s?$", name) else ""
    parts = folded(name).replace(".", "").split()
    if parts[0] in TITLED:
        return TITLED[parts[0]] + whose
    if ROLE_BEFORE.search(before):
        return "[name]" + whose
    if PLACE_BEFORE.search(before) and parts[0] not in FIRST_NAMES and name[0].isupper():
        return "a town" + whose
    return "somebody" + whose


def for_birth(said: str) -> str:
    year = re.search(r"(19|20)\d\d", said)
    if re.search(r"born", said, re.IGNORECASE) and year:
        return f"born in the {year[0][:3]}0s"
    return IN_BRACKETS[Mark.BIRTH_DATE]


def for_what_is_said(hit: PersonalDataHit, before: str) -> str:
    person = BEFORE_PERSON[hit.mark].fullmatch(hit.text) if hit.mark in BEFORE_PERSON else None
    if person:
        return with_article(person["person"]) if hit.text.lower().startswith(("a ", "an ")) else person["person"]
    bare = re.sub(r"^an? ", "", hit.text.lower())
    labels, word = LABELS.get(hit.mark, ((), ""))
    if bare in {label.lower() for label in labels}:
        return with_article(word) if bare != hit.text.lower() or TAKES_ARTICLE.search(before) else word
    if hit.mark == Mark.HEALTH and (bare in HEALTH_NOUNS or hit.text in HEALTH_CAPITALS):
        words = "health problem" if bare in HEALTH_EVENTS else "long-term condition"
        return with_article(words) if TAKES_ARTICLE.search(before) else words
    return ""


def for_age(said: str) -> str:
    """“young son” for “son (6)”, “a teenage daughter” for “a 14-year-old daughter”, “a small child” for “a two-year-old”."""
    _, adjective, noun = next(band for band in BANDS if age_in(said) < band[0])
    article = re.match(r"an? ", said, re.IGNORECASE)
    kin = KIN.search(said)
    if kin is None:
        return (
            ""
            if re.match(r"(?:he|she|i|twins|triplets)\b", said, re.IGNORECASE)
            else with_article(noun)
            if article
            else noun
        )
    if re.search(rf"{re.escape(kin[0])} (?:is|was|turned|turns|had)\b", said, re.IGNORECASE):
        return ""
    is_plain = not adjective or kin[0].lower() in ELDERS
    words = kin[0] if is_plain else f"{adjective} {kin[0].lower()}"
    return with_article(words) if article else words


def age_in(said: str) -> int:
    """The age in years, 0 of weeks and months."""
    if re.search(r"\b(?:weeks?|months?|days?)\b", said, re.IGNORECASE):
        return 0
    if decade := DECADE.search(said):
        stems = ["twen", "thir", "for", "fif", "six", "seven", "eigh", "nine"]
        if decade[0].lower().endswith("ties"):
            return 10 * (stems.index(decade[1].lower()) + 2)
    if figures := AGE_IN_FIGURES.search(said):
        return min(int(figures[0]), 199)
    numbers = [match for match in AGE_IN_WORDS.finditer(said) if match[0].strip(" -")]
    return in_figures(numbers[-1]) if numbers else 30


def in_figures(match: re.Match[str]) -> int:
    tens, ones = (match[1] or "").lower(), (match[2] or "").lower()
    return (10 * TENS.index(tens) + 20 if tens else 0) + ([*ONES, *TEENS].index(ones) + 1 if ones else 0)


def with_article(words: str) -> str:
    return f"{'an' if words[:1].lower() in 'aeio' else 'a'} {words}"
