"""The rows of a worklist, out of the registry: signals with their address, area, last visit and sources."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from registry.errors import UsageError
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import adresregel, read_adressen
from registry.store.queries.rights import restricted_dwellings
from registry.store.queries.runs import imported_sources, last_run
from registry.store.queries.signals import evaluations_of, read_signals
from registry.store.queries.stock import read_area_names
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.worklists.planning import WorklistFilters, worklist_rows
from rules.catalogue import find_rule
from rules.facts import FACTS


@dataclass(frozen=True, slots=True)
class Worklist:
    """The rows of a worklist, and the sources that they rest on (bron, levering, leverdatum, run_id)."""

    rows: pl.DataFrame
    sources: pl.DataFrame


def make_worklist(connection: ReadConnection, *, filters: WorklistFilters, peildatum: date | None = None) -> Worklist:
    """The worklist of the latest evaluation of each rule in ``filters``.

    Raises:
        UsageError: a rule was not evaluated yet, or a filter names something that does not exist.
    """
    parts, used, known, day = [], [], 0, date.min
    for regel in filters.regels:
        found = evaluations_of(connection, regel, peildatum=peildatum, limit=1)
        if not found:
            when = "" if peildatum is None else f" --peildatum {peildatum}"
            raise UsageError(f"De regel {regel} is nog niet getoetst. Voer eerst uit: woonregister evaluate{when}.")
        evaluation = found[0]
        signals = read_signals(connection, evaluation.evaluatie_id)
        hidden = restricted_dwellings(
            connection, known=last_run(connection), since=evaluation.known_run_id or 0
        )  # data that may only be kept leads nobody to a door (AVG art. 18)
        signals = signals.filter(~pl.col("adresseerbaar_object_id").is_in(hidden))
        sources = sources_of(regel, imported_sources(connection, known=evaluation.known_run_id or 0))
        parts.append(signals.with_columns(bronnen=pl.lit(describe_sources(sources))))
        used.append(sources)
        known, day = max(known, evaluation.known_run_id or 0), max(day, evaluation.peildatum)
    adressen = read_adressen(connection, known=known, on=day).with_columns(adres=adresregel())
    visits = read_versions(
        connection, registers.inspecties, ("adresseerbaar_object_id", "datum", "resultaat"), known=known
    )
    areas = read_area_names(connection, op=day, known=known)
    rows = worklist_rows(pl.concat(parts), adressen, areas, visits, filters=filters)
    return Worklist(rows, pl.concat(used).unique(["bron", "levering"], keep="last", maintain_order=True))


def sources_of(regel: str, sources: pl.DataFrame) -> pl.DataFrame:
    """The sources that the facts of a rule come from; a vaststelling can stand in for any of them."""
    names = {bron for name in find_rule(regel).evidence for bron in FACTS[name].bronnen} | {"vaststellingen"}
    return sources.filter(pl.col("bron").is_in(sorted(names)))


def describe_sources(sources: pl.DataFrame) -> str:
    """The sources with their delivery dates, in one line: ``bag 15-10-2021; brp 01-11-2026``."""
    latest = sources.group_by("bron").agg(pl.col("leverdatum").max()).sort("bron")
    return "; ".join(f"{bron} {day:%d-%m-%Y}" if day else bron for bron, day in latest.iter_rows())
