"""Parents, partners and children in the lines of persoonslijsten (LO BRP, categories 02, 03, 05 and 09).

A line holds one occurrence of a category at most, the first line the current one. What follows is announced by the
line before it in element H: the category plus fifty for a former version of the same relation (``55``), the category
itself for another relation of the same kind (``05``: another partner, ``09``: another child).
"""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from importers.brp_checks import Problem, passes_elfproef
from importers.brp_lists import LIST, ORDER
from importers.partial_dates import is_valid
from importers.records import PROVENANCE, RELATIES

# Category -> (the prefix of its fields in brp.yml, what the related person is).
CATEGORIES: Final = {
    "02": ("ouder1", "ouder"),
    "03": ("ouder2", "ouder"),
    "05": ("partner", "partner"),
    "09": ("kind", "kind"),
}
_HISTORY: Final = 50
_DATES: Final = ("aanvang", "einde", "geldigheid")
_STILLBORN: Final = "L"  # LO BRP 09.89.10: a child that never lived
_PERSON: Final = "persoonslijst"
RELATION_FIELDS: Final = tuple(
    f"{prefix}_{part}"
    for prefix, _ in CATEGORIES.values()
    for part in ("bsn", "aanvang", "einde", "geldigheid", "onjuist", "onderzoek_van", "onderzoek_tot", "historie",
                 "registratie")
)  # fmt: skip


def holds_relations(headers: Mapping[str, str]) -> bool:
    """Whether a file delivers related persons: without them, silence says nothing about relations."""
    return any(f"{prefix}_bsn" in headers for prefix, _ in CATEGORIES.values())


def relation_problems(headers: Mapping[str, str]) -> list[Problem]:
    """What is odd about related persons; the persoonslijst goes in without them."""
    if not holds_relations(headers):
        return []
    found = []
    for prefix, relatie in CATEGORIES.values():
        bsn = pl.col(f"{prefix}_bsn")
        found.append(
            Problem(f"{prefix}_bsn", ~passes_elfproef(bsn), "gerelateerde_genegeerd",
                    f"het burgerservicenummer van een {relatie} voldoet niet aan de elfproef; het wordt niet gebruikt.")
        )  # fmt: skip
        found.append(
            Problem(f"{prefix}_bsn", bsn == pl.col("bsn").first().over(LIST), "gerelateerde_genegeerd",
                    f"de {relatie} heeft het burgerservicenummer van de persoon zelf; het wordt niet gebruikt.")
        )  # fmt: skip
        found += [
            Problem(name, ~is_valid(pl.col(name)), "datum_genegeerd",
                    "deze datum bestaat niet. Verwacht JJJJMMDD, met nullen voor wat onbekend is.")
            for name in (f"{prefix}_{part}" for part in _DATES)
            if name in headers
        ]  # fmt: skip
    return found


def read_relations(lines: pl.DataFrame) -> pl.DataFrame:
    """The relations of whole persoonslijsten (schema ``RELATIES``): those with a known BSN.

    Args:
        lines: with ``persoonslijst``, ``bsn`` and the fields of ``RELATION_FIELDS``, in the order of the file.
    """
    parts = list(_of_categories(lines))
    found = pl.concat(parts).with_columns(
        volgnummer=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(_PERSON, "relatie", "gerelateerde")
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in RELATIES.schema.items())


def _of_categories(lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    own = pl.col("bsn").first().over(LIST)
    absent = [pl.lit(None, pl.String).alias(name) for name in RELATION_FIELDS if name not in lines.columns]
    numbered = lines.with_columns(*absent, _own_bsn=own)
    for category, (prefix, relatie) in CATEGORIES.items():
        occurrences = _occurrences(numbered, category, prefix)
        yield _relations(occurrences, prefix, relatie)


def _occurrences(lines: pl.DataFrame, category: str, prefix: str) -> pl.DataFrame:
    """The lines of one category, with the number of the relation that each is a version of (``_relation``)."""
    announced = pl.col(f"{prefix}_historie").shift(1).over(LIST)
    starts = (pl.col(ORDER) == 0) | (announced == category)
    follows = announced == str(int(category) + _HISTORY)
    bsn = pl.col(f"{prefix}_bsn")
    usable = passes_elfproef(bsn) & (bsn != pl.col("_own_bsn")).fill_null(value=True)
    names = {part: f"{prefix}_{part}" for part in _DATES}
    dates = [pl.when(is_valid(pl.col(name))).then(name).alias(f"_{part}") for part, name in names.items()]
    return (
        lines.with_columns(_starts=starts.fill_null(value=False), _follows=follows.fill_null(value=False))
        .with_columns(_relation=pl.col("_starts").cast(pl.Int64).cum_sum().over(LIST))
        .filter(pl.col("_starts") | pl.col("_follows"))
        .with_columns(pl.when(usable).then(bsn).alias("_bsn"), *dates)
    )


def _relations(occurrences: pl.DataFrame, prefix: str, relatie: str) -> pl.DataFrame:
    """One row per relation whose newest version has a BSN and was not declared wrong."""
    bsn = pl.col("_bsn")
    # A former version about someone else says nothing about this person.
    same = (pl.col(f"{prefix}_onjuist").is_null()) & (bsn.is_null() | (bsn == bsn.first()))
    began = pl.col("_aanvang").filter(same).drop_nulls().first()
    valid = pl.col("_geldigheid").filter(same).drop_nulls().last()
    newest = [
        pl.col(_PERSON, "_bsn", "_einde", *PROVENANCE, f"{prefix}_onjuist", f"{prefix}_registratie").first(),
        (pl.col(f"{prefix}_onderzoek_van").is_not_null() & pl.col(f"{prefix}_onderzoek_tot").is_null())
        .first()
        .alias("in_onderzoek"),
        began.alias("datum_aanvang"),
        valid.alias("ingangsdatum_geldigheid"),
    ]
    stillborn = pl.col(f"{prefix}_registratie") == _STILLBORN
    return (
        occurrences.group_by(LIST, "_relation", maintain_order=True)
        .agg(newest)
        .filter(bsn.is_not_null(), pl.col(f"{prefix}_onjuist").is_null(), ~stillborn.fill_null(value=False))
        .select(
            _PERSON,
            *PROVENANCE,
            "in_onderzoek",
            "datum_aanvang",
            "ingangsdatum_geldigheid",
            relatie=pl.lit(relatie),
            gerelateerde=bsn,
            datum_einde=pl.col("_einde"),
        )
    )
