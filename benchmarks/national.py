"""The housing stock of a whole country as typed frames, gemeente by gemeente: 8.3 million dwellings in 342 gemeenten.

Made of a seed, vectorised, without a file: what `insert_frame` puts into the tables of the registry. Keys of persons
are as long and as unordered as those of the registry (keyed hashes), because that is what an index costs. One voorkomen
per object and, of every dwelling, only its last transfer: the national BAG and BRK hold more history than this.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
import polars as pl
import sqlalchemy as sa

from registry.store.tables import registers
from rules.parameters import shipped_law

DWELLINGS: Final = 8_300_000
GEMEENTEN: Final = 342
PEILDATUM: Final = date(2026, 11, 1)
_LONG_AGO, _YEAR = date(2012, 1, 1), date(2026, 1, 1)
# Households of 0 to 7 people: 2.17 residents per dwelling.
_SIZES: Final = np.array([0.04, 0.35, 0.31, 0.125, 0.115, 0.04, 0.015, 0.005])
_PER_BUURT, _PER_PAND, _PER_STREET = 600, 3, 33
_MOVED: Final = 0.2  # of the residents: lived elsewhere in the gemeente before, which is known
_OWNED: Final = 0.72  # of the dwellings: not of a corporatie
_LIVES_THERE: Final = 0.8  # of the private owners
SOURCES: Final = ("bag", "gebieden", "brp", "brk", "woz", "vergunningen", "bedingen", "inspecties", "vaststellingen")

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A gemeente of the made country.

    Attributes:
        code: four digits.
        place: from nought, by size.
        dwellings: how many it has.
    """

    code: str
    place: int
    dwellings: int


def gemeenten(scale: float = 1.0) -> list[Gemeente]:
    """All 342, largest first, with ``scale`` of their dwellings; those that have an ordinance here are the largest."""
    known = sorted(code.removeprefix("GM") for code in shipped_law().gemeenten)
    codes = known + [f"{2000 + place}" for place in range(GEMEENTEN - len(known))]
    weights = 1 / (np.arange(GEMEENTEN) + 8)
    sizes = np.maximum(np.rint(DWELLINGS * scale * weights / weights.sum()), 1).astype(int)
    return [Gemeente(code, place, int(size)) for place, (code, size) in enumerate(zip(codes, sizes, strict=True))]


def national_frames(one: Gemeente, *, since: int = 1995, relations: bool = True) -> Frames:
    """The rows of a gemeente per table of the registry, complete but for the run.

    Args:
        one: the gemeente.
        since: the first year whose transfers are there; of a dwelling without a transfer no ownership is known.
        relations: whether partners, parents and children are there.
    """
    dice = np.random.default_rng(7_000 + one.place)
    homes = _homes(one, dice)
    people = _people(one, homes, dice)
    frames = _bag(one, homes) | _brp(people, homes, dice) | _ownership(homes, people, dice, since)
    if relations:
        frames["relaties"] = _relations(people)
    frames |= _visits(homes, dice)
    return {name: _complete(frame, name) for name, frame in frames.items() if frame.height}


def table_names() -> list[str]:
    """The tables that ``national_frames`` fills."""
    return sorted(national_frames(Gemeente("0606", 0, 2_000)))


def batches(scale: float, *, dwellings: int = 25_000) -> Iterator[Frames]:
    """The frames of all gemeenten, of small ones together: at least so many dwellings, but for the last."""
    held: list[Frames] = []
    for one in gemeenten(scale):
        held.append(national_frames(one))
        if sum(frames["verblijfsobjecten"].height for frames in held) >= dwellings:
            yield _together(held)
            held = []
    if held:
        yield _together(held)


def _together(parts: list[Frames]) -> Frames:
    names = dict.fromkeys(name for frames in parts for name in frames)
    return {name: pl.concat([frames[name] for frames in parts if name in frames]) for name in names}


