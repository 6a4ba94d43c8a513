"""What this app registers of itself in `word_fields.py`. `WorkshopsConfig.ready` imports it."""

from django.db.models import Q

from workshops.choices import Status
from workshops.consent.word_fields import (
    deleted_with_person,
    deleted_with_story,
    found,
    kept_for,
    register_fields,
    register_store,
    register_table,
)

WITHDRAWN = deleted_with_story("workshops.consent.withdrawal.withdraw_stories")
PARTS = deleted_with_story("workshops.consent.withdrawal.forget_parts")
HISTORY = deleted_with_story("workshops.models.stories.forget_history")
INDEX = deleted_with_story("workshops.search.delete_entries")
ERASED = deleted_with_person("workshops.consent.erasure.erase_participant")

REF = kept_for("A ref is drawn at random or given by the archive, and tells nothing.")
ADDRESS = kept_for("It is the key of an address that others have cited; editors change it on the row’s page.")
DIGEST = kept_for("It is a digest or its salt, from which no word can be read.")
RANDOM = kept_for("It is drawn at random.")
VOCABULARY = kept_for("It is a name of the archive’s vocabulary, which many rows share and nobody told.")
PROGRAM = kept_for("The program writes it, never a person.")

register_fields("workshops.Story", "title published_text credit location source_url", WITHDRAWN)
register_fields("workshops.Story", "remark", found(rows=Q(status=Status.DRAFT), or_deleted=WITHDRAWN))
register_fields("workshops.Story", "ref", REF)
register_fields(
    "workshops.Story", "withdrawn_by_role", kept_for("It is the role of who recorded a withdrawal, never a name.")
)
register_fields("workshops.OriginalText", "text", PARTS)
register_fields("workshops.ConsentRecord", "spoken_to", PARTS)
register_fields("workshops.ConsentRecord", "language", kept_for("It is the code of a language."))
register_fields("workshops.HistoricalStory", "title published_text location source_url", HISTORY)
register_fields("workshops.HistoricalStory", "remark", found(rows=~Q(remark=""), or_deleted=HISTORY))
register_fields("workshops.HistoricalStory", "ref", REF)
register_fields("workshops.HistoricalStory", "history_change_reason", PROGRAM)
register_fields("workshops.HistoricalStoryTag", "history_change_reason", PROGRAM)
register_fields(
    "workshops.Correction",
    "title published_text why answer",
    found(or_deleted=PARTS),
)
register_fields("workshops.WordingTrace", "low high", INDEX)
for columns in ("title body tags spellings", "vector", "rank workshops_search"):  # of SQLite, of PostgreSQL, of FTS5
    register_table("workshops_search", columns, INDEX)
for table, columns in {
    "data": "block",
    "idx": "segid term pgno",
    "content": "c0 c1 c2 c3",
    "docsize": "sz",
    "config": "k v",
}.items():
    register_table(f"workshops_search_{table}", columns, INDEX)
register_fields("workshops.FacetCount", "stories", INDEX)
register_fields("workshops.FacetCount", "facet value", kept_for("It names a filter and the key of one of its values."))

register_fields("workshops.Participant", "code pseudonym role sector", ERASED)
register_fields("workshops.Identity", "name contact", ERASED)
register_fields("workshops.Slip", "fingerprint", ERASED)
register_fields("workshops.BallotPaper", "ticket address oddity voided_because", ERASED)
register_fields("workshops.Ballot", "join_code salt", RANDOM)
register_fields("workshops.FailedAttempt", "address", DIGEST)
register_fields("workshops.Forgotten", "subject", DIGEST)
register_fields("workshops.Forgotten", "reference", RANDOM)

register_fields("workshops.Note", "text tags", found())
register_fields("workshops.Workshop", "title format notes", found())
register_fields("workshops.Programme", "title summary", found())
register_fields("workshops.Phase", "question", found())
for model in ("Practice", "HistoricalPractice"):
    register_fields(f"workshops.{model}", "statement description", found())
    register_fields(f"workshops.{model}", "ref", REF)
register_fields("workshops.HistoricalPractice", "history_change_reason", PROGRAM)
register_fields("workshops.PracticeMerge", "statement remembered", found())
register_fields("workshops.PracticeMerge", "ref", REF)
register_fields("workshops.SpellingCorrection", "before after", found())

