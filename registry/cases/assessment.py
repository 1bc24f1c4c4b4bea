"""A person assesses a signal: confirmed, refuted with a reason, more research, or handed over.

A signal is not a decision, and an assessment is not one either: it says what an official makes of the signal, on which
facts, so that a decision can rest on it. Assessments of one case are numbered. Who assesses says which number he saw
last; when a colleague was first, he is told and nothing is written.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import polars as pl

from registry import clock
from registry.errors import UsageError
from registry.signals.silence import Oordeel
from registry.store.engine import ReadConnection, Store, WriteConnection
from registry.store.queries.assessments import (
    insert_assessment,
    read_assessments,
    read_judged_signal,
    read_latest_assessments,
)
from registry.store.queries.visits import read_visit

_MIN_TEXT: Final = 3


class Weerlegging(StrEnum):
    """Why a signal is refuted; the codes are counted, the text beside them tells the rest."""

    REGISTRATIE_ONJUIST = "registratie_onjuist"  # the register is wrong: people left, or never lived there
    REGISTRATIE_VERTRAAGD = "registratie_vertraagd"  # right on the day, overtaken since
    OPPERVLAKTE_ANDERS = "oppervlakte_anders"
    EEN_HUISHOUDEN = "een_huishouden"
    EIGENAAR_WOONT_ER = "eigenaar_woont_er"
    FAMILIE = "familie"
    VERGUND = "vergund"
    UITZONDERING = "uitzondering"  # an exception of the law that the registers do not show
    ANDER_OBJECT = "ander_object"  # linked to the wrong address
    ANDERS = "anders"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody makes of a signal.

    Attributes:
        bewijs: receipt of the signal.
        oordeel: the judgement.
        toelichting: why, in words.
        auteur: who.
        seen_version: the latest assessment of the case that he had seen; 0 is none.
        reden: code, only and always with ``weerlegd``.
        inspectie: the visit that it rests on.
        overgedragen_aan: to whom, only and always with ``overgedragen``.
    """

    bewijs: str
    oordeel: Oordeel
    toelichting: str
    auteur: str
    seen_version: int
    reden: Weerlegging | None = None
    inspectie: str | None = None
    overgedragen_aan: str | None = None


