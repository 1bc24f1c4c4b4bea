"""What the BRK needs besides its importer: links of its addresses to the BAG, and transfers that cannot be yet."""

from datetime import date

import polars as pl

from importers.issues import ISSUE, Level
from registry.intake.linking import ADRESSEN, KOPPELING, link

_TYPED = ("adres", "straat", "huisnummer", "suffix", "postcode", "woonplaats")
# What the Kadaster says of an address, from the most certain on: the next counts only when the BAG lacks the former.
_STEPS = (("adresseerbaar_object_id",), ("nummeraanduiding_id",), _TYPED)


def link_kadastrale_adressen(rows: pl.DataFrame, kandidaten: pl.DataFrame, leverdatum: date) -> pl.DataFrame:
    """The BAG object of each kadastraal adres: by its delivered object, else its nummeraanduiding, else its address.

    Args:
        rows: ``row_nr`` and the address columns.
        kandidaten: every address that the registry knows (``linking.KANDIDATEN``).
        leverdatum: the day on which the addresses were current.

    Returns:
        One row per address with schema ``linking.KOPPELING``; of an address that no step links, what its last one says.
    """
    asked = rows.with_columns(op=pl.lit(leverdatum)).select(ADRESSEN.names())
    done = [pl.DataFrame(schema=KOPPELING)]
    pending = pl.DataFrame(schema=KOPPELING)
    for step in _STEPS:
        others = [name for name in ADRESSEN if name not in ("row_nr", "op", *step)]
        given = asked.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in step))
        if given.is_empty():
            continue
        found = link(given.with_columns(pl.lit(None, ADRESSEN[name]).alias(name) for name in others), kandidaten)
        settled = found.filter(pl.col("status") != "onbekend")
        done.append(settled)
        asked = asked.join(settled.select("row_nr"), on="row_nr", how="anti")
        pending = pl.concat([pending.join(found.select("row_nr"), on="row_nr", how="anti"), found])
    left = pending.join(asked.select("row_nr"), on="row_nr", how="semi")
    return pl.concat([*done, left])


def flag_future(frame: pl.DataFrame, leverdatum: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Transfers inscribed after the day of the delivery: kept with a flag, and a warning (schema ``ISSUE``).

    A register cannot know them: the date is wrong. Rules take the inscription as unknown.
    """
    text = pl.col("inschrijving")
    # As text, a year or a month compares with as much of the leverdatum as it holds.
    future = (text > pl.lit(leverdatum.isoformat()).str.slice(0, text.str.len_chars())).fill_null(value=False)
    flag = pl.when(future).then(pl.lit(["in_de_toekomst"])).otherwise(pl.lit([], pl.List(pl.String)))
    issues = frame.filter(future).select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit("in_de_toekomst"),
        text=pl.lit(
            "De inschrijving van deze overdracht ligt na de leverdatum. Zij is ingelezen; de inschrijving telt als "
            "onbekend."
        ),
        source_file="source_file",
        source_row="source_row",
        column=pl.lit(None, pl.String),
        original=text,
        row=pl.lit(None, pl.String),
    ).cast(ISSUE)  # fmt: skip
    return frame.with_columns(vlaggen=pl.concat_list("vlaggen", flag)), issues
