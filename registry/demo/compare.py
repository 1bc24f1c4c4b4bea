"""Sets what was expected of a synthetic municipality beside what the registry found in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registry.demo.manifest import CaseFound, Manifest, TroubleFound

KEPT: Final = ("signaal", "onbekend")
RULES: Final = ("overbewoning", "adresverschil")
PROPERTY_RULES: Final = ("opkoopbescherming", "zelfbewoningsplicht")
_OUTCOMES: Final = (
    ("overbewoning", "signaal"),
    ("overbewoning", "onbekend"),
    ("adresverschil", "signaal"),
    *((rule, uitkomst) for rule in PROPERTY_RULES for uitkomst in ("signaal", "juridisch_toetsen", "onbekend")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the registry holds after import and evaluation.

    Attributes:
        woningvoorraad: dwellings in the stock on the peildatum.
        inwoners: persons who certainly live at an object on the peildatum.
        uitkomsten: per rule the uitkomst of every object whose outcome was kept.
        uitval: rows set aside, per source.
        eigendom: dwellings of the stock per tenure.
        aantallen: rows of the registers about property, per kind.
    """

    woningvoorraad: int
    inwoners: int
    uitkomsten: Mapping[str, Mapping[str, str]]
    uitval: Mapping[str, int]
    eigendom: Mapping[str, int]
    aantallen: Mapping[str, int]


def compare(manifest: Manifest, found: Found) -> list[dict[str, str]]:
    """One row per number: ``wat``, ``verwacht``, ``gevonden``, ``klopt`` (ja or nee)."""
    return [
        {"wat": wat, "verwacht": verwacht, "gevonden": gevonden, "klopt": "ja" if verwacht == gevonden else "nee"}
        for wat, verwacht, gevonden in _lines(manifest, found)
    ]


def _lines(manifest: Manifest, found: Found) -> Iterator[tuple[str, str, str]]:
    verwacht = manifest.verwacht
    yield "woningen in de voorraad", str(verwacht.woningvoorraad), str(found.woningvoorraad)
    yield "inwoners", str(verwacht.inwoners), str(found.inwoners)
    for trouble in manifest.troubles.values():
        yield trouble.omschrijving, *_trouble_line(trouble, found)
    for case in manifest.gevallen.values():
        if case.regel in found.uitkomsten and case.objecten:
            yield case.omschrijving, *_case_line(case, found.uitkomsten[case.regel])
    for rule, uitkomst in _OUTCOMES:
        if rule not in found.uitkomsten:
            continue
        expected = manifest.object_ids(rule, uitkomst)
        got = {key for key, value in found.uitkomsten[rule].items() if value == uitkomst}
        yield f"{rule}: {uitkomst}", str(len(expected)), str(len(got))
        yield f"{rule}: {uitkomst} waar dat niet hoort", "0", str(len(got - expected))
    for kind, number in verwacht.eigendom.items():
        yield f"eigendom: {kind}", str(number), str(found.eigendom.get(kind, 0))
    for kind, number in verwacht.aantallen.items():
        yield kind.replace("_", "-"), str(number), str(found.aantallen.get(kind, 0))
    for bron, number in verwacht.uitval.items():
        yield f"uitval {bron}", str(number), str(found.uitval.get(bron, 0))


def _trouble_line(trouble: TroubleFound, found: Found) -> tuple[str, str]:
    """How many of its objects have the expected outcome, and which outcome that is."""
    expected = {"overbewoning": trouble.overbewoning, "adresverschil": trouble.adresverschil}
    right = sum(
        all(_kept(rule, found.uitkomsten[rule].get(key, "")) == expected[rule] for rule in RULES)
        for key in trouble.objecten
    )
    meant = ", ".join(f"{rule} {uitkomst}" for rule, uitkomst in expected.items() if uitkomst) or "geen signaal"
    return f"{len(trouble.objecten)} {meant}", f"{right} {meant}"


def _case_line(case: CaseFound, uitkomsten: Mapping[str, str]) -> tuple[str, str]:
    """How many of its objects have the expected outcome, and which outcome that is."""
    right = sum(uitkomsten.get(key, "") == case.uitkomst for key in case.objecten)
    meant = f"{case.regel} {case.uitkomst}" if case.uitkomst else f"geen {case.regel}"
    return f"{len(case.objecten)} {meant}", f"{right} {meant}"


def _kept(rule: str, uitkomst: str) -> str:
    """The outcome as the manifest knows it; it says nothing about an adresverschil that is onbekend."""
    return uitkomst if uitkomst in KEPT and (rule, uitkomst) != ("adresverschil", "onbekend") else ""
