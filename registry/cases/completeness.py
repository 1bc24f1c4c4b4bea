"""The completeness gate: what an inspection must hold before it can be evidence, and what is missing.

Files were annulled for what these checks look for. The source of each says which rule or ruling asks for it; the list
as a whole is that of ECLI:NL:RVS:2017:1179 and the practice notes beside it (Huisvestingswet 2014 art. 33 and 34,
Awb 5:10a, 5:12, 5:13, 5:15, Algemene wet op het binnentreden).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Visit = Mapping[str, Any]
"""A row of the register ``inspecties``, with ``fotos``: how many photos it has (``queries.visits.read_visit``)."""

_REPORT: Final = "ECLI:NL:RVS:2017:1179"
_CONSENT: Final = "toegang_met_toestemming"
_WARRANT: Final = "toegang_met_machtiging"
_INSIDE: Final = (_CONSENT, _WARRANT)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that a report must hold.

    Attributes:
        code: stable name.
        needed: what must be there, in Dutch, as the end of 'Er ontbreekt: …'.
        source: law article or ruling that asks for it.
        field: the column to fill in.
        applies: whether a visit must hold it.
        met: whether it does.
    """

    code: str
    needed: str
    source: str
    field: str
    applies: Callable[[Visit], bool]
    met: Callable[[Visit], bool]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a report lacks: code, Dutch text, source, and the column to fill in."""

    code: str
    text: str
    source: str
    field: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether an inspection can be evidence.

    Attributes:
        inspectie: number of the visit.
        missing: what it lacks; evidence needs all of it.
        advised: what strengthens it and is not there; it does not stop anything.
    """

    inspectie: str
    missing: tuple[Missing, ...]
    advised: tuple[Missing, ...]

    @property
    def is_evidence(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def _always(_visit: Visit) -> bool:
    return True


def _inside(visit: Visit) -> bool:
    return visit["resultaat"] in _INSIDE


def _with_warrant(visit: Visit) -> bool:
    return bool(visit["resultaat"] == _WARRANT)


def _with_consent(visit: Visit) -> bool:
    return bool(visit["resultaat"] == _CONSENT)


def _is_recheck(visit: Visit) -> bool:
    return bool(visit["soort_bezoek"] == "hercontrole")


def _has(field: str) -> Callable[[Visit], bool]:
    return lambda visit: visit.get(field) is not None and str(visit[field]).strip() != ""


def _list(visit: Visit, field: str) -> list[dict[str, Any]]:
    text = visit.get(field)
    found: list[dict[str, Any]] = json.loads(text) if text else []
    return found


def _people_counted(visit: Visit) -> bool:
    return visit.get("aantal_personen") is not None


def _has_people(visit: Visit) -> bool:
    return _inside(visit) and (visit.get("aantal_personen") or 0) > 0


def _sleeping_places(visit: Visit) -> bool:
    rooms = _list(visit, "ruimten")
    return bool(rooms) and all(room.get("slaapplaatsen") is not None for room in rooms)


def _measured(visit: Visit) -> bool:
    rooms = _list(visit, "ruimten")
    return visit.get("gemeten_oppervlakte") is not None or (
        bool(rooms) and all(room.get("oppervlakte") is not None for room in rooms)
    )


def _found_described(visit: Visit) -> bool:
    found = _list(visit, "aangetroffen")
    return bool(sum(person.get("aantal", 1) for person in found) >= (visit.get("aantal_personen") or 0))


def _cautioned(visit: Visit) -> bool:
    return all(statement.get("cautie") is not None for statement in _list(visit, "verklaringen"))


REQUIREMENTS: Final = (
    Requirement(
        "adres", "het adres met BAG-id", _REPORT, "adresseerbaar_object_id", _always, _has("adresseerbaar_object_id")
    ),
    Requirement("datum", "de datum", _REPORT, "datum", _always, _has("datum")),
    Requirement("tijd", "het tijdstip", _REPORT, "tijd", _always, _has("tijd")),
    Requirement("inspecteur", "wie waarnam", _REPORT, "inspecteur", _always, _has("inspecteur")),
    Requirement(
        "hoedanigheid",
        "de hoedanigheid waarin de inspecteur optrad (aangewezen toezichthouder)",
        "artikel 33 Huisvestingswet 2014; artikel 5:11 Awb",
        "hoedanigheid",
        _always,
        _has("hoedanigheid"),
    ),
    Requirement(
        "werkwijze",
        "hoe is gewerkt (aangebeld, gevraagd, gemeten, geteld)",
        _REPORT,
        "werkwijze",
        _always,
        _has("werkwijze"),
    ),
    Requirement("feiten", "wat is gezien, los van de conclusie", _REPORT, "feiten", _always, _has("feiten")),
    Requirement("ondertekend_door", "de ondertekening", _REPORT, "ondertekend_door", _always, _has("ondertekend_door")),
    Requirement(
        "ondertekend_op", "de dag van ondertekening", _REPORT, "ondertekend_op", _always, _has("ondertekend_op")
    ),
    Requirement(
        "legitimatie",
        "dat de inspecteur zich legitimeerde",
        "artikel 5:12 Awb; artikel 1 Awbi",
        "legitimatie",
        _inside,
        lambda visit: visit.get("legitimatie") is True,
    ),
    Requirement("doel", "het doel dat is meegedeeld", "artikel 1 Awbi", "doel", _inside, _has("doel")),
    Requirement(
        "toestemming_van",
        "wie toestemming gaf om binnen te gaan",
        "artikel 5:15 Awb; artikel 1 lid 4 Awbi",
        "toestemming_van",
        _with_consent,
        _has("toestemming_van"),
    ),
    Requirement(
        "machtiging",
        "het kenmerk van de schriftelijke machtiging voor dit adres",
        "artikel 34 Huisvestingswet 2014; artikel 2 Awbi",
        "machtiging",
        _with_warrant,
        _has("machtiging"),
    ),
    Requirement(
        "gronden",
        "de gronden van de machtiging",
        "ECLI:NL:RVS:2014:1412; ECLI:NL:RBZWB:2022:1482",
        "gronden",
        _with_warrant,
        _has("gronden"),
    ),
    Requirement(
        "lichtere_middelen",
        "welke lichtere middelen eerst zijn geprobeerd",
        "ECLI:NL:RVS:2014:1412; artikel 5:13 Awb",
        "lichtere_middelen",
        _with_warrant,
        _has("lichtere_middelen"),
    ),
    Requirement(
        "aantal_personen", "het aantal aangetroffen bewoners", _REPORT, "aantal_personen", _inside, _people_counted
    ),
    Requirement("slaapplaatsen", "de slaapplaatsen per ruimte", _REPORT, "ruimten", _has_people, _sleeping_places),
    Requirement(
        "hercontrole_van",
        "welke last (kenmerk en versie) de hercontrole toetst",
        _REPORT,
        "hercontrole_van",
        _is_recheck,
        _has("hercontrole_van"),
    ),
)
"""What evidence must hold (minimum of the practice notes)."""

ADVISED: Final = (
    Requirement("gemeten", "gemeten oppervlakte, in totaal of per ruimte", _REPORT, "ruimten", _has_people, _measured),
    Requirement(
        "aangetroffen",
        "van iedere bewoner: relatie, sinds wanneer, huur, wie verhuurt en of hij is ingeschreven",
        _REPORT,
        "aangetroffen",
        _has_people,
        _found_described,
    ),
    Requirement(
        "relaties",
        "de relaties tussen bewoners (eigen of gezamenlijk huishouden)",
        "ECLI:NL:RBMNE:2023:1388; ECLI:NL:RBMNE:2025:3031",
        "relaties",
        lambda visit: (visit.get("aantal_personen") or 0) > 1,
        lambda visit: _has("relaties")(visit) or _has("huishoudens")(visit),
    ),
    Requirement(
        "verklaringen",
        "verklaringen van bewoners, met taal en tolk",
        _REPORT,
        "verklaringen",
        _has_people,
        _has("verklaringen"),
    ),
    Requirement(
        "cautie",
        "bij elke verklaring of de cautie is gegeven (er kan een boete volgen)",
        "artikel 5:10a Awb",
        "verklaringen",
        _has("verklaringen"),
        _cautioned,
    ),
    Requirement(
        "fotos",
        "foto's (zij vullen een rapport aan en vervangen het niet)",
        _REPORT,
        "fotos",
        _inside,
        lambda visit: bool(visit.get("fotos")),
    ),
    Requirement(
        "voorzieningen", "eigen en gedeelde voorzieningen", _REPORT, "voorzieningen", _has_people, _has("voorzieningen")
    ),
)
"""What makes evidence stronger."""


def check_completeness(visit: Visit) -> Completeness:
    """What an inspection lacks to be evidence.

    Args:
        visit: as ``queries.visits.read_visit`` gives it.
    """
    return Completeness(str(visit["inspectie"]), _lacking(REQUIREMENTS, visit), _lacking(ADVISED, visit))


def _lacking(requirements: tuple[Requirement, ...], visit: Visit) -> tuple[Missing, ...]:
    return tuple(
        Missing(required.code, f"Er ontbreekt: {required.needed}.", required.source, required.field)
        for required in requirements
        if required.applies(visit) and not required.met(visit)
    )
