"""The sheet Termijnen: every term that follows from the signals, decisions and amounts of a file, with its article."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import holidays

from registry.cases.amounts import years_before
from registry.cases.kinds import BesluitSoort
from registry.cases.subject import OBJECT

_SATURDAY = 5
_OBJECTION_DAYS = 42  # six weeks: Algemene wet bestuursrecht 6:7
Row = dict[str, Any]


def term_rows(
    signals: Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
    verbeurten: Sequence[Mapping[str, Any]],
    *,
    peildatum: date,
) -> list[Row]:
    """Every term, the first to end first (keys of the sheet Termijnen).

    Args:
        signals: rows of the sheet Signalen.
        decisions: rows of ``besluiten``, every version.
        verbeurten: rows of ``verbeurten``.
        peildatum: the day from which is counted.
    """
    rows = [*_of_signals(signals), *_of_decisions(decisions), *_of_amounts(verbeurten)]
    for row in rows:
        end = row["einde"]
        row["dagen"] = None if end is None else (end - peildatum).days
        row["stand"] = "niet te bepalen" if end is None else "voorbij" if end < peildatum else "loopt"
    return sorted(rows, key=lambda row: (row["einde"] is None, row["einde"] or date.max, row["termijn"]))


def last_day(day: date) -> date:
    """The last day of a statutory term: never a Saturday, Sunday or holiday (Algemene termijnenwet 1 and 3)."""
    free = holidays.country_holidays("NL", years=range(day.year, day.year + 2))
    while day.weekday() >= _SATURDAY or day in free:
        day += timedelta(days=1)
    return day


def _term(termijn: str, over: str, begin: date | None, einde: date | None, grond: str, opmerking: str = "") -> Row:  # noqa: PLR0917
    return {
        "termijn": termijn,
        "over": over,
        "adres": None,
        "begin": begin,
        "einde": einde,
        "grond": grond,
        "opmerking": opmerking,
    }


def _of_signals(signals: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for row in signals:
        if row["tot"] is not None:
            over = f"signaal {row['nummer']}: {row['regel'].replace('_', ' ')}"
            remark = "Op deze dag zelf is het recht niet duidelijk."
            grond = "Huisvestingswet 2014 art. 41 lid 1" if row["regel"] == "opkoopbescherming" else "zie Toetsing"
            yield _term("Einde van het verbod", over, row["periode_van"], row["tot"], grond, remark) | {
                "adres": row["adres"], OBJECT: row[OBJECT],
            }  # fmt: skip


def _of_decisions(decisions: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for row in decisions:
        over = f"besluit {row['nummer']} versie {row['versie']} ({row['soort']})"
        known = row["bekendgemaakt_op"]
        end = None if known is None else last_day(known + timedelta(days=_OBJECTION_DAYS))
        remark = "De bekendmaking is niet vastgelegd." if known is None else ""
        begin = None if known is None else known + timedelta(days=1)
        yield _term("Bezwaar", over, begin, end, "Awb 6:7 en 6:8; Algemene termijnenwet", remark)
        if row["soort"] == BesluitSoort.LAST:
            until = row["begunstiging_tot"]
            last = None if until is None else until - timedelta(days=1)
            remark = (
                "Niet wezenlijk langer of korter dan nodig." if until else "De begunstigingstermijn is niet vastgelegd."
            )
            yield _term("Begunstiging", over, row["datum"], last, "Awb 5:32a lid 2", remark)
        if row["soort"] == BesluitSoort.BOETE:
            end = years_before(row["datum"], -4)
            yield _term("Telt mee voor herhaling", over, row["datum"], end, "Huisvestingswet 2014 art. 35 en 45", "")


def _of_amounts(verbeurten: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for row in verbeurten:
        over = f"€ {row['bedrag']} onder besluit {row['nummer']} versie {row['versie']}"
        remark = "Bezwaar of beroep kan de termijn verlengen; een verlenging na afloop werkt niet."
        end = years_before(row["verbeurd_op"], -1)
        yield _term("Invordering", over, row["verbeurd_op"], end, "Awb 5:35", remark)
