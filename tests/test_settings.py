"""Settings as a new process reads them: each test names the whole environment of the processes it starts."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import management
from django.db import connection

import manage
from innovation_archive import settings

ROOT = Path(__file__).resolve().parent.parent

EMBEDDED_DATABASE = """
import json, sqlite3
from django.db import connection, transaction

def pragma(name):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]

found = {name: pragma(name) for name in ["journal_mode", "busy_timeout", "secure_delete"]}
other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
with transaction.atomic():
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        found["another writer"] = str(error)
print(json.dumps(found))
"""


def start(*arguments, folder=ROOT, **environment):
    return subprocess.Popen(
        [sys.executable, "-B", *arguments],
        cwd=folder,
        env={name: str(value) for name, value in ({"ENV_FILE": os.devnull} | environment).items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments, **environment):
    """Returns the exit code, the output and the errors of a Python process."""
    process = start(*arguments, **environment)
    output, errors = process.communicate(timeout=300)
    return process.returncode, output, errors


def setting(expression, **environment):
    """What an expression of settings is in a process with this environment."""
    source = f"import json; from innovation_archive import settings; print(json.dumps({expression}))"
    code, output, errors = run("-c", source, **environment)
    assert (code, errors) == (0, "")
    return json.loads(output)


def test_wsgi_application_refuses_to_start_without_secret_key(tmp_path):
    code, _, errors = run("-c", "import innovation_archive.wsgi", DATA_DIR=tmp_path, SECRET_KEY="")
    assert code == 1
    assert "ImproperlyConfigured: SECRET_KEY is not set." in errors


def test_wsgi_application_starts_with_secret_key(tmp_path):
    (tmp_path / "static").mkdir()  # where collectstatic would have put the files
    source = "import innovation_archive.wsgi; print(innovation_archive.wsgi.application)"
    code, output, errors = run("-c", source, DATA_DIR=tmp_path, SECRET_KEY=secrets.token_urlsafe(50))
    assert (code, errors) == (0, "")
    assert output.startswith("<django.core.handlers.wsgi.WSGIHandler object")


@pytest.mark.parametrize(("url", "seconds"), [("", None), ("postgres://a:b@localhost/archive", 60)])
def test_reader_of_an_idle_archive_on_a_full_disk_finds_a_connection_to_sqlite(url, seconds, tmp_path):
    assert setting("settings.DATABASES['default']['CONN_MAX_AGE']", DATA_DIR=tmp_path, DATABASE_URL=url) == seconds


def test_commands_without_environment_write_in_the_data_folder_alone(tmp_path):
    for name in ["manage.py", "innovation_archive", "insights", "workshops", "templates", "static"]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    before = set(tmp_path.rglob("*"))
    code, _, errors = run("manage.py", "migrate", "auth", "--verbosity=0", folder=tmp_path)
    assert (code, errors) == (0, "")
    written = {str(path.relative_to(tmp_path)) for path in set(tmp_path.rglob("*")) - before}
    assert written == {".data", ".data/archive.sqlite3", ".data/ledger-key", ".data/secret-key"}
    modes = {name: oct((tmp_path / name).stat().st_mode & 0o777) for name in written}
    assert modes == dict.fromkeys(written, "0o600") | {".data": "0o700"}


def test_data_folder_is_where_the_environment_says(tmp_path):
    places = setting("[settings.DATABASES['default']['NAME'], str(settings.STATIC_ROOT)]", DATA_DIR=tmp_path / "data")
    assert places == [f"{tmp_path}/data/archive.sqlite3", f"{tmp_path}/data/static"]
    assert {path.name for path in tmp_path.rglob("*")} == {"data", "secret-key", "ledger-key"}


def test_secret_key_is_the_same_for_processes_that_start_at_once(tmp_path):
    source = "from innovation_archive import settings; print(settings.SECRET_KEY)"
    processes = [start("-c", source, DATA_DIR=tmp_path) for _ in range(4)]
    keys = {process.communicate(timeout=300)[0].strip() for process in processes}
    assert keys == {(tmp_path / "secret-key").read_text()}
    assert len(keys.pop()) >= 50
    assert {path.name for path in tmp_path.iterdir()} == {"secret-key", "ledger-key"}
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_secret_key_of_a_process_that_was_overtaken_is_the_first_ones(monkeypatch, tmp_path):
    (tmp_path / "secret-key").write_text("the first one's")
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(Path, "exists", lambda path: False)  # it looked a moment too early
    assert settings.stored_key("secret-key") == "the first one's"


def test_secret_key_differs_between_data_folders(tmp_path):
    assert setting("settings.SECRET_KEY", DATA_DIR=tmp_path / "a") != setting(
        "settings.SECRET_KEY", DATA_DIR=tmp_path / "b"
    )


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("", "django.db.backends.sqlite3"),
        ("postgres://archive@localhost/archive", "django.db.backends.postgresql"),
    ],
)
def test_database_is_embedded_unless_the_environment_names_one(tmp_path, url, engine):
    assert setting("settings.DATABASES['default']['ENGINE']", DATA_DIR=tmp_path, DATABASE_URL=url) == engine


def test_embedded_database_queues_writers_and_wipes_what_is_deleted(tmp_path):
    code, output, errors = run("manage.py", "shell", "--verbosity=0", "-c", EMBEDDED_DATABASE, DATA_DIR=tmp_path)
    assert (code, errors) == (0, "")
    assert json.loads(output) == {
        "journal_mode": "wal",
        "busy_timeout": 20_000,
        "secure_delete": 1,
        "another writer": "database is locked",
    }


@pytest.mark.parametrize(("environment", "debug"), [({}, False), ({"DEBUG": "0"}, False), ({"DEBUG": "1"}, True)])
def test_debug_is_off_unless_the_environment_asks(tmp_path, environment, debug):
    assert setting("settings.DEBUG", DATA_DIR=tmp_path, **environment) is debug


@pytest.mark.parametrize(("command", "debug"), [("demo", "1"), ("migrate", None), ("runserver", None)])
def test_debug_is_turned_on_by_demo_alone(monkeypatch, command, debug):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(sys, "argv", ["manage.py", command])
    monkeypatch.setattr(management, "execute_from_command_line", lambda arguments: None)
    manage.main()
    assert os.environ.get("DEBUG") == debug


def test_deployment_check_is_clean_with_production_settings(tmp_path):
    code, output, errors = run(
        *("manage.py", "check", "--deploy", "--fail-level=WARNING"),
        DATA_DIR=tmp_path,
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="archive.example.org",
    )
    # Silenced are the check for a fixed list of origins, where ours asks the request, and those that would have HSTS speak
    # for other sites.
    assert settings.SILENCED_SYSTEM_CHECKS == ["otp_webauthn.E030", "security.W005", "security.W021"]
    assert (code, output, errors) == (0, "System check identified no issues (3 silenced).\n", "")


@pytest.mark.django_db  # on both databases
def test_tests_run_on_the_database_that_was_named():
    """`python -m tests` names PostgreSQL's for its second run, which must not be SQLite in silence."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    assert connection.vendor == ("postgresql" if named.startswith("postgres") else "sqlite")


