"""The container files agree with the repository and with each other; whether an engine builds them is not tested."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / ".deploy"
NEEDED_TO_RUN = {"manage.py", "workshops", "insights", "innovation_archive", "templates", "static"}


def text(name):
    return (DEPLOY / name).read_text()


def test_containers_copy_what_the_program_needs_and_nothing_that_is_not_there():
    copied = set(re.findall(r"^COPY (\S+) \S+$", text("Containerfile"), re.MULTILINE))
    assert copied == NEEDED_TO_RUN | {".requirements/production.lock", ".deploy/gunicorn.conf.py"}
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_containers_need_no_folder_of_code_that_the_image_lacks():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps | {"templates", "static", "manage.py"} == NEEDED_TO_RUN


def test_containers_install_and_serve_as_operating_says():
    operating = (ROOT / ".readme" / "operating.md").read_text()
    install = "pip install --require-hashes -r .requirements/production.lock"
    assert install in operating
    assert install in text("Containerfile").replace(" --no-cache-dir", "")
    socket = re.search(r"server unix:(\S+) ", text("nginx.conf"))[1]
    assert f'"--bind", "unix:{socket}"' in text("Containerfile")


def test_compose_mounts_what_is_declared_and_shares_the_socket_with_nginx():
    compose = text("compose.yaml")
    declared = set(re.findall(r"^  (\w+):$", compose.split("\nvolumes:\n", 1)[1], re.MULTILINE))
    assert set(re.findall(r"^ +- (\w+):/", compose, re.MULTILINE)) == declared
    assert compose.count("- socket:/run/archive\n") == 2


def test_compose_backs_up_and_forgets_backups_as_the_unit_does():
    kept = r'find /srv/backups -name "archive-\*\.backup" -mtime \+(\d+) -delete'
    [of_unit], [of_compose] = (re.findall(kept, text(name)) for name in ("archive-backup.service", "compose.yaml"))
    assert of_unit == of_compose


def test_container_files_and_operating_say_that_they_were_never_run():
    for name, says in (("Containerfile", "no engine has started it"), ("compose.yaml", "it has never been run")):
        assert says in text(name).split("\n\n")[0]
    assert "**They were never run:**" in (ROOT / ".readme" / "operating.md").read_text()
