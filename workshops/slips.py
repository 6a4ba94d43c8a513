"""The code on a slip: how it is made, read as people type it, and known again without being kept."""

from django.conf import settings
from django.utils.crypto import salted_hmac

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # none that the eye confuses
CODE_LENGTH = 12  # 59 bits: nobody guesses one


def code_from(seed):
    """The code that belongs to a secret seed, always the same, in groups to read aloud: “7kfr-w2mn-8zqp”."""
    number = int.from_bytes(salted_hmac("slip", seed, algorithm="sha256").digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, CODE_LENGTH, 4))


def tidy(code):
    """A code as it was meant: capitals, spaces and hyphens are the typist's own."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def code_hash(code, secret=None):
    """What the archive keeps of a code. Without the secret key it opens nothing."""
    return salted_hmac("fingerprint of a slip", tidy(code), secret=secret, algorithm="sha256").hexdigest()


def code_hashes(code):
    """Its fingerprint under the secret key and under former ones, so that a new key voids no slip."""
    return [code_hash(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
