"""Whose a dwelling is: the conditions in the order in which they decide, each with its reason in Dutch."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import polars as pl


class Eigendom(StrEnum):
    """Whose a dwelling is, seen from who lives in it."""

    EIGENAAR_BEWONER = "eigenaar_bewoner"
    PARTICULIER_VERHUURD = "particulier_verhuurd"
    BEDRIJF = "bedrijf"
    CORPORATIE = "corporatie"
    ONBEKEND = "onbekend"


_Outcome = tuple[pl.Expr, Eigendom, pl.Expr | str]


def verdict(op: date, bronnen: frozenset[str]) -> pl.Expr:
    """A struct ``verdict`` of ``eigendom`` and ``reden``, from the columns that ``tenure`` counts per dwelling.

    Args:
        op: the day that the reasons name.
        bronnen: the sources that were ever imported.
    """
    day = f"{op:%d-%m-%Y}"
    decided = _answer(Eigendom.PARTICULIER_VERHUURD, _rented(day))
    outcomes = [
        *_by_owners(day, no_brk="brk" not in bronnen),
        *_by_kind(),
        *_by_residents(day, no_brp="brp" not in bronnen),
    ]
    for condition, eigendom, reason in reversed(outcomes):
        decided = pl.when(condition).then(_answer(eigendom, reason)).otherwise(decided)
    return decided.alias("verdict")


def _owners() -> pl.Expr:
    number = pl.col("owners")
    return pl.when(number == 1).then(pl.lit("De eigenaar")).otherwise(pl.format("Elk van de {} eigenaren", number))


def _by_owners(day: str, *, no_brk: bool) -> Iterator[_Outcome]:
    """What the BRK does not tell, and whether an owner lives there."""
    yield from (
        (pl.lit(no_brk), Eigendom.ONBEKEND, "De BRK is niet ingelezen."),
        (
            (pl.col("owners") == 0) & ~pl.col("doubtful"),
            Eigendom.ONBEKEND,
            f"In de BRK is op {day} geen eigenaar van deze woning bekend.",
        ),
        (
            pl.col("conflict"),
            Eigendom.ONBEKEND,
            "De aandelen in de BRK spreken elkaar tegen: samen zijn zij meer dan het geheel.",
        ),
        (
            pl.col("owner_lives_there"),
            Eigendom.EIGENAAR_BEWONER,
            f"Een eigenaar staat op {day} op dit adres ingeschreven (BRK en BRP, zelfde burgerservicenummer).",
        ),
        (
            pl.col("doubtful"),
            Eigendom.ONBEKEND,
            f"Wie op {day} eigenaar was is niet zeker: de datum van een overdracht is niet op de dag bekend.",
        ),
        (
            pl.col("incomplete"),
            Eigendom.ONBEKEND,
            "De aandelen in de BRK zijn samen minder dan het geheel: een eigenaar ontbreekt.",
        ),
    )


def _by_kind() -> Iterator[_Outcome]:
    """What kind of person the owners are decides, whoever lives there."""
    several = _owners()
    yield from (
        (pl.col("some_kind_unknown"), Eigendom.ONBEKEND, "Van een eigenaar is niet bekend wat voor persoon het is."),
        (pl.col("all_vve"), Eigendom.ONBEKEND, "Zij is van een vereniging van eigenaren; die is geen verhuurder."),
        (pl.col("all_corporatie"), Eigendom.CORPORATIE, pl.format("{} is een woningcorporatie (lijst).", several)),
        (
            pl.col("corporatie_unknown"),
            Eigendom.ONBEKEND,
            "Of de eigenaar een woningcorporatie is, is niet na te gaan: de lijst ontbreekt of het nummer ontbreekt.",
        ),
        (
            pl.col("all_legal") & ~pl.col("some_corporatie") & ~pl.col("some_vve"),
            Eigendom.BEDRIJF,
            pl.format("{} is een rechtspersoon en staat niet op de lijst van woningcorporaties.", several),
        ),
    )


def _by_residents(day: str, *, no_brp: bool) -> Iterator[_Outcome]:
    """What is left: owners who are people, none of whom certainly lives there."""
    yield from (
        (~pl.col("all_natural"), Eigendom.ONBEKEND, "De eigenaren zijn van verschillende soort."),
        (pl.lit(no_brp), Eigendom.ONBEKEND, "De BRP is niet ingelezen; niet bekend is wie er woont."),
        (
            pl.col("owner_may_live_there"),
            Eigendom.ONBEKEND,
            f"Een eigenaar woont op {day} mogelijk op dit adres; zeker is dat niet.",
        ),
        (
            pl.col("unmatched"),
            Eigendom.ONBEKEND,
            "Van een eigenaar is geen burgerservicenummer bekend; niet na te gaan is of hij er woont.",
        ),
        (
            pl.col("possible_residents") == 0,
            Eigendom.ONBEKEND,
            f"De eigenaar woont er niet, en op {day} staat niemand op dit adres ingeschreven.",
        ),
        (
            pl.col("residents") == 0,
            Eigendom.ONBEKEND,
            f"De eigenaar woont er niet, en of er op {day} iemand anders woont is niet zeker.",
        ),
    )


def _rented(day: str) -> pl.Expr:
    several = _owners()
    return pl.format(
        "{} is een particulier die er op {} niet staat ingeschreven; er {} wel {} ingeschreven.",
        several,
        pl.lit(day),
        pl.when(pl.col("residents") == 1).then(pl.lit("staat")).otherwise(pl.lit("staan")),
        pl.when(pl.col("residents") == 1)
        .then(pl.lit("een ander"))
        .otherwise(pl.format("{} anderen", pl.col("residents"))),
    )


def _answer(eigendom: Eigendom, reason: pl.Expr | str) -> pl.Expr:
    text = pl.lit(reason) if isinstance(reason, str) else reason
    return pl.struct(eigendom=pl.lit(eigendom.value), reden=text)
