"""Finds in a text what may tell who somebody is: names, e-mail addresses, phone numbers and postcodes.

It decides nothing: a person reads what was found before the wording is handed on. Names of the people who were in the
room, e-mail addresses, phone numbers and postcodes are found wherever they stand. Any other name is a guess, by its
capital letter and the words beside it: some names are missed, and some of what is found is none.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workshops.stories.name_lists import (
    ALSO_WORDS,
    FIRST_NAMES,
    NOT_NAMES,
    NOT_PEOPLE,
    PLAIN_SUBJECTS,
    SAYING,
    TITLES,
)


class Mark(TextChoices):
    """What was found. As text it is the label, which the warning shows."""

    PARTICIPANT = "participant", _("the name of somebody who was there")
    EMAIL = "email", _("an e-mail address")
    PHONE = "phone", _("a phone number")
    POSTCODE = "postcode", _("a postcode")
    NAME = "name", _("perhaps a name")

    def __str__(self):
        return str(self.label)


@dataclass(frozen=True)
class PersonalDataHit:
    """One passage that may tell who somebody is: what it is, where it starts in the text, and its sentence."""

    mark: Mark
    text: str
    start: int
    sentence: str


# Each pattern starts where a word does and is of limited length, so that no text takes long.
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
PHONE = re.compile(r"(?<![\w+])(?:\+|\(\+?)?(?:44|0)[\d ()–-]{7,20}\d(?!\w)")
POSTCODE = re.compile(r"\b(?:[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKMNP-Y]?|GIR) ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s)|\n")
OPENS_SENTENCE = re.compile(r"(?:^|[.!?…:;\n“‘\"(•–-])[\s\"'“‘(*_]*$")
MAX_SENTENCE_LENGTH = 240


def find_personal_data(text, names=(), known=()):
    """What in `text` may tell who somebody is, in order.

    names   of the people who were in the room, first or full, as they were written down
    known   names of places, services and the like, which are no people
    """
    text = plain(text)
    found = [
        *passages(Mark.EMAIL, EMAIL, text),
        *(finding for finding in passages(Mark.PHONE, PHONE, text) if is_phone(finding.text)),
        *passages(Mark.POSTCODE, POSTCODE, text),
        *participants(text, names),
    ]
    taken = {place for finding in found for place in hit_span(finding)}
    guesses = [finding for finding in likely_names(text, known) if taken.isdisjoint(hit_span(finding))]
    return sorted([*found, *guesses], key=lambda finding: finding.start)


def hit_span(finding):
    return range(finding.start, finding.start + len(finding.text))


def passages(mark, pattern, text):
    return [
        PersonalDataHit(mark, match[0], match.start(), sentence_at(text, match.start()))
        for match in pattern.finditer(text)
    ]


def is_phone(text):
    """Whether this has ten or eleven digits from the 0 on, as all British numbers have but the shortest ones."""
    digits = re.sub(r"\D", "", text)
    national = digits.removeprefix("0044").removeprefix("44").removeprefix("0")
    return len(national) in (9, 10)


def participants(text, names):
    """Passages that name people who were in the room, by their whole name or a part of it."""
    patterns = {}
    for name in names:
        parts = [part for part in NAME_WORD.findall(folded(name)) if len(part) > 1 and part not in TITLES]
        if len(parts) > 1:
            patterns[r"\s+".join(re.escape(part) for part in parts)] = True
        patterns |= {re.escape(part): False for part in parts if re.escape(part) not in patterns}
    if not patterns:
        return []
    longest_first = sorted(patterns, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
    found = []
    for match in pattern.finditer(folded(text)):
        said = text[match.start() : match.end()]
        needs_capital = len(said) < 3 or match[0] in ALSO_WORDS
        if said[0].isupper() or not needs_capital:
            found.append(PersonalDataHit(Mark.PARTICIPANT, said, match.start(), sentence_at(text, match.start())))
    return found


def likely_names(text, known):
    """Runs of capitalised words that are not known to mean something else."""
    known = {word for name in known for word in NAME_WORD.findall(folded(name))} | NOT_NAMES
    for run, following in capitalised_runs(text):
        keys = {key(word) for word in run}
        if is_headline(line_at(text, run[0].start())):
            names = [word for word in run if key(word) in FIRST_NAMES]
        elif keys & NOT_PEOPLE and key(run[0]) not in TITLES:
            continue
        else:
            names = run if is_name_anywhere(run, following) or not opens_sentence(text, run[0]) else run[1:]
        names = [word for word in names if key(word) not in known and key(word).removesuffix("s") not in known]
        if {key(word) for word in names} - TITLES:
            start, end = names[0].start(), names[-1].end()
            yield PersonalDataHit(Mark.NAME, text[start:end], start, sentence_at(text, start))


def capitalised_runs(text):
    """Yield each run of capitalised words, as matches, with the word that follows it."""
    words = list(NAME_WORD.finditer(text))
    run = []
    for word, following in zip_longest(words, words[1:]):
        if not is_capitalised(word[0]):
            continue
        run.append(word)
        between = text[word.end() : following.start()] if following else ""
        goes_on = between == " " or (between in {".", ". "} and key(word) in TITLES)
        if not (goes_on and is_capitalised(following[0])):
            yield run, following[0].lower() if following else ""
            run = []


def is_capitalised(word):
    """A capital first and small letters after it, as in Ann, O’Brien, McDonald and Smith-Jones, but not NHS or iPad."""
    return re.fullmatch(r"(?:(?:Mc|Mac|[DOL]['’])?[^\W\d_a-z][^\W\d_A-Z]+)(?:['’-][^\W\d_]+)*", word) is not None


def is_name_anywhere(run, following):
    """Whether a run is likely to be a name even where any word would have a capital letter."""
    first = key(run[0])
    if first in FIRST_NAMES or first in TITLES:
        return True
    return len(run) == 1 and following in SAYING and first not in PLAIN_SUBJECTS and not first.endswith("s")


def opens_sentence(text, word):
    return OPENS_SENTENCE.search(text[max(0, word.start() - 12) : word.start()]) is not None


def is_headline(line):
    """Whether all longer words of a line have a capital letter, which then says nothing about any of them."""
    longer = [word for word in NAME_WORD.findall(line) if len(word) > 3]
    return len(longer) > 2 and all(is_capitalised(word) for word in longer)


def key(word):
    return re.sub(r"['’]s?$", "", folded(word[0]))


def plain(text):
    """The text with common spaces, digits and signs in place of no-break and full-width ones. Its length is the same."""
    common = {letter: unicodedata.normalize("NFKC", letter) for letter in set(text)}
    return "".join(common[letter] if len(common[letter]) == 1 else letter for letter in text)


def folded(text):
    """The text in small letters without accents. Its length is the same."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[:1] for letter in text)


def line_at(text, place):
    start = max(text.rfind("\n", max(0, place - MAX_SENTENCE_LENGTH), place) + 1, place - MAX_SENTENCE_LENGTH, 0)
    return text[start : place + MAX_SENTENCE_LENGTH].partition("\n")[0]


def sentence_at(text, place):
    """The sentence around a place in the text; of a long sentence, the part around it."""
    start = max(
        (end.end() for end in SENTENCE_END.finditer(text, max(0, place - MAX_SENTENCE_LENGTH), place)), default=0
    )
    start = max(start, place - MAX_SENTENCE_LENGTH // 2)
    end = SENTENCE_END.search(text, place, place + MAX_SENTENCE_LENGTH)
    return text[start : end.end() if end else place + MAX_SENTENCE_LENGTH].strip()
