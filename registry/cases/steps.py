"""The sheets Signalen and Toetsing: each outcome, and every step with question, answer, fact, source and article."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from registry.cases.overview import with_needed
from registry.cases.subject import OBJECT
from registry.errors import UsageError
from rules.explain import explain
from rules.facts import FACTS

Row = dict[str, Any]
_SOURCES = {"vaststelling": "vaststellingen", "inspectie": "inspecties", "BAG": "bag", "BRP": "brp"}


def signal_rows(signals: pl.DataFrame, adressen: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """The outcomes with their number in the file, address and latest assessment (keys of the sheet Signalen).

    Args:
        signals: of ``Subject``.
        adressen: adresseerbaar_object_id, adres.
        assessments: schema ``case_visits.ASSESSMENTS``, earliest first.
    """
    latest = assessments.unique([OBJECT, "regel"], keep="last", maintain_order=True)
    judged = latest.select(OBJECT, "regel", "oordeel", oordeel_toelichting="toelichting")
    words = [pl.col(name).str.replace_all("_", " ", literal=True) for name in ("uitkomst", "beslissend", "oordeel")]
    return (
        with_needed(signals)
        .with_row_index("nummer", offset=1)
        .join(adressen.select(OBJECT, "adres"), on=OBJECT, how="left", maintain_order="left")
        .join(judged, on=[OBJECT, "regel"], how="left", maintain_order="left")
        .with_columns(*words, pl.col("nummer").cast(pl.Int64), zin=pl.col("toelichting"))
    )


def step_rows(signals: pl.DataFrame, runs: pl.DataFrame) -> Iterator[Row]:
    """Every fact and every value of the law of every step, signal by signal (keys of the sheet Toetsing).

    Made while it is read, so that a long selection does not fill memory.

    Args:
        signals: of ``signal_rows``.
        runs: schema ``case_facts.RUNS``.
    """
    told = _Deliveries(runs)
    for signal in signals.iter_rows(named=True):
        head = {name: signal[name] for name in ("nummer", "adres", "regel", "bewijs")}
        try:
            explanation = explain(signal)
        except UsageError as error:
            # Made by another version of the rule: the receipt still says what it rested on.
            yield head | {"stap": "niet te herhalen", "vraag": str(error)}
            continue
        for step in explanation.steps:
            own: Row = {"stap": step.name, "vraag": step.question, "antwoord": step.answer, "grond": step.source}
            own |= {"beslissend": step.decisive}
            for value in step.facts:
                delivered = told.of_fact(value.name, value.herkomst, signal["known_run_id"])
                fact = {"gegeven": value.meaning, "waarde": _shown(value.value), "eenheid": value.unit}
                yield head | own | fact | {"bron": value.herkomst or value.source} | delivered
            for item in step.parameters:
                law = {"gegeven": item.meaning, "waarde": _shown(item.value), "eenheid": item.unit}
                status = None if item.status is None else item.status.replace("_", " ")
                yield head | own | law | {"bron": item.source, "status": status}
            if not step.facts and not step.parameters:
                yield head | own


class _Deliveries:
    """Which delivery of a source was the last one when an outcome was made."""

    def __init__(self, runs: pl.DataFrame) -> None:
        self._runs = [
            (row["run_id"], row["bron"], row["leverdatum"]) for row in runs.sort("run_id").iter_rows(named=True)
        ]
        self._found: dict[tuple[frozenset[str], int | None], Row] = {}

    def of_fact(self, name: str, herkomst: str | None, known: int | None) -> Row:
        """The day and run of the latest delivery that could have given the fact; empty when it is not known."""
        bronnen = FACTS[name].bronnen if name in FACTS else frozenset()
        if herkomst in _SOURCES:
            bronnen = frozenset({_SOURCES[herkomst]})
        key = (bronnen, known)
        if key not in self._found:
            fits = [run for run in self._runs if run[1] in bronnen and (known is None or run[0] <= known)]
            self._found[key] = {"run_id": fits[-1][0], "leverdatum": fits[-1][2]} if fits else {}
        return self._found[key]


def _shown(value: Any) -> Any:
    """A value for a cell of text: dates, numbers and lists as the Dutch write them; null stays null."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return f"{date.fromisoformat(value):%d-%m-%Y}"
        except ValueError:
            return value
    return value
