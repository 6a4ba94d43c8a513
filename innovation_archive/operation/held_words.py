"""What this app registers in `workshops/consent/word_fields.py`: of itself, of Django's tables, and of where it runs.

`InnovationArchiveConfig.ready` imports it.
"""

from workshops.consent.held_words import PROGRAM
from workshops.consent.word_fields import (
    deleted_with_story,
    found,
    kept_for,
    register_fields,
    register_store,
    register_table,
)

UPLOADS = deleted_with_story("innovation_archive.exchange.uploads.forget_words_of")
STAFF = kept_for("It is about an account at the desk, which an administrator closes.")
OWN = kept_for("It holds the program’s own scripts, styles and pictures.")
TYPED = deleted_with_story("workshops.consent.passages.forget_typed_words")
LOGGED = deleted_with_story("workshops.consent.withdrawal.forget_admin_log")
UNUSED = kept_for("The archive has tags of its own and never writes this table.")

register_fields("innovation_archive.Import", "content", UPLOADS)
register_fields("innovation_archive.Import", "file_name notices", found())
register_fields("innovation_archive.Import", "kind encoding made_tags digest", PROGRAM)
register_fields("innovation_archive.ImportLine", "key changes reasons", UPLOADS)
register_fields("innovation_archive.ImportedRow", "before", UPLOADS)
register_fields("innovation_archive.ImportedRow", "left_as", PROGRAM)
register_fields("innovation_archive.Download", "file", PROGRAM)
register_fields("innovation_archive.Download", "purpose", found())

register_fields("admin.LogEntry", "object_repr", found(or_deleted=LOGGED))
register_fields("admin.LogEntry", "change_message", found(as_json=True, or_deleted=LOGGED))

register_fields(
    "innovation_archive.Case",
    "words",
    kept_for("It is what somebody asks of the archive, in their own words, until the period of cases ends."),
)
register_fields("innovation_archive.Case", "extended_because answer passage", found())
register_fields("innovation_archive.CaseEvent", "note", found())
register_fields("innovation_archive.Case", "reference form_key", kept_for("It is drawn at random."))
register_fields("innovation_archive.Case", "about_ref", kept_for("It is the end of a page’s address."))
register_fields(
    "innovation_archive.CaseContact",
    "name email post",
    kept_for("It is where somebody wants to be answered, until the period of cases ends."),
)
register_fields(
    "innovation_archive.Controller",
    "publisher email post telephone officer_name officer_contact recipients hosting",
    kept_for("The publisher says it of itself, for everyone to read."),
)

register_fields("admin.LogEntry", "object_id", PROGRAM)
register_fields("sessions.Session", "session_data", TYPED)
register_fields("sessions.Session", "session_key", PROGRAM)
register_fields("innovation_archive.SignIn", "browser", STAFF)
register_fields("innovation_archive.SignIn", "session", PROGRAM)
register_fields("auth.User", "username first_name last_name email password", STAFF)
register_fields("auth.Group", "name", PROGRAM)
register_fields("auth.Permission", "name codename", PROGRAM)
register_fields("contenttypes.ContentType", "app_label model", PROGRAM)
register_fields("taggit.Tag", "name slug", UNUSED)
register_table("django_migrations", "app name", PROGRAM)

SIZES = kept_for("It holds sizes and digests of public files, never what is in them.")
register_store("cache default", SIZES)
register_store("cache innovation_archive.exchange.measurements.record_measurement", SIZES)
register_store(
    "cache innovation_archive.accounts.directory.directory_client",
    kept_for("It holds the addresses of the directory’s own pages for ten minutes."),
)
register_store("storage default", kept_for("Nothing is written to it: an upload waits in the database."))
register_store("storage staticfiles", OWN)
register_store(
    "folder archive.sqlite3", kept_for("It is the database itself, whose columns are registered one by one.")
)
for end in ("-wal", "-shm"):
    register_store(f"folder archive.sqlite3{end}", kept_for("It is part of the database while that is written to."))
