"""Fail when pyproject.toml asks for something that the locks do not hold."""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def locked(name: str) -> dict[str, str]:
    """Return the versions a lock pins, by canonical name."""
    lines = (ROOT / name).read_text(encoding="ascii").splitlines()
    pins = (line.split(";")[0].rstrip(" \\").split("==") for line in lines if "==" in line)
    return {canonicalize_name(package): version.strip() for package, version in pins}


def missing(wanted: list[str], lock: str) -> list[str]:
    versions = locked(lock)
    requirements = map(Requirement, wanted)
    return [
        f"{lock}: {requirement}"
        for requirement in requirements
        if versions.get(canonicalize_name(requirement.name), "") not in requirement.specifier
    ]


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = project["dependencies"]
    faults = missing(runtime, "requirements.txt")
    faults += missing([*runtime, *project["optional-dependencies"]["dev"]], "requirements-dev.txt")
    for fault in faults:
        print(f"not locked: {fault}", file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