register_fields("workshops.HiddenPassage", "model field part", PROGRAM)
register_fields("workshops.HiddenPassage", "why_hidden decided_because", found())
register_fields(
    "workshops.HiddenPassage",
    "words",
    kept_for("They are hidden from all but the editor who decides on them, and deleted when that is done."),
)
register_fields("workshops.HiddenShingle", "digest", DIGEST)

register_fields(
    "workshops.Tag", "name slug key", kept_for("A tag files many stories under a few words; editors delete it.")
)
register_fields("workshops.ServiceArea", "name aliases slug", VOCABULARY)
register_fields("workshops.Theme", "name aliases slug", VOCABULARY)
register_fields("workshops.Place", "name aliases code", VOCABULARY)
register_fields("workshops.Programme", "slug", ADDRESS)
register_fields("workshops.Workshop", "slug", ADDRESS)
register_fields("workshops.MovedAddress", "kind key", ADDRESS)
register_fields("workshops.BulkTagging", "links", kept_for("It holds primary keys alone."))

ONE_WORD = kept_for("It holds single words, which belong to nobody, in the memory of a process until that ends.")
register_store("memory workshops.search.words.read_piece", ONE_WORD)
register_store("memory workshops.search.traces.hash_of_word", ONE_WORD)
register_store("memory workshops.consent.runs.fold_piece", ONE_WORD)
register_store("memory workshops.consent.runs.plain_character", ONE_WORD)
FEW_TEXTS = kept_for("It holds the eight texts that a process showed last, and is emptied by the next eight.")
register_store("memory workshops.search.excerpts.read_words", FEW_TEXTS)
register_store("memory workshops.search.excerpts.hits", FEW_TEXTS)
register_store(
    "cookie workshops.admin.base.form_recovery.set_owner_cookie",
    kept_for("It holds the signed number of the account that used this browser last, and no words."),
)
register_store(
    "cookie workshops.voting.phone_views.hand_ticket",
    kept_for("It holds a phone’s signed ticket, until the ballot ends, and no words."),
)
register_store(
    "session workshops.admin.base.form_recovery.keep_meanwhile",
    deleted_with_story("workshops.consent.passages.forget_typed_words"),
)
register_store(
    "session workshops.admin.base.form_recovery.restore_after_login",
    deleted_with_story("workshops.consent.passages.forget_typed_words"),
)

LEDGER = kept_for(
    "It holds kinds, days, references and keyed hashes, so that no backup brings back what was forgotten."
)
register_store("folder forgotten.ledger", LEDGER)
register_store("file workshops.consent.ledger.write_to_file", LEDGER)
register_store("file workshops.consent.ledger.leave_in_file", LEDGER)

JUDGED = deleted_with_story("workshops.judgements.judging.forget_judgements")
NO_WORDS = kept_for("It is a kind, a digest or a number, and holds nobody’s words.")
register_fields("workshops.Judgement", "word why", JUDGED)
register_fields("workshops.Judgement", "mark", NO_WORDS)
register_fields("workshops.ContextAnswer", "why", JUDGED)
register_fields("workshops.ContextAnswer", "fingerprint", NO_WORDS)
register_fields("workshops.UnjudgedPublication", "kind ref", NO_WORDS)
register_fields("workshops.Story", "raised_why", WITHDRAWN)
register_fields("workshops.HistoricalStory", "raised_why", HISTORY)
register_fields("workshops.Slip", "word", ERASED)
register_fields("workshops.ErasureRequest", "reference remembered", ERASED)
register_fields("workshops.UseSubscription", "address key", ERASED)
register_fields(
    "workshops.OutgoingMail",
    "to subject body last_error",
    kept_for("It goes out or is given up within days, and its words and address are deleted after MAIL_KEPT_DAYS."),
)
register_fields("workshops.OutgoingMail", "about", NO_WORDS)
register_fields("workshops.PrivateReading", "story_ref", REF)
register_store("memory workshops.personal_data.special.special_patterns", NO_WORDS)
register_store(
    "session workshops.admin.readings.show",
    kept_for("It holds the numbers of the rows that somebody had shown to them today, and no words."),
)