def test_commands_read_the_env_file_where_the_environment_says_nothing(tmp_path):
    (tmp_path / ".env").write_text("SITE_URL=https://archive.example.org\nEMAIL_FROM='a$b@example.org'\nSECRET_KEY=\n")
    read = "[settings.SITE_URL, settings.DEFAULT_FROM_EMAIL, settings.SECRET_KEY != '']"
    environment = {"DATA_DIR": tmp_path, "ENV_FILE": tmp_path / ".env"}
    assert setting(read, **environment) == ["https://archive.example.org", "a$b@example.org", True]
    assert setting(read, **environment, SITE_URL="https://other.example.org")[0] == "https://other.example.org"


def test_env_file_lies_beside_manage_py(tmp_path):
    assert setting("str(settings.ENV_FILE)", DATA_DIR=tmp_path, ENV_FILE="") == f"{ROOT}/.env"


@pytest.mark.parametrize(
    ("asked", "answer"), [({}, [False, False]), ({"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, [True, True])]
)
def test_hsts_speaks_for_subdomains_and_preloading_only_where_it_is_asked_to(tmp_path, asked, answer):
    told = "[settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD]"
    assert setting(told, DATA_DIR=tmp_path, **asked) == answer
    assert setting("settings.SECURE_HSTS_SECONDS", DATA_DIR=tmp_path, **asked) == 31_536_000
