"""The real BAG of Weesp, read once for every test that needs it."""

from pathlib import Path

import polars as pl
import pytest

from importers import bag
from importers.source import load_source

TABLES = ("openbare_ruimten", "nummeraanduidingen", "verblijfsobjecten", "ligplaatsen", "standplaatsen")


@pytest.fixture(scope="session")
def weesp_bag(shared_data: Path) -> dict[str, pl.DataFrame]:
    """The voorkomens of Weesp on 15 October 2021 that were not made inactive, per record type."""
    path = shared_data / "bag" / "lvbag-gemeente-weesp" / "BAGGEM0457L-15102021.zip"
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in TABLES}
    for batch in bag.read(path, source=load_source("bag")).batches:
        if batch.record.name in parts:
            parts[batch.record.name].append(batch.frame)
    active = pl.all_horizontal(pl.col("^tijdstip_(inactief|inactief_lv|niet_bag_lv)$").is_null())
    return {name: pl.concat(frames).filter(active) for name, frames in parts.items()}
