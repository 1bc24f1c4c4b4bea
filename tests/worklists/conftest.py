"""Small frames around a handful of dwellings."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import small_town

from registry.store.engine import Store, open_store
from registry.worklists.planning import ADRESSEN, GEBIEDEN, INSPECTIES, SIGNALS


def signal(object_id: str, **other: Any) -> dict[str, Any]:
    """One outcome of a rule with plain values."""
    return {
        "regel": "overbewoning",
        "adresseerbaar_object_id": object_id,
        "uitkomst": "signaal",
        "beslissend": "getalsnorm",
        "onbekende_feiten": [],
        "urgentie": "midden",
        "personen_min": 6,
        "personen_max": 6,
        "oppervlakte": 60.0,
        "norm": 12.0,
        "overschrijding": 1,
        "peildatum": date(2026, 1, 8),
        "bewijs": "0123456789abcdef",
        "toelichting": "6 bewoners × 12 m2 = 72 m2, meer dan de 60 m2 gebruiksoppervlakte.",
        "bronnen": "BAG 08-01-2026; BRP 05-01-2026",
    } | other


def adres(object_id: str, huisnummer: int, straat: str = "Kadelaan", **other: Any) -> dict[str, Any]:
    """One address of an object."""
    return {
        "adresseerbaar_object_id": object_id,
        "adres": f"{straat} {huisnummer}",
        "postcode": "3111AB",
        "woonplaats": "Schiedam",
        "straat": straat,
        "huisnummer": huisnummer,
        "is_hoofdadres": True,
    } | other


class Frames:
    """The four frames of a worklist, filled row by row."""

    def __init__(self) -> None:
        self.signals: list[dict[str, Any]] = []
        self.adressen: list[dict[str, Any]] = []
        self.gebieden: list[dict[str, Any]] = []
        self.inspecties: list[dict[str, Any]] = []

    def add(self, object_id: str, huisnummer: int, buurt: str = "Oost", straat: str = "Kadelaan", **other: Any) -> None:
        """A dwelling with a signal, an address and a buurt."""
        self.signals.append(signal(object_id, **other))
        self.adressen.append(adres(object_id, huisnummer, straat))
        self.gebieden.append({"adresseerbaar_object_id": object_id, "wijk": "Wijk A", "buurt": buurt})

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """As ``worklist_rows`` takes them."""
        return (
            pl.DataFrame(self.signals, schema=SIGNALS),
            pl.DataFrame(self.adressen, schema=ADRESSEN),
            pl.DataFrame(self.gebieden, schema=GEBIEDEN),
            pl.DataFrame(self.inspecties, schema=INSPECTIES),
        )


@pytest.fixture(scope="session")
def new_town() -> type[Frames]:
    return Frames


@pytest.fixture
def town() -> Frames:
    return Frames()


@pytest.fixture(scope="session")
def judged_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a small municipality with signals, not to be written to."""
    folder = tmp_path_factory.mktemp("bezoeken")
    path = folder / "woonregister.db"
    small_town.fill(f"sqlite:///{path}", folder / "gemeente").close()
    return path


@pytest.fixture(scope="session")
def judged_store(judged_database: Path) -> Iterator[Store]:
    """The same registry, to read."""
    store = open_store(f"sqlite:///{judged_database}")
    yield store
    store.close()


@pytest.fixture
def own_store(judged_database: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, to write in."""
    for suffix in ("", "-wal", "-shm"):
        if (beside := judged_database.with_name(judged_database.name + suffix)).exists():
            shutil.copyfile(beside, tmp_path / f"eigen.db{suffix}")
    store = open_store(f"sqlite:///{tmp_path / 'eigen.db'}")
    yield store
    store.close()
