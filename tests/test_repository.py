"""What a stranger gets who clones this: a licence, a description, and nothing of the machines it was made on."""

import ast
import re
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Package registries by name: their addresses differ per network, and a file that holds one installs nowhere else.
HOSTS = re.compile(r"\b(?:files\.)?(?:pypi|pythonhosted|npmjs|yarnpkg|anaconda)\.(?:org|com)\b|\bproxy\.golang\b")
# A path into the system, not one that goes on from a word, a dot or a variable.
PATHS = re.compile(r"(?<![\w.$}{/-])/(?:work|root|home|Users|opt)/\w")
LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "yarn.lock", "pnpm-lock.yaml", "pylock.toml"}


def files() -> list[Path]:
    """The files that are under version control, or all that are not built where there is no git."""
    result = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False)
    names = result.stdout.decode().split("\0") if result.returncode == 0 else []
    found = [REPOSITORY / name for name in names if name]
    if not found:
        skipped = {".git", ".venv", ".venv-bench", "build", "dist", "demo", "__pycache__"}
        found = [p for p in REPOSITORY.rglob("*") if not skipped & set(p.relative_to(REPOSITORY).parts)]
    return [path for path in found if path.is_file()]


FILES = files()


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.name}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_address_of_a_package_registry_is_kept() -> None:
    assert lines_with(HOSTS, FILES) == []
    assert [path.name for path in FILES if path.name in LOCKS] == []


def test_no_path_of_a_machine_is_kept() -> None:
    assert lines_with(PATHS, FILES) == []


@pytest.mark.parametrize("line", ["see pypi" + ".org/simple", "https://files.pythonhosted" + ".org/x.whl"])
def test_an_address_is_noticed(line: str) -> None:
    assert HOSTS.search(line)


@pytest.mark.parametrize(("line", "found"), [("in /ho" + "me/jan/x", True), ("a/work/b", False), ("x = /srv/x", False)])
def test_a_path_is_noticed(line: str, *, found: bool) -> None:
    assert bool(PATHS.search(line)) is found


# --- requirements -----------------------------------------------------------------------------------------------


def requirements(name: str) -> tuple[dict[str, list[Requirement]], list[str]]:
    """The pinned requirements of a file by canonical name, and the lines that are something else."""
    joined = (REPOSITORY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned: dict[str, list[Requirement]] = {}
    rest = []
    for line in joined.splitlines():
        specification, *hashes = line.split("--hash=")
        if not hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", text) for text in hashes):
            rest.append(line)
            continue
        requirement = Requirement(specification.strip())
        pinned.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pinned, rest


WANTED = {
    "requirements.txt": [],
    "requirements-dev.txt": ["dev"],
    "requirements-bench.txt": ["dev", "bench"],
}


@pytest.mark.parametrize("name", WANTED)
def test_requirements_are_pinned_with_hashes_and_nothing_else(name: str) -> None:
    pinned, rest = requirements(name)
    assert rest == []
    for versions in pinned.values():
        for requirement in versions:
            assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
            assert requirement.url is None


@pytest.mark.parametrize(("name", "extras"), WANTED.items())
def test_requirements_hold_what_the_project_asks(name: str, extras: list[str]) -> None:
    pinned, _ = requirements(name)
    asked = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    for line in asked:
        requirement = Requirement(line)
        found = pinned.get(canonicalize_name(requirement.name), [])
        assert found, f"{line} is not in {name}: run make lock"
        for pin in found:
            [specifier] = pin.specifier
            assert requirement.specifier.contains(specifier.version), f"{line} excludes {pin}: run make lock"


def test_what_the_packages_import_is_shipped() -> None:
    """Also what only one page or one command loads: ``make proof`` runs the program where nothing else is."""
    pinned, _ = requirements("requirements.txt")
    known = {name: {canonicalize_name(one) for one in found} for name, found in packages_distributions().items()}
    missing = {
        (path.relative_to(REPOSITORY).as_posix(), module)
        for package in ("registry", "importers", "rules", "alembic")
        for path in (REPOSITORY / package).rglob("*.py")
        for module in imported(path) - sys.stdlib_module_names - {"registry", "importers", "rules"}
        if not known.get(module, set()) & set(pinned)
    }
    assert missing == set()


def imported(path: Path) -> set[str]:
    """The top-level names of the modules that a file imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def test_what_is_tested_is_what_is_shipped() -> None:
    shipped, _ = requirements("requirements.txt")
    tested, _ = requirements("requirements-dev.txt")
    versions = [
        {name: {str(pin.specifier) for pin in pins} for name, pins in group.items()} for group in (shipped, tested)
    ]
    assert {name: pins for name, pins in versions[0].items() if versions[1].get(name) != pins} == {}


def test_the_build_tools_are_among_them_because_nothing_is_fetched_while_building() -> None:
    build = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    for name in ("requirements-dev.txt", "requirements-bench.txt"):
        pinned, _ = requirements(name)
        assert {canonicalize_name(Requirement(line).name) for line in build} | {"editables"} <= set(pinned)


def test_every_dependency_says_what_it_is_for() -> None:
    page = (REPOSITORY / "docs" / "afhankelijkheden.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", page, flags=re.MULTILINE)
    explained = {canonicalize_name(name) for row in rows for name in row.split(", ")} - {"library", "---"}
    lines = PROJECT["dependencies"] + [*chain(*PROJECT["optional-dependencies"].values())]
    assert explained == {canonicalize_name(Requirement(line).name) for line in lines}


# --- description ------------------------------------------------------------------------------------------------


def test_the_licence_is_the_eupl_in_full() -> None:
    text = (REPOSITORY / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = [int(n) for n in re.findall(r"^(\d+)\.[A-Z]", text, flags=re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert "Compatible Licences’ according to Article 5 EUPL" in text
    assert PROJECT["license"] == "EUPL-1.2"


def test_publiccode_says_what_the_standard_asks() -> None:
    content = yaml.safe_load((REPOSITORY / "publiccode.yml").read_text(encoding="utf-8"))
    required = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"}
    assert required <= set(content)
    assert content["softwareVersion"] == PROJECT["version"]
    assert isinstance(date.fromisoformat(content["releaseDate"]), date)
    assert content["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert content["legal"]["license"] == PROJECT["license"]
    assert content["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert content["maintenance"]["contacts"]
    assert isinstance(content["localisation"]["localisationReady"], bool)
    for language in content["localisation"]["availableLanguages"]:
        description = content["description"][language]
        assert 1 <= len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]


def test_the_changelog_begins_with_this_version() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", text, flags=re.MULTILINE)
    assert next(version for version in versions if version != "Onuitgebracht") == PROJECT["version"]


PAGES = [path for path in FILES if path.suffix == ".md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_links_between_pages_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:", target)
        and not target.startswith("#")
        and not (page.parent / unquote(target.split("#")[0])).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps_and_say_their_status() -> None:
    pages = sorted((REPOSITORY / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for heading in ("Status:", "## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{page.name} lacks {heading}"


def test_the_one_command_of_ci_is_that_of_the_developer() -> None:
    script = REPOSITORY / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "make test" in text


@pytest.mark.parametrize("goal", ["demo", "test", "lint", "unit", "bench", "proof", "wheel", "lock", "clean"])
def test_make_explains_each_goal(goal: str) -> None:
    result = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert re.search(rf"^  make {goal} +\S", result.stdout, flags=re.MULTILINE)
