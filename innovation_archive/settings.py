"""Settings, all read from the environment and, what that does not say, from .env (.readme/operating.md lists the variables).

If none is set: DEBUG is off, and an embedded SQLite database and a random secret key are kept in .data/.
"""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

BASE_DIR = Path(__file__).resolve().parent.parent
# Commands that somebody types read what the service reads, and so work on the same archive.
ENV_FILE = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
load_dotenv(ENV_FILE, interpolate=False)
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data")


def env_flag(name, default=False):
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def env_list(name):
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def stored_key(name):
    """A random key, made on first use and kept in the data folder, readable by its owner alone."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        draft = DATA_DIR / f"{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # atomic, and of two processes the first one wins
        draft.unlink()
    return path.read_text()


def env_number(name, default):
    """The number; if it is not one, the text as it is, for the system check to complain about."""
    value = os.environ.get(name, "").strip()
    return int(value) if value.isdecimal() else value or default


DEBUG = env_flag("DEBUG")
# The WSGI application refuses to run with a stored one.
SECRET_KEY = os.environ.get("SECRET_KEY") or stored_key("secret-key")
# What was withdrawn and erased, in hashes, so that a restored backup forgets it again; and the key of the hashes, which
# is in no backup. Where several machines serve one database, all need the same key.
LEDGER = Path(os.environ.get("LEDGER") or DATA_DIR / "forgotten.ledger")
LEDGER_KEY = os.environ.get("LEDGER_KEY") or stored_key("ledger-key")
# How long backups are kept at most: a line of the ledger goes when none is as old. 0: lines stay.
BACKUPS_KEPT_DAYS = env_number("BACKUPS_KEPT_DAYS", 0)
# The archive's public address, such as https://archive.example.org. If it is set, files have absolute addresses.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
# Where readers can report that a page is not accessible.
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "innovation_archive",
    "insights",
    "workshops",
    "taggit",
    "import_export",
    "innovation_archive.apps.ArchiveAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
]

MIDDLEWARE = [
    "innovation_archive.operation.request_log.RequestLog",
    "innovation_archive.operation.health.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "innovation_archive.operation.outages.answer_while_restored",
    "innovation_archive.accounts.session_store.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "innovation_archive.accounts.second_factor.SecondFactorMiddleware",
    "innovation_archive.admin.sign_in.never_cache_signed_in",
    "simple_history.middleware.HistoryRequestMiddleware",  # who made a change
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "workshops.browsing.moved.MovedAddresses",
]

ROOT_URLCONF = "innovation_archive.urls"
WSGI_APPLICATION = "innovation_archive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "innovation_archive.context.archive",
            ],
        },
    },
]

# An empty DATABASE_URL means the embedded database, as an unset one does.
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'archive.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
# What the URL says after its question mark comes before what stands here.
IN_URL = DATABASES["default"].get("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5} | IN_URL
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    # The last connection that is closed deletes the log's index, which a full disk lets nobody make anew, not even to read.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock at its start and waits for it, so that writers queue instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            # Deleted words and names must not stay in the free pages of the file.
            "PRAGMA secure_delete=ON;"
        ),
    } | IN_URL
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["innovation_archive.accounts.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# The roles whose people must have a second factor, such as administrator,editor. Who has one is always asked for it.
SECOND_FACTOR_ROLES = env_list("SECOND_FACTOR_ROLES")
# Sign-in by an organisation's own directory, by OpenID Connect: its address, who this archive is to it, what people call it.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").strip()
OIDC_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "").strip()
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "").strip()
OIDC_NAME = OIDC_ISSUER and (os.environ.get("OIDC_NAME", "").strip() or urlsplit(OIDC_ISSUER).hostname or OIDC_ISSUER)
# Whether its e-mail addresses count as verified where it says nothing of that.
OIDC_TRUST_EMAIL = env_flag("OIDC_TRUST_EMAIL")
# Whether who signed in there needs no second factor here. Off, because only who runs it knows what it asks for.
OIDC_IS_SECOND_FACTOR = env_flag("OIDC_IS_SECOND_FACTOR")
# Off: people sign in by the directory alone. `manage.py sign_in_link` lets an administrator in all the same.
PASSWORD_SIGN_IN = env_flag("PASSWORD_SIGN_IN", default=True)
# What a person's app shows beside the six digits.
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname or "Workshop learning archive"
# A passkey comes after the password. It belongs to the host that is asked, which ALLOWED_HOSTS vouches for.
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_WEBAUTHN_HELPER_CLASS = "innovation_archive.accounts.passkeys.PasskeyHelper"
OTP_WEBAUTHN_RP_ID_CALLABLE = "innovation_archive.accounts.passkeys.host_of"
OTP_WEBAUTHN_RP_NAME = OTP_TOTP_ISSUER
# It asks for a fixed list of origins; PasskeyHelper takes the one that is asked, as above.
SILENCED_SYSTEM_CHECKS = ["otp_webauthn.E030"]
SESSION_ENGINE = "innovation_archive.accounts.session_store"
# The longest that a session lasts; one that is not used ends sooner.
SESSION_COOKIE_AGE = 16 * 60 * 60
# Within this time the link of an invitation, or of a mail for a new password, works once.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "innovation_archive.admin.site.stale_form"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "innovation_archive.operation.stylesheets.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Behind HTTPS unless this is a demo on one machine. HTTPS=0 serves a closed network without it.
HTTPS = env_flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both bind other sites of the same domain, and a browser that was told so cannot be told otherwise for a year.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env_flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = HTTPS and env_flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]  # `check --deploy` wants both on
BEHIND_PROXY = env_flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
# The desk's largest forms, a page of notes in 300 entries and a grid of votes, have a few thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Only the import takes files, and it sets its own handler. Django's other handler, which writes to the temporary folder,
# is left out, so that a large file sent to any other page is dropped and does not fill the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# No mail goes out until a mail server is named, such as smtp://user:password@mail.example.org:587 (STARTTLS)
# or smtps://user:password@mail.example.org (TLS from the start).
EMAIL_URL = urlsplit(os.environ.get("EMAIL_URL", "").strip())
if EMAIL_URL.scheme not in {"", "smtp", "smtps"}:
    raise ImproperlyConfigured(f"EMAIL_URL starts with smtp:// or smtps://, not with {EMAIL_URL.scheme}://.")
MAIL_IS_ON = bool(EMAIL_URL.scheme)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = EMAIL_URL.hostname or "localhost"
EMAIL_PORT = EMAIL_URL.port or (465 if EMAIL_URL.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(EMAIL_URL.username or "")
EMAIL_HOST_PASSWORD = unquote(EMAIL_URL.password or "")
EMAIL_USE_TLS = EMAIL_URL.scheme == "smtp"
EMAIL_USE_SSL = EMAIL_URL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "archive@localhost"
# How long the address and words of a mail are kept.
MAIL_KEPT_DAYS = env_number("MAIL_KEPT_DAYS", 30)

# The log goes to standard error, as one line of JSON a record. With DEBUG it has Django's own form, for developers.
SENTRY_DSN = os.environ.get("SENTRY_DSN", "").strip()
if not DEBUG:
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "innovation_archive.operation.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "innovation_archive": {"level": "INFO"},
            "insights": {"level": "INFO"},
            "workshops": {"level": "INFO"},
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"level": "ERROR"},  # 404s and 403s are in the line of each request
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},  # so are the answers of runserver
            "gunicorn.http": {"level": "ERROR"},  # it warns about each HEAD request whose response had a body
        },
    }
    if SENTRY_DSN:
        LOGGING["handlers"]["sentry"] = {
            "class": "innovation_archive.operation.sentry.SentryHandler",
            "dsn": SENTRY_DSN,
        }
        LOGGING["root"]["handlers"].append("sentry")

TAGGIT_TAGS_FROM_STRING = "workshops.tags.split_tags"
TAGGIT_STRING_FROM_TAGS = "workshops.tags.join_tags"

# The licence of the public files, as the archive's owner states it. Empty: none is stated.
ARCHIVE_LICENCE = os.environ.get("ARCHIVE_LICENCE", "").strip()
ARCHIVE_LICENCE_URL = os.environ.get("ARCHIVE_LICENCE_URL", "").strip()

# How many people a group needs before its votes are shown, and how many must have voted for the first time before
# results change. They may be raised above 10 but not lowered: `manage.py check` then fails.
VOTES_LEAST_GROUP = env_number("VOTES_LEAST_GROUP", 10)
VOTES_LEAST_NEWCOMERS = env_number("VOTES_LEAST_NEWCOMERS", 10)

# Whether another person publishes an insight, or releases votes, than the one who wrote or prepared it.
SECOND_READER = env_flag("SECOND_READER")
