"""The rights of a person: everything about him (AVG art. 15), and that his data is only kept (art. 18).

Who he is comes in as a BSN and leaves at once as keyed hashes; what goes out names him as ``u`` and everyone else as
``iemand anders``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import clock
from registry.crypto import BsnCipher
from registry.domain.identifiers import parse_bsn
from registry.errors import UsageError
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.decisions import decision_run
from registry.store.engine import ReadConnection, Store
from registry.store.queries import access, subjects
from registry.store.queries.keys import read_sleutelstand
from registry.store.queries.rights import end_decision, put_decision, read_decisions
from registry.store.queries.runs import last_run

GRONDEN: Mapping[str, str] = {
    "a": "de juistheid wordt betwist",
    "b": "de verwerking is onrechtmatig en de betrokkene wil geen verwijdering",
    "c": "de betrokkene heeft de gegevens nodig voor een rechtsvordering",
    "d": "er is bezwaar gemaakt en nog niet beslist",
}
"""The grounds of AVG art. 18 lid 1."""

YOU, _OTHER = "u", "iemand anders"
# Of other people's doings with the registry only what AVG art. 15 asks: not which employee it was.
_HIDDEN = ("auteur", "source_area", "id", "issue_id")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the registry knows him; no number, no name.

    Attributes:
        persoonslijsten: his keys in the BRP.
        rechthebbenden: his keys in the BRK.
        overig: his keys in other sources.
    """

    persoonslijsten: frozenset[str]
    rechthebbenden: frozenset[str]
    overig: frozenset[str]

    @property
    def keys(self) -> set[str]:
        """Every pseudonym."""
        return {*self.persoonslijsten, *self.rechthebbenden, *self.overig}

    @property
    def known(self) -> bool:
        """Whether the registry holds anything about him."""
        return bool(self.keys)

    def as_betrokkenen(self) -> Betrokkenen:
        """For the access log."""
        return Betrokkenen(self.persoonslijsten, self.rechthebbenden)


@dataclass(frozen=True, slots=True)
class Inzage:
    """Everything about one person.

    Attributes:
        gemaakt: when.
        tabellen: name of a table -> its rows about him, readable, with who is who in the place of pseudonyms.
        signalen: kept outcomes about dwellings where he lives, lived on that day or holds a right.
        toegangen: who looked at his data when, for what and on which ground.
        beperkt: whether his data is restricted now.
    """

    gemaakt: datetime
    tabellen: dict[str, list[dict[str, Any]]]
    signalen: list[dict[str, Any]]
    toegangen: list[dict[str, Any]]
    beperkt: bool


def find_subject(connection: ReadConnection, cipher: BsnCipher, bsn: str) -> Subject:
    """The person with this BSN; also while keys are being replaced.

    Raises:
        InvalidIdentifierError: it is no BSN; it is not repeated.
    """
    keys = subjects.find_keys(connection, cipher.hashes(parse_bsn(bsn)))
    return Subject(frozenset(keys["persoonslijst"]), frozenset(keys["rechthebbende"]), frozenset(keys["overig"]))


def give_access(
    store: Store, cipher: BsnCipher, bsn: str, *, gebruiker: Gebruiker, log: AccessLog, zaak: str | None = None
) -> Inzage:
    """Everything about one person, written down in the access log before it is given.

    Raises:
        InvalidIdentifierError: it is no BSN; it is not repeated.
        UsageError: the registry holds nothing about this person.
        AccessLogError: it could not be written down.
    """
    with store.read() as connection:
        subject = find_subject(connection, cipher, bsn)
    access_of = Access(
        gebruiker,
        Handeling.VERSTREKKEN,
        "rechten_betrokkenen",
        subject.as_betrokkenen(),
        zaak=zaak,
        toelichting="inzage door de betrokkene (AVG art. 15)",
        geslaagd=subject.known,
    )
    log.record(access_of)
    if not subject.known:
        raise UsageError("De registratie bevat niets over deze persoon.")
    with store.read() as connection:
        return read_everything(connection, subject, cipher)


def read_everything(connection: ReadConnection, subject: Subject, cipher: BsnCipher) -> Inzage:
    """Everything about one person, as it is read out."""
    tables = {
        found.tabel: [_readable(row, found.pseudoniemen, subject.keys) for row in found.rijen]
        for found in subjects.rows_about(connection, subject.keys)
        if found.rijen
    }
    owned = subjects.objects_of_owners(connection, subject.rechthebbenden)
    signalen = subjects.signals_about(connection, subject.persoonslijsten, owned).to_dicts()
    known = last_run(connection)
    restricted = set(read_decisions(connection, "beperkingen", known=known)["pseudoniem"].to_list())
    return Inzage(
        clock.local_now(),
        tables,
        signalen,
        [_looked(row) for row in read_log(connection, subject, cipher)],
        beperkt=bool(restricted & subject.keys),
    )


