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
    about: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry on a page."""

    label: str
    path: str
    current: bool


ENTRIES = (
    Entry("Zoeken", "/zoeken", Right.WONING, "Een woning of een eigenaar vinden"),
    Entry("Signalen", "/signalen", Right.SIGNALEN, "Waar iemand naar moet kijken, en waarom"),
    Entry("Kaart", "/kaart", Right.KAART, "De woningen van uw gebied, met wat de toetsing zegt"),
    Entry("Voorraad", "/voorraad", Right.VOORRAAD, "Waaruit de woningvoorraad bestaat, in afgeschermde cijfers"),
    Entry("Werklijsten", "/werklijsten", Right.WERKLIJSTEN, "De bezoeken per dag: maken, wijzigen en meenemen"),
    Entry("Bezoeken", "/bezoeken", Right.BEZOEKEN, "Wat er aan de deur is gevonden"),
    Entry("Zaken", "/zaken", Right.ZAKEN, "Zaken, hun controle, dossier en brieven"),
    Entry("Termijnen", "/termijnen", Right.TERMIJNEN, "Wat binnenkort eindigt, met de bron"),
    Entry("Opbrengst", "/opbrengst", Right.OPBRENGST, "Wat bezoeken opleveren, naast de steekproef"),
    Entry("Imports", "/imports", Right.BRONNEN, "Bestanden inlezen, volgen en intrekken"),
    Entry("Gebruikers", "/gebruikers", Right.GEBRUIKERS, "Accounts, rollen en gebieden"),
    Entry("Recht", "/recht", Right.RECHT, "Wat er op een dag geldt, met de bron"),
    Entry("Regelboek", "/regelboek", Right.RECHT, "Hoe het register toetst, stap voor stap"),
)


def menu(account: Account, path: str) -> tuple[Shown, ...]:
    """The entries for an account, with that of the page itself marked."""
    return tuple(
        Shown(entry.label, entry.path, path == entry.path or path.startswith(f"{entry.path}/"))
        for entry in ENTRIES
        if account.may(entry.right)
    )
