from django.db import models
from django.utils.translation import gettext_lazy as _


class FacetCount(models.Model):
    """How many public stories of one block have one value of a facet, and which of them.

    A block is BLOCK_SIZE stories with neighbouring primary keys (`workshops/search/story_sets.py`). The facet “public”,
    whose value is empty, counts all public stories of the block. `workshops/search/values.py` keeps these rows.
    """

    block = models.PositiveIntegerField(_("block"))
    facet = models.CharField(_("facet"), max_length=20)
    # The primary key of a term, tag or phase, or a word such as a kind.
    value = models.CharField(_("value"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("number"))
    # One bit a story, the lowest first.
    stories = models.BinaryField(_("stories"))

    class Meta:
        verbose_name = _("facet count")
        verbose_name_plural = _("facet counts")
        constraints = [models.UniqueConstraint(fields=["block", "facet", "value"], name="facet_value_once_a_block")]
        indexes = [
            # Covers the totals, so that the bits need not be read.
            models.Index(fields=["facet", "value", "number"], name="facet_totals"),
        ]

    def __str__(self):
        return f"{self.facet} {self.value}: {self.number}"
