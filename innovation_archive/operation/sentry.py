"""Errors sent to Sentry, or to what speaks its language. Imported only where SENTRY_DSN names one."""

import logging

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration

from innovation_archive.operation.logs import describe

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "tags")
KEPT_OF_FRAMES = ("filename", "module", "function", "lineno", "in_app")
TAGS = ("logger", "request", "method", "path", "status")


class SentryHandler(logging.Handler):
    """Sends each error that the log tells, with its traceback and the id of its request, and nothing of people.

    No integration with Django: what it would gather of a request (user, address, cookies, headers, body, queries) is
    what must not leave.
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
        # A wrong Host header, for one, is an error to Django and the daily bread of a public server.
        if not record.exc_info or record.name.startswith("django.security"):
            return
        try:
            fields = describe(record)
            with sentry_sdk.new_scope() as scope:
                scope.set_tags({name: str(fields[name]) for name in TAGS if name in fields})
                sentry_sdk.capture_exception(record.exc_info)
        except Exception:  # the request must not fail because it cannot be told of
            self.handleError(record)


def strip(event, hint):
    """The event made anew from what may leave: error types and where they happened, never what they say."""
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
