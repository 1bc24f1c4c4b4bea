"""When a protected dwelling was given in use, within the term of its transfer."""

import polars as pl

from rules.frames import RecordFrames


def periods(stored: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """``overdracht_id``, ``periode_van``, ``periode_tot``."""
    del frames
    return stored.select(
        "overdracht_id",
        periode_van=pl.lit(None, dtype=pl.Date),
        periode_tot=pl.lit(None, dtype=pl.Date),
    )
