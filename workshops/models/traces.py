from django.db import models
from django.utils.translation import gettext_lazy as _


class WordingTrace(models.Model):
    """What stories with nearly the same words have in common, without the words: two hashes of a few words each.

    `workshops/search/traces.py` writes it with the story's words, and it goes with them.
    """

    # No foreign key, as in the index of words: a trace is no row that rests on the story.
    story_id = models.PositiveBigIntegerField(_("story"), primary_key=True)
    low = models.BigIntegerField(_("low"), db_index=True)
    high = models.BigIntegerField(_("high"), db_index=True)

    class Meta:
        verbose_name = _("wording trace")
        verbose_name_plural = _("wording traces")

    def __str__(self):
        return f"{self.story_id}"