class AlreadyAssessedError(UsageError):
    """A colleague assessed the case first; ``latest`` is what he made of it."""

    code = "al_beoordeeld"

    def __init__(self, text: str, latest: dict[str, Any]) -> None:
        super().__init__(text)
        self.latest = latest


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment that was kept: its number, and its version within the case."""

    beoordeling_id: int
    versie: int


def assess(store: Store, assessment: Assessment) -> Assessed:
    """Keep an assessment, with the facts and numbers of the law that it is about.

    Raises:
        UsageError: it is not complete, or there is no such signal or visit.
        AlreadyAssessedError: the case was assessed since the version that the author had seen.
        StoreError: the database failed.
    """
    _check(assessment)
    with store.write_transaction() as connection:
        return assess_within(connection, assessment, moment=clock.now())


def assess_within(connection: WriteConnection, assessment: Assessment, *, moment: datetime) -> Assessed:
    """As ``assess``, within a transaction of the caller."""
    _check(assessment)
    signal = require_signal(connection, assessment.bewijs)
    case = (signal["regel"], signal["zaak_id"], signal["adresseerbaar_object_id"])
    latest = read_latest_assessments(connection, case=case)
    version = 0 if latest.is_empty() else int(latest["versie"][0])
    if version != assessment.seen_version:
        raise _already(latest)
    if assessment.oordeel is Oordeel.HERROEPEN and version == 0:
        raise UsageError("Deze zaak is nog niet beoordeeld; er is niets te herroepen.")
    _check_visit(connection, assessment.inspectie, signal["adresseerbaar_object_id"])
    number = insert_assessment(connection, _values(assessment, signal, version + 1, moment))
    if number is None:
        raise _already(read_latest_assessments(connection, case=case))
    return Assessed(number, version + 1)


def assessments_of(connection: ReadConnection, bewijs: str) -> pl.DataFrame:
    """Every assessment of the case that a receipt is about, earliest first (schema ``BEOORDELINGEN``).

    Raises:
        UsageError: no evaluation gave this receipt.
    """
    signal = require_signal(connection, bewijs)
    return read_assessments(connection, case=(signal["regel"], signal["zaak_id"], signal["adresseerbaar_object_id"]))


def require_signal(connection: ReadConnection, bewijs: str) -> dict[str, Any]:
    """The signal of a receipt.

    Raises:
        UsageError: no evaluation gave this receipt.
    """
    signal = read_judged_signal(connection, bewijs)
    if signal is None:
        raise UsageError(f"Er is geen signaal met bewijsnummer {bewijs}. Neem het over van de werklijst of de uitleg.")
    return signal


def _check(assessment: Assessment) -> None:
    if not assessment.auteur.strip():
        raise UsageError("Vermeld wie beoordeelt: een beoordeling zonder naam is later niet te verantwoorden.")
    if len(assessment.toelichting.strip()) < _MIN_TEXT:
        raise UsageError("Licht het oordeel toe: een beoordeling zonder reden is later niet te verantwoorden.")
    refuted = assessment.oordeel is Oordeel.WEERLEGD
    if refuted != (assessment.reden is not None):
        codes = ", ".join(Weerlegging)
        raise UsageError(
            f"Kies bij weerlegd een reden: {codes}."
            if refuted
            else f"Een reden hoort alleen bij weerlegd, niet bij {assessment.oordeel.replace('_', ' ')}."
        )
    handed = assessment.oordeel is Oordeel.OVERGEDRAGEN
    if handed != bool(assessment.overgedragen_aan):
        raise UsageError(
            "Vermeld aan wie de zaak is overgedragen."
            if handed
            else "Overgedragen aan hoort alleen bij het oordeel overgedragen."
        )


def _check_visit(connection: ReadConnection, inspectie: str | None, object_id: str) -> None:
    if inspectie is None:
        return
    visit = read_visit(connection, inspectie)
    if visit is None:
        raise UsageError(f"Er is geen bezoek met nummer {inspectie}. 'woonregister bezoek lijst' geeft de nummers.")
    if visit["adresseerbaar_object_id"] != object_id:
        raise UsageError(f"Bezoek {inspectie} was aan een ander adres dan het signaal. Kies het bezoek aan dit adres.")


def _already(latest: pl.DataFrame) -> AlreadyAssessedError:
    if latest.is_empty():
        return AlreadyAssessedError("Deze zaak is nog niet beoordeeld. Beoordeel haar zonder eerdere versie.", {})
    row = latest.row(0, named=True)
    text = (
        f"Deze zaak is intussen beoordeeld door {row['auteur']} op {row['beoordeeld_op']:%d-%m-%Y om %H:%M}: "
        f"{row['oordeel'].replace('_', ' ')} ({row['toelichting']}). Er is niets gewijzigd. Wilt u haar toch opnieuw "
        f"beoordelen, doe dat dan na versie {row['versie']}."
    )
    return AlreadyAssessedError(text, row)


def _values(assessment: Assessment, signal: dict[str, Any], version: int, moment: datetime) -> dict[str, Any]:
    kept = (
        "regel", "zaak_id", "adresseerbaar_object_id", "bewijs", "regel_versie", "peildatum", "wet_hash",
        "feiten_hash", "feiten", "parameters",
    )  # fmt: skip
    return {name: signal[name] for name in kept} | {
        "known_run_id": signal["known_run_id"],
        "versie": version,
        "oordeel": assessment.oordeel.value,
        "reden": assessment.reden.value if assessment.reden else None,
        "toelichting": assessment.toelichting.strip(),
        "inspectie": assessment.inspectie,
        "overgedragen_aan": assessment.overgedragen_aan,
        "auteur": assessment.auteur.strip(),
        "beoordeeld_op": moment,
    }
