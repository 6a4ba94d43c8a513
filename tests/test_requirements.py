"""requirements.txt, which people read, and the lock file, which production installs, name the same packages."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".requirements" / "production.lock"


def normal(name):
    """A package's name as pip compares it; extras do not count."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def pins(text):
    """{package: version} of the lines that pin one."""
    found = re.findall(r"^([\w.\[\]-]+)==([\w.!+]+)", text, re.MULTILINE)
    return {normal(name): version for name, version in found}


def readable_pins():
    """Those of requirements.txt: for the product, and for its tests."""
    product, tests = (ROOT / "requirements.txt").read_text().split("# For the tests.")
    return pins(product), pins(tests)


def test_lock_pins_what_requirements_say():
    product, _ = readable_pins()
    locked = pins(LOCK.read_text())
    assert {name: locked.get(name) for name in product} == product
    assert len(product) >= 10


def test_lock_leaves_out_what_only_tests_need():
    _, tests = readable_pins()
    assert tests
    tests |= pins((ROOT / "tests" / "requirements.txt").read_text())
    assert [name for name in pins(LOCK.read_text()) if name in tests or name.startswith("pytest")] == []


def test_every_package_of_the_lock_has_a_hash():
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", LOCK.read_text(), flags=re.MULTILINE))
    assert [entry.split("==")[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


def test_requirements_pin_every_package():
    files = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
    lines = [line for file in files for line in file.read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "==" not in line] == []
