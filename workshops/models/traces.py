from django.db import models


class WordingTrace(models.Model):
    """What stories with nearly the same words have in common, without the words: two hashes of a few words each.

    `workshops/search/traces.py` writes it with the story's words, and it goes with them.
    """

    # No foreign key, as in the index of words: a trace is no row that rests on the story.
    story_id = models.PositiveBigIntegerField(primary_key=True)
    low = models.BigIntegerField(db_index=True)
    high = models.BigIntegerField(db_index=True)

    def __str__(self):
        return f"{self.story_id}"
