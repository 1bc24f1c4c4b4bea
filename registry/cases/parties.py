"""The sheet Betrokkenen: who owns the dwellings and who is registered there, with names only where they may be seen."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from registry.cases.subject import OBJECT, Subject
from registry.store.engine import ReadConnection
from registry.store.queries.bewoners import read_persons
from registry.store.queries.eigendom import OWNER_RIGHTS, read_bewoners, read_holders, read_rights

_KEY_LENGTH = 12
_IN_QUERY = 500  # a database has a limit to the values of one query


@dataclass(frozen=True, slots=True)
class Parties:
    """The rows of the sheet, and the pseudonyms of everybody in it for the access log."""

    rows: pl.DataFrame
    persoonslijsten: tuple[str, ...]
    rechthebbenden: tuple[str, ...]


def read_parties(
    connection: ReadConnection,
    subject: Subject,
    adressen: pl.DataFrame,
    *,
    peildatum: date,
    known: int,
    with_names: bool,
) -> Parties:
    """Owners of any period, and the residents of the day.

    Args:
        connection: where to read.
        subject: what the file is about.
        adressen: adresseerbaar_object_id, adres.
        peildatum: the day on which residents count.
        known: a run number.
        with_names: whether names of natural persons may be shown.
    """
    wanted = pl.DataFrame({OBJECT: list(subject.objects)}, schema={OBJECT: pl.String()})
    only = subject.objects[0] if len(subject.objects) == 1 else None
    owners = _owners(connection, wanted, only, peildatum=peildatum, known=known, with_names=with_names)
    residents = read_bewoners(connection, op=peildatum, known=known, only=only).join(wanted, on=OBJECT, how="semi")
    names = _names(connection, residents["persoon"].unique().to_list(), known=known) if with_names else {}
    naam = pl.col("persoon").replace_strict(names, default=None, return_dtype=pl.String)
    living = residents.select(
        OBJECT,
        pl.lit("natuurlijk persoon").alias("soort"),
        "zekerheid",
        rol=pl.lit("bewoner"),
        naam=naam if names else pl.lit(None, pl.String),
        kenmerk=pl.col("persoon").str.head(_KEY_LENGTH),
    )
    rows = pl.concat([owners, living], how="diagonal")
    order = wanted.with_row_index("place")
    rows = rows.join(adressen.select(OBJECT, "adres"), on=OBJECT, how="left")
    rows = rows.join(order, on=OBJECT).sort("place", pl.col("rol") != "eigenaar", "van", "kenmerk", nulls_last=False)
    return Parties(
        rows.drop("place", "rechthebbende"),
        tuple(residents["persoon"].unique().sort().to_list()),
        tuple(owners["rechthebbende"].unique().sort().to_list()),
    )


def _owners(
    connection: ReadConnection,
    wanted: pl.DataFrame,
    only: str | None,
    *,
    peildatum: date,
    known: int,
    with_names: bool,
) -> pl.DataFrame:
    rights = read_rights(connection, known=known, only=only).join(wanted, on=OBJECT, how="semi")
    holders = read_holders(connection, peildatum=peildatum, known=known, only=only)
    named = pl.coalesce("statutaire_naam", "naam") if with_names else pl.col("statutaire_naam")
    held = rights.filter(pl.col("aard_recht").is_in(OWNER_RIGHTS)).unique(
        [OBJECT, "rechthebbende", "aard_recht", "valid_from_eerste"], maintain_order=True
    )
    certain = pl.col("valid_from_eerste").eq_missing(pl.col("valid_from_laatste"))
    return held.join(
        holders.select("rechthebbende", "type", "rsin", "kvk", naam=named), on="rechthebbende", how="left"
    ).select(
        OBJECT,
        "rechthebbende",
        "rsin",
        "kvk",
        "naam",
        rol=pl.lit("eigenaar"),
        soort=pl.col("type").str.replace_all("_", " ", literal=True).fill_null("onbekend"),
        recht=pl.col("aard_recht").str.replace_all("_", " ", literal=True),
        aandeel=pl.col("aandeel").map_elements(_fraction, return_dtype=pl.String),
        van="valid_from_eerste",
        tot="valid_until_eerste",
        zekerheid=pl.when(certain).then(pl.lit("zeker")).otherwise(pl.lit("dag onzeker")),
        kenmerk=pl.col("rechthebbende").str.head(_KEY_LENGTH),
    )


def _names(connection: ReadConnection, persons: list[str], *, known: int) -> dict[str, str]:
    """The name of each person, as far as the registry keeps it and the person did not ask for secrecy (BRP 70.10)."""
    names = {}
    for start in range(0, len(persons), _IN_QUERY):
        found = read_persons(connection, persons[start : start + _IN_QUERY], known=known)
        for row in found.filter(indicatie_geheim=0).iter_rows(named=True):
            parts = (row["voornamen"], row["voorvoegsel"], row["geslachtsnaam"])
            name = " ".join(part for part in parts if part)
            if name:
                names[row["persoonslijst"]] = name
    return names


def _fraction(share: float) -> str:
    """A share as people write it: 1/2, or as a percentage when it is no simple fraction."""
    for below in (1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 16, 20, 24, 100):
        above = round(share * below)
        if above and abs(share - above / below) < 1e-9:
            return f"{above}/{below}"
    return f"{100 * share:.2f}%".replace(".", ",")
