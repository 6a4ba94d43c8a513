"""The WSGI application, for gunicorn in production."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from innovation_archive.operation.logs import take_in_others

os.umask(0o077)  # what the archive writes is for its owner alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_archive.settings")

if not settings.DEBUG and not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give the application a long random one of its own, for example the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )

if not settings.DEBUG:
    take_in_others()

application = get_wsgi_application()

from workshops.consent import ledger  # noqa: E402 models may be imported only now

ledger.reconcile_at_start()
