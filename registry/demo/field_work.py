"""A day of visits in the synthetic municipality, so that what follows a visit has something to show.

It is played after everything was counted: what the manifest expects is what stood there before these visits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from registry import clock
from registry.cases.assessment import Assessment, Weerlegging, assess
from registry.cases.care import Aanleiding, Referral, refer
from registry.crypto import BsnCipher
from registry.signals.silence import Oordeel
from registry.store.engine import Store
from registry.worklists.opened import OpenedRow, open_list
from registry.worklists.placing import place
from registry.worklists.plan import plan
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.visits import record_visits

_SEED: Final = 606
_CONTROL_SHARE: Final = 0.25
_INSPECTEUR: Final = "J. de Vries"
_JURIST: Final = "A. Jansen"
_HANDED: Final = "team wonen en zorg"


@dataclass(frozen=True, slots=True)
class FieldWork:
    """What was played: the list that was visited, the one of the next day, and how much of each."""

    lijst: int | None
    lijst_morgen: int | None
    bezoeken: int
    beoordelingen: int
    doorverwijzingen: int


def play_field_work(store: Store, cipher: BsnCipher, day: date) -> FieldWork:
    """Plan a day, visit it, assess what was found, hand people over, and plan the next day.

    Raises:
        StoreError: the database failed.
    """
    visited = _place(store, day)
    if visited is None:
        return FieldWork(None, None, 0, 0, 0)
    with store.read() as connection:
        rows = [row for row in open_list(connection, visited, analyst=True).rows if row.number is not None]
    reports = [_report(number, row, visited, day) for number, row in enumerate(rows)]
    recorded = record_visits(store, reports, author=_INSPECTEUR, leverdatum=day, cipher=cipher)
    judged = [
        assess(store, assessment)
        for number, row in enumerate(rows)
        for assessment in _assessments(number, row, recorded.inspecties[number])
    ]
    referred = [refer(store, referral) for referral in _referrals(rows, day)]
    return FieldWork(visited, _place(store, day + timedelta(days=1)), len(reports), len(judged), len(referred))


def _place(store: Store, day: date) -> int | None:
    """The list of a day; None in a municipality without signals."""
    with store.read() as connection:
        proposal = plan(connection, PlannerSettings(), day=day, control_share=_CONTROL_SHARE, seed=_SEED)
    if proposal.rows.is_empty():
        return None
    return place(store, proposal, planner="M. Bakker", now=clock.now(), inspecteurs=_INSPECTEUR)


def _report(number: int, row: OpenedRow, lijst: int, day: date) -> dict[str, Any]:
    """The report of a visit; where nobody came in it is short, and each third visit meets a closed door."""
    visit = {
        "inspectie": f"L{lijst}-{number + 1}",
        "adresseerbaar_object_id": row.row.adresseerbaar_object_id,
        "datum": day.isoformat(),
        "tijd": f"{17 + number // 3}:{number % 3 * 20:02d}",
        "inspecteur": _INSPECTEUR,
        "hoedanigheid": "toezichthouder",
        "soort_bezoek": "controle",
        "werkwijze": "aangebeld, doel verteld en om toestemming gevraagd",
        "lijst": lijst,
        "bewijs": [row.row.bewijs],
    }
    if number % 3 == 2:
        return visit | {"resultaat": "niemand_aanwezig", "volgend_bezoek": "avond"}
    counted = max(2, (row.receipt.personen_min or 2) - (3 if number % 2 else 0))
    return visit | {
        "resultaat": "toegang_met_toestemming",
        "legitimatie": True,
        "doel": "controle of de woning te vol is",
        "toestemming_van": "bewoner",
        "aantal_personen": counted,
        "huishoudens": 1 if number % 2 else 2,
        "ruimten": [
            {"naam": "voorkamer", "oppervlakte": 14.5, "slaapplaatsen": counted - counted // 2},
            {"naam": "achterkamer", "oppervlakte": 11.0, "slaapplaatsen": counted // 2},
        ],
        "aangetroffen": [{"omschrijving": "volwassenen en kinderen", "aantal": counted, "ingeschreven": True}],
        "verklaringen": [
            {"van": "bewoner", "tekst": "Wij wonen hier met elkaar.", "taal": "Nederlands", "cautie": True}
        ],
        "relaties": "een gezin" if number % 2 else "twee gezinnen die elkaar van het werk kennen",
        "voorzieningen": "één keuken en één badkamer, gedeeld",
        "feiten": f"In twee kamers staan samen {counted} bedden.",
        "conclusie": "Past bij de registratie." if number % 2 == 0 else "Er wonen minder mensen dan ingeschreven.",
        "ondertekend_door": _INSPECTEUR,
        "ondertekend_op": day.isoformat(),
    }


def _assessments(number: int, row: OpenedRow, inspectie: str) -> Iterator[Assessment]:
    """What the lawyer makes of it: nothing yet where nobody was in, and of each fifth more research."""
    if number % 3 == 2:
        return
    if number % 5 == 4:
        yield Assessment(
            row.row.bewijs, Oordeel.NADER_ONDERZOEK, "de relaties zijn niet duidelijk", _JURIST, 0, inspectie=inspectie
        )
    elif number % 2 or row.is_control:
        yield Assessment(
            row.row.bewijs,
            Oordeel.WEERLEGD,
            "bij bezoek woonden er minder mensen dan ingeschreven"
            if number % 2
            else "bij bezoek was niets aan de hand",
            _JURIST,
            0,
            reden=Weerlegging.REGISTRATIE_ONJUIST if number % 2 else Weerlegging.UITZONDERING,
            inspectie=inspectie,
        )
    else:
        yield Assessment(
            row.row.bewijs, Oordeel.BEVESTIGD, "geteld en gemeten; te vol", _JURIST, 0, inspectie=inspectie
        )


def _referrals(rows: list[OpenedRow], day: date) -> Iterator[Referral]:
    """Two families that want to live elsewhere, and one that wants no help."""
    needs = (Aanleiding.ANDERE_WOONRUIMTE, Aanleiding.KINDEREN, Aanleiding.VEILIGHEID)
    for number, (row, need) in enumerate(zip(rows[::2], needs, strict=False)):
        agreed = number < 2
        yield Referral(
            day,
            row.row.adresseerbaar_object_id,
            need,
            _INSPECTEUR,
            agreed,
            toestemming_wijze="mondeling" if agreed else None,
            overgedragen_aan=_HANDED if agreed else None,
            hulpvraag="zoekt een grotere woning" if agreed else None,
            aantal_personen=row.receipt.personen_min or None,  # counted without anybody registered
            minderjarigen=True,
        )
