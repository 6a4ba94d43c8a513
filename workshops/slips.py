"""The code on a participant's slip: how it is made, how it is read when typed, and how it is checked without storing it."""

import secrets
from itertools import pairwise

from django.conf import settings
from django.utils.crypto import salted_hmac

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # no two that look alike
CODE_LENGTH = 13  # 63.8 bits: nobody guesses one
FORMER_CODE_LENGTH = 12  # such slips go on opening
GROUPS = (0, 4, 8, None)
"""Where a code is cut, so that it can be read aloud."""


def code_from(seed: str, length: int = CODE_LENGTH) -> str:
    """The code of a secret seed, always the same one, in groups that can be read aloud: “7kfr-w2mn-8zqpd”."""
    number = int.from_bytes(salted_hmac("slip", seed, algorithm="sha256").digest(), "big")
    letters = []
    for _ in range(length):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "-".join("".join(letters[start:end]) for start, end in pairwise(GROUPS))


def new_code() -> str:
    """A code that no seed gives again."""
    return code_from(secrets.token_hex(16))


def tidy(code: str) -> str:
    """A typed code without its capitals, spaces and hyphens, which do not count."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def code_hash(code: str, secret: str | None = None) -> str:
    """The hash that the archive stores in place of a code. Without the secret key nobody can check a code against it."""
    # A salt: not translated.
    return salted_hmac("fingerprint of a slip", tidy(code), secret=secret, algorithm="sha256").hexdigest()


def code_hashes(code: str) -> list[str]:
    """The hashes of a code under the secret key and under former ones, so that slips outlive a change of the key."""
    return [code_hash(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