def read_log(connection: ReadConnection, subject: Subject, cipher: BsnCipher) -> list[access.SealedAccess]:
    """Every row of the access log about a person, also those from before the keys were replaced."""
    return list(access.read_accesses(connection, pseudoniemen=sorted(log_keys(connection, subject, cipher))))


def log_keys(connection: ReadConnection, subject: Subject, cipher: BsnCipher) -> set[str]:
    """Under which pseudonyms the access log names a person: also those from before the keys were replaced."""
    stand, _ = read_sleutelstand(connection)
    keys = set(subject.keys)
    for earlier, pseudonyms in access.known_pseudonyms(connection, before=stand).items():
        keys |= {one for one in pseudonyms if cipher.rehash(one, earlier) in subject.keys}
    return keys


def _looked(row: access.SealedAccess) -> dict[str, Any]:
    one = row.access
    return {
        "tijdstip": one.tijdstip.astimezone(clock.AMSTERDAM).replace(tzinfo=None),
        "handeling": one.handeling,
        "rol": one.rol or one.soort_gebruiker,
        "verwerking": one.verwerking,
        "grondslag": one.grondslag,
        "zaak": one.zaak,
        "aantal_betrokkenen": one.aantal,
    }


def _readable(row: Mapping[str, Any], pseudonyms: tuple[str, ...], own: set[str]) -> dict[str, Any]:
    """A row without secrets: nobody's number, who is who instead of pseudonyms, no bookkeeping."""
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name in _HIDDEN or name.endswith(("_versleuteld", "_hash")) or value is None or name == "row":
            continue
        shown[name] = (YOU if value in own else _OTHER) if name in pseudonyms else value
    return shown


def restrict(store: Store, subject: Subject, *, grond: str, reden: str, gebruiker: Gebruiker, log: AccessLog) -> int:
    """Let the data of a person be kept only (AVG art. 18), from now on; the run that says so.

    His registration then counts as possible, not as certain: no signal rests on it.

    Raises:
        UsageError: the ground is none of art. 18, the reason is empty, or the registry does not know him.
    """
    if grond not in GRONDEN:
        raise UsageError(f"De grond van een beperking is {', '.join(GRONDEN)} (AVG art. 18 lid 1), niet '{grond}'.")
    _require_known(subject)
    with decision_run(store, "beperking", auteur=gebruiker.naam, reden=reden) as (connection, run_id):
        for soort, key in _marked(subject):
            values = {"grond": grond, "reden": reden, "auteur": gebruiker.naam, "besloten_op": clock.now()}
            put_decision(connection, "beperkingen", run_id, {"soort": soort, "pseudoniem": key} | values)
        log.append(connection, _decided(subject, gebruiker, f"beperking, grond {grond}"))
    return run_id


def lift_restriction(store: Store, subject: Subject, *, reden: str, gebruiker: Gebruiker, log: AccessLog) -> int:
    """End a restriction; the run. The person must be told before (AVG art. 18 lid 3).

    Raises:
        UsageError: no restriction holds, or the reason is empty.
    """
    _require_known(subject)
    with decision_run(store, "beperking opgeheven", auteur=gebruiker.naam, reden=reden) as (connection, run_id):
        ended = [
            end_decision(connection, "beperkingen", run_id, {"soort": soort, "pseudoniem": key})
            for soort, key in _marked(subject)
        ]
        if not any(ended):
            raise UsageError("Voor deze persoon geldt geen beperking.")
        log.append(connection, _decided(subject, gebruiker, "beperking opgeheven"))
    return run_id


def _marked(subject: Subject) -> list[tuple[str, str]]:
    persons = [("persoonslijst", key) for key in sorted(subject.persoonslijsten)]
    return persons + [("rechthebbende", key) for key in sorted(subject.rechthebbenden)]


def _decided(subject: Subject, gebruiker: Gebruiker, what: str) -> Access:
    return Access(gebruiker, Handeling.BEPERKEN, "rechten_betrokkenen", subject.as_betrokkenen(), toelichting=what)


def _require_known(subject: Subject) -> None:
    if not _marked(subject):
        raise UsageError("De registratie kent deze persoon niet als bewoner of rechthebbende.")
