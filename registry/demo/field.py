"""What inspectors and officials of the synthetic municipality wrote down: inspecties and vaststellingen."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from registry.demo.names import WOONPLAATS
from registry.demo.town import AdresseerbaarObject

INSPECTIE_HEADERS: Final = (
    "BAG-id",
    "Adres",
    "Straat",
    "Huisnummer",
    "Toevoeging",
    "Postcode",
    "Woonplaats",
    "Datum bezoek",
    "Tijd",
    "Inspecteur",
    "Resultaat",
    "Aantal personen",
    "Huishoudens",
    "Slaapplaatsen",
    "Kamers",
    "Gemeten oppervlakte (m2)",
    "Gebreken",
    "Opmerkingen",
)
VASTSTELLING_HEADERS: Final = ("BAG-id", "Adres", "Feit", "Waarde", "Van", "Tot", "Bewijs", "Auteur")

AddressStyle = Literal["bag", "adres", "velden", "zonder_toevoeging", "onbekend"]


@dataclass(frozen=True, slots=True)
class Inspectie:
    """One visit as it stands in the workbook; ``aantal`` and ``datum`` are text where an inspector typed text."""

    adresseerbaar_object: AdresseerbaarObject
    style: AddressStyle
    datum: date | str
    tijd: str
    inspecteur: str
    resultaat: str
    aantal: int | str | None
    huishoudens: int | None
    slaapplaatsen: int | None
    kamers: int | None
    gemeten: float | None
    gebreken: str
    opmerkingen: str

    def row(self) -> tuple[object, ...]:
        """The cells in the order of ``INSPECTIE_HEADERS``."""
        return (
            *address_cells(self.adresseerbaar_object, self.style),
            self.datum,
            self.tijd,
            self.inspecteur,
            self.resultaat,
            self.aantal,
            self.huishoudens,
            self.slaapplaatsen,
            self.kamers,
            self.gemeten,
            self.gebreken or None,
            self.opmerkingen or None,
        )


@dataclass(frozen=True, slots=True)
class Vaststelling:
    """One established fact as it stands in the file."""

    adresseerbaar_object: AdresseerbaarObject
    style: AddressStyle
    feit: str
    waarde: str
    van: date
    bewijs: str
    auteur: str

    def row(self) -> tuple[str, ...]:
        """The cells in the order of ``VASTSTELLING_HEADERS``; dates as dd-mm-jjjj, no end."""
        bag_id, adres = address_cells(self.adresseerbaar_object, self.style)[:2]
        van = f"{self.van:%d-%m-%Y}"
        return bag_id or "", adres or "", self.feit, self.waarde, van, "", self.bewijs, self.auteur


def address_cells(target: AdresseerbaarObject, style: AddressStyle) -> tuple[str | None, ...]:
    """BAG-id, adres, straat, huisnummer, toevoeging, postcode and woonplaats, filled in the way of one inspector."""
    adres = target.hoofdadres
    postcode = f"{adres.postcode[:4]} {adres.postcode[4:]}"
    straat, number = adres.openbare_ruimte.naam, str(adres.huisnummer)
    empty = (None,) * 5
    if style == "bag":
        return (target.adresseerbaar_object_id, None, *empty)
    if style == "velden":
        return None, None, straat, number, adres.suffix.strip("-") or None, adres.postcode, WOONPLAATS
    if style == "onbekend":
        return (None, f"{straat} 9{number}77, {postcode} {WOONPLAATS}", *empty)
    suffix = "" if style == "zonder_toevoeging" else adres.suffix
    return (None, f"{straat} {number}{suffix}, {postcode} {WOONPLAATS}", *empty)
