"""Writes what this program consists of (CycloneDX) into dist/: what is installed of Python, and what pages load of npm.

    python scripts/sbom.py           dist/sbom-python.json and dist/sbom-npm.json
    python scripts/sbom.py --audit   asks for known vulnerabilities too; exit 1 when there are some

``make sbom`` and ``make audit`` run it in an environment of its own (cyclonedx-bom, pip-audit). A package registry that
does not answer about vulnerabilities is told as such, and is no clean result: exit 2.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FRONTEND = REPOSITORY / "registry" / "web" / "frontend"
DIST = REPOSITORY / "dist"
_CLEAN, _FOUND, _UNANSWERED = 0, 1, 2


def main() -> int:
    """Write both lists, and audit when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audit", action="store_true")
    given = parser.parse_args()
    DIST.mkdir(exist_ok=True)
    tool = Path(sys.executable).with_name("cyclonedx-py")
    project = ["--pyproject", str(REPOSITORY / "pyproject.toml"), "--output-reproducible", "--of", "JSON"]
    _run([str(tool), "requirements", str(REPOSITORY / "requirements.txt"), *project, "-o", "dist/sbom-python.json"])
    npm = _npm()
    (DIST / "sbom-npm.json").write_text(_parts_of_npm(npm), encoding="utf-8")
    for name in ("python", "npm"):
        parts = json.loads((DIST / f"sbom-{name}.json").read_text(encoding="utf-8"))["components"]
        sys.stdout.write(f"dist/sbom-{name}.json: {len(parts)} onderdelen\n")
    return max(_audit_python(), _audit_npm(npm)) if given.audit else _CLEAN


def _parts_of_npm(npm: str) -> str:
    """What npm would install; it wants a version of the whole, which is that of this program."""
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            content = json.loads((FRONTEND / name).read_text(encoding="utf-8"))
            content["version"] = version
            if "packages" in content:
                content["packages"][""]["version"] = version
            (Path(folder) / name).write_text(json.dumps(content), encoding="utf-8")
        asked = [npm, "sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"]
        return _run(asked, cwd=Path(folder))


def _audit_python() -> int:
    audit = Path(sys.executable).with_name("pip-audit")
    asked = [str(audit), "-r", "requirements.txt", "--require-hashes", "--no-deps", "--disable-pip", "-f", "json"]
    ended = _try(asked, cwd=REPOSITORY)
    try:
        found = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        return _tell("pip-audit", "geen antwoord")
    unasked = [one["name"] for one in found if "skip_reason" in one]
    wrong = {one["name"]: [fault["id"] for fault in one["vulns"]] for one in found if one.get("vulns")}
    if wrong:
        sys.stdout.write(f"pip-audit: {json.dumps(wrong, indent=1)}\n")
        return _FOUND
    if unasked:
        return _tell("pip-audit", f"van {len(unasked)} van de {len(found)} onderdelen is niets bekend")
    sys.stdout.write(f"pip-audit: {len(found)} onderdelen zonder bekende kwetsbaarheid\n")
    return _CLEAN


def _audit_npm(npm: str) -> int:
    ended = _try([npm, "audit", "--package-lock-only", "--omit", "dev", "--json"], cwd=FRONTEND)
    try:
        total = json.loads(ended.stdout)["metadata"]["vulnerabilities"]["total"]
    except (ValueError, KeyError):
        return _tell("npm audit", "het register geeft geen antwoord over kwetsbaarheden")
    sys.stdout.write(f"npm audit: {total} kwetsbaarheden\n")
    return _FOUND if total else _CLEAN


def _tell(tool: str, what: str) -> int:
    sys.stdout.write(f"{tool}: NIET NAGEGAAN, {what}\n")
    return _UNANSWERED


def _npm() -> str:
    found = shutil.which("npm") or str(REPOSITORY / ".venv" / "bin" / "npm")
    if not os.access(found, os.X_OK):
        raise SystemExit("npm is er niet; voer eerst 'make assets' uit.")
    return found


def _try(command: list[str], *, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, timeout=600)  # noqa: S603 - ours


def _run(command: list[str], *, cwd: Path = REPOSITORY) -> str:
    ended = _try(command, cwd=cwd)
    if ended.returncode:
        raise SystemExit(f"{command[0]} mislukte: {ended.stderr[-1000:]}")
    return ended.stdout


if __name__ == "__main__":
    sys.exit(main())
