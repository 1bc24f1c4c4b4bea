"""What is shipped with this program may go with its licence (EUPL-1.2), library by library."""

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
# Permissive, or copyleft that reaches no further than the library itself (or that the EUPL names as compatible).
FITTING = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public License 2|LGPL|Lesser General Public|HPND"
    r"|Unlicense|0BSD|Zlib|CC0|OFL|EUPL",
    re.IGNORECASE,
)
# Not on this kind of machine: for another system only.
ELSEWHERE = {"brotlicffi", "colorama", "httpx2-jsfetch", "tzdata"}
SHIPPED = sorted(
    set(re.findall(r"(?m)^([a-z0-9][a-z0-9_.-]*)==", (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")))
    - ELSEWHERE
)


def licences_of(name: str) -> list[str]:
    """The licences under which a library may be used: one of them is enough, unless they are joined by AND."""
    found = metadata(name)
    if expression := found.get("License-Expression"):
        return re.split(r"\s+OR\s+", expression)
    classifiers = [one for one in found.get_all("Classifier", []) if one.startswith("License ::")]
    return [one.rpartition("::")[2].strip() for one in classifiers] or [found.get("License", "")[:200]]


def fits(licence: str) -> bool:
    return all(FITTING.search(part) for part in re.split(r"\s+AND\s+", licence))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_library_may_go_with_this_program(name: str) -> None:
    try:
        found = licences_of(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} stands in requirements.txt and is not installed: run make")
    assert any(map(fits, found)), found


def test_what_pages_load_may_go_with_this_program() -> None:
    lock = json.loads((REPOSITORY / "registry/web/frontend/package-lock.json").read_text(encoding="utf-8"))
    wrong = {
        place: one.get("license")
        for place, one in lock["packages"].items()
        if place and not one.get("dev") and not any(map(fits, re.split(r" OR ", one.get("license", "").strip("()"))))
    }
    assert wrong == {}


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0", "Proprietary", "", "MIT AND GPL-2.0-only", "SSPL-1.0"])
def test_another_licence_is_noticed(licence: str) -> None:
    assert not fits(licence)
