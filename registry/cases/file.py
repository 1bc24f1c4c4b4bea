"""The file of an address, an owner or a selection: the one read model behind the page, the workbook and the bundle."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from registry import clock
from registry.cases.dossier_columns import DossierSheet
from registry.cases.field_rows import photo_rows, visit_rows
from registry.cases.handover import CaseRecord, Check, check_handover
from registry.cases.overview import read_adres, read_overview
from registry.cases.parties import Parties, read_parties
from registry.cases.steps import signal_rows, step_rows
from registry.cases.subject import OBJECT, Subject
from registry.cases.term_rows import read_terms
from registry.cases.timeline import case_lines, timeline_rows
from registry.store.engine import ReadConnection
from registry.store.queries import cases
from registry.store.queries.case_facts import read_case_lines, read_runs
from registry.store.queries.case_visits import read_case_assessments, read_case_photos, read_case_visits
from rules.parameters import shipped_law

Row = dict[str, Any]
_NO_LINES: Mapping[str, pl.DataType] = {}


@dataclass(frozen=True, slots=True)
class CasePapers:
    """What people put into a case: rows of ``stukken``, ``besluiten``, ``verbeurten`` and ``zaak_gebeurtenissen``."""

    documents: list[Row]
    decisions: list[Row]
    verbeurten: list[Row]
    events: list[Row]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about a subject on a day, as known just after a run.

    Attributes:
        subject: what it is about.
        peildatum: the day.
        known: a run number.
        overview: the sheet Overzicht, one row per dwelling.
        signals: the sheet Signalen, with the receipts that the steps are made from.
        timeline: the sheet Tijdlijn.
        visits: the sheet Inspecties.
        photos: the sheet Foto's.
        parties: the sheet Betrokkenen, and whose data it holds.
        terms: the sheet Termijnen.
        papers: what people put into the case.
        checks: the check before a file is handed over; empty for a selection.
        runs: the sheet Bronnen.
    """

    subject: Subject
    peildatum: date
    known: int
    overview: pl.DataFrame
    signals: pl.DataFrame
    timeline: pl.DataFrame
    visits: pl.DataFrame
    photos: pl.DataFrame
    parties: Parties
    terms: list[Row]
    papers: CasePapers
    checks: list[Check]
    runs: pl.DataFrame

    def rows(self, sheet: DossierSheet) -> Iterator[list[Any]]:
        """The rows of a sheet of the contract, in its order of columns; what is not known is null."""
        keys = sheet.keys
        content = self._content(sheet.titel)
        if isinstance(content, pl.DataFrame):
            missing = [pl.lit(None).alias(key) for key in keys if key not in content.columns]
            yield from (list(row) for row in content.with_columns(missing).select(keys).iter_rows())
        else:
            yield from ([row.get(key) for key in keys] for row in content)

    def _content(self, titel: str) -> pl.DataFrame | Iterator[Row]:
        if titel == "Toetsing":
            return step_rows(self.signals, self.runs)
        frames = {
            "Overzicht": self.overview,
            "Signalen": self.signals,
            "Tijdlijn": self.timeline,
            "Inspecties": self.visits,
            "Foto's": self.photos,
            "Betrokkenen": self.parties.rows,
            "Bronnen": self.runs,
        }
        return frames[titel] if titel in frames else iter(self._listed(titel))

    def _listed(self, titel: str) -> list[Row]:
        adressen = dict(self.overview.select(OBJECT, "adres").iter_rows())
        match titel:
            case "Termijnen":
                return self.terms
            case "Stukken":
                return [paper | {"besluit": self._decision(paper)} for paper in _local(self.papers.documents)]
            case "Bedragen":
                return _amount_rows(self.papers, dict(self._addressees()))
            case "Controle":
                return [
                    {
                        "controle": check.controle,
                        "adres": adressen.get(check.adresseerbaar_object_id),
                        "antwoord": check.antwoord,
                        "bevinding": check.bevinding,
                        "te_doen": check.te_doen,
                        "grond": check.grond,
                        "uitspraken": check.uitspraken,
                    }
                    for check in self.checks
                ]
            case _:
                raise KeyError(titel)

    def _decision(self, paper: Row) -> str | None:
        named = {row["besluit_id"]: f"{row['nummer']} versie {row['versie']}" for row in self.papers.decisions}
        return named.get(paper["besluit_id"])

    def _addressees(self) -> Iterator[tuple[str, str]]:
        for row in self.parties.rows.filter(rol="eigenaar").iter_rows(named=True):
            yield row["kenmerk"], " ".join(part for part in (row["kenmerk"], row["naam"]) if part)


