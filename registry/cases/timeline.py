"""The sheet Tijdlijn: what registers say, what was judged and what was done in the case, by day and with its source."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from registry import clock
from registry.cases.subject import OBJECT

_LINE = pl.Schema(
    {
        OBJECT: pl.String(),
        "datum": pl.Date(),
        "tot": pl.Date(),
        "soort": pl.String(),
        "omschrijving": pl.String(),
        "bron": pl.String(),
        "leverdatum": pl.Date(),
        "bekend_sinds": pl.Datetime("us"),
        "run_id": pl.Int64(),
        "source_file": pl.String(),
        "source_row": pl.Int64(),
    }
)


def timeline_rows(
    lines: pl.DataFrame,
    *,
    runs: pl.DataFrame,
    signals: pl.DataFrame,
    assessments: pl.DataFrame,
    own: pl.DataFrame,
    adressen: pl.DataFrame,
) -> pl.DataFrame:
    """Everything in order (keys of the sheet Tijdlijn).

    Args:
        lines: schema ``case_facts.LINES``.
        runs: schema ``case_facts.RUNS``.
        signals: of ``Subject``.
        assessments: schema ``case_visits.ASSESSMENTS``.
        own: of ``case_lines``.
        adressen: adresseerbaar_object_id, adres.
    """
    delivered = runs.select("run_id", "bron", "leverdatum", bekend_sinds="klaar")
    facts = lines.join(delivered, on="run_id", how="left")
    words = pl.format(
        "{}: {} (bewijs {})",
        pl.col("regel").str.replace_all("_", " ", literal=True),
        pl.col("uitkomst").str.replace_all("_", " ", literal=True),
        "bewijs",
    )
    judged = signals.select(
        OBJECT,
        datum="peildatum",
        soort=pl.lit("toetsing"),
        omschrijving=words,
        bron=pl.lit("toetsing"),
        bekend_sinds="getoetst_op",
        run_id="known_run_id",
    )
    told = pl.format("{}: {} door {}: {}", "regel", "oordeel", "auteur", "toelichting")
    assessed = assessments.select(
        OBJECT,
        datum=pl.col("beoordeeld_op").dt.date(),
        soort=pl.lit("beoordeling"),
        omschrijving=told,
        bron=pl.lit("beoordeling"),
        bekend_sinds="beoordeeld_op",
    )
    parts = [facts.select(_LINE.names()), judged, assessed, own]
    rows = pl.concat([pl.DataFrame(schema=_LINE), *parts], how="diagonal")
    return rows.join(adressen.select(OBJECT, "adres"), on=OBJECT, how="left").sort(
        "datum", OBJECT, "soort", "omschrijving", nulls_last=False
    )


def case_lines(
    case: Mapping[str, Any],
    documents: Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
    verbeurten: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
) -> pl.DataFrame:
    """What was done in a case, as lines of the timeline."""
    about = case[OBJECT]
    rows = [_line(clock.to_local(case["geopend_op"]), "zaak", f"geopend: {case['aanleiding']}", case, about)]
    for paper in documents:
        signed = "" if paper["ondertekend_op"] is None else f", ondertekend door {paper['ondertekend_door']}"
        text = f"{paper['soort']} ({paper['richting']}): {paper['titel']}{signed}"
        rows.append(_line(paper["datum"], "stuk", text, paper, about))
    for decision in decisions:
        amount = "" if decision["bedrag"] is None else f", € {decision['bedrag']} {_per(decision)}"
        text = f"{decision['soort']}, besluit {decision['nummer']} versie {decision['versie']}{amount}"
        rows.append(_line(decision["datum"], "besluit", text, decision, decision[OBJECT] or about))
    for due in verbeurten:
        text = f"€ {due['bedrag']} verbeurd onder besluit {due['nummer']} versie {due['versie']}"
        rows.append(_line(due["verbeurd_op"], "bedrag", text, due, about))
    for event in events:
        moment = clock.to_local(event["tijdstip"])
        rows.append(_line(moment, "zaak", f"{event['soort']}: {event['reden']}", event, about))
    return pl.DataFrame(rows, schema=_LINE)


def _line(day: Any, soort: str, text: str, row: Mapping[str, Any], about: str | None) -> dict[str, Any]:
    known = row.get("vastgelegd_op") or row.get("tijdstip") or row.get("geopend_op")
    return {
        OBJECT: about,
        "datum": day.date() if hasattr(day, "date") else day,
        "soort": soort,
        "omschrijving": f"{text} (vastgelegd door {row['auteur']})",
        "bron": "zaak",
        "bekend_sinds": clock.to_local(known),
    }


def _per(decision: Mapping[str, Any]) -> str:
    per = decision["bedrag_per"]
    most = decision["bedrag_ten_hoogste"]
    text = "ineens" if per in (None, "ineens") else f"per {per}"
    return text if most is None else f"{text}, ten hoogste € {most}"
