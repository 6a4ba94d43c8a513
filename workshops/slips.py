"""The code on a participant's slip: how it is made, how it is read when typed, and how it is checked without storing it."""

from django.conf import settings
from django.utils.crypto import salted_hmac

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # no two that look alike
CODE_LENGTH = 12  # 59 bits: nobody guesses one


def code_from(seed: str) -> str:
    """The code of a secret seed, always the same one, in groups of four that can be read aloud: “7kfr-w2mn-8zqp”."""
    number = int.from_bytes(salted_hmac("slip", seed, algorithm="sha256").digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, CODE_LENGTH, 4))


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