for name in ("secret-key", "ledger-key"):
    register_store(f"folder {name}", kept_for("It is drawn at random."))
for name in ("static", "stylesheets"):
    register_store(f"folder {name}", OWN)
register_store("file innovation_archive.settings.stored_key", kept_for("It is drawn at random."))
register_store("file innovation_archive.operation.stylesheets.write", OWN)
register_store("file innovation_archive.management.commands.demo.make_accounts", PROGRAM)
register_store(
    "file innovation_archive.exchange.exports.export_archive",
    kept_for(
        "Whoever runs the machine asked for these files and answers for them; the archive does not read them again."
    ),
)
for function in ("backup.write_parts", "backup_files.nameless_file"):
    register_store(
        f"file innovation_archive.operation.{function}",
        kept_for(
            "It is a backup, which whoever runs the machine asked for and deletes in time. What was forgotten since is "
            "forgotten again when it is restored."
        ),
    )
for function in ("exports.zip_pieces", "qdpx.project_file"):
    register_store(
        f"file innovation_archive.exchange.{function}",
        kept_for("It is a download on its way, which ends with the answer."),
    )
register_store("session innovation_archive.accounts.directory_views.post", TYPED)
register_store(
    "session innovation_archive.accounts.directory_views.sign_in_and_lead_on",
    kept_for("It says that somebody signed in by the directory, and no words."),
)
register_store("session innovation_archive.accounts.second_factor.lead_to", TYPED)
register_store("session innovation_archive.admin.site.stale_form", TYPED)
register_store("session innovation_archive.exchange.views.for_analysts", TYPED)
register_store("session innovation_archive.exchange.views.purpose", TYPED)
register_store(
    "log stderr", kept_for("It says what was asked and how long it took, never whose words or what was typed.")
)
register_store("log sentry", kept_for("It gets what the log gets."))
register_store("cookie sessionid", kept_for("It holds the random key of a session, whose data is a column of its own."))
register_store("cookie csrftoken", kept_for("It is drawn at random."))
register_store(
    "messages django.contrib.messages.storage.fallback.FallbackStorage",
    kept_for(
        "It tells the person who did something what was done, in their own browser, and goes with their next page."
    ),
)
register_store(
    "sessions innovation_archive.accounts.session_store", kept_for("It is a table, whose columns are registered.")
)
register_store(
    "session innovation_archive.accounts.sessions.record_sign_in", kept_for("It is when somebody signed in.")
)
register_store(
    "cookie innovation_archive.accounts.session_store.set_seen_cookie",
    kept_for("It holds when somebody was last here, and no words."),
)
register_store(
    "memory innovation_archive.operation.health.migrations_of_the_code", kept_for("It holds names of migrations.")
)
for name in ("guid_in", "namespace"):
    register_store(
        f"memory innovation_archive.exchange.qdpx.{name}", kept_for("It holds keys and what is computed of them.")
    )

register_fields(
    "innovation_archive.AdministrativeAct",
    "detail programme",
    kept_for("It says what an administrator did to an account, and nothing that was told in a workshop."),
)
register_fields(
    "innovation_archive.HousekeepingRun", "outcome", kept_for("It holds a number for each task, and no words.")
)
register_fields("innovation_archive.ImportLine", "passages", UPLOADS)
register_store(
    "cookie innovation_archive.contribution.visit.set_private_cookie",
    kept_for("It holds the signed number of a slip for half an hour, and no words."),
)

register_fields("innovation_archive.DirectoryLink", "issuer subject", STAFF)
register_fields("otp_totp.TOTPDevice", "name key", STAFF)
register_fields("otp_static.StaticDevice", "name", STAFF)
register_fields("otp_static.StaticToken", "token", STAFF)
register_fields(
    "django_otp_webauthn.WebAuthnCredential",
    "name credential_type credential_id public_key transports aaguid credential_id_sha256",
    STAFF,
)
register_fields("django_otp_webauthn.WebAuthnAttestation", "fmt data client_data_json", STAFF)
register_fields("django_otp_webauthn.WebAuthnUserHandle", "handle_hex", STAFF)
