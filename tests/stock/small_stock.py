"""Small stocks, made row by row or at random."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from hypothesis import strategies as st

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN, StatusVerblijfsobject
from registry.stock.records import StockRecords
from registry.store.queries.eigendom import HOLDERS, RIGHTS
from registry.store.queries.stock import BagPeriods
from rules.frames import WOZ_WAARDEN

OP = date(2026, 1, 1)
_PERIOD = {"valid_from": pl.Date(), "valid_until": pl.Date()}
_OBJECT = {"adresseerbaar_object_id": pl.String()}
_STATUSES = [*sorted(WONINGVOORRAAD_STATUSSEN), *(status.value for status in StatusVerblijfsobject)]
SCHEMAS = {
    "objecten": _OBJECT
    | {
        "voorkomen": pl.Int64(),
        "status": pl.String(),
        "gebruiksdoelen": pl.List(pl.String()),
        "oppervlakte": pl.Int64(),
    }
    | {"pand_ids": pl.List(pl.String())}
    | _PERIOD,
    "panden": {"pand_id": pl.String(), "status": pl.String(), "oorspronkelijk_bouwjaar": pl.Int64()} | _PERIOD,
    "ligging": _OBJECT | {"gebied_code": pl.String(), "soort": pl.String()} | _PERIOD,
    "labels": {"gebied_code": pl.String(), "soort": pl.String(), "label": pl.String()} | _PERIOD,
    "gemeenten": _OBJECT | {"gemeente": pl.String()} | _PERIOD | {"within_from": pl.Date(), "within_until": pl.Date()},
    "bewoning": _OBJECT | {"persoon": pl.String(), "zekerheid": pl.String()} | _PERIOD,
}
_USES = [["woonfunctie"], ["winkelfunctie"], ["woonfunctie", "winkelfunctie"]]
LONG_AGO = date(2000, 1, 1)


class Stock:
    """A stock that is filled row by row; every period began long ago unless it says otherwise."""

    def __init__(self, bronnen: Sequence[str] = ("bag", "gebieden", "brp", "brk", "corporaties", "woz")) -> None:
        self.bronnen = bronnen
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
        self.rights: list[dict[str, Any]] = []
        self.holders: dict[str, dict[str, Any]] = {}
        self.woz: list[dict[str, Any]] = []

    def put(self, name: str, **row: Any) -> None:
        self.rows[name].append({"valid_from": LONG_AGO, "valid_until": None} | row)

    def dwelling(self, object_id: str, **other: Any) -> None:
        """A dwelling of 60 m2 in a pand of its own from 1930, unless said otherwise."""
        row = {
            "voorkomen": 1,
            "status": StatusVerblijfsobject.IN_GEBRUIK.value,
            "gebruiksdoelen": ["woonfunctie"],
            "oppervlakte": 60,
            "pand_ids": [f"pand-{object_id}"],
        } | other
        self.put("objecten", adresseerbaar_object_id=object_id, **row)
        for pand_id in row["pand_ids"]:
            if pand_id not in {pand["pand_id"] for pand in self.rows["panden"]}:
                self.pand(pand_id)

    def pand(self, pand_id: str, bouwjaar: int = 1930, status: str = "Pand in gebruik", **period: Any) -> None:
        self.put("panden", pand_id=pand_id, status=status, oorspronkelijk_bouwjaar=bouwjaar, **period)

    def lies(self, object_id: str, code: str, soort: str = "buurt", **period: Any) -> None:
        self.put("ligging", adresseerbaar_object_id=object_id, gebied_code=code, soort=soort, **period)

    def resident(self, object_id: str, persoon: str, zekerheid: str = "zeker", **period: Any) -> None:
        self.put("bewoning", adresseerbaar_object_id=object_id, persoon=persoon, zekerheid=zekerheid, **period)

    def owner(self, object_id: str, key: str, kind: str = "natuurlijk_persoon", **other: Any) -> None:
        """A whole owner; ``since`` and ``until`` are days, ``corporatie`` says whether he is one."""
        corporatie, since = other.pop("corporatie", False), other.pop("since", LONG_AGO)
        until = other.pop("until", None)
        self.rights.append(
            {
                "adresseerbaar_object_id": object_id,
                "kadastraal_object": f"k-{object_id}",
                "rechthebbende": key,
                "persoon": key,
                "aard_recht": "eigenaar",
                "aandeel": 1.0,
                "valid_from_eerste": since,
                "valid_from_laatste": since,
                "valid_until_eerste": until,
                "valid_until_laatste": until,
                "vlaggen": [],
            }
        )
        self.holders[key] = {
            "rechthebbende": key, "persoon": key, "type": kind, "corporatie": corporatie, "vve": False,
            "bsn_hash": f"hash-{key}" if kind == "natuurlijk_persoon" else None,
            "kvk": None if kind == "natuurlijk_persoon" else key, "vlaggen": [], **other,
        }  # fmt: skip

    def value(self, object_id: str, waarde: int | None, aantal_objecten: int = 1) -> None:
        self.woz.append(
            {
                "adresseerbaar_object_id": object_id,
                "woz_object": f"w-{object_id}",
                "waardepeildatum": date(2024, 1, 1),
                "ingangsdatum": date(2025, 1, 1),
                "waarde": waarde,
                "bezwaar": False,
                "aantal_objecten": aantal_objecten,
                "aantal_woz": 1,
            }
        )

    def records(self) -> StockRecords:
        frames = {name: pl.DataFrame(self.rows[name], schema=schema) for name, schema in SCHEMAS.items()}
        sources = {
            "bron": list(self.bronnen), "levering": ["stand"] * len(self.bronnen),
            "leverdatum": [date(2026, 6, 1)] * len(self.bronnen), "run_id": list(range(len(self.bronnen))),
        }  # fmt: skip
        keys = sorted(self.holders)
        return StockRecords(
            known=1,
            sources=pl.DataFrame(sources, schema_overrides={"leverdatum": pl.Date()}),
            bag=BagPeriods(frames["objecten"].sort("adresseerbaar_object_id", "voorkomen"), frames["panden"]),
            ligging=frames["ligging"],
            labels=frames["labels"],
            gemeenten=frames["gemeenten"],
            bewoning=frames["bewoning"],
            rights=pl.DataFrame(self.rights, schema=RIGHTS),
            holders={date.min: pl.DataFrame(list(self.holders.values()), schema=HOLDERS)},
            owners=pl.DataFrame({"rechthebbende": keys, "owner": keys}, schema_overrides=dict.fromkeys(
                ("rechthebbende", "owner"), pl.String())),
            woz=pl.DataFrame(self.woz, schema=WOZ_WAARDEN),
        )  # fmt: skip


@st.composite
def stocks(draw: st.DrawFn) -> Stock:
    """Any stock: gaps, doubts, odd values and sources that were never read included."""
    optional = ["gebieden", "brp", "brk", "corporaties", "woz"]
    stock = Stock(("bag", *draw(st.lists(st.sampled_from(optional), unique=True))))
    days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
    for number in range(draw(st.integers(0, 12))):
        object_id = f"o{number}"
        stock.dwelling(
            object_id,
            status=draw(st.sampled_from(_STATUSES)),
            gebruiksdoelen=draw(
                st.sampled_from([["woonfunctie"], ["winkelfunctie"], ["woonfunctie", "winkelfunctie"]])
            ),
            oppervlakte=draw(st.sampled_from([None, 1, 14, 60, 80, 9999, 999_999, 20_000])),
            pand_ids=draw(st.lists(st.sampled_from(["p1", "p2", "p3"]), unique=True, max_size=2)),
            valid_until=draw(days),
        )
        for code, soort in draw(
            st.lists(st.sampled_from([("A", "buurt"), ("B", "buurt"), ("W", "wijk"), ("E", "eigen"), ("F", "eigen")]),
                     unique=True, max_size=3)
        ):  # fmt: skip
            stock.lies(object_id, code, soort)
        for persoon in draw(st.lists(st.sampled_from("abcdefgh"), max_size=4, unique=True)):
            stock.resident(object_id, persoon, draw(st.sampled_from(["zeker", "mogelijk"])), valid_until=draw(days))
        for key in draw(st.lists(st.sampled_from("abNP"), max_size=2, unique=True)):
            kind = "rechtspersoon" if key.isupper() else "natuurlijk_persoon"
            stock.owner(object_id, key, kind, corporatie=key == "P")
        if draw(st.booleans()):
            stock.value(object_id, draw(st.sampled_from([None, 120_000, 400_000])), draw(st.integers(1, 2)))
    return stock
