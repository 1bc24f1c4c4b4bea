"""From the stays of an object to the answer of the Bewoning API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.crypto import BsnCipher
from registry.domain.partial_dates import PartialDate, Precision
from registry.store.engine import ReadConnection
from registry.store.queries.bewoners import read_persons, read_stays
from registry.web.api.bewoning.compositions import Composition, Stay, compose

MANY = 100
"""Above this number of persons an answer names nobody: ``indicatieVeelBewoners``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and the persons in it (keys of persoonslijsten) for the access log."""

    body: dict[str, Any]
    persoonslijsten: frozenset[str]


def answer(
    connection: ReadConnection, cipher: BsnCipher, object_id: str, *, van: date, tot: date, known: int
) -> Answer:
    """Who inhabited an object in a period.

    Args:
        connection: where to read.
        cipher: opens the BSN of those who are named.
        object_id: the adresseerbaar object.
        van: first day of the period.
        tot: the day after its last.
        known: a run number.
    """
    stays = [
        Stay(persoon, begin, end, zekerheid == "zeker", bool(doubted))
        for persoon, begin, end, zekerheid, doubted in read_stays(
            connection, object_id, van=van, tot=tot, known=known
        ).iter_rows()
    ]
    compositions = list(compose(stays, van, tot))
    named = frozenset(
        key for one in compositions if one.aantal <= MANY for key in one.bewoners | one.mogelijke_bewoners
    )
    arrivals = _arrivals(stays)
    # A persoonslijst that was set aside identifies nobody, but somebody does live there: counted, without a name.
    people = {key: (_order({"persoonslijst": key}, arrivals), dict[str, Any]()) for key in named}
    people |= {
        row["persoonslijst"]: (_order(row, arrivals), _person(row, cipher))
        for row in read_persons(connection, sorted(named), known=known).iter_rows(named=True)
    }
    bewoningen = [_bewoning(object_id, one, people) for one in compositions]
    return Answer({"bewoningen": bewoningen}, named)


def _arrivals(stays: Iterable[Stay]) -> dict[str, date]:
    """When each person came: the start of the first of the stays that follow each other without a gap."""
    arrived: dict[str, tuple[date, date | None]] = {}
    for stay in sorted(stays, key=lambda one: one.van):
        known = arrived.get(stay.persoonslijst)
        goes_on = known is not None and (known[1] is None or known[1] >= stay.van)
        arrived[stay.persoonslijst] = (known[0] if known and goes_on else stay.van, stay.tot)
    return {persoon: start for persoon, (start, _) in arrived.items()}


def _order(row: Mapping[str, Any], arrivals: Mapping[str, date]) -> tuple[Any, ...]:
    """Latest arrivals last; of one day by name and date of birth (release 2.2.0 of the published API)."""
    said = tuple(row.get(part) or "" for part in ("geslachtsnaam", "voorvoegsel", "voornamen", "geboortedatum"))
    return (arrivals[row["persoonslijst"]], *said, row["persoonslijst"])


def _person(row: Mapping[str, Any], cipher: BsnCipher) -> dict[str, Any]:
    person: dict[str, Any] = {}
    if row["bsn_versleuteld"] is not None:
        person["burgerservicenummer"] = cipher.decrypt(row["bsn_versleuteld"])
    if row["indicatie_geheim"]:
        person["geheimhoudingPersoonsgegevens"] = True
    name = " ".join(row[part] for part in ("voornamen", "voorvoegsel", "geslachtsnaam") if row[part])
    if name:
        person["naam"] = {"volledigeNaam": name}
    if row["geboortedatum"]:
        person["geboorte"] = {"datum": _datum(PartialDate.parse(row["geboortedatum"]))}
    return person


def _datum(known: PartialDate) -> dict[str, Any]:
    parts: dict[Precision, dict[str, Any]] = {
        Precision.DAG: {"type": "Datum", "datum": None if known.first_day is None else known.first_day.isoformat()},
        Precision.MAAND: {"type": "JaarMaandDatum", "jaar": known.year, "maand": known.month},
        Precision.JAAR: {"type": "JaarDatum", "jaar": known.year},
        Precision.ONBEKEND: {"type": "DatumOnbekend", "onbekend": True},
    }
    return parts[known.precision] | {"langFormaat": known.dutch()}


def _bewoning(
    object_id: str, one: Composition, people: Mapping[str, tuple[tuple[Any, ...], dict[str, Any]]]
) -> dict[str, Any]:
    bewoning: dict[str, Any] = {
        "adresseerbaarObjectIdentificatie": object_id,
        "periode": {"datumVan": one.van.isoformat(), "datumTot": one.tot.isoformat()},
    }
    if one.aantal > MANY:
        return bewoning | {"bewoners": [], "mogelijkeBewoners": [], "indicatieVeelBewoners": True}

    def listed(keys: Iterable[str]) -> Sequence[dict[str, Any]]:
        known = sorted((people[key] + (key,) for key in keys), key=lambda each: each[0])
        return [person | ({"inOnderzoek": True} if key in one.in_onderzoek else {}) for _, person, key in known]

    return bewoning | {"bewoners": listed(one.bewoners), "mogelijkeBewoners": listed(one.mogelijke_bewoners)}
