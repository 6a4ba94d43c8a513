"""The product's settings for a server of the tests' own, which serves static files as they lie in the repository."""

from innovation_archive.settings import *  # noqa: F403
from innovation_archive.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