def read_case_file(
    connection: ReadConnection, subject: Subject, *, peildatum: date, known: int, with_names: bool = False
) -> CaseFile:
    """Everything about a subject.

    Args:
        connection: where to read.
        subject: of ``registry.cases.subject``.
        peildatum: the day of which the registers' state counts.
        known: a run number.
        with_names: whether names of natural persons may be shown: the setting and the reader's role decide.
    """
    objects = subject.objects
    lines = read_case_lines(connection, objects, known=known)
    runs = read_runs(connection, known=known)
    visits = read_case_visits(connection, objects, known=known)
    photos = photo_rows(read_case_photos(connection, visits["inspectie"].to_list(), known=known), visits)
    assessments = read_case_assessments(connection, objects)
    wanted = pl.DataFrame({OBJECT: list(objects)}, schema={OBJECT: pl.String()})
    adressen = read_adres(connection, wanted, peildatum=peildatum, known=known)
    signals = signal_rows(subject.signals, adressen, assessments)
    papers = _papers(connection, subject)
    own = pl.DataFrame(_NO_LINES)
    if subject.zaak is not None:
        own = case_lines(subject.zaak, papers.documents, papers.decisions, papers.verbeurten, papers.events)
    overview = read_overview(
        connection, subject, lines, visits=visits, runs=runs, peildatum=peildatum, known=known, with_names=with_names
    )
    checks = []
    if subject.is_case:
        record = _record(subject, papers, lines, visits, photos=photos, runs=runs, peildatum=peildatum)
        checks = check_handover(replace(record, gemeente=_gemeente(overview)))
    return CaseFile(
        subject=subject,
        peildatum=peildatum,
        known=known,
        overview=overview,
        signals=signals,
        timeline=timeline_rows(
            lines, runs=runs, signals=subject.signals, assessments=assessments, own=own, adressen=adressen
        ),
        visits=visit_rows(visits, photos, adressen),
        photos=photos,
        parties=read_parties(connection, subject, adressen, peildatum=peildatum, known=known, with_names=with_names),
        terms=_terms(connection, subject, papers, overview, peildatum=peildatum),
        papers=papers,
        checks=checks,
        runs=runs,
    )


def _papers(connection: ReadConnection, subject: Subject) -> CasePapers:
    if subject.zaak is None:
        return CasePapers([], [], [], [])
    number = subject.zaak["zaak_id"]
    return CasePapers(
        cases.read_documents(connection, number),
        cases.read_decisions(connection, number),
        cases.read_verbeurten(connection, number),
        cases.read_events(connection, number),
    )


def _terms(
    connection: ReadConnection, subject: Subject, papers: CasePapers, overview: pl.DataFrame, *, peildatum: date
) -> list[Row]:
    return read_terms(
        connection,
        subject,
        papers.decisions,
        law=shipped_law(),
        gemeente=_gemeente(overview),
        adressen=dict(overview.select(OBJECT, "adres").iter_rows()),
        peildatum=peildatum,
    )


def _gemeente(overview: pl.DataFrame) -> str | None:
    found = overview["gemeente"].drop_nulls().to_list()
    return found[0] if found else None


def _record(
    subject: Subject,
    papers: CasePapers,
    lines: pl.DataFrame,
    visits: pl.DataFrame,
    *,
    photos: pl.DataFrame,
    runs: pl.DataFrame,
    peildatum: date,
) -> CaseRecord:
    """What the check looks at."""
    rules: dict[str, list[str]] = defaultdict(list)
    starts: dict[str, list[date | None]] = defaultdict(list)
    for row in subject.signals.iter_rows(named=True):
        rules[row[OBJECT]].append(row["regel"])
        starts[row[OBJECT]].append(row["periode_van"])
    counted = dict(photos.group_by("inspectie").len().iter_rows())
    return CaseRecord(
        objects=subject.objects,
        rules=rules,
        visits=[row | {"fotos": counted.get(row["inspectie"], 0)} for row in visits.to_dicts()],
        documents=papers.documents,
        decisions=papers.decisions,
        verbeurten=papers.verbeurten,
        permits=lines.filter(soort="vergunning").to_dicts(),
        starts=starts,
        permits_known="vergunningen" in runs["bron"].to_list(),
        peildatum=peildatum,
    )


def _local(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        yield row | {"vastgelegd_op": clock.to_local(row["vastgelegd_op"])}


def _amount_rows(papers: CasePapers, named: Mapping[str, str]) -> list[Row]:
    """Decisions with their amounts, and what became due under them."""
    latest: dict[int, int] = {}
    for row in papers.decisions:
        latest[row["nummer"]] = max(row["versie"], latest.get(row["nummer"], 0))
    rows = []
    for row in papers.decisions:
        key = (row["rechthebbende"] or "")[:12]
        rows.append(
            row
            | {
                "besluit": f"{row['nummer']} versie {row['versie']}",
                "geadresseerde": named.get(key, key or None),
                "geldt": latest[row["nummer"]] == row["versie"],
            }
        )
    became_due = [
        {
            "besluit": f"{due['nummer']} versie {due['versie']}",
            "soort": "verbeurde dwangsom",
            "datum": due["verbeurd_op"],
            "bedrag": due["bedrag"],
            "toelichting": None if due["inspectie"] is None else f"vastgesteld bij {due['inspectie']}",
        }
        for due in papers.verbeurten
    ]
    return rows + became_due
