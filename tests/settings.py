"""The product's settings, as tests need them: no HTTPS, no collected static files, quick passwords.

The data folder is the run's own and the database is SQLite's or the one TEST_DATABASE_URL names: no test may
touch the archive of whoever runs it.
"""

import os
import tempfile

data_folder = tempfile.TemporaryDirectory(prefix="archive-tests-")  # removed when the process ends
os.environ["DATA_DIR"] = data_folder.name
os.environ["ENV_FILE"] = os.devnull
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from innovation_archive.settings import *  # noqa: E402, F403
from innovation_archive.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as for users: threads would share one in memory, and get in each other's way as no user does.
    DATABASES["default"]["TEST"] = {"NAME": f"{data_folder.name}/test.sqlite3"}
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
