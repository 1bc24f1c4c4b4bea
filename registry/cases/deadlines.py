"""What ends soon: every legal term that runs, with its last day, its source, and how sure that source is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import polars as pl

from registry.cases.collection import collection_clock, whole_number
from registry.cases.terms import Term, counts_back_to, last_day
from registry.store.engine import ReadConnection
from registry.store.queries.deadlines import (
    read_collection_papers,
    read_forfeits,
    read_open_decisions,
    read_open_papers,
    read_pending_requests,
)
from registry.store.queries.runs import last_run
from registry.store.queries.signals import evaluations_of, read_signals
from rules.law_models import DatedValue
from rules.parameters import Law

_RULES_WITH_END: Final = ("opkoopbescherming", "zelfbewoningsplicht")
_FORFEITS_SINCE_YEARS: Final = 10
_DAY: Final = timedelta(days=1)


class TermijnSoort(StrEnum):
    """Which term it is."""

    OPKOOPBESCHERMING = "opkoopbescherming"
    ZELFBEWONINGSPLICHT = "zelfbewoningsplicht"
    BESLISTERMIJN = "beslistermijn"
    ZIENSWIJZE = "zienswijze"
    BEZWAAR = "bezwaar"
    BEGUNSTIGING = "begunstigingstermijn"
    INVORDERING = "invordering"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term that runs.

    Attributes:
        soort: which term.
        laatste_dag: its last day; None while it stands still and nobody knows until when.
        begin: the day of the event that it runs from.
        bron: law article.
        status: ``vastgesteld`` or ``te_bevestigen``.
        termijnenwet: whether the Algemene termijnenwet moves its end.
        omschrijving: what ends, in Dutch.
        adresseerbaar_object_id: the dwelling.
        zaak: reference of the case, permit or receipt.
    """

    soort: TermijnSoort
    laatste_dag: date | None
    begin: date | None
    bron: str
    status: str
    termijnenwet: bool
    omschrijving: str
    adresseerbaar_object_id: str | None
    zaak: str | None

    def ends_within(self, today: date, days: int) -> bool:
        """Whether the last day lies from today up to and including so many days from now."""
        return self.laatste_dag is not None and today <= self.laatste_dag <= today + timedelta(days=days)


def equated_days(law: Law, gemeente: str | None, on: date) -> frozenset[date]:
    """The days that a royal decree equates with a holiday, as far as the law files of the municipality name them."""
    found = law.value_at("termijnen.gelijkgestelde_dagen", gemeente, on)
    texts = str(found.waarde).split() if found is not None and found.waarde else []
    return frozenset(date.fromisoformat(text) for text in texts)


