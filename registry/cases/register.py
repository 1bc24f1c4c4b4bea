"""What people do with cases: open one, add papers, decisions and amounts, take something back, close it.

Everything has an author and a moment, and stays: who was wrong says so, and the file shows that he did.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.cases.kinds import BedragPer, BesluitSoort, GebeurtenisSoort, Richting, StukSoort
from registry.errors import UsageError
from registry.store.engine import ReadConnection, WriteConnection, to_json
from registry.store.queries import cases
from registry.store.queries.signals import find_receipt

MAX_BYTES = 50 * 1024 * 1024  # of one paper
_SAME = ("soort", "richting", "datum", "titel")  # with the content: what makes a paper the same one
_EVENT_COLUMNS = {"stuk": "stuk_id", "besluit": "besluit_id", "verbeurte": "verbeurte_id"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to keep with a case; ``besluit`` is (number, version) of the decision that it is about."""

    soort: StukSoort
    richting: Richting
    datum: date
    titel: str
    bestand: str
    content: bytes
    ondertekend_door: str | None = None
    ondertekend_op: date | None = None
    inspectie: str | None = None
    besluit: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that somebody took; amounts in whole euros. ``nummer`` makes it the next version of that one.

    What a next version leaves out, other than when it was made known, it takes over from the version before.
    """

    soort: BesluitSoort
    datum: date
    bekendgemaakt_op: date | None = None
    adresseerbaar_object_id: str | None = None
    rechthebbende: str | None = None
    hoedanigheid: str | None = None
    regel: str | None = None
    bewijs: str | None = None
    artikel: str | None = None
    overtreding_op: date | None = None
    begunstiging_tot: date | None = None
    bedrag: int | None = None
    bedrag_per: BedragPer | None = None
    bedrag_ten_hoogste: int | None = None
    toelichting: str | None = None
    nummer: int | None = None


def open_case(
    connection: WriteConnection,
    *,
    aanleiding: str,
    author: str,
    moment: datetime,
    object_id: str | None = None,
    rechthebbende: str | None = None,
    signals: Sequence[tuple[str, str]] = (),
) -> str:
    """Open a case about an address or about an owner, with its signals (receipt, object); its reference.

    Raises:
        UsageError: it is about neither or both, or author or reason are missing.
    """
    _require(author, "wie de zaak opent")
    _require(aanleiding, "de aanleiding")
    if (object_id is None) == (rechthebbende is None):
        raise UsageError("Een zaak gaat over een adres of over een eigenaar: geef er één.")
    about = {"adresseerbaar_object_id": object_id, "rechthebbende": rechthebbende}
    values = about | {"aanleiding": aanleiding, "auteur": author, "geopend_op": moment}
    zaak = cases.insert_case(connection, values, year=moment.year)
    add_signals(connection, zaak, signals, author=author, moment=moment)
    return zaak


def get_case(connection: ReadConnection, zaak: str) -> dict[str, Any]:
    """The case with this reference.

    Raises:
        UsageError: there is none.
    """
    found = cases.find_case(connection, zaak)
    if found is None:
        raise UsageError(f"Er is geen zaak {zaak}. 'woonregister zaak lijst' geeft de zaken.")
    return found


def add_signals(
    connection: WriteConnection, zaak: str, signals: Sequence[tuple[str, str]], *, author: str, moment: datetime
) -> int:
    """Put signals (receipt, object) into a case; how many were not in it yet.

    Raises:
        UsageError: a receipt does not exist.
    """
    found = get_case(connection, zaak)
    there = {
        (row["bewijs"], row["adresseerbaar_object_id"]) for row in cases.read_case_signals(connection, found["zaak_id"])
    }
    new = [pair for pair in dict.fromkeys(signals) if pair not in there]
    for bewijs, object_id in new:
        if not any(one.adresseerbaar_object_id == object_id for one in find_receipt(connection, bewijs)):
            raise UsageError(f"Er is geen signaal met bewijsnummer {bewijs}. Neem het over van de werklijst.")
    rows = [
        {"bewijs": bewijs, "adresseerbaar_object_id": object_id, "auteur": author, "toegevoegd_op": moment}
        for bewijs, object_id in new
    ]
    cases.insert_signals(connection, found["zaak_id"], rows)
    return len(rows)


def add_paper(connection: WriteConnection, zaak: str, paper: Paper, *, author: str, moment: datetime) -> int:
    """Keep a paper with a case; its number.

    Raises:
        UsageError: it is empty, too large or there already, or is about a decision that is not there.
    """
    found = get_case(connection, zaak)
    for text, what in ((author, "wie het stuk toevoegt"), (paper.titel, "de titel van het stuk")):
        _require(text, what)
    if not 0 < len(paper.content) <= MAX_BYTES:
        raise UsageError(f"{paper.bestand}: het bestand is leeg, of groter dan {MAX_BYTES // 1024**2} MB.")
    if (paper.ondertekend_door is None) != (paper.ondertekend_op is None):
        raise UsageError("Een ondertekening heeft een naam en een dag: geef beide of geen van beide.")
    besluit_id = find_decision(connection, zaak, *paper.besluit)["besluit_id"] if paper.besluit else None
    sha256 = hashlib.sha256(paper.content).hexdigest()
    for row in cases.read_documents(connection, found["zaak_id"]):
        if row["sha256"] == sha256 and all(row[name] == getattr(paper, name) for name in _SAME):
            raise UsageError(f"Dit stuk zit al in de zaak: het is stuk {row['stuk_id']}.")
    told = ("datum", "titel", "bestand", "ondertekend_door", "ondertekend_op", "inspectie")
    values = {name: getattr(paper, name) for name in told} | {
        "zaak_id": found["zaak_id"],
        "soort": paper.soort.value,
        "richting": paper.richting.value,
        "sha256": sha256,
        "aantal_bytes": len(paper.content),
        "besluit_id": besluit_id,
        "auteur": author,
        "vastgelegd_op": moment,
    }
    return cases.insert_document(connection, values, paper.content)


def add_decision(
    connection: WriteConnection, zaak: str, decision: Decision, *, author: str, moment: datetime
) -> tuple[int, int]:
    """Write down what somebody decided; its number in the case and its version.

    Raises:
        UsageError: an amount or a day cannot be, or the decision to change is not there.
    """
    found = get_case(connection, zaak)
    _require(author, "wie het besluit vastlegt")
    _check_decision(decision)
    values = {name: getattr(decision, name) for name in Decision.__dataclass_fields__ if name != "nummer"}
    if decision.nummer is not None:
        # A new version says what changes; the rest stays as it was.
        before = find_decision(connection, zaak, decision.nummer, None)
        values |= {name: before[name] for name in values if values[name] is None and name != "bekendgemaakt_op"}
    values |= {"zaak_id": found["zaak_id"], "auteur": author, "vastgelegd_op": moment, "soort": decision.soort.value}
    values["bedrag_per"] = None if values["bedrag_per"] is None else str(values["bedrag_per"])
    written = cases.insert_decision(connection, values, nummer=decision.nummer)
    return written["nummer"], written["versie"]


def _check_decision(decision: Decision) -> None:
    for amount in (decision.bedrag, decision.bedrag_ten_hoogste):
        if amount is not None and amount <= 0:
            raise UsageError("Een bedrag is een heel aantal euro's boven nul.")
    if decision.bekendgemaakt_op is not None and decision.bekendgemaakt_op < decision.datum:
        raise UsageError("Een besluit wordt niet bekendgemaakt voordat het is genomen: controleer de dagen.")
    if decision.begunstiging_tot is not None and decision.begunstiging_tot <= decision.datum:
        raise UsageError("De begunstigingstermijn eindigt niet voor of op de dag van het besluit.")
    if decision.overtreding_op is not None and decision.overtreding_op > decision.datum:
        raise UsageError("De overtreding is geconstateerd voor het besluit: controleer de dagen.")


def find_decision(connection: ReadConnection, zaak: str, nummer: int, versie: int | None) -> dict[str, Any]:
    """A decision of a case by number and version; without version the last one.

    Raises:
        UsageError: there is none.
    """
    rows = cases.read_decisions(connection, get_case(connection, zaak)["zaak_id"])
    fits = [row for row in rows if row["nummer"] == nummer and versie in (None, row["versie"])]
    if not fits:
        which = "" if versie is None else f" versie {versie}"
        raise UsageError(f"Zaak {zaak} heeft geen besluit {nummer}{which}.")
    return fits[-1]


def add_verbeurte(
    connection: WriteConnection,
    zaak: str,
    *,
    besluit: tuple[int, int],
    verbeurd_op: date,
    bedrag: int,
    inspectie: str | None,
    author: str,
    moment: datetime,
) -> int:
    """Write down that a penalty became due under one version of an order; its number.

    Raises:
        UsageError: the version is no order, was not in force on that day, or the amount passes its most.
    """
    _require(author, "wie het bedrag vastlegt")
    order = find_decision(connection, zaak, *besluit)
    name = f"besluit {besluit[0]} versie {besluit[1]}"
    if order["soort"] != BesluitSoort.LAST:
        raise UsageError(f"Alleen onder een last onder dwangsom wordt een dwangsom verbeurd; {name} is dat niet.")
    if order["begunstiging_tot"] is not None and verbeurd_op < order["begunstiging_tot"]:
        raise UsageError(f"Op {verbeurd_op:%d-%m-%Y} liep de begunstigingstermijn van {name} nog.")
    if bedrag <= 0:
        raise UsageError("Een bedrag is een heel aantal euro's boven nul.")
    earlier = cases.read_verbeurten(connection, order["zaak_id"])
    due = sum(row["bedrag"] for row in earlier if row["nummer"] == besluit[0]) + bedrag
    if order["bedrag_ten_hoogste"] is not None and due > order["bedrag_ten_hoogste"]:
        raise UsageError(
            f"Met dit bedrag is onder {name} € {due} verbeurd; het maximum is € {order['bedrag_ten_hoogste']}."
        )
    values = {
        "besluit_id": order["besluit_id"],
        "verbeurd_op": verbeurd_op,
        "bedrag": bedrag,
        "inspectie": inspectie,
        "auteur": author,
        "vastgelegd_op": moment,
    }
    return cases.insert_verbeurte(connection, values)


def take_back(
    connection: WriteConnection, zaak: str, what: str, number: int, *, reason: str, author: str, moment: datetime
) -> None:
    """Take back a paper, a decision or an amount (``stuk``, ``besluit``, ``verbeurte``): it no longer counts.

    Raises:
        UsageError: it is not in this case, or was taken back already.
    """
    _require(author, "wie iets terugneemt")
    _require(reason, "de reden")
    zaak_id = get_case(connection, zaak)["zaak_id"]
    readers = {"stuk": cases.read_documents, "besluit": cases.read_decisions, "verbeurte": cases.read_verbeurten}
    column = _EVENT_COLUMNS[what]
    if number not in {row[column] for row in readers[what](connection, zaak_id)}:
        raise UsageError(f"Zaak {zaak} heeft geen {what} {number} dat nog geldt.")
    values = {"soort": GebeurtenisSoort.TERUGGENOMEN.value, column: number}
    _note(connection, zaak_id, values, reason=reason, author=author, moment=moment)


def note_event(
    connection: WriteConnection,
    zaak: str,
    soort: GebeurtenisSoort,
    *,
    reason: str,
    author: str,
    moment: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down that a case was reported ready, closed or opened again.

    Raises:
        UsageError: author or reason are missing, or there is no such case.
    """
    _require(author, "wie dit vastlegt")
    _require(reason, "de reden")
    zaak_id = get_case(connection, zaak)["zaak_id"]
    values = {"soort": soort.value, "details": None if details is None else to_json(details)}
    _note(connection, zaak_id, values, reason=reason, author=author, moment=moment)


def _note(
    connection: WriteConnection, zaak_id: int, values: Mapping[str, Any], *, reason: str, author: str, moment: datetime
) -> None:
    cases.insert_event(
        connection, {"zaak_id": zaak_id, "reden": reason, "auteur": author, "tijdstip": moment, **values}
    )


def _require(text: str, what: str) -> None:
    if not text.strip():
        raise UsageError(f"Vermeld {what}: zonder is een zaak later niet te verantwoorden.")
