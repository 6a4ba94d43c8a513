"""The word that somebody chose with their slip: without it a slip that was lost does not open their words as told."""

import datetime
import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workshops import throttle
from workshops.models import Slip

LEAST_LETTERS = 6
MAX_WRONG_WORDS = 10
"""For one slip within ten minutes."""
SETTLING_TIME = datetime.timedelta(days=1)
"""Whoever finds a slip could choose its word. So a word that is younger does not erase anything at once."""


class WordError(Exception):
    """Why a word was refused, as a sentence for who typed it."""


def tidy_word(word: str) -> str:
    """A word as it is compared: phones put capitals and spaces where nobody typed them."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


@transaction.atomic
def choose_word(slip: Slip, word: str) -> None:
    """Make this the word of a slip that has none."""
    slip.refresh_from_db(from_queryset=Slip.objects.select_for_update())
    if slip.word:
        raise WordError(_("This slip has a word already. Type that one."))
    if len(tidy_word(word)) < LEAST_LETTERS:
        sentence = ngettext(
            "Choose a longer word: it needs at least %(count)s letter or digit.",
            "Choose a longer word: it needs at least %(count)s letters or digits.",
            LEAST_LETTERS,
        )
        raise WordError(sentence % {"count": LEAST_LETTERS})
    slip.word, slip.word_chosen_at = make_password(tidy_word(word)), timezone.now()
    slip.save(update_fields=["word", "word_chosen_at"])


def check_word(slip: Slip, word: str) -> None:
    """Raise a WordError unless this is the word of the slip."""
    if throttle.too_many_failures(MAX_WRONG_WORDS, "word", str(slip.pk)):
        raise WordError(_("Too many wrong words were typed for this slip. Wait ten minutes, then try again."))
    if not slip.word or not check_password(tidy_word(word), slip.word):
        throttle.record_failure("word", str(slip.pk))
        raise WordError(
            _("That is not the word of this slip. If you have forgotten it, ask who ran your workshop for a new slip.")
        )


def is_settled(slip: Slip) -> bool:
    """Whether the slip's word is old enough to erase with it at once."""
    return slip.word_chosen_at is not None and slip.word_chosen_at <= timezone.now() - SETTLING_TIME
