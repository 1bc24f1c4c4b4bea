"""Bewoning of a whole gemeente, beside the day-by-day oracle of the tests on a sample.

Both start from persoonslijsten and verblijven in memory. The product gives every period of every person; the oracle
is asked who is where on the first day of each of the twelve months of one year, so the ratio flatters the oracle.
"""

import importlib
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from importers.records import PERSOONSLIJSTEN, VERBLIJVEN
from registry.intake.occupancy import derive_bewoning

_ORACLE = Path(__file__).resolve().parent.parent / "tests" / "intake"


def make_registers(persons: int, stays: int, *, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Synthetic rows: two per hundred dates incomplete, five suspended, some briefadressen, events and onderzoeken."""
    random = np.random.default_rng(seed)
    names = pl.Series([f"{number:010d}" for number in range(persons)])
    owner = np.sort(np.concatenate([np.arange(persons), random.integers(0, persons, stays - persons)]))
    start = np.sort(random.integers(4_000, 20_000, stays))[np.argsort(np.argsort(random.random(stays)))]
    frame = pl.DataFrame({"owner": owner, "start": start, "luck": random.random(stays)}).sort("owner", "start")
    text = pl.col("start").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y%m%d")
    luck = pl.col("luck")
    own: dict[str, pl.Series | pl.Expr] = {
        "persoonslijst": names.gather(frame["owner"]),
        "volgnummer": pl.int_range(pl.len()).reverse().over("owner"),
        "gemeente_van_inschrijving": pl.lit("0606"),
        "functie_adres": pl.when(luck < 0.01).then(pl.lit("B")).otherwise(pl.lit("W")),
        "datum_aanvang_adreshouding": pl.when(luck > 0.98).then(text.str.slice(0, 4) + "0000").otherwise(text),
        "adresseerbaar_object_id": pl.Series(random.integers(0, persons // 2, stays)).cast(pl.String).str.zfill(16),
        "aangifte_adreshouding": pl.when(luck.is_between(0.2, 0.3)).then(pl.lit("T")).otherwise(pl.lit("A")),
        "ingangsdatum_geldigheid": text,
        "onderzoek_aanduiding": pl.when(luck.is_between(0.5, 0.51)).then(pl.lit("089999")),
        "onderzoek_van": pl.when(luck.is_between(0.5, 0.51)).then(pl.lit("20200101")),
    }
    verblijven = frame.select(
        own.get(name, pl.lit(None)).alias(name).cast(dtype) for name, dtype in VERBLIJVEN.schema.items()
    )
    gone = pl.Series(random.random(persons) < 0.05)
    suspension: dict[str, pl.Series | pl.Expr] = {
        "persoonslijst": names,
        "datum_opschorting": pl.when(gone).then(pl.lit("20240101")),
        "reden_opschorting": pl.when(gone).then(pl.lit("O")),
    }
    persoonslijsten = pl.DataFrame({"persoonslijst": names}).select(
        suspension.get(name, pl.lit(None)).alias(name).cast(dtype) for name, dtype in PERSOONSLIJSTEN.schema.items()
    )
    return persoonslijsten, verblijven


def run(persons: int = 85_000, stays: int = 250_000, sample: int = 2_000) -> dict[str, float]:
    """Seconds of the derivation (median of five) and of the oracle, and how many times faster per person."""
    persoonslijsten, verblijven = make_registers(persons, stays)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        bewoning = derive_bewoning(persoonslijsten, verblijven)
        took.append(time.perf_counter() - began)
    oracle = _time_oracle(persoonslijsten.head(sample), verblijven)
    seconds = statistics.median(took)
    return {
        "personen": persons,
        "verblijven": stays,
        "perioden": bewoning.height,
        "afleiding_s": seconds,
        "orakel_twaalf_dagen_s": oracle,
        "verhouding": (oracle / sample) / (seconds / persons),
    }


def _time_oracle(persoonslijsten: pl.DataFrame, verblijven: pl.DataFrame) -> float:
    sys.path.insert(0, str(_ORACLE))
    person_class = importlib.import_module("occupancy_oracle").Person

    stays = verblijven.join(persoonslijsten.select("persoonslijst"), on="persoonslijst", how="semi")
    grouped = {key[0]: rows.rows(named=True) for key, rows in stays.group_by("persoonslijst")}
    people = persoonslijsten.rows(named=True)
    began = time.perf_counter()
    for person in people:
        oracle = person_class(person, grouped[person["persoonslijst"]])
        for month in range(1, 13):
            oracle.whereabouts(date(2024, month, 1))
    return time.perf_counter() - began


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:20} {value:>12,.3f}")
