"""How long the count of an inspection speaks for a dwelling: a policy choice of the municipality."""

import polars as pl

from rules.facts import fact
from rules.parameters import param

GELDIG_MAANDEN = "toezicht.inspectie_geldig_maanden"


def inspectie_tot() -> pl.Expr:
    """The first day on which the newest count no longer speaks for the dwelling."""
    return fact("inspectie_datum").dt.offset_by(pl.format("{}mo", param(GELDIG_MAANDEN).cast(pl.Int64)))


def inspectie_geldig() -> pl.Expr:
    """Whether the newest count still speaks for the dwelling on the peildatum."""
    return fact("peildatum") < inspectie_tot()
