"""Fines as dated data: on which article a fine rests, its ceiling in time, and the tables of the ordinances.

These files are apart from the law by which outcomes are judged: a new amount of art. 23 Sr changes no receipt.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from rules.law_models import DatedValue, GemeenteCode, Period, Strict, check_sequence, check_values, in_force
from rules.yaml_files import parse_yaml, read_bytes, validate

SANCTIONS_FOLDER = Path(__file__).parent / "law" / "sancties"
_LAW, _TABLES = "wet.yml", "verordeningen.yml"


class Grondslag(Strict):
    """Whether a fine is possible for what a rule is about, and by which categories of art. 23 Sr it is bounded."""

    boete: bool
    grondslag: str
    toelichting: str
    eerste: int | None = None
    eerste_bron: str | None = None
    herhaling: int | None = None
    herhaling_bron: str | None = None

    @model_validator(mode="after")
    def _check(self) -> "Grondslag":
        told = (self.eerste, self.eerste_bron, self.herhaling, self.herhaling_bron)
        if self.boete and None in told:
            raise ValueError("een boete vraagt eerste, eerste_bron, herhaling en herhaling_bron")
        return self


class Tarief(Strict):
    """One amount of a table, in whole euros: fixed, or a span."""

    geval: str | None = None
    vast: int | None = Field(default=None, gt=0)
    vanaf: int | None = Field(default=None, gt=0)
    ten_hoogste: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _check(self) -> "Tarief":
        if (self.vast is None) == (self.ten_hoogste is None):
            raise ValueError("een tarief heeft vast of ten_hoogste")
        if self.vanaf is not None and (self.ten_hoogste is None or self.vanaf > self.ten_hoogste):
            raise ValueError("vanaf hoort bij een ten_hoogste dat niet lager is")
        return self


class Boetetabel(Period):
    """The fines of one ordinance for one rule in one period."""

    gemeente: GemeenteCode
    regel: str
    regeling: str
    tarieven: tuple[Tarief, ...] = Field(min_length=1)


class _LawFile(Strict):
    titel: str
    regels: dict[str, Grondslag]
    categorieen: dict[int, tuple[DatedValue, ...]]

    @model_validator(mode="after")
    def _check(self) -> "_LawFile":
        for values in self.categorieen.values():
            check_sequence(values)
            check_values(values, "getal")
        for name, ground in self.regels.items():
            for category in (ground.eerste, ground.herhaling):
                if category is not None and category not in self.categorieen:
                    raise ValueError(f"regels.{name}: categorie {category} heeft geen bedragen")
        return self


class _TableFile(Strict):
    titel: str
    tabellen: tuple[Boetetabel, ...]

    @model_validator(mode="after")
    def _check(self) -> "_TableFile":
        groups: dict[tuple[str, str], list[Boetetabel]] = {}
        for table in self.tabellen:
            groups.setdefault((table.gemeente, table.regel), []).append(table)
        for tables in groups.values():
            check_sequence(tables, gaps_allowed=True)
        return self


@dataclass(frozen=True, slots=True)
class Sancties:
    """All that is known of fines; ``hash`` names the files that a calculation was made with."""

    grounds: Mapping[str, Grondslag]
    categories: Mapping[int, tuple[DatedValue, ...]]
    tables: tuple[Boetetabel, ...]
    hash: str

    def category_at(self, category: int, on: date) -> DatedValue | None:
        """The ceiling of a category on a day; None before the first that is known."""
        return in_force(self.categories[category], on)

    def last_known(self, category: int, on: date) -> DatedValue | None:
        """The latest ceiling with an amount that began on or before a day."""
        known = [value for value in self.categories[category] if value.van <= on and value.waarde is not None]
        return known[-1] if known else None

    def table_at(self, gemeente: str | None, regel: str, on: date) -> Boetetabel | None:
        """The table of a municipality for a rule on a day; None when none is known."""
        own = [table for table in self.tables if table.gemeente == gemeente and table.regel == regel]
        return in_force(own, on)


def read_sanctions(folder: Path) -> Sancties:
    """The sanctions of a folder.

    Raises:
        LawFileError: a file is missing or does not fit; the text names file, key and reason.
    """
    texts = {name: read_bytes(folder / name) for name in (_LAW, _TABLES)}
    law = validate(_LawFile, parse_yaml(texts[_LAW], _LAW), _LAW)
    tables = validate(_TableFile, parse_yaml(texts[_TABLES], _TABLES), _TABLES)
    digest = hashlib.sha256(b"\0".join(texts[name] for name in sorted(texts))).hexdigest()
    return Sancties(law.regels, law.categorieen, tables.tabellen, digest)


@cache
def shipped_sanctions() -> Sancties:
    """The sanctions that come with the program."""
    return read_sanctions(SANCTIONS_FOLDER)