def permit_decision(
    requested_on: date, *, extended: bool, law: Law, gemeente: str | None
) -> tuple[date, DatedValue | None]:
    """The last day to decide on a request for a permit: eight weeks, once extended by six (Huisvestingswet art. 43).

    The end of the extension is moved too: eight weeks and six are two terms, neither of more than twelve weeks.
    """
    name = "opkoopbescherming.verlengde_beslistermijn_dagen" if extended else "opkoopbescherming.beslistermijn_dagen"
    found = law.value_at(name, gemeente, requested_on)
    whole = whole_number(found, 98 if extended else 56)
    equated = equated_days(law, gemeente, requested_on)
    if not extended:
        return last_day(requested_on, Term(weeks=whole // 7), equated=equated), found
    first = whole - 42
    return last_day(requested_on + timedelta(days=first), Term(weeks=6), equated=equated), found


def recidive_window(observed_on: date, law: Law, gemeente: str | None) -> tuple[date, date]:
    """The period in which an earlier breach makes this one a repeat: four years counted back from the observation.

    The first and last day; the observation itself does not count (Huisvestingswet 2014 art. 35 and 45).
    """
    years = whole_number(law.value_at("termijnen.recidive_jaren", gemeente, observed_on), 4)
    return counts_back_to(observed_on, years), observed_on - _DAY


def read_deadlines(connection: ReadConnection, *, law: Law, gemeente: str | None, today: date) -> list[Deadline]:
    """Every term that runs, the first to end first; what stands still comes last.

    Terms of cases that are closed are left out, but for amounts that became due: they lapse all the same.
    """
    papers = read_open_papers(connection)
    found = [
        *_of_signals(connection, today),
        *_of_requests(connection, law, gemeente),
        *_of_papers(papers, law, gemeente),
        *_of_decisions(connection, law, gemeente),
        *_of_forfeits(connection, law, gemeente, today),
    ]
    return sorted(found, key=lambda one: (one.laatste_dag or date.max, one.soort, one.zaak or "", one.omschrijving))


def _of_signals(connection: ReadConnection, today: date) -> Iterator[Deadline]:
    for regel in _RULES_WITH_END:
        evaluations = evaluations_of(connection, regel, limit=1)
        if not evaluations:
            continue
        signals = read_signals(connection, evaluations[0].evaluatie_id)
        running = signals.filter(uitkomst="signaal").filter(pl.col("tot") >= today)
        for row in running.iter_rows(named=True):
            # On the day itself the rule asks for a legal check: the last certain day is the one before.
            yield Deadline(
                TermijnSoort(regel),
                row["tot"] - _DAY,
                row["periode_van"],
                "artikel 41 lid 1 Huisvestingswet 2014" if regel == "opkoopbescherming" else "het beding in de akte",
                "vastgesteld",
                termijnenwet=False,
                omschrijving=f"{regel.replace('_', ' ')} geldt niet meer vanaf {row['tot']:%d-%m-%Y}",
                adresseerbaar_object_id=row["adresseerbaar_object_id"],
                zaak=row["bewijs"],
            )


def _of_requests(connection: ReadConnection, law: Law, gemeente: str | None) -> Iterator[Deadline]:
    for row in read_pending_requests(connection, known=last_run(connection)):
        extended = row["verlengd_op"] is not None
        last, value = permit_decision(row["aangevraagd_op"], extended=extended, law=law, gemeente=gemeente)
        yield Deadline(
            TermijnSoort.BESLISTERMIJN,
            last,
            row["aangevraagd_op"],
            *_source(value, "artikel 43 Huisvestingswet 2014"),
            termijnenwet=True,
            omschrijving=f"beslissen op de aanvraag ({row['soort']}){', eenmaal verlengd' if extended else ''}",
            adresseerbaar_object_id=row["adresseerbaar_object_id"],
            zaak=row["vergunning"],
        )


def _of_papers(papers: Iterable[Mapping[str, Any]], law: Law, gemeente: str | None) -> Iterator[Deadline]:
    answered = {row["zaak"] for row in papers if row["soort"] in ("zienswijze", "besluit")}
    for row in papers:
        if row["soort"] != "vooraankondiging" or row["richting"] != "verzonden" or row["zaak"] in answered:
            continue
        value = law.value_at("termijnen.zienswijze_dagen", gemeente, row["datum"])
        yield Deadline(
            TermijnSoort.ZIENSWIJZE,
            last_day(row["datum"], Term(days=whole_number(value, 14), by_law=False)),
            row["datum"],
            *_source(value, "artikel 4:8 Algemene wet bestuursrecht"),
            termijnenwet=False,
            omschrijving="een zienswijze geven op de vooraankondiging",
            adresseerbaar_object_id=row["adresseerbaar_object_id"],
            zaak=row["zaak"],
        )


def _of_decisions(connection: ReadConnection, law: Law, gemeente: str | None) -> Iterator[Deadline]:
    for row in read_open_decisions(connection):
        name = f"{row['soort']} {row['nummer']}, versie {row['versie']}"
        place = {"adresseerbaar_object_id": row["adresseerbaar_object_id"], "zaak": row["zaak"]}
        if row["bekendgemaakt_op"] is not None:
            value = law.value_at("termijnen.bezwaar_weken", gemeente, row["bekendgemaakt_op"])
            equated = equated_days(law, gemeente, row["bekendgemaakt_op"])
            yield Deadline(
                TermijnSoort.BEZWAAR,
                last_day(row["bekendgemaakt_op"], Term(weeks=whole_number(value, 6)), equated=equated),
                row["bekendgemaakt_op"],
                *_source(value, "artikel 6:7 Algemene wet bestuursrecht"),
                termijnenwet=True,
                omschrijving=f"bezwaar maken tegen {name}",
                **place,
            )
        if row["begunstiging_tot"] is not None:
            yield Deadline(
                TermijnSoort.BEGUNSTIGING,
                row["begunstiging_tot"] - _DAY,
                row["bekendgemaakt_op"],
                "artikel 5:32a Algemene wet bestuursrecht",
                "vastgesteld",
                termijnenwet=False,
                omschrijving=f"voldoen aan {name}; daarna wordt de dwangsom verbeurd",
                **place,
            )


def _of_forfeits(connection: ReadConnection, law: Law, gemeente: str | None, today: date) -> Iterator[Deadline]:
    papers = read_collection_papers(connection)
    for row in read_forfeits(connection, since=counts_back_to(today, _FORFEITS_SINCE_YEARS)):
        own = [paper for paper in papers if paper["zaak"] == row["zaak"]]
        clock = collection_clock(row, own, law=law, gemeente=gemeente, today=today)
        remark = "; de termijn staat stil door bezwaar, beroep of uitstel" if clock.last is None else ""
        if clock.interrupted_on is not None:
            remark = f"; gestuit op {clock.interrupted_on:%d-%m-%Y}{remark}"
        value = law.value_at("termijnen.invordering_jaren", gemeente, row["verbeurd_op"])
        yield Deadline(
            TermijnSoort.INVORDERING,
            clock.last,
            row["verbeurd_op"],
            *_source(value, "artikel 5:35 Algemene wet bestuursrecht"),
            termijnenwet=False,
            omschrijving=f"dwangsom van € {row['bedrag']} invorderen{remark}",
            adresseerbaar_object_id=row["adresseerbaar_object_id"],
            zaak=row["zaak"],
        )


def _source(value: DatedValue | None, otherwise: str) -> tuple[str, str]:
    return (otherwise, "te_bevestigen") if value is None else (value.bron, value.status)
