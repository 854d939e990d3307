"""The lock files satisfy what they are made from, offline, for every package they pull in."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")


def asked(path: Path) -> list[Requirement]:
    """What an .in file asks for, lines taken from another file included."""
    wanted = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("-r "):
            wanted += asked(path.parent / text.removeprefix("-r "))
        elif text:
            wanted.append(Requirement(text))
    return wanted


def locked(path: Path) -> dict[str, str]:
    """Name to version of a .txt file; every package must carry at least one hash."""
    pins: dict[str, str] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8")):
        if found := PIN.match(block):
            assert "--hash=sha256:" in block, f"{path.name}: {found['name']} has no hash"
            pins[canonicalize_name(found["name"])] = found["version"]
    return pins


def unmet(wanted: list[Requirement], pins: dict[str, str]) -> list[str]:
    """Requirements, and those of the packages installed for them, that the pins do not meet."""
    queue, seen, found = list(wanted), set(), []
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if (name, key := str(requirement)) in seen:
            continue
        seen.add((name, key))
        if name not in pins:
            found.append(f"{requirement} is not locked")
        elif not requirement.specifier.contains(pins[name], prereleases=True):
            found.append(f"{requirement} is locked at {pins[name]}")
        else:
            queue += _of_package(name, requirement.extras)
    return found


def _of_package(name: str, extras: set[str]) -> list[Requirement]:
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    needs = [Requirement(line) for line in lines]
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        need
        for need in needs
        if not need.marker or any(need.marker.evaluate(environment) for environment in environments)
    ]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_satisfies_what_was_asked(name: str):
    found = unmet(asked(ROOT / f"{name}.in"), locked(ROOT / f"{name}.txt"))
    assert not found, f"run `make lock`: {found}"


def test_the_tools_run_on_the_locked_application():
    runtime, tools = locked(ROOT / "requirements.txt"), locked(ROOT / "requirements-dev.txt")
    assert {name: tools.get(name) for name in runtime} == runtime, "run `make lock`"


def test_nothing_locked_was_left_behind():
    """A package nobody asks for any more leaves the lock too (this machine's packages only)."""
    pins = locked(ROOT / "requirements-dev.txt")
    installed = {canonicalize_name(one.metadata["Name"]) for one in metadata.distributions()}
    reached: set[str] = set()
    queue = asked(ROOT / "requirements-dev.in")
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name not in reached or requirement.extras:
            reached.add(name)
            queue += [
                need for need in _of_package(name, requirement.extras)
                if canonicalize_name(need.name) not in reached
            ]  # fmt: skip
    assert not (set(pins) & installed) - reached, "run `make lock`"


@pytest.mark.parametrize(
    ("line", "message"),
    [("flask>=99", "is locked at"), ("left-pad>=1", "is not locked")],
)
def test_an_unmet_requirement_is_found(line: str, message: str):
    found = unmet([Requirement(line)], locked(ROOT / "requirements.txt"))
    assert [one for one in found if message in one]
