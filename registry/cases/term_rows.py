"""The sheet Termijnen: the terms of ``registry.cases.deadlines`` that belong to a file, and fines that still count."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from registry.cases.deadlines import Deadline, read_deadlines
from registry.cases.kinds import BesluitSoort
from registry.cases.subject import OBJECT, Subject
from registry.cases.terms import add_months
from registry.store.engine import ReadConnection
from rules.parameters import Law

_YEARS = 4
Row = dict[str, Any]


def read_terms(
    connection: ReadConnection,
    subject: Subject,
    decisions: Sequence[Mapping[str, Any]],
    *,
    law: Law,
    gemeente: str | None,
    adressen: Mapping[str, str | None],
    peildatum: date,
) -> list[Row]:
    """Every term of a file, the first to end first (keys of the sheet Termijnen).

    Args:
        connection: where to read.
        subject: what the file is about.
        decisions: rows of ``besluiten`` of the case.
        law: the law files.
        gemeente: whose own values count.
        adressen: the address of each dwelling.
        peildatum: the day from which is counted.
    """
    objects = set(subject.objects)
    zaak = None if subject.zaak is None else subject.zaak["zaak"]
    found = [
        one
        for one in read_deadlines(connection, law=law, gemeente=gemeente, today=peildatum)
        if one.adresseerbaar_object_id in objects or (zaak is not None and one.zaak == zaak)
    ]
    rows = [_row(one, adressen) for one in found] + [
        _counting(row) for row in decisions if row["soort"] == BesluitSoort.BOETE
    ]
    for row in rows:
        end = row["einde"]
        row["dagen"] = None if end is None else (end - peildatum).days
        row["stand"] = "niet te bepalen" if end is None else "voorbij" if end < peildatum else "loopt"
    return sorted(rows, key=lambda row: (row["einde"] is None, row["einde"] or date.max, row["termijn"], row["over"]))


def _row(one: Deadline, adressen: Mapping[str, str | None]) -> Row:
    remarks = ["deze termijn is nog te bevestigen"] if one.status == "te_bevestigen" else []
    remarks += ["de Algemene termijnenwet is toegepast"] if one.termijnenwet else []
    return {
        "termijn": one.soort.value,
        "over": one.omschrijving,
        "adres": adressen.get(one.adresseerbaar_object_id or ""),
        "begin": one.begin,
        "einde": one.laatste_dag,
        "grond": one.bron,
        "opmerking": "; ".join(remarks),
        "zaak": one.zaak,
    }


def _counting(row: Mapping[str, Any]) -> Row:
    """How long a fine makes the next observation a repeat: so many years, counted back from that observation."""
    return {
        "termijn": "telt mee voor herhaling",
        "over": f"{row['soort']}, besluit {row['nummer']} versie {row['versie']}",
        "adres": None,
        "begin": row["datum"],
        "einde": add_months(row["datum"], 12 * _YEARS),
        "grond": "artikel 35 en 45 Huisvestingswet 2014",
        "opmerking": "bij een constatering tot en met deze dag",
        "zaak": None,
        OBJECT: row[OBJECT],
    }
