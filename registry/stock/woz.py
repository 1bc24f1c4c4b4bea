"""What a dwelling was worth on a day, and why: every value that was delivered gets a verdict in plain Dutch."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl

from registry.errors import UsageError
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import holds_object
from registry.store.queries.runs import imported_sources
from registry.store.queries.woz import LEAST_VALUE, is_annulled, is_determined, read_woz_history


class Verdict(StrEnum):
    """Why a delivered value counts on the day, or does not."""

    TELT = "telt"
    NOG_NIET_INGEGAAN = "nog niet ingegaan"
    OUDERE_WAARDEPEILDATUM = "oudere waardepeildatum"
    VERVANGEN = "vervangen door een latere ingangsdatum"
    VERNIETIGD = "beschikking vernietigd"


@dataclass(frozen=True, slots=True)
class ValueAnswer:
    """The value of a dwelling on a day.

    ``waarde`` is in euro and null where it is unknown; ``voor_woningen`` is the number of dwellings for which it holds
    together. ``redenen`` are sentences. ``waarden`` are all delivered values, newest first, with their ``oordeel``.
    """

    adresseerbaar_object_id: str
    op: date
    waarde: int | None
    waardepeildatum: date | None
    ingangsdatum: date | None
    bezwaar: bool | None
    voor_woningen: int | None
    woz_objecten: list[str]
    redenen: list[str]
    waarden: list[dict[str, Any]]


def find_value(connection: ReadConnection, object_id: str, *, op: date, known: int) -> ValueAnswer:
    """What a dwelling was worth on a day, as known at a run.

    Args:
        connection: where to read.
        object_id: the BAG id of the verblijfsobject, ligplaats or standplaats.
        op: the day.
        known: a run number.

    Raises:
        UsageError: the BAG never held such an object, and no value is about it.
    """
    history = read_woz_history(connection, known=known, only=object_id)
    if history.is_empty() and not holds_object(connection, object_id, known=known):
        raise UsageError(f"Er is geen verblijfsobject, ligplaats of standplaats met BAG-id {object_id}.")
    judged = judge_values(history, op)
    counting = judged.filter(oordeel=Verdict.TELT.value)
    first = counting.row(0, named=True) if counting.height else {}
    single = counting.height == 1
    determined = counting.height > 0 and counting.select(is_determined().all()).item()
    imported = "woz" in imported_sources(connection, known=known)["bron"].to_list()
    return ValueAnswer(
        adresseerbaar_object_id=object_id,
        op=op,
        waarde=first["waarde"] if single and determined else None,
        waardepeildatum=first.get("waardepeildatum"),
        ingangsdatum=first.get("ingangsdatum") if single else None,
        bezwaar=first["bezwaar"] if single else None,
        voor_woningen=first["aantal_objecten"] if single else None,
        woz_objecten=counting["woz_object"].to_list(),
        redenen=_reasons(judged, counting, op) if imported else ["De WOZ is nooit ingelezen: de waarde is onbekend."],
        waarden=judged.drop("adresseerbaar_object_id", "source_file", "source_row").to_dicts(),
    )


def judge_values(history: pl.DataFrame, op: date) -> pl.DataFrame:
    """The delivered values of one dwelling with their ``oordeel`` on a day, newest first.

    Args:
        history: columns of ``registry.store.queries.woz.read_woz_history``.
        op: the day.
    """
    numbered = history.with_row_index("_row")
    counting = _counting(numbered.filter(~is_annulled()), op)
    chosen = counting["_row"].implode()
    latest = pl.lit(counting["waardepeildatum"].max(), pl.Date)
    oordeel = (
        pl.when(is_annulled())
        .then(pl.lit(Verdict.VERNIETIGD.value))
        .when(pl.col("_row").is_in(chosen))
        .then(pl.lit(Verdict.TELT.value))
        .when(pl.col("ingangsdatum") > op)
        .then(pl.lit(Verdict.NOG_NIET_INGEGAAN.value))
        .when(pl.col("waardepeildatum") < latest)
        .then(pl.lit(Verdict.OUDERE_WAARDEPEILDATUM.value))
        .otherwise(pl.lit(Verdict.VERVANGEN.value))
    )
    ordered = ["waardepeildatum", "ingangsdatum", "woz_object"]
    return numbered.with_columns(oordeel=oordeel).drop("_row").sort(ordered, descending=[True, True, False])


def _counting(values: pl.DataFrame, op: date) -> pl.DataFrame:
    """Of the values that had taken effect the latest waardepeildatum, and of that the latest ingangsdatum.

    One row per WOZ object. Source: Haal Centraal WOZ bevragen, waarden; Wet WOZ art. 18 and 22; as in
    ``rules.derivations.woz``.
    """
    started = values.filter(pl.col("ingangsdatum") <= op)
    latest = started.filter(pl.col("waardepeildatum") == pl.col("waardepeildatum").max())
    return latest.filter(pl.col("ingangsdatum") == pl.col("ingangsdatum").max().over("woz_object"))


def _reasons(judged: pl.DataFrame, counting: pl.DataFrame, op: date) -> list[str]:
    if judged.is_empty():
        return ["Voor deze woning is geen WOZ-waarde geleverd: de waarde is onbekend."]
    if counting.is_empty():
        return [f"Op {op:%d-%m-%Y} was nog geen van de geleverde waarden ingegaan: de waarde is onbekend."]
    if counting.height > 1:
        count = counting.height
        return [f"De woning hoort bij {count} WOZ-objecten. De waarden worden niet opgeteld: de waarde is onbekend."]
    return _reasons_of_one(counting.row(0, named=True))


def _reasons_of_one(value: dict[str, Any]) -> list[str]:
    chosen = (
        f"Op deze dag telt de waarde met de laatste waardepeildatum ({value['waardepeildatum']:%d-%m-%Y}) die al was "
        f"ingegaan ({value['ingangsdatum']:%d-%m-%Y}), van WOZ-object {value['woz_object']}."
    )
    found = [chosen]
    if value["waarde"] < LEAST_VALUE:
        found.append(f"Geleverd is {value['waarde']} euro: dat staat voor niet bepaald. De waarde is onbekend.")
    if value["aantal_objecten"] > 1:
        found.append(f"De waarde geldt voor {value['aantal_objecten']} woningen samen; zij wordt niet verdeeld.")
    if value["bezwaar"]:
        found.append("Er loopt bezwaar of beroep: de waarde kan nog veranderen.")
    if value["bezwaar"] is None:
        found.append("Of er bezwaar of beroep loopt, is niet geleverd.")
    if value["ingangsdatum_afgeleid"]:
        found.append("De bron noemt geen ingangsdatum: een jaar na de waardepeildatum (Wet WOZ art. 18).")
    return found
