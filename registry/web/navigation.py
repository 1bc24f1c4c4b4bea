"""The menu: an entry shows to whoever has its right. A new section is one line here."""

from dataclasses import dataclass

from registry.accounts.account import Account
from registry.accounts.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    label: str
    path: str
    right: Right


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry on a page."""

    label: str
    path: str
    current: bool


ENTRIES = (
    Entry("Zoeken", "/zoeken", Right.WONING),
    Entry("Signalen", "/signalen", Right.SIGNALEN),
    Entry("Gebruikers", "/gebruikers", Right.GEBRUIKERS),
    Entry("Recht", "/recht", Right.RECHT),
    Entry("Regelboek", "/regelboek", Right.RECHT),
)


def menu(account: Account, path: str) -> tuple[Shown, ...]:
    """The entries for an account, with that of the page itself marked."""
    return tuple(
        Shown(entry.label, entry.path, path == entry.path or path.startswith(f"{entry.path}/"))
        for entry in ENTRIES
        if account.may(entry.right)
    )
