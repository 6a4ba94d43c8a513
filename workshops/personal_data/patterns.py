"""Identifiers, which have a form of their own. They are read in a text that `plain` has made."""

import re
from collections.abc import Callable, Iterable, Iterator

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at
from workshops.personal_data.plain import folded
from workshops.personal_data.word_lists import (
    CASE_WORDS,
    MONTHS,
    NO_HANDLES,
    NO_PLATES,
    NO_STREETS,
    PEOPLE_BORN,
    STREETS,
    VEHICLES,
    one_of,
)

# Each pattern starts where a word does and is of limited length, so that no text takes long.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
PHONE = re.compile(r"(?<![\w+])(?:\+|\(\+?)?(?:44|0)[\d ()–-]{7,20}\d(?!\w)")
POSTCODE = re.compile(r"\b(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKMNP-Y]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)

GAP = r"[ \t.‐–-]{0,2}"
NHS_NUMBER = re.compile(
    rf"\bNHS{GAP}(?:number|num|no|#)?[ .:#]{{0,3}}(?P<named>\d{{3}}{GAP}\d{{3}}{GAP}\d{{4}})(?!\w)"
    rf"|(?<![\w.,/-])\d{{3}}{GAP}\d{{3}}{GAP}\d{{4}}(?!\w)",
    re.IGNORECASE,
)
NATIONAL_INSURANCE = re.compile(
    rf"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{GAP}\d\d{GAP}\d\d{GAP}\d\d{GAP}[A-D](?!\w)",
    re.IGNORECASE,
)

MONTH = rf"(?:{one_of(MONTHS)})\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = (
    r"(?:\d{1,2} ?[/.‐–-] ?\d{1,2} ?[/.‐–-] ?(?:\d{4}|\d\d)|\d{4}[/.‐–-]\d{1,2}[/.‐–-]\d{1,2}"
    rf"|(?:the )?{DAY}(?: of)?[ -]{MONTH}(?:,?[ -](?:\d{{4}}|\d\d))?|{MONTH} {DAY}(?:,? \d{{4}})?)(?!\w)"
)
BIRTH_DATE = re.compile(
    rf"\b(?:d\.? ?o\.? ?b\b\.?|date of birth|birth ?date|birthday|born)(?:,| is| was| on|:| -|=){{0,2}} ?\(?{DATE}"
    rf"|\b(?:{one_of(PEOPLE_BORN)}) (?:was|were) born in (?:{MONTH} )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)

DOOR = r"\d{1,4}[a-z]?(?:[/–-]\d{1,4}[a-z]?)?"
PART = rf"(?:flat|apartment|apt|unit|room|studio) {{0,2}}(?:\d{{1,4}}[a-z]?|[a-z])\b[ ,]{{1,3}}(?:{DOOR}[ ,]{{1,2}})?"
STREET_NAME = r"(?:(?:(?i:the|of|le|st\.?)|[A-Z][\w'’.-]{0,30}) ){1,4}"
STREET = rf"(?i:{one_of(STREETS)})\b"
ADDRESS = re.compile(
    rf"(?<![\w£$€.,/-])(?:(?i:{PART})(?:[A-Z][\w'’-]{{1,30}} ){{0,2}}(?i:house|court|tower|towers|point|lodge|building)\b(?:, ?{STREET_NAME}{STREET})?"
    rf"|(?i:{PART}){STREET_NAME}{STREET}|(?i:{DOOR}),? {STREET_NAME}{STREET})"
)
SPOKEN_ADDRESS = re.compile(
    r"\b(?:at|to|from|outside|of|near|is|lives?|lived|address:?|knocked|number|no\.?|flat \w{1,4},)"
    r" (?P<said>\d{1,3}[a-z]?,? (?:the |(?:[\w'’-]{2,20} ){1,2})"
    r"(?:road|rd|street|avenue|ave|lane|terrace|crescent|gardens|square|mews)\b)(?! [a-z]+s\b)",
    re.IGNORECASE,
)

VEHICLE = rf"\b(?:{one_of(VEHICLES)})\b[^.!?\n]{{0,40}}?"
NEW_PLATE = re.compile(r"(?<![\w-])[A-HJ-PR-Y]{2}\d\d ?[A-HJ-PR-Z]{3}(?![\w-])")
OLD_PLATE = re.compile(r"(?<![\w-])(?:[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![\w-])")
SMALL_PLATE = re.compile(r"(?<![\w-])[a-z]{2}\d\d ?[b-df-hj-np-tv-xz]{3}(?![\w-])", re.IGNORECASE)
NAMED_PLATE = re.compile(
    VEHICLE + r"(?<![\w-])(?P<said>[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}"
    r"|(?-i:[A-Z]{3} ?\d{1,4}[A-Z]?|[A-Z]{1,2} ?\d{2,4}|\d{1,4} ?[A-Z]{2,3}))(?![\w-])",
    re.IGNORECASE,
)

NUMBERED = r"(?:number|num|nr|no|ref|reference|id|#)\b\.?"
REFERENCE = r"(?=[A-Z/ .‐–-]{0,8}\d)(?:(?-i:[A-Z]{1,4}) )?[A-Z\d]{1,14}(?:[/.‐–-][A-Z\d]{1,14}){0,5}(?!\w)"
CASE_NUMBER = re.compile(
    rf"(?<!\w)(?:(?:our|your|my) )?(?:(?:(?:{one_of(CASE_WORDS)}) ){NUMBERED}(?: {NUMBERED})?|ref(?:erence)?\b\.?(?: {NUMBERED})?|case)"
    rf"(?: is| was)?[ :#]{{1,3}}(?P<number>{REFERENCE})",
    re.IGNORECASE,
)

HANDLE = re.compile(r"(?<![\w@./+-])@[A-Za-z_](?:[\w.]{1,28}\w)(?![@\w])")
SITES = (
    r"(?:linkedin\.com/(?:in|pub)|(?:facebook|fb|instagram|snapchat|x|twitter|pinterest|vk|onlyfans)\.com"
    r"|(?:instagr|t)\.am|(?:t|wa|fb)\.me|(?:tiktok\.com|threads\.(?:net|com)|youtube\.com)/@|youtube\.com/(?:c|user|channel)"
    r"|bsky\.app/profile|reddit\.com/u(?:ser)?|twitch\.tv|github\.com)"
)
PROFILE = re.compile(
    rf"(?<![\w.@/-])(?:https?://)?(?:[a-z]{{1,3}}\.)?{SITES}(?:(?<=@)|/)[^\s<>\"“”()\[\]]{{1,200}}(?<![.,;:!?'’])",
    re.IGNORECASE,
)


def identifiers(text: str, known: Iterable[str] = ()) -> list[PersonalDataHit]:
    """All identifiers. Where two stand in the same place, the one of the stricter form is given."""
    found: list[PersonalDataHit] = []
    taken: set[int] = set()
    for hit in candidates(text, frozenset(folded(name) for name in known)):
        if taken.isdisjoint(hit.span):
            found.append(hit)
            taken.update(hit.span)
    return found


def candidates(text: str, known: frozenset[str]) -> Iterator[PersonalDataHit]:
    yield from passages(Mark.PROFILE, PROFILE, text)
    yield from passages(Mark.EMAIL, EMAIL, text)
    yield from passages(Mark.PHONE, PHONE, text, is_phone)
    yield from passages(Mark.NHS_NUMBER, NHS_NUMBER, text, is_nhs_number)
    yield from passages(Mark.NATIONAL_INSURANCE, NATIONAL_INSURANCE, text)
    yield from passages(Mark.BIRTH_DATE, BIRTH_DATE, text)
    yield from passages(Mark.ADDRESS, ADDRESS, text, is_address)
    yield from passages(Mark.ADDRESS, SPOKEN_ADDRESS, text, is_spoken_address)
    yield from passages(Mark.POSTCODE, POSTCODE, text)
    yield from passages(Mark.CASE_NUMBER, CASE_NUMBER, text, is_case_number)
    yield from passages(Mark.PLATE, NAMED_PLATE, text, has_plate_letters)
    yield from passages(Mark.PLATE, NEW_PLATE, text, has_plate_letters)
    yield from passages(Mark.PLATE, SMALL_PLATE, text)
    yield from passages(Mark.PLATE, OLD_PLATE, text, has_no_word)
    yield from passages(Mark.HANDLE, HANDLE, text, lambda match: is_handle(match, known))


def passages(
    mark: Mark, pattern: re.Pattern[str], text: str, holds: Callable[[re.Match[str]], bool] = bool
) -> Iterator[PersonalDataHit]:
    """What the pattern finds, or its group `said`, where `holds` is true of the match."""
    group = "said" if "said" in pattern.groupindex else 0
    for match in pattern.finditer(text):
        if holds(match):
            yield hit_at(mark, text, match.start(group), match.end(group))


def is_phone(match: re.Match[str]) -> bool:
    """Whether this has ten or eleven digits from the 0 on, as all British numbers have but the shortest ones."""
    digits = re.sub(r"\D", "", match[0])
    national = digits.removeprefix("0044").removeprefix("44").removeprefix("0")
    return len(national) in (9, 10)


def is_nhs_number(match: re.Match[str]) -> bool:
    """Whether its last digit is the check digit of the others, modulus 11; called an NHS number, whatever it is."""
    digits = [int(digit) for digit in re.sub(r"\D", "", match["named"] or match[0])]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return match["named"] is not None or (11 - weighted % 11) % 11 == digits[9]


def is_address(match: re.Match[str]) -> bool:
    """Whether the number is of a door: no year, no day of a month, no count."""
    number, _, rest = match[0].partition(" ")
    first = folded(rest).split()[0].strip(".,") if rest else ""
    return not re.fullmatch(r"(?:19|20)\d\d", number) and first not in MONTHS and first not in NO_STREETS


def is_spoken_address(match: re.Match[str]) -> bool:
    return NO_STREETS.isdisjoint(folded(match["said"]).replace(",", "").split()[1:-1])


def is_case_number(match: re.Match[str]) -> bool:
    """Whether there are at least three figures; of a bare “case” or “ref”, more than a year or a count would have."""
    digits = len(re.sub(r"\D", "", match["number"]))
    is_bare = re.match(r"(?:case|ref(?:erence)?)\b\.?[ :#]+\d+$", match[0], re.IGNORECASE)
    return digits >= (5 if is_bare else 3)


def has_plate_letters(match: re.Match[str]) -> bool:
    said = match["said"] if "said" in match.re.groupindex else match[0]
    return NO_PLATES.isdisjoint(re.findall(r"[a-z]+", said.lower()))


def has_no_word(match: re.Match[str]) -> bool:
    """Whether its three letters spell nothing, having no vowel: “P482 FRN”, but not “M60 RAN”."""
    return has_plate_letters(match) and not re.search(r"[AEIOU](?=[A-Z])|(?<=[A-Z])[AEIOU]", match[0])


def is_handle(match: re.Match[str], known: frozenset[str]) -> bool:
    name = folded(match[0][1:])
    return name not in NO_HANDLES and name not in known
