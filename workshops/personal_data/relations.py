"""A person with their age, and persons who are the only one: together with a place or a service they tell who it is."""

import re
from collections.abc import Iterator

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at
from workshops.personal_data.people_lists import FAMILY, OLD_THINGS, PEOPLE, ROLES
from workshops.personal_data.special import MASK
from workshops.personal_data.word_lists import one_of

ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(ONES)}))?|{'|'.join([*TEENS, *ONES])}|1[01]\d|[1-9]?\d)"
DECADES = r"(?:teens|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|[2-9]0s)"

KIN = rf"(?:{one_of(PEOPLE | ROLES)}|{MASK}{{1,60}})"
OF_CHILDREN = r"(?: of (?:one|two|three|four|five|six|seven|eight|[1-9]))?"
UNIT = r"(?:years?|months?|weeks?|days?)"
ENDS = r"(?=[.,;:!?)]|$| (?:and|when|now|then|but|so|who|in|with|this|next|last|years? old|years of age|that|at)\b)"

AGES = [
    # her son (6); my nan, 82; the boy, aged 11; a mother of two, aged 23; Karen (34)
    rf"(?<!\w){KIN}{OF_CHILDREN}(?:,? \(|, | )(?:(?:who is|who was|who's|now|only|just|is|was)? ?(?:aged|age) {NUMBER}(?:\)|(?!\w))(?:,(?= ))?"
    rf"|(?<=\(){NUMBER}(?: {UNIT}(?: old)?)?\)|(?<=, )(?:who is |who was |now |only )?{NUMBER}(?=[,.;)!?]|$| and\b| {UNIT} old\b)(?:,(?= ))?)",
    # a 14-year-old daughter; his two-year-old
    rf"(?<!\w)(?:an? )?(?:{NUMBER}|\d\d?)[- ](?:year|month|week|day)s?[- ]olds?\b(?: (?:[\w-]{{1,20}} )?{KIN}(?!\w))?(?! (?:{one_of(OLD_THINGS)})\b)",
    # the girl was nine; her twins are three; I am 44
    rf"(?<!\w)(?:(?:{one_of(PEOPLE | ROLES)}|twins|triplets|{MASK}{{1,60}}|he|she)(?:'s)?|i(?:'m)?)"
    rf"(?: (?:is|was|are|were|am|turned|turns|had turned|had just turned))?(?: (?:only|just|nearly|about|barely|now))? "
    rf"(?:(?!one\b|1\b){NUMBER}{ENDS}|{NUMBER} {UNIT} old\b)",
    # a woman of ninety-one; a man in his eighties
    rf"(?<!\w)(?:an? )?{KIN} (?:of {NUMBER}(?! (?:\w+ish|and|or|children|us|them)\b)(?=[.,;:!?)]|$| [a-z])|in (?:his|her|their|my) (?:early |mid[- ]|late )?{DECADES})",
    rf"(?<!\w)(?:he|she|i)(?:'s|'m| is| was| am)? (?:now )?in (?:his|her|my) (?:early |mid[- ]|late )?{DECADES}",
]
AGE = [re.compile(pattern, re.IGNORECASE) for pattern in AGES]
HAS_NUMBER = re.compile(rf"(?<!\w){NUMBER}(?!\w)|{DECADES}", re.IGNORECASE)
MANY = re.compile(r"olds\b", re.IGNORECASE)
OF_HOW_MANY = re.compile(
    r"(?:an? )?(?:mother|father|mum|mam|dad|parent|nan|gran|grandmother|grandad|grandfather|grandma|family|one|member|head|lead|leader|chair|manager|director|carer) of"
    r" (?:one|two|three|four|five|six|seven|eight|nine|ten|\d)\b",
    re.IGNORECASE,
)

ROLE = one_of(
    (PEOPLE | ROLES | FAMILY) - {"person", "other one", "little one", "head", "lead", "chair", "member", "caller"}
)
ONLY = re.compile(
    rf"(?<!\w)(?:(?:the|our|my|his|her|their|its|this|that) (?:only|sole|one|lone)|(?:the|our|their|its|her|his|my) (?:very )?first(?:[- ]ever)?)"
    rf" (?!(?:responder|aid|time|day|week|one|of)\b)(?:(?!who\b|that\b|of\b|the\b|a\b|to\b|was\b|is\b|and\b|my\b)[\w'-]{{1,20}} ){{0,3}}?(?:{ROLE})(?!\w|-\w)"
    rf"(?! (?:team|service|clinic|office|meeting|call|appointment|visit|contact)\b)",
    re.IGNORECASE,
)


def relations(text: str, masked: str) -> Iterator[PersonalDataHit]:
    """Persons with their age. `masked` is as for `special_categories`."""
    taken: set[int] = set()
    matches = (match for pattern in AGE for match in pattern.finditer(masked))
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if taken.isdisjoint(range(*match.span())) and not MANY.search(match[0]) and not OF_HOW_MANY.fullmatch(match[0]):
            taken.update(range(*match.span()))
            yield hit_at(Mark.RELATION, text, match.start(), match.end())


def only_ones(text: str, masked: str) -> Iterator[PersonalDataHit]:
    """Persons of whom there is one: the only midwife, our one physio, the first woman."""
    for match in ONLY.finditer(masked):
        yield hit_at(Mark.ONLY, text, match.start(), match.end())
