"""Words by which identifiers are told. All in lower case."""

import re
from collections.abc import Iterable


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases of a text, one a line or with commas between them."""
    return frozenset(phrase.strip() for phrase in re.split(r"[,\n]", text) if phrase.strip())


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest that fits."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=lambda word: (-len(word), word)))


MONTHS = word_set(
    """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept sep oct nov dec
    """
)
PEOPLE_BORN = word_set(
    "he she i who mum dad mother father son daughter brother sister nan grandad wife husband partner"
)
STREETS = word_set(
    """
    road rd street st avenue ave av lane ln close drive crescent cres court ct place terrace ter grove gardens gdns way walk
    square sq mews row rise view parade fold brow croft mount gate drove wharf quay esplanade broadway hill yard
    """
)
NO_STREETS = word_set(
    """
    of in on at to for and or per a an people families children adults staff volunteers residents men women boys girls
    days weeks months years hours minutes miles metres pounds pence percent times new more other others big small main busy
    long different local high-street parking car bus one two
    """
)
CASE_WORDS = phrase_set(
    """
    case, crime, incident, claim, tenancy, account, application, complaint, hospital, patient, tribunal, police, home office,
    booking, referral, permit, policy, ticket, job, log, custody, prison, payroll, staff, employee, student, pupil, passport,
    driving licence, licence, customer, client, council tax, housing benefit, universal credit, benefit, file, record, rent,
    court, occurrence, membership, roll, unit, mosaic, liquid logic, card, bank account, sort code
    """
)
VEHICLES = word_set(
    """
    car van lorry truck taxi vehicle motorbike moped scooter minibus registration reg plate plates number-plate numberplate
    registered parked ford fiesta focus transit corsa astra vauxhall golf polo vw volkswagen volvo audi bmw mercedes toyota
    yaris prius nissan micra qashqai honda civic kia hyundai skoda seat renault clio peugeot citroen fiat mini range rover
    land-rover jeep mazda dacia tesla berlingo kangoo caddy
    """
)
# Three letters at the end of what looks like a plate, and a word or a well-known short form.
NO_PLATES = word_set(
    """
    and the for was are has had not but all our who you her his she him can did out off now get got two one any may new old
    day ran ask see saw say let put set use via per pub end yes too how why way nhs dwp gmp gps mps msc bsc phd tvs pcs cvs
    kms mph hrs km gcs
    """
)
NO_HANDLES = word_set(
    """
    home work school here the all everyone everybody team hub noon midnight night lunch once first least best this that
    gmail hotmail outlook yahoo media font
    """
)
