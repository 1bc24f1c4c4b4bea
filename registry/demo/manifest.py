"""What the generator made and what must come out of it, as data and as JSON."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

MANIFEST_NAME: Final = "demo-manifest.json"


@dataclass(frozen=True, slots=True)
class TroubleFound:
    """One kind of trouble as it was made, with the objects in which it sits.

    The fields are those of ``troubles.Trouble``; ``objecten`` are adresseerbaar_object_ids, in order.
    """

    omschrijving: str
    overbewoning: str
    reden: str
    adresverschil: str
    uitval: str
    objecten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFound:
    """One kind of case about property as it was made, with its objects.

    The fields are those of ``property_cases.PropertyCase``; ``uitkomst`` is empty where the rule keeps nothing.
    """

    omschrijving: str
    regel: str
    uitkomst: str
    uitval: str
    objecten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verwacht:
    """The exact outcome after import and evaluation on the peildatum.

    Attributes:
        woningvoorraad: verblijfsobjecten with woonfunctie in a status of the CBS stock definition.
        inwoners: persons who certainly live at an object of this municipality, withdrawn objects included.
        inwoners_in_voorraad: those of them who live in the dwelling stock.
        overbewoning: number of objects per uitkomst (``signaal``, ``onbekend``).
        onbekend_per_reden: of ``onbekend``, number per unknown fact.
        adresverschil: number of objects per uitkomst (``signaal``).
        uitval: number of source rows set aside, per source.
        eigendom: dwellings of the stock per way in which they are held (``owners``).
        aantallen: transfers, WOZ values, permits, clauses, exemptions and reports in the registry.
    """

    woningvoorraad: int
    inwoners: int
    inwoners_in_voorraad: int
    overbewoning: dict[str, int]
    onbekend_per_reden: dict[str, int]
    adresverschil: dict[str, int]
    uitval: dict[str, int]
    eigendom: dict[str, int]
    aantallen: dict[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a synthetic municipality and the outcome that they must give.

    Attributes:
        bestanden: file name in the folder per source (``registers.SOURCES``), in the order in which they are to be
            imported.
        bag_stand: StandTechnischeDatum of the BAG extract.
    """

    gemeente: str
    woningen: int
    seed: int
    peildatum: date
    bag_stand: date
    bestanden: dict[str, str]
    verwacht: Verwacht
    troubles: dict[str, TroubleFound]
    gevallen: dict[str, CaseFound]

    def object_ids(self, rule: str, uitkomst: str) -> frozenset[str]:
        """The objects for which a rule must have this uitkomst: these and no others."""
        if rule not in ("overbewoning", "adresverschil"):
            cases = [case for case in self.gevallen.values() if (case.regel, case.uitkomst) == (rule, uitkomst)]
            return frozenset(object_id for case in cases for object_id in case.objecten)
        return frozenset(
            object_id
            for trouble in self.troubles.values()
            if (trouble.overbewoning if rule == "overbewoning" else trouble.adresverschil) == uitkomst
            for object_id in trouble.objecten
        )

    def to_json(self) -> str:
        """The manifest as JSON text with a fixed layout."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, default=date.isoformat) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest that ``to_json`` wrote."""
        raw = json.loads(text)
        raw["peildatum"] = date.fromisoformat(raw["peildatum"])
        raw["bag_stand"] = date.fromisoformat(raw["bag_stand"])
        raw["verwacht"] = Verwacht(**raw["verwacht"])
        raw["troubles"] = {
            name: TroubleFound(**{**found, "objecten": tuple(found["objecten"])})
            for name, found in raw["troubles"].items()
        }
        raw["gevallen"] = {
            name: CaseFound(**{**found, "objecten": tuple(found["objecten"])})
            for name, found in raw["gevallen"].items()
        }
        return cls(**raw)


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder that the generator filled."""
    return Manifest.from_json((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
