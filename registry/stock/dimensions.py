"""What the stock can be divided by, each written once: classes, their order, definition and what differs from CBS.

The command line, Excel and every other reader use these and no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from registry.ownership.tenure import Eigendom
from registry.stock.facts import MOST_AREA, SEVERAL

UNKNOWN: Final = "onbekend"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to divide the stock.

    Attributes:
        name: as on the command line, and the column of the answer.
        header: Dutch heading.
        label: the class of a dwelling, as text; null is unknown.
        definition: what the classes mean and what differs from CBS, one Dutch sentence or more.
        source: the bron without which everything is unknown.
        parts: what of ``stock_facts`` it needs.
        order: the classes in their order; empty is the order of the alphabet.
    """

    name: str
    header: str
    label: pl.Expr
    definition: str
    source: str
    parts: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def rank(self) -> pl.Expr:
        """What its column is sorted by: the order of the classes, unknown last."""
        column = pl.col(self.name)
        last = pl.when(column == UNKNOWN).then(2).when(column == SEVERAL).then(1).otherwise(0)
        if not self.order:
            return pl.struct(last, column)
        ranks = dict(zip(self.order, range(len(self.order)), strict=True))
        return column.replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)


def _classes(column: pl.Expr, breaks: Sequence[int], labels: Sequence[str]) -> pl.Expr:
    """The label of the class that a number falls in; ``breaks`` are the first numbers of all classes but the first."""
    *below, last = labels
    named = (pl.when(column < upper).then(pl.lit(name)) for upper, name in zip(breaks, below, strict=True))
    return pl.coalesce(*named, pl.when(column.is_not_null()).then(pl.lit(last)))


_PERIODS = (
    "voor 1906", "1906-1930", "1931-1944", "1945-1959", "1960-1970", "1971-1980", "1981-1990", "1991-2000",
    "2001-2010", "2011 en later",
)  # fmt: skip
_SIZES = (
    "2 tot 15 m2", "15 tot 50 m2", "50 tot 75 m2", "75 tot 100 m2", "100 tot 150 m2", "150 tot 250 m2",
    "250 m2 en meer",
)  # fmt: skip
_TYPES = ("eengezinswoning", "meergezinswoning")
_TENURES: Final = {
    Eigendom.EIGENAAR_BEWONER.value: "eigenaar-bewoner",
    Eigendom.PARTICULIER_VERHUURD.value: "particulier verhuurd",
    Eigendom.BEDRIJF.value: "bedrijf",
    Eigendom.CORPORATIE.value: "corporatie",
    Eigendom.ONBEKEND.value: UNKNOWN,
}
_PORTFOLIOS = ("1 woning", "2 woningen", "3-5 woningen", "6-10 woningen", "11-50 woningen", "meer dan 50 woningen")


def size_class(count: pl.Expr) -> pl.Expr:
    """The class of a portfolio by its number of dwellings; none has no class."""
    return (
        pl.when(count > 0).then(_classes(count, [2, 3, 6, 11, 51], _PORTFOLIOS)).otherwise(pl.lit("geen woning meer"))
    )


_VALUES = (
    "tot 150.000 euro", "150.000 tot 250.000 euro", "250.000 tot 350.000 euro", "350.000 tot 450.000 euro",
    "450.000 tot 600.000 euro", "600.000 euro en meer",
)  # fmt: skip
_USES = ("alleen wonen", "wonen en ander gebruik")
_OCCUPIED = ("bewoond", "niet bewoond")
_RESIDENTS = ("0", "1", "2", "3", "4", "5", "6 en meer")
_SPACES = (
    "niet bewoond", "minder dan 12 m2", "12 tot 20 m2", "20 tot 30 m2", "30 tot 50 m2", "50 tot 75 m2",
    "75 m2 en meer",
)  # fmt: skip

_BOTH_COUNTS = pl.col("bewoners_min") == pl.col("bewoners_max")
_COUNT = pl.when(_BOTH_COUNTS).then("bewoners_min")
SPACE: Final = pl.when(_COUNT > 0).then(pl.col("oppervlakte") / _COUNT)
"""m2 per resident, where the number of residents and the oppervlakte are known."""

