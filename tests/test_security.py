"""What security.md promises in figures is what the code does."""

from datetime import timedelta
from pathlib import Path

from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from innovation_archive.accounts.factors import RECOVERY_CODES
from innovation_archive.accounts.session_store import IDLE_LIMIT
from innovation_archive.admin.sign_in import MAX_FAILURES_PER_ACCOUNT, MAX_FAILURES_PER_ACCOUNT_EVERYWHERE
from workshops.contribution.words import MAX_WRONG_WORDS, SETTLING_TIME
from workshops.slips import CODE_LENGTH, LETTERS
from workshops.throttle import FAILURE_LIFETIME

ROOT = Path(__file__).resolve().parent.parent
SECURITY = " ".join((ROOT / ".readme" / "security.md").read_text(encoding="utf-8").split())
IN_WORDS = {3: "three", 10: "ten"}


def test_security_says_how_long_sign_ins_and_links_last():
    idle, longest = IDLE_LIMIT, timedelta(seconds=settings.SESSION_COOKIE_AGE)
    hours = [limit // timedelta(hours=1) for limit in (idle, longest)]
    assert "ends** after {} hours without use and {} in all".format(*hours) in SECURITY
    days = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) // timedelta(days=1)
    assert f"A link for a password works once, for {IN_WORDS[days]} days." in SECURITY


def test_security_says_how_often_one_may_guess():
    of_account, everywhere = MAX_FAILURES_PER_ACCOUNT, MAX_FAILURES_PER_ACCOUNT_EVERYWHERE
    assert (
        f"Of an account {of_account} passwords are read from one address and {everywhere} from everywhere" in SECURITY
    )
    minutes = IN_WORDS[FAILURE_LIFETIME // timedelta(minutes=1)]
    assert f"count for {minutes} minutes, by keyed hash" in SECURITY
    assert f"refused for {minutes} minutes after {IN_WORDS[MAX_WRONG_WORDS]} wrong ones" in SECURITY
    assert timedelta(days=1) == SETTLING_TIME
    assert "erasing needs one that is a day old" in SECURITY


def test_security_says_how_hard_codes_and_hashes_are():
    bits = (len(LETTERS) ** CODE_LENGTH).bit_length() - 1
    assert f"A code of a slip has {bits} bits" in SECURITY
    assert f"(PBKDF2, {PBKDF2PasswordHasher.iterations:,} rounds)" in SECURITY
    assert f"make {IN_WORDS[RECOVERY_CODES]} new ones" in SECURITY


def test_passwords_are_hashed_by_djangos_first_choice_as_security_says():
    stated = (ROOT / "innovation_archive" / "settings.py").read_text(encoding="utf-8")
    assert "PASSWORD_HASHERS" not in stated
    assert global_settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
