"""The life of a dwelling as a timeline: what every source says of it, under every address that it ever had.

An object keeps its identification when it is renumbered, renamed or moves to another gemeente; what was linked to it
stays with it. When it is split or merged, objects begin on the day on which others in the same pand end: those are
named, for a person to judge. Residents are counted, never named.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import polars as pl
import sqlalchemy as sa

from registry.domain.adres import fold_suffix, parse_adres
from registry.store.engine import ReadConnection
from registry.store.queries.address_questions import as_kept, in_pand
from registry.store.queries.adressen import OBJECT_TABLES, adres_with_woonplaats, read_adressen, read_numbers
from registry.store.queries.meldingen import read_meldingen
from registry.store.queries.records import read_record_frames
from registry.store.queries.terugmelding import ended
from registry.store.queries.versions import bag_versions, read_versions
from registry.store.tables import registers
from registry.store.tables.signals import evaluaties, signalen
from rules.facts import RecordFrames

GEBEURTENISSEN = pl.Schema(
    {
        "datum": pl.Date(),  # null: since when is not known
        "tot": pl.Date(),  # exclusive; null: still so, or a moment
        "soort": pl.String(),
        "omschrijving": pl.String(),  # Dutch, without names
    }
)
_OBJECT = "adresseerbaar_object_id"
_NUMMER = "nummeraanduiding_id"


class Gebeurtenis(NamedTuple):
    """One line of the timeline."""

    datum: date | None
    tot: date | None
    soort: str
    omschrijving: str


def find_objects(connection: ReadConnection, text: str, *, known: int) -> pl.DataFrame:
    """The objects that a BAG id or an address denotes or ever denoted.

    Args:
        connection: where to read.
        text: the id of an object or nummeraanduiding, or an address: 'Singel 12', '3112AB 12', 'Singel 12-A, Testdam'.
        known: a run number.

    Returns:
        adresseerbaar_object_id, adres, valid_from and valid_until of each fitting address, latest first.
    """
    adressen = read_adressen(connection, known=known)
    if text.isdecimal():
        fits = adressen.filter((pl.col(_OBJECT) == text) | (pl.col(_NUMMER) == text))
    else:
        read = parse_adres(text)
        suffix = pl.concat_str(pl.col("huisletter").fill_null(""), pl.col("huisnummertoevoeging").fill_null(""))
        wanted = [pl.col("huisnummer") == read.huisnummer]
        if read.postcode is not None:
            wanted.append(pl.col("postcode") == read.postcode)
        if read.straat is not None:
            street = read.straat.casefold()
            names = (pl.col(name).str.to_lowercase() == street for name in ("straat", "verkorte_straat"))
            wanted.append(pl.any_horizontal(*names).fill_null(value=False))
        fits = adressen.filter(*wanted)
        same = [fold_suffix(one) == fold_suffix(read.suffix) for one in fits.select(suffix).to_series().to_list()]
        fits = fits.filter(pl.Series(same, dtype=pl.Boolean))
    return fits.select(_OBJECT, "valid_from", "valid_until", adres=adres_with_woonplaats()).sort(
        "valid_from", _OBJECT, descending=[True, False]
    )


def read_timeline(
    connection: ReadConnection, object_id: str, *, peildatum: date, known: int, frames: RecordFrames | None = None
) -> pl.DataFrame:
    """Everything that happened to one object, oldest first (schema ``GEBEURTENISSEN``).

    ``frames`` are its record frames of that day, for who read them already.
    """
    if frames is None:
        frames = read_record_frames(connection, peildatum=peildatum, known=known, only=object_id)
    # Those that had its addresses before or after it, too; not the rest of the municipality.
    numbers = read_numbers(connection, object_id, known=known)
    adressen = read_adressen(connection, known=known, numbers=numbers)
    lines = [
        *_voorkomens(connection, object_id, known),
        *_addresses(adressen, object_id),
        *_gemeenten(connection, adressen, object_id, known),
        *_relatives(connection, adressen, object_id, known),
        *_occupancy(frames, object_id),
        *_records(frames),
        *_meldingen(connection, object_id, peildatum, known),
        *_signals(connection, object_id, known),
    ]
    rows = pl.DataFrame(list(dict.fromkeys(lines)), schema=GEBEURTENISSEN, orient="row")
    return rows.sort("datum", nulls_last=False, maintain_order=True)


def _voorkomens(connection: ReadConnection, object_id: str, known: int) -> Iterator[Gebeurtenis]:
    """Each voorkomen that changed something that a reader sees."""
    for objecttype, table in OBJECT_TABLES.items():
        own = ("gebruiksdoelen", "oppervlakte") if objecttype == "verblijfsobject" else ()
        columns = ("voorkomen", "status", *own, "valid_from", "valid_until")
        rows = bag_versions(connection, table, columns, known=known, only=object_id).sort("voorkomen")
        before: tuple[object, ...] = ()
        for row in rows.filter(pl.col("valid_from") != pl.col("valid_until").fill_null(date.max)).to_dicts():
            now = tuple(str(row[name]) for name in ("status", *own))
            if now != before:
                parts = [row["status"], ", ".join(row.get("gebruiksdoelen") or [])]
                parts += [f"{row['oppervlakte']} m2"] if row.get("oppervlakte") is not None else []
                text = "; ".join(part for part in parts if part)
                yield Gebeurtenis(row["valid_from"], None, "BAG", text)
            before = now


def _addresses(adressen: pl.DataFrame, object_id: str) -> Iterator[Gebeurtenis]:
    """Each form of each address, once per unbroken period."""
    own = adressen.filter(pl.col(_OBJECT) == object_id).with_columns(adres=adres_with_woonplaats())
    for (text, main), periods in own.sort("valid_from").group_by("adres", "is_hoofdadres", maintain_order=True):
        begin, end = None, None
        for row in periods.to_dicts():
            if begin is not None and end == row["valid_from"]:
                end = row["valid_until"]
                continue
            if begin is not None:
                yield Gebeurtenis(begin, end, "adres", _address_line(str(text), main=bool(main)))
            begin, end = row["valid_from"], row["valid_until"]
        yield Gebeurtenis(begin, end, "adres", _address_line(str(text), main=bool(main)))


def _address_line(text: str, *, main: bool) -> str:
    return text if main else f"nevenadres: {text}"


def _gemeenten(connection: ReadConnection, adressen: pl.DataFrame, object_id: str, known: int) -> Iterator[Gebeurtenis]:
    """In which gemeente it lay, when that changed while it was there."""
    own = adressen.filter(pl.col(_OBJECT) == object_id)
    table = registers.gemeente_woonplaatsen
    columns = ("woonplaats_id", "gemeente_code", "valid_from", "valid_until")
    places = read_versions(connection, table, columns, known=known, where=table.c.status == "definitief")
    joined = own.join(places, on="woonplaats_id", suffix="_gemeente").filter(
        pl.col("valid_from_gemeente") < pl.col("valid_until").fill_null(date.max),
        pl.col("valid_from") < pl.col("valid_until_gemeente").fill_null(date.max),
    )
    if joined["gemeente_code"].n_unique() > 1:
        for row in joined.unique(["woonplaats_id", "gemeente_code", "valid_from_gemeente"]).to_dicts():
            text = f"woonplaats {row['woonplaats'] or row['woonplaats_id']} hoort bij gemeente {row['gemeente_code']}"
            yield Gebeurtenis(row["valid_from_gemeente"], row["valid_until_gemeente"], "gemeente", text)


def _relatives(connection: ReadConnection, adressen: pl.DataFrame, object_id: str, known: int) -> Iterator[Gebeurtenis]:
    """Other objects that had its addresses, or that began or ended in the same pand on the day it ended or began."""
    own = adressen.filter(pl.col(_OBJECT) == object_id)
    others = adressen.filter(pl.col(_OBJECT) != object_id).with_columns(adres=adres_with_woonplaats())
    forms = own.select(adres=adres_with_woonplaats()).unique()
    for row in others.join(forms, on="adres", how="semi").sort("valid_from").to_dicts():
        text = f"het adres {row['adres']} is in deze periode van object {row[_OBJECT]}"
        yield Gebeurtenis(row["valid_from"], row["valid_until"], "ander object", text)
    table = registers.verblijfsobjecten
    columns = ("verblijfsobject_id", "status", "pand_ids", "valid_from")
    mine = bag_versions(connection, table, columns, known=known, only=object_id)
    panden = mine["pand_ids"].explode().drop_nulls().unique().to_list()
    if not panden:
        return
    same = sa.or_(*(in_pand(*as_kept(pand)) for pand in panden))
    near = bag_versions(connection, table, columns, known=known, where=same)
    lives = near.group_by("verblijfsobject_id").agg(
        begin=pl.col("valid_from").min(), end=pl.col("valid_from").filter(ended()).min()
    )
    [own_life] = lives.filter(pl.col("verblijfsobject_id") == object_id).to_dicts()
    for row in lives.filter(pl.col("verblijfsobject_id") != object_id).sort("verblijfsobject_id").to_dicts():
        if own_life["end"] is not None and row["begin"] == own_life["end"]:
            text = f"op de dag van intrekking begon in hetzelfde pand object {row['verblijfsobject_id']}"
            yield Gebeurtenis(own_life["end"], None, "ander object", text)
        if row["end"] is not None and row["end"] == own_life["begin"]:
            text = f"op de begindag eindigde in hetzelfde pand object {row['verblijfsobject_id']}"
            yield Gebeurtenis(own_life["begin"], None, "ander object", text)


def _occupancy(frames: RecordFrames, object_id: str) -> Iterator[Gebeurtenis]:
    """How many lived there, from each day on which that changed."""
    stays = frames.bewoning.filter(pl.col(_OBJECT) == object_id)
    moments = pl.concat([stays["valid_from"], stays["valid_until"]]).unique().sort().to_list()
    open_ended = stays["valid_from"].null_count() > 0
    days = [None, *(day for day in moments if day is not None)] if open_ended else [d for d in moments if d is not None]
    before: tuple[int, int] | None = None
    for day in days:
        at = date.min if day is None else day
        there = stays.filter(
            pl.col("valid_from").is_null() | (pl.col("valid_from") <= at),
            pl.col("valid_until").is_null() | (pl.col("valid_until") > at),
        )
        certain = there.filter(zekerheid="zeker").height
        now = (certain, there.height)
        if now != before:
            possible = f", en {there.height - certain} mogelijke" if there.height > certain else ""
            noun = "bewoner" if certain == 1 else "bewoners"
            yield Gebeurtenis(day, None, "bewoning", f"{certain} {noun}{possible}")
        before = now


def _records(frames: RecordFrames) -> Iterator[Gebeurtenis]:
    """What other sources say: inspections, vaststellingen, permits, transfers, clauses and values."""
    for row in frames.inspecties.to_dicts():
        found = [
            _counted(row["aantal_personen"], "persoon", "personen"),
            _counted(row["huishoudens"], "huishouden", "huishoudens"),
            f"{row['gemeten_oppervlakte']:g} m2 gemeten" if row["gemeten_oppervlakte"] is not None else "",
        ]
        text = ", ".join(part for part in found if part) or "zonder telling of meting"
        yield Gebeurtenis(row["datum"], None, "inspectie", f"{row['inspectie']}: {text}")
    for row in frames.vaststellingen.to_dicts():
        yield Gebeurtenis(row["valid_from"], row["valid_until"], "vaststelling", f"{row['feit']}: {row['waarde']}")
    for row in frames.vergunningen.to_dicts():
        day = row["valid_from"] or row["besluit_op"] or row["aangevraagd_op"]
        yield Gebeurtenis(day, row["valid_until"], "vergunning", f"{row['soort']}: {row['status']}")
    for row in frames.overdrachten.to_dicts():
        text = f"{row['aard'] or 'overdracht'}, ingeschreven {_as_spoken(row['inschrijving']) or 'onbekend'}"
        yield Gebeurtenis(row["inschrijving_eerste"], None, "eigendom", text)
    for row in frames.bedingen.to_dicts():
        yield Gebeurtenis(row["akte"], None, "beding", str(row["soort"]))
    for row in frames.woz_waarden.filter(pl.col("waarde").is_not_null()).to_dicts():
        yield Gebeurtenis(row["waardepeildatum"], None, "WOZ", f"{row['waarde']:,} euro".replace(",", "."))


def _as_spoken(day: str | None) -> str:
    """A day, month or year as it is kept (2023-05-02, 2023-05, 2023) in the order of Dutch texts."""
    return "-".join(reversed((day or "").split("-")))


def _meldingen(connection: ReadConnection, object_id: str, peildatum: date, known: int) -> Iterator[Gebeurtenis]:
    """The reports about it that had come in; who reported is not kept."""
    for row in read_meldingen(connection, known=known, until=peildatum, only=object_id).to_dicts():
        yield Gebeurtenis(row["datum"], None, "melding", f"{row['soort']}: {row['onderwerp']}")


def _signals(connection: ReadConnection, object_id: str, known: int) -> Iterator[Gebeurtenis]:
    """The kept outcomes, by the day that was judged."""
    query = (
        sa.select(evaluaties.c.peildatum, evaluaties.c.regel, signalen.c.uitkomst, signalen.c.bewijs)
        .join(signalen, signalen.c.evaluatie_id == evaluaties.c.evaluatie_id)
        .where(signalen.c.adresseerbaar_object_id == object_id, evaluaties.c.known_run_id <= known)
        .order_by(evaluaties.c.peildatum, evaluaties.c.evaluatie_id)
    )
    for row in connection.execute(query):
        yield Gebeurtenis(row.peildatum, None, "toetsing", f"{row.regel}: {row.uitkomst} (bewijs {row.bewijs})")


def _counted(number: int | None, one: str, more: str) -> str:
    """``1 persoon``, ``4 personen``; empty when nobody counted."""
    return "" if number is None else f"{number} {one if number == 1 else more}"
