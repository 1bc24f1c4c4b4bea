"""An account with what it may do, and the session in which it does so."""

from dataclasses import dataclass
from datetime import datetime

from registry.accounts.rights import PER_AREA, RIGHTS, Right, Role
from registry.privacy.access import Gebruiker, GebruikerSoort

PROVIDER = "aangemeld via de gemeente"
"""The device of a session that an identity provider began: that provider asks for its own second step."""


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role that an account has, in the whole municipality (``gebieden`` is None) or in some areas."""

    rol: Role
    gebieden: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    account_id: int
    email: str
    naam: str
    rollen: tuple[RoleGiven, ...] = ()
    has_second_step: bool = False

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives the right, somewhere."""
        return any(right in RIGHTS[given.rol] for given in self.rollen)

    def gebieden(self, right: Right) -> frozenset[str] | None:
        """In which areas the right holds; None is everywhere, the empty set nowhere."""
        giving = [given.gebieden for given in self.rollen if right in RIGHTS[given.rol]]
        if giving and (right not in PER_AREA or None in giving):
            return None
        return frozenset(code for codes in giving if codes is not None for code in codes)

    def has(self, *rollen: Role) -> bool:
        """Whether the account has one of these roles."""
        return any(given.rol in rollen for given in self.rollen)

    def gebruiker(self, right: Right) -> Gebruiker:
        """As the access log names who uses a right."""
        rol = next((given.rol.value for given in self.rollen if right in RIGHTS[given.rol]), None)
        return Gebruiker(self.email, GebruikerSoort.ACCOUNT, rol)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on.

    Attributes:
        session_id: its number.
        account: who signed in.
        csrf_token: what each form of this session carries.
        stage: ``volledig``; ``tweede_stap`` while the code must still be given; ``koppeling`` for another system.
        device: browser and system in words, or ``PROVIDER``.
        seen_at: when it was last used, to five minutes.
    """

    session_id: int
    account: Account
    csrf_token: str
    stage: str
    device: str | None
    seen_at: datetime

    @property
    def second_step(self) -> bool:
        """Whether the second step is there: of this account, or of the provider that signed it in."""
        return self.account.has_second_step or self.device == PROVIDER
