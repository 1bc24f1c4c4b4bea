"""The reasons for which a case comes earlier on a list: each a number from 0 to 1 out of facts that a person can check.

A planner chooses which of them count and how much. The points of a case are the sum of value times weight, and the list
shows every term of that sum: there is no other score. Reasons are about the dwelling, the signal and the file, never
about who somebody is.
"""

import json
from dataclasses import dataclass
from typing import Final

import polars as pl

_FULL_EXCESS: Final = 4  # persons above the norm: as much as counts
_YEAR: Final = 365
_FULL_PORTFOLIO: Final = 5  # signals with one owner: as many as count
_FULL_DISTANCE: Final = 3000.0  # metres: beyond it, near or far makes no difference any more

# What the reasons read, beside the columns of a signal; ``candidates`` makes it.
NEEDED: Final = pl.Schema(
    {
        "uitkomst": pl.String(),
        "urgentie": pl.String(),
        "overschrijding": pl.Int64(),
        "days_left": pl.Int64(),  # until the end of the term
        "days_unvisited": pl.Int64(),  # since the last visit; null: never
        "days_reported": pl.Int64(),  # since the last melding
        "aangevraagd": pl.Boolean(),  # a permit request waits
        "owner_signals": pl.Int64(),  # open signals in the portfolio of the owner
        "start_distance": pl.Float64(),  # metres from the start point
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        title: Dutch name on the list.
        help: Dutch: which value gives how much.
        value: from 0 to 1, over the columns of ``NEEDED``; null counts as 0.
        shown: Dutch: the fact behind the value.
    """

    title: str
    help: str
    value: pl.Expr
    shown: pl.Expr


def _days(column: str) -> pl.Expr:
    return pl.format("{} dagen", pl.col(column))


REASONS: Final[dict[str, Reason]] = {
    "uitkomst": Reason(
        "Uitkomst",
        "1 voor een signaal, 0,5 voor juridisch toetsen, 0,25 voor onbekend.",
        pl.col("uitkomst").replace_strict(
            {"signaal": 1.0, "juridisch_toetsen": 0.5, "onbekend": 0.25}, default=0.0, return_dtype=pl.Float64()
        ),
        pl.col("uitkomst").str.replace_all("_", " ", literal=True),
    ),
    "urgentie": Reason(
        "Urgentie",
        "1 voor hoog, 0,5 voor midden, 0,25 voor laag, volgens de drempels van de gemeente.",
        pl.col("urgentie").replace_strict(
            {"hoog": 1.0, "midden": 0.5, "laag": 0.25}, default=0.0, return_dtype=pl.Float64()
        ),
        pl.col("urgentie"),
    ),
    "overschrijding": Reason(
        "Overschrijding",
        f"Personen boven de norm, gedeeld door {_FULL_EXCESS}, ten hoogste 1.",
        pl.col("overschrijding") / _FULL_EXCESS,
        pl.format(
            "{} {} boven de norm",
            "overschrijding",
            pl.when(pl.col("overschrijding") == 1).then(pl.lit("persoon")).otherwise(pl.lit("personen")),
        ),
    ),
    "termijn": Reason(
        "Termijn die eindigt",
        "1 op de laatste dag van de termijn, aflopend naar 0 een jaar ervoor.",
        1 - pl.col("days_left") / _YEAR,
        pl.format("termijn eindigt over {} dagen", "days_left"),
    ),
    "bezoek": Reason(
        "Laatste bezoek",
        "1 als er nooit een bezoek was of dat een jaar geleden is, aflopend naar 0 op de dag van het bezoek.",
        pl.coalesce(pl.col("days_unvisited") / _YEAR, 1.0),
        pl.when(pl.col("days_unvisited").is_null())
        .then(pl.lit("nooit bezocht"))
        .otherwise(pl.format("{} geleden bezocht", _days("days_unvisited"))),
    ),
    "melding": Reason(
        "Melding",
        "1 op de dag van een melding, aflopend naar 0 een jaar erna.",
        1 - pl.col("days_reported") / _YEAR,
        pl.format("melding van {} geleden", _days("days_reported")),
    ),
    "aanvraag": Reason(
        "Vergunningaanvraag",
        "1 als een aanvraag op een besluit wacht.",
        pl.col("aangevraagd").cast(pl.Float64),
        pl.when("aangevraagd").then(pl.lit("aanvraag wacht op besluit")),
    ),
    "portefeuille": Reason(
        "Portefeuille van de eigenaar",
        f"Andere open signalen bij dezelfde eigenaar, gedeeld door {_FULL_PORTFOLIO}, ten hoogste 1.",
        (pl.col("owner_signals") - 1) / _FULL_PORTFOLIO,
        pl.format("{} open signalen bij deze eigenaar", "owner_signals"),
    ),
    "nabijheid": Reason(
        "Dicht bij het beginpunt",
        f"1 op het beginpunt, aflopend naar 0 op {_FULL_DISTANCE:.0f} meter.",
        1 - pl.col("start_distance") / _FULL_DISTANCE,
        pl.format("{} m van het beginpunt", pl.col("start_distance").round(0).cast(pl.Int64)),
    ),
}


def add_points(cases: pl.DataFrame, weights: dict[str, float]) -> pl.DataFrame:
    """The cases with ``points`` and ``reasons``.

    Args:
        cases: with the columns of ``NEEDED``.
        weights: by code of ``REASONS``.

    Returns:
        ``points``: the sum of value times weight, rounded to three decimals so that equal facts give equal points.
        ``reasons``: JSON, heaviest weight first: ``[{"reden", "titel", "feit", "waarde", "gewicht", "punten"}]``,
        without the reasons that gave nothing.
    """
    codes = sorted((code for code in weights if weights[code] > 0), key=lambda code: (-weights[code], code))
    value = {code: REASONS[code].value.cast(pl.Float64).clip(0, 1).fill_null(0).round(3) for code in codes}
    shown = {code: REASONS[code].shown for code in codes}
    points = pl.sum_horizontal(*(value[code] * weights[code] for code in codes)) if codes else pl.lit(0.0)
    cases = cases.with_columns(pl.col("start_distance").fill_nan(None))
    given = cases.select(
        *(value[code].alias(f"value {code}") for code in codes), *(shown[code].alias(f"shown {code}") for code in codes)
    )
    texts = [_reasons(row, codes, weights) for row in given.iter_rows(named=True)] if codes else ["[]"] * cases.height
    return cases.with_columns(points.round(3).alias("points"), pl.Series("reasons", texts, dtype=pl.String))


def _reasons(row: dict[str, object], codes: list[str], weights: dict[str, float]) -> str:
    found = []
    for code in codes:
        value = row[f"value {code}"]
        if isinstance(value, float) and value > 0:
            found.append(
                {
                    "reden": code,
                    "titel": REASONS[code].title,
                    "feit": row[f"shown {code}"],
                    "waarde": value,
                    "gewicht": weights[code],
                    "punten": round(value * weights[code], 3),
                }
            )
    return json.dumps(found, ensure_ascii=False)
