"""The menu: an entry shows to whoever has its right. A new section is one line here, in the group where it belongs."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from registry.accounts.account import Account
from registry.accounts.rights import Right


class Group(StrEnum):
    """Under which word of the menu an entry stands; the order here is that of the menu."""

    TOEZICHT = "Toezicht"
    ZAKEN = "Zaken"
    BELEID = "Beleid"
    BEHEER = "Beheer"
    RECHT = "Recht"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    group: Group
    label: str
    path: str
    right: Right
    about: str
    whole: bool = False  # only for who has the right in the whole municipality


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry on a page."""

    label: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the menu on a page: entries under one word, or without one when they stand in the bar themselves."""

    label: str
    entries: tuple[Shown, ...]


# So many fit in one line of the bar; more are put away under the words of their groups.
FLAT = 6

ENTRIES = (
    Entry(Group.TOEZICHT, "Zoeken", "/zoeken", Right.WONING, "Een woning of een eigenaar vinden"),
    Entry(Group.TOEZICHT, "Signalen", "/signalen", Right.SIGNALEN, "Waar iemand naar moet kijken, en waarom"),
    Entry(Group.TOEZICHT, "Kaart", "/kaart", Right.KAART, "De woningen van uw gebied, met wat de toetsing zegt"),
    Entry(Group.TOEZICHT, "Eigenaren", "/eigenaren", Right.EIGENAREN, "Portefeuilles: wat een eigenaar heeft en had"),
    Entry(Group.TOEZICHT, "Werklijsten", "/werklijsten", Right.WERKLIJSTEN, "De bezoeken per dag: maken en meenemen"),
    Entry(Group.TOEZICHT, "Bezoeken", "/bezoeken", Right.BEZOEKEN, "Wat er aan de deur is gevonden"),
    Entry(Group.ZAKEN, "Zaken", "/zaken", Right.ZAKEN, "Zaken, hun controle, dossier en brieven"),
    Entry(Group.ZAKEN, "Termijnen", "/termijnen", Right.TERMIJNEN, "Wat binnenkort eindigt, met de bron"),
    Entry(Group.BELEID, "Voorraad", "/voorraad", Right.VOORRAAD, "Waaruit de woningvoorraad bestaat, afgeschermd"),
    Entry(Group.BELEID, "Opbrengst", "/opbrengst", Right.OPBRENGST, "Wat bezoeken opleveren, naast de steekproef"),
    Entry(Group.BEHEER, "Imports", "/imports", Right.BRONNEN, "Bestanden inlezen, volgen en intrekken"),
    Entry(
        Group.BEHEER,
        "Te beoordelen",
        "/te-beoordelen",
        Right.KOPPELEN,
        "Kiezen welke woning een adres bedoelt",
        whole=True,
    ),
    Entry(Group.BEHEER, "Gebruikers", "/gebruikers", Right.GEBRUIKERS, "Accounts, rollen en gebieden"),
    Entry(Group.BEHEER, "Instellingen", "/instellingen", Right.INSTELLINGEN, "Hoe dit register is ingericht"),
    Entry(Group.BEHEER, "Logboek", "/logboek", Right.TOEGANGSLOG, "Wie welke gegevens zag, wanneer en waarvoor"),
    Entry(
        Group.BEHEER, "Betrokkenen", "/betrokkenen", Right.BETROKKENEN, "Inzage, verbetering en beperking op verzoek"
    ),
    Entry(Group.BEHEER, "Bewaartermijnen", "/bewaartermijnen", Right.BETROKKENEN, "Wat weg moet, en wat weg is"),
    Entry(Group.RECHT, "Geldend recht", "/recht", Right.RECHT, "Wat er op een dag geldt, met de bron"),
    Entry(Group.RECHT, "Regelboek", "/regelboek", Right.RECHT, "Hoe het register toetst, stap voor stap"),
)


def menu(account: Account, path: str) -> tuple[Part, ...]:
    """The menu for an account, with the entry of the page itself marked."""
    return arranged(ENTRIES, account, path)


def arranged(entries: Iterable[Entry], account: Account, path: str) -> tuple[Part, ...]:
    """What an account sees of entries: side by side where they fit, else under the words of their groups.

    Args:
        entries: in the order of their groups.
        account: whose rights count.
        path: of the page; its entry is marked, also on pages below it.
    """
    seen = [entry for entry in entries if is_seen(entry, account)]
    if len(seen) <= FLAT:
        return (Part("", tuple(_shown(entry, path) for entry in seen)),) if seen else ()
    parts = []
    for group, of_group in groupby(seen, key=lambda entry: entry.group):
        shown = tuple(_shown(entry, path) for entry in of_group)
        parts.append(Part(group.value if len(shown) > 1 else "", shown))
    return tuple(parts)


def is_seen(entry: Entry, account: Account) -> bool:
    """Whether an entry leads an account to something."""
    return account.may(entry.right) and not (entry.whole and account.gebieden(entry.right) is not None)


def _shown(entry: Entry, path: str) -> Shown:
    return Shown(entry.label, entry.path, path == entry.path or path.startswith(f"{entry.path}/"))
