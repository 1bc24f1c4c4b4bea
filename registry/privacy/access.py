"""The access log: nobody sees a person before it is written down who looks, at whom, for what and on which ground.

``AccessLog.record`` writes the row in a transaction of its own and comes back when it is committed: call it before the
data is given, and let its error stop the view. ``AccessLog.append`` adds the row to a transaction that is open anyway,
so that what is done and that it was done are kept together or not at all.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from registry import clock
from registry.errors import StoreError, UsageError
from registry.privacy.activities import Verwerkingsregister, shipped_activities
from registry.privacy.anchors import keep_anchor
from registry.privacy.traces import current_trace
from registry.store.engine import LOG_LOCK, Store, WriteConnection
from registry.store.queries.access import Head, LoggedAccess, append_access, in_order
from registry.store.queries.keys import read_sleutelstand

_PSEUDONYM = re.compile(r"[0-9a-f]{64}")  # a keyed hash (registry.crypto); a BSN or a name is not


class Handeling(StrEnum):
    """What was done with data about persons."""

    INZIEN = "inzien"
    ZOEKEN = "zoeken"
    EXPORTEREN = "exporteren"
    TOETSEN = "toetsen"
    UITLEGGEN = "uitleggen"
    VERSTREKKEN = "verstrekken"
    INLEZEN = "inlezen"
    WIJZIGEN = "wijzigen"
    BEPERKEN = "beperken"
    VERNIETIGEN = "vernietigen"
    BEHEREN = "beheren"


class GebruikerSoort(StrEnum):
    """As what somebody came in."""

    ACCOUNT = "account"
    OPDRACHTREGEL = "opdrachtregel"
    KOPPELING = "koppeling"
    SYSTEEM = "systeem"


@dataclass(frozen=True, slots=True)
class Gebruiker:
    """Who looks: an account, a person at the command line, another system, or this program by itself."""

    naam: str
    soort: GebruikerSoort = GebruikerSoort.ACCOUNT
    rol: str | None = None


@dataclass(frozen=True, slots=True)
class Betrokkenen:
    """Of whom data is seen: pseudonyms of persoonslijsten and of rechthebbenden, never their numbers.

    These are the keyed hashes under which the registry keeps them (``persoonslijsten.persoonslijst``,
    ``rechthebbenden.rechthebbende``).
    """

    persoonslijsten: Iterable[str] = ()
    rechthebbenden: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """One act: what is done, for which activity of the register, and with whose data.

    Attributes:
        gebruiker: who.
        handeling: what.
        verwerking: code of the processing activity: purpose and ground follow from it.
        betrokkenen: whose data.
        zaak: the case that it is needed for.
        object_id: the dwelling, when it is about one.
        regel: rule and version, for an evaluation or explanation.
        toelichting: filters or reason; no personal data.
        geslaagd: whether the act succeeded; a refused search is written down as well.
    """

    gebruiker: Gebruiker
    handeling: Handeling
    verwerking: str
    betrokkenen: Betrokkenen = field(default_factory=Betrokkenen)
    zaak: str | None = None
    object_id: str | None = None
    regel: str | None = None
    toelichting: str | None = None
    geslaagd: bool = True


class AccessLogError(StoreError):
    """The access could not be written down, so it is not given."""

    code = "toegangslog"


class AccessLog:
    """Writes the access log of one registry."""

    def __init__(
        self,
        store: Store,
        *,
        register: Verwerkingsregister | None = None,
        anchors: Path | None = None,
    ) -> None:
        """A log.

        Args:
            store: the registry.
            register: the processing activities; those of the program when none is given.
            anchors: file outside the database to which each new head of the chain is added.
        """
        self._store = store
        self._register = register or shipped_activities()
        self._anchors = anchors

    def record(self, access: Access, *, moment: datetime | None = None) -> Head:
        """Write an access down and commit it; only then may it be given.

        Args:
            access: what is about to be seen or was asked.
            moment: when; now unless a test says otherwise.

        Raises:
            AccessLogError: it could not be written: give nothing.
            UsageError: the activity is not in the register on that day, or a number was given for a pseudonym.
        """
        try:
            with self._store.write_transaction(LOG_LOCK) as connection:
                head = self.append(connection, access, moment=moment)
            if self._anchors is not None:
                keep_anchor(self._anchors, head)
        except UsageError:
            raise
        except (StoreError, OSError) as error:
            raise AccessLogError(
                f"De inzage kan niet worden vastgelegd in het toegangslog en wordt daarom niet gegeven ({error})."
            ) from error
        return head

    def append(self, connection: WriteConnection, access: Access, *, moment: datetime | None = None) -> Head:
        """Write an access down within an open transaction.

        On PostgreSQL every other access waits until that transaction ends: append at its end.

        Raises:
            UsageError: the activity is not in the register on that day, or a number was given for a pseudonym.
        """
        when = moment or clock.now()
        activity = self._register.find(access.verwerking, when.astimezone(clock.AMSTERDAM).date())
        persons = [("persoonslijst", key) for key in access.betrokkenen.persoonslijsten]
        owners = [("rechthebbende", key) for key in access.betrokkenen.rechthebbenden]
        subjects = in_order([*persons, *owners])
        if not all(_PSEUDONYM.fullmatch(key) for _, key in subjects):
            raise UsageError("Het toegangslog bewaart alleen pseudoniemen; er werd iets anders gegeven.")
        trace_id, parent = current_trace()
        row = LoggedAccess(
            tijdstip=when.astimezone(UTC),
            gebruiker=access.gebruiker.naam,
            soort_gebruiker=access.gebruiker.soort.value,
            rol=access.gebruiker.rol,
            handeling=access.handeling.value,
            verwerking=activity.code,
            grondslag=activity.grondslag,
            zaak=access.zaak,
            adresseerbaar_object_id=access.object_id,
            regel=access.regel,
            toelichting=access.toelichting,
            aantal=len(subjects),
            status="Ok" if access.geslaagd else "Error",
            sleutelstand=read_sleutelstand(connection)[0],
            trace_id=trace_id or secrets.token_hex(16),
            span_id=secrets.token_hex(8),
            parent_span_id=parent,
        )
        return append_access(connection, row, subjects)
