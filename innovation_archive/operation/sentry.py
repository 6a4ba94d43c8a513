"""Sending errors to Sentry or a service with its protocol. Imported only if SENTRY_DSN is set."""

import logging

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration

from innovation_archive.operation.logs import safe_fields

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "tags")
KEPT_OF_FRAMES = ("filename", "module", "function", "lineno", "in_app")
TAGS = ("logger", "request", "method", "path", "status")


class SentryHandler(logging.Handler):
    """Sends each logged error, with its traceback and the id of its request, and nothing about people.

    It does not use Sentry's integration with Django: what that collects of a request (user, address, cookies, headers,
    body, queries) must not leave the server.
    """

    def __init__(self, dsn):
        super().__init__(logging.ERROR)
        sentry_sdk.init(
            dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[AtexitIntegration(callback=lambda pending, timeout: None), ExcepthookIntegration()],
            before_send=strip,
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
        )

    def emit(self, record):
        # Django logs a wrong Host header as an error, for example. On a public server that is normal.
        if not record.exc_info or record.name.startswith("django.security"):
            return
        try:
            fields = safe_fields(record)
            with sentry_sdk.new_scope() as scope:
                scope.set_tags({name: str(fields[name]) for name in TAGS if name in fields})
                sentry_sdk.capture_exception(record.exc_info)
        except Exception:  # the request must not fail because its error cannot be sent
            self.handleError(record)


def strip(event, hint):
    """A new event made of what may leave the server: types of errors and where they happened, never their messages."""
    errors = event.get("exception", {}).get("values", [])
    kept = {name: event[name] for name in KEPT if name in event}
    return kept | {"exception": {"values": [strip_error(error) for error in errors]}}


def strip_error(error):
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return {
        "type": error["type"],
        "module": error.get("module"),
        "stacktrace": {"frames": [{name: each[name] for name in KEPT_OF_FRAMES if name in each} for each in frames]},
    }