_ALL = (
    Dimension(
        "gemeente",
        "Gemeente",
        pl.col("gemeente"),
        "Gemeente: van de woonplaats van het hoofdadres, anders van het gebied waarin de woning ligt.",
        "bag",
        ("gemeente",),
    ),
    Dimension(
        "wijk",
        "Wijk",
        pl.col("wijk"),
        "Wijk en buurt: door ligging van het punt in de CBS-indeling die op de dag gold.",
        "gebieden",
        ("gebieden",),
    ),
    Dimension(
        "buurt",
        "Buurt",
        pl.col("buurt"),
        "Wijk en buurt: door ligging van het punt in de CBS-indeling die op de dag gold.",
        "gebieden",
        ("gebieden",),
    ),
    Dimension(
        "eigen_gebied",
        "Eigen gebied",
        pl.col("eigen_gebied"),
        f"Eigen gebied: een indeling van de gemeente zelf; een woning in elkaar overlappende gebieden telt eenmaal, "
        f"als '{SEVERAL}'. Buiten elk gebied is '{UNKNOWN}'.",
        "gebieden",
        ("gebieden",),
    ),
    Dimension(
        "eigendom",
        "Eigendom",
        pl.col("eigendom").replace_strict(_TENURES, default=UNKNOWN, return_dtype=pl.String),
        "Eigendom: naar de A-methode van het CBS (de eigenaar uit de BRK woont er volgens de BRP). Anders dan het CBS "
        "wordt niet geraden naar het aantal woningen van een eigenaar: wat niet blijkt is onbekend. Het CBS telt "
        "'particulier verhuurd' en 'bedrijf' samen als overige verhuurders.",
        "brk",
        ("eigendom",),
        tuple(_TENURES.values()),
    ),
    Dimension(
        "eigenaarsgrootte",
        "Grootte van de eigenaar",
        _classes(pl.col("portefeuille"), [2, 3, 6, 11, 51], _PORTFOLIOS),
        "Grootte van de eigenaar: het aantal woningen in dit register waarvan hij op de dag zeker (mede-)eigenaar was; "
        "van meer eigenaren telt de grootste. Het CBS kent deze indeling niet.",
        "brk",
        ("eigendom",),
        _PORTFOLIOS,
    ),
    Dimension(
        "bouwperiode",
        "Bouwperiode",
        _classes(pl.col("bouwjaar"), [1906, 1931, 1945, 1960, 1971, 1981, 1991, 2001, 2011], _PERIODS),
        "Bouwperiode: oorspronkelijk bouwjaar van het oudste pand; een bouwjaar voor 1000 of na de peildatum is "
        "onbekend (CBS).",
        "bag",
        ("pand",),
        _PERIODS,
    ),
    Dimension(
        "grootteklasse",
        "Oppervlakteklasse",
        _classes(pl.col("oppervlakte"), [15, 50, 75, 100, 150, 250], _SIZES),
        f"Oppervlakteklasse: gebruiksoppervlakte uit de BAG; 1, 9999 en vanaf {MOST_AREA} m2 is onbekend (CBS).",
        "bag",
        (),
        _SIZES,
    ),
    Dimension(
        "woningtype",
        "Woningtype",
        _classes(pl.col("pand_objecten"), [2], _TYPES),
        "Woningtype: een eengezinswoning is het enige verblijfsobject in haar pand; met andere woningen of "
        "bedrijfsruimten samen is zij een meergezinswoning (CBS). De BAG zegt niet of een eengezinswoning een "
        "tussen-, hoek-, twee-onder-een-kap- of vrijstaande woning is.",
        "bag",
        ("pand",),
        _TYPES,
    ),
    Dimension(
        "wozklasse",
        "WOZ-klasse",
        _classes(pl.col("waarde"), [150_000, 250_000, 350_000, 450_000, 600_000], _VALUES),
        "WOZ-klasse: de waarde met de laatste waardepeildatum die op de dag was ingegaan; een waarde voor meer "
        "woningen samen wordt niet verdeeld en is onbekend.",
        "woz",
        ("woz",),
        _VALUES,
    ),
    Dimension(
        "gebruik",
        "Gebruik",
        pl.when(pl.col("gebruiksdoelen").list.len() == 1).then(pl.lit(_USES[0])).otherwise(pl.lit(_USES[1])),
        "Gebruik: of de woning volgens de BAG behalve de woonfunctie nog een gebruiksdoel heeft.",
        "bag",
        (),
        _USES,
    ),
    Dimension(
        "bewoond",
        "Bewoond",
        pl.when(pl.col("bewoners_min") > 0)
        .then(pl.lit(_OCCUPIED[0]))
        .when(pl.col("bewoners_max") == 0)
        .then(pl.lit(_OCCUPIED[1])),
        "Bewoond: er staat op de dag zeker iemand ingeschreven. Niet bewoond wil zeggen: zonder inschrijving; het CBS "
        "rekent net zo.",
        "brp",
        ("bewoning",),
        _OCCUPIED,
    ),
    Dimension(
        "bewoners",
        "Bewoners",
        _classes(_COUNT, [1, 2, 3, 4, 5, 6], _RESIDENTS),
        "Bewoners: het aantal ingeschrevenen; onbekend waar het door onvolledige datums niet vaststaat.",
        "brp",
        ("bewoning",),
        _RESIDENTS,
    ),
    Dimension(
        "ruimte_per_bewoner",
        "Ruimte per bewoner",
        pl.when(_COUNT == 0).then(pl.lit(_SPACES[0])).otherwise(_classes(SPACE, [12, 20, 30, 50, 75], _SPACES[1:])),
        "Ruimte per bewoner: oppervlakte gedeeld door het aantal ingeschrevenen. Het is geen uitkomst van de toets op "
        "overbewoning: die kent ook woonwagens, metingen en onzekerheid.",
        "brp",
        ("bewoning",),
        _SPACES,
    ),
    Dimension(
        "status",
        "Status",
        pl.col("status"),
        "Status: van het verblijfsobject in de BAG.",
        "bag",
    ),
)  # fmt: skip

DIMENSIONS: Final[dict[str, Dimension]] = {dimension.name: dimension for dimension in _ALL}
AREAS: Final = ("gemeente", "wijk", "buurt", "eigen_gebied")
