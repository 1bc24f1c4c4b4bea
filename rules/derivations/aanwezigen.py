"""Who is registered where on the peildatum: derived once, for the rules of all kinds of cases."""

import polars as pl

from rules.derivations.bewoning import residents_on
from rules.derivations.vaststellingen import OBJECT
from rules.frames import RecordFrames

_SHARED = "aanwezigen"


def residents(frames: RecordFrames) -> pl.DataFrame:
    """The people registered at any object on the peildatum, as ``residents_on`` gives them."""
    if _SHARED not in frames.derived:
        frames.derived[_SHARED] = residents_on(frames.bewoning, frames.peildatum)
    return frames.derived[_SHARED]


def present_people(frames: RecordFrames, objects: pl.Series) -> pl.DataFrame:
    """The people registered at some objects on the peildatum: the object, ``persoon``, ``zeker``, ``tegenstrijdig``."""
    wanted = objects.unique().to_frame(OBJECT)
    return residents(frames).drop("in_onderzoek").join(wanted, on=OBJECT, how="semi")