def _homes(one: Gemeente, dice: np.random.Generator) -> pl.DataFrame:
    number = pl.int_range(one.dwellings).cast(pl.Int64)
    sizes = dice.choice(len(_SIZES), one.dwellings, p=_SIZES / _SIZES.sum())
    area = np.rint(np.maximum(sizes, 1) * 12 * (0.75 + dice.gamma(3.0, 0.55, one.dwellings)))
    return pl.select(number=number).with_columns(
        adresseerbaar_object_id=_bag_id(one, "01", "number"),
        nummer=_bag_id(one, "20", "number"),
        pand=_bag_id(one, "10", pl.col("number") // _PER_PAND),
        straat=_bag_id(one, "30", pl.col("number") // _PER_STREET),
        buurt=pl.format("BU{}{}", pl.lit(one.code), (pl.col("number") // _PER_BUURT).cast(pl.String).str.zfill(4)),
        wijk=pl.format(
            "WK{}{}", pl.lit(one.code), (pl.col("number") // _PER_BUURT // 100).cast(pl.String).str.zfill(2)
        ),
        aantal=pl.Series(sizes.astype(np.int64)),
        oppervlakte=pl.Series(area.astype(np.int64)),
    )  # fmt: skip


def _bag_id(one: Gemeente, kind: str, number: pl.Expr | str) -> pl.Expr:
    number = pl.col(number) if isinstance(number, str) else number
    return pl.lit(one.code + kind) + number.cast(pl.String).str.zfill(10)


def _key(name: str, seed: int) -> pl.Expr:
    """A key of 64 characters in no order, as keyed hashes are."""
    parts = [pl.col(name).hash(seed + turn).cast(pl.String).str.zfill(20) for turn in range(3)]
    return pl.concat_str(parts).str.pad_end(64, "0")


def _people(one: Gemeente, homes: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """One row per resident: home (row of ``homes``), place in the household, keys, since when."""
    home = np.repeat(np.arange(homes.height), homes["aantal"].to_numpy())
    start = pl.Series(dice.integers(7_300, 20_700, home.size).astype(np.int32)).cast(pl.Date)
    people = pl.DataFrame({"home": home, "valid_from": start}).with_columns(
        number=pl.int_range(pl.len()) + one.place * 10_000_000, member=pl.int_range(pl.len()).over("home")
    )
    return people.with_columns(
        persoonslijst=_key("number", 1), bsn_hash=_key("number", 11), bsn_versleuteld=_key("number", 21),
        adresseerbaar_object_id=homes["adresseerbaar_object_id"].gather(people["home"]),
    )  # fmt: skip


def _bag(one: Gemeente, homes: pl.DataFrame) -> Frames:
    every = homes.gather_every(_PER_PAND)
    street = homes.gather_every(_PER_STREET)
    woonplaats = f"{1000 + one.place}"
    buurten = homes.select("buurt", "wijk").unique(maintain_order=True)
    return {
        "woonplaatsen": pl.DataFrame({"woonplaats_id": [woonplaats], "naam": [f"Plaats {one.place}"]}).with_columns(
            status=pl.lit("Woonplaats aangewezen")
        ),
        "gemeente_woonplaatsen": pl.DataFrame(
            {"woonplaats_id": [woonplaats], "gemeente_code": [one.code], "status": ["definitief"]}
        ),
        "gebieden": pl.concat([
            buurten.select(gebied_code="buurt", naam="buurt", bovenliggend_code="wijk", soort=pl.lit("buurt")),
            buurten.select("wijk").unique(maintain_order=True).select(
                gebied_code="wijk", naam="wijk", bovenliggend_code=pl.lit(f"GM{one.code}"), soort=pl.lit("wijk")
            ),
        ]),
        "openbare_ruimten": street.select(
            openbare_ruimte_id="straat", naam=pl.format("Straat {}", "number"),
            status=pl.lit("Naamgeving uitgegeven"), woonplaats_id=pl.lit(woonplaats),
        ),
        "panden": every.select(
            pand_id="pand", status=pl.lit("Pand in gebruik"), oorspronkelijk_bouwjaar=1900 + pl.col("number") * 7 % 126
        ),
        "nummeraanduidingen": homes.select(
            nummeraanduiding_id="nummer", status=pl.lit("Naamgeving uitgegeven"),
            huisnummer=pl.col("number") % _PER_STREET + 1, openbare_ruimte_id="straat",
            postcode=pl.format(
                "{}AA", ((pl.col("number") // 20 + one.place * 101) % 9000 + 1000).cast(pl.String)
            ),
        ),
        "verblijfsobjecten": homes.select(
            "oppervlakte", verblijfsobject_id="adresseerbaar_object_id", hoofdadres_id="nummer",
            status=pl.lit("Verblijfsobject in gebruik"), gebruiksdoelen=pl.lit(["woonfunctie"]),
            pand_ids=pl.concat_list("pand"), nevenadres_ids=pl.lit([], pl.List(pl.String)),
        ),
        "ligging": pl.concat([
            homes.select("adresseerbaar_object_id", gebied_code=soort, soort=pl.lit(soort))
            for soort in ("buurt", "wijk")
        ]),
    }  # fmt: skip


def _brp(people: pl.DataFrame, homes: pl.DataFrame, dice: np.random.Generator) -> Frames:
    born = pl.lit(20_080_101) - pl.col("number") * 37 % 70 * 10_000
    child = pl.lit(20_200_101) - pl.col("number") * 13 % 17 * 10_000
    before = people.filter(pl.Series(dice.random(people.height) < _MOVED))
    elsewhere = pl.Series(dice.integers(0, homes.height, before.height))
    stays = people.select("persoonslijst", "adresseerbaar_object_id", "valid_from", valid_until=pl.lit(None, pl.Date))
    older = before.select(
        "persoonslijst",
        adresseerbaar_object_id=homes["adresseerbaar_object_id"].gather(elsewhere),
        valid_until="valid_from",
        valid_from=pl.col("valid_from") - pl.duration(days=900),
    ).select(stays.columns)
    certain = pl.when(pl.Series(dice.random(people.height + before.height) < 0.99)).then(pl.lit("zeker"))
    return {
        "persoonslijsten": people.select(
            "persoonslijst", "bsn_hash", "bsn_versleuteld",
            geboortedatum=pl.when(pl.col("member") >= 2).then(child).otherwise(born).cast(pl.String),
        ),
        "bewoning": pl.concat([stays, older]).with_columns(zekerheid=certain.otherwise(pl.lit("mogelijk"))),
    }  # fmt: skip


def _relations(people: pl.DataFrame) -> pl.DataFrame:
    """The first two of a home are partners, the others the children of the first; each list says so of its own."""
    first = people.filter(member=0).select("home", eerste="persoonslijst", eerste_hash="bsn_hash")
    others = people.filter(pl.col("member") > 0).join(first, on="home")
    partner = pl.col("member") == 1
    ours = others.select(
        "persoonslijst", gerelateerde="eerste_hash",
        relatie=pl.when(partner).then(pl.lit("partner")).otherwise(pl.lit("ouder")),
    )  # fmt: skip
    theirs = others.select(
        persoonslijst="eerste", gerelateerde="bsn_hash",
        relatie=pl.when(partner).then(pl.lit("partner")).otherwise(pl.lit("kind")),
    )  # fmt: skip
    return pl.concat([ours, theirs]).with_columns(datum_aanvang=pl.lit("20120101"), volgnummer=pl.lit(1))


def _ownership(homes: pl.DataFrame, people: pl.DataFrame, dice: np.random.Generator, since: int) -> Frames:
    bought = pl.Series(dice.integers(9_131, 20_757, homes.height).astype(np.int32)).cast(pl.Date)  # 1995 to 2026
    private = pl.Series(dice.random(homes.height) < _OWNED)
    own = pl.Series(dice.random(homes.height) < _LIVES_THERE)
    sold = homes.with_columns(bought=bought, own=own, object=pl.format("X {} A1", "adresseerbaar_object_id")).filter(
        private & (bought.dt.year() >= since)
    )
    first = people.filter(member=0).select(home="home", bewoner_hash="bsn_hash")
    sold = sold.join(first, left_on="number", right_on="home", how="left").with_columns(
        rechthebbende=_key("adresseerbaar_object_id", 31),
        bsn_hash=pl.when("own").then(pl.coalesce("bewoner_hash", _key("adresseerbaar_object_id", 41)))
        .otherwise(_key("adresseerbaar_object_id", 41)),
        overdracht=pl.format("{}/Hyp4 1/1", "object"), flags=pl.lit([], pl.List(pl.String)),
    )  # fmt: skip
    day = pl.col("bought").cast(pl.String)
    return {
        "kadastrale_objecten": sold.select(
            kadastraal_object="object", adressen=pl.concat_list("adresseerbaar_object_id"), vlaggen="flags"
        ),
        "kadastrale_adressen": sold.select(
            "adresseerbaar_object_id", kadastraal_object="object", adres_sleutel="adresseerbaar_object_id"
        ),
        "rechthebbenden": sold.select(
            "rechthebbende", "bsn_hash", type=pl.lit("natuurlijk_persoon"), vlaggen="flags"
        ),
        "tenaamstellingen": sold.select(
            "rechthebbende", "overdracht", tenaamstelling=_key("adresseerbaar_object_id", 51),
            kadastraal_object="object", aard_recht=pl.lit("eigenaar"), aandeel_teller=pl.lit(1),
            aandeel_noemer=pl.lit(1), aanvang=day, vlaggen="flags",
        ),
        "overdrachten": sold.select(
            "overdracht", kadastraal_object="object", inschrijving=day, aard=pl.lit("levering"), stuk="overdracht",
            vlaggen="flags",
        ),
        "woz_waarden": sold.select(
            "adresseerbaar_object_id", woz_object=pl.format("W{}", "adresseerbaar_object_id"),
            waarde=120_000 + pl.col("number") * 7_919 % 600_000, ingangsdatum_afgeleid=pl.lit(value=False),
            waardepeildatum=pl.date(pl.col("bought").dt.year() - 1, 1, 1),
            ingangsdatum=pl.date(pl.col("bought").dt.year(), 1, 1),
            beschikkingsstatussen=pl.lit([], pl.List(pl.String)),
        ),
    }  # fmt: skip


def _visits(homes: pl.DataFrame, dice: np.random.Generator) -> Frames:
    seen = homes.filter(pl.Series(dice.random(homes.height) < 0.005))
    return {
        "inspecties": seen.select(
            "adresseerbaar_object_id", inspectie=pl.format("I{}", "adresseerbaar_object_id"),
            datum=pl.lit(date(2026, 6, 1)), resultaat=pl.lit("toegang_met_toestemming"), aantal_personen="aantal",
        ),
        "vergunningen": seen.gather_every(3).select(
            "adresseerbaar_object_id", vergunning=pl.format("V{}", "adresseerbaar_object_id"),
            soort=pl.lit("omzetting"), status=pl.lit("verleend"), valid_from=pl.lit(date(2024, 1, 1)),
        ),
        "bedingen": seen.gather_every(2).select(
            "adresseerbaar_object_id", beding=pl.format("B{}", "adresseerbaar_object_id"), soort=pl.lit("zelfbewoning"),
            akte=pl.lit(date(2024, 5, 1)), aanvang=pl.lit("levering"), aanvang_datum=pl.lit(date(2024, 5, 1)),
            maanden=pl.lit(60),
        ),
        "vaststellingen": seen.gather_every(5).select(
            "adresseerbaar_object_id", vaststelling=pl.format("F{}", "adresseerbaar_object_id"),
            feit=pl.lit("gemeten_oppervlakte"), waarde=pl.lit("61"), valid_from=pl.lit(date(2025, 1, 1)),
            bewijs=pl.lit("meting"),
        ),
    }  # fmt: skip


def _complete(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with its provenance, and something in every column that may not be empty."""
    table: sa.Table = getattr(registers, name)
    here = set(frame.columns)
    known: dict[str, pl.Expr] = {
        "voorkomen": pl.lit(1),
        "valid_from": pl.lit(_YEAR if name == "ligging" else _LONG_AGO),
        "in_onderzoek": pl.lit(value=False),
        "geconstateerd": pl.lit(value=False),
        "geometrie": pl.lit(bytes(21)) if name in ("verblijfsobjecten", "gebieden") else pl.lit(bytes(93)),
        "tijdstip_registratie": pl.lit(datetime(2012, 1, 2, 9, 15)),  # noqa: DTZ001 - the BAG has no time zone
        "tijdstip_registratie_lv": pl.lit(datetime(2012, 1, 2, 9, 30)),  # noqa: DTZ001
        "source_file": pl.lit("landelijk"),
        "source_row": pl.int_range(pl.len(), dtype=pl.Int64) + 1,
        "recorded_run_id": pl.lit(_RUNS.get(name, 1)),
    }  # fmt: skip
    return frame.with_columns(
        **{column: value for column, value in known.items() if column in table.c and column not in here}
    )


_RUNS: Final = {
    "gebieden": 2, "ligging": 2, "persoonslijsten": 3, "bewoning": 3, "relaties": 3, "kadastrale_objecten": 4,
    "kadastrale_adressen": 4, "rechthebbenden": 4, "tenaamstellingen": 4, "overdrachten": 4, "woz_waarden": 5,
    "vergunningen": 6, "bedingen": 7, "inspecties": 8, "vaststellingen": 9,
}  # fmt: skip
