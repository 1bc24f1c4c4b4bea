"""BAG objects as LVBAG Extract 2.0 writes them (schema 20200601): one text per voorkomen.

The order of the children is that of the schema, which differs per object type; texts that can hold a special
character are escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from xml.sax.saxutils import escape

from registry.demo.names import short_name
from registry.demo.town import WOONPLAATS_ID, AdresseerbaarObject, Nummeraanduiding, OpenbareRuimte, Pand

RD: Final = 'srsName="urn:ogc:def:crs:EPSG::28992"'


@dataclass(frozen=True, slots=True)
class Version:
    """One voorkomen: its number, its period (end exclusive) and whether the LV says that it is no BAG object."""

    number: int
    begin: date
    end: date | None = None
    niet_bag: date | None = None


def versions(begins: Sequence[date], niet_bag: date | None = None) -> list[Version]:
    """Voorkomens that follow each other without a gap; the last one is open."""
    ends = [*begins[1:], None]
    return [
        Version(number, begin, end, niet_bag) for number, (begin, end) in enumerate(zip(begins, ends, strict=True), 1)
    ]


def wrap(record: str) -> str:
    """One object as a member of a stand file."""
    return f"<sl:stand><sl-bag-extract:bagObject>{record}</sl-bag-extract:bagObject></sl:stand>"


def _voorkomen(version: Version) -> str:
    begin, end = version.begin, version.end
    registered = begin + timedelta(days=1)
    closed = ""
    closed_lv = ""
    period = f"<Historie:beginGeldigheid>{begin}</Historie:beginGeldigheid>"
    if end is not None:
        closed_day = end + timedelta(days=1)
        period += f"<Historie:eindGeldigheid>{end}</Historie:eindGeldigheid>"
        closed = f"<Historie:eindRegistratie>{closed_day}T09:15:00.000</Historie:eindRegistratie>"
        closed_lv = (
            f"<Historie:tijdstipEindRegistratieLV>{closed_day}T09:30:00.000</Historie:tijdstipEindRegistratieLV>"
        )
    if version.niet_bag is not None:
        closed_lv += f"<Historie:tijdstipNietBagLV>{version.niet_bag}T12:00:00.000</Historie:tijdstipNietBagLV>"
    return (
        "<Objecten:voorkomen><Historie:Voorkomen>"
        f"<Historie:voorkomenidentificatie>{version.number}</Historie:voorkomenidentificatie>{period}"
        f"<Historie:tijdstipRegistratie>{registered}T09:15:00.000</Historie:tijdstipRegistratie>{closed}"
        "<Historie:BeschikbaarLV>"
        f"<Historie:tijdstipRegistratieLV>{registered}T09:30:00.000</Historie:tijdstipRegistratieLV>{closed_lv}"
        "</Historie:BeschikbaarLV></Historie:Voorkomen></Objecten:voorkomen>"
    )


def _document(version: Version) -> str:
    return (
        "<Objecten:geconstateerd>N</Objecten:geconstateerd>"
        f"<Objecten:documentdatum>{version.begin}</Objecten:documentdatum>"
        f"<Objecten:documentnummer>B&amp;W-{version.begin:%y%m}-{version.number}</Objecten:documentnummer>"
    )


def _polygon(corners: Sequence[tuple[float, float]], *, dimension: int) -> str:
    ring = [*corners, corners[0]]
    z = " 0.0" if dimension == 3 else ""
    positions = " ".join(f"{x:.3f} {y:.3f}{z}" for x, y in ring)
    return (
        f'<gml:Polygon {RD} srsDimension="{dimension}"><gml:exterior><gml:LinearRing>'
        f'<gml:posList count="{len(ring)}">{positions}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
    )


def rectangle(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    """The corners of a rectangle, counter-clockwise from the south-west."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def woonplaats(naam: str, corners: Sequence[tuple[float, float]], version: Version) -> str:
    """The woonplaats."""
    return (
        '<Objecten:Woonplaats><Objecten:identificatie domein="NL.IMBAG.Woonplaats">'
        f"{WOONPLAATS_ID}</Objecten:identificatie><Objecten:naam>{escape(naam)}</Objecten:naam>"
        f"<Objecten:geometrie><Objecten:vlak>{_polygon(corners, dimension=2)}</Objecten:vlak></Objecten:geometrie>"
        f"<Objecten:status>Woonplaats aangewezen</Objecten:status>{_document(version)}{_voorkomen(version)}"
        "</Objecten:Woonplaats>"
    )


def openbare_ruimte(street: OpenbareRuimte, version: Version) -> str:
    """A street, with its verkorteNaam."""
    return (
        '<Objecten:OpenbareRuimte><Objecten:identificatie domein="NL.IMBAG.Openbareruimte">'
        f"{street.openbare_ruimte_id}</Objecten:identificatie><Objecten:naam>{escape(street.naam)}</Objecten:naam>"
        "<Objecten:type>Weg</Objecten:type><Objecten:status>Naamgeving uitgegeven</Objecten:status>"
        f'{_document(version)}<Objecten:ligtIn><Objecten-ref:WoonplaatsRef domein="NL.IMBAG.Woonplaats">'
        f"{WOONPLAATS_ID}</Objecten-ref:WoonplaatsRef></Objecten:ligtIn>{_voorkomen(version)}"
        "<Objecten:verkorteNaam><nen5825:VerkorteNaamOpenbareRuimte><nen5825:verkorteNaam>"
        f"{escape(short_name(street.naam))}</nen5825:verkorteNaam></nen5825:VerkorteNaamOpenbareRuimte>"
        "</Objecten:verkorteNaam></Objecten:OpenbareRuimte>"
    )


def nummeraanduiding(adres: Nummeraanduiding, version: Version, *, ended: bool) -> str:
    """An address."""
    letter = adres.huisletter and f"<Objecten:huisletter>{adres.huisletter}</Objecten:huisletter>"
    addition = adres.huisnummertoevoeging and (
        f"<Objecten:huisnummertoevoeging>{adres.huisnummertoevoeging}</Objecten:huisnummertoevoeging>"
    )
    return (
        '<Objecten:Nummeraanduiding><Objecten:identificatie domein="NL.IMBAG.Nummeraanduiding">'
        f"{adres.nummeraanduiding_id}</Objecten:identificatie><Objecten:huisnummer>{adres.huisnummer}"
        f"</Objecten:huisnummer>{letter}{addition}<Objecten:postcode>{adres.postcode}</Objecten:postcode>"
        f"<Objecten:typeAdresseerbaarObject>{adres.soort}</Objecten:typeAdresseerbaarObject>"
        f"<Objecten:status>Naamgeving {'ingetrokken' if ended else 'uitgegeven'}</Objecten:status>"
        f"{_document(version)}{_voorkomen(version)}<Objecten:ligtAan>"
        f'<Objecten-ref:OpenbareRuimteRef domein="NL.IMBAG.Openbareruimte">{adres.openbare_ruimte.openbare_ruimte_id}'
        "</Objecten-ref:OpenbareRuimteRef></Objecten:ligtAan></Objecten:Nummeraanduiding>"
    )


def _number_refs(element: str, ids: Sequence[str]) -> str:
    if not ids:
        return ""
    refs = "".join(
        '<Objecten-ref:NummeraanduidingRef domein="NL.IMBAG.Nummeraanduiding">'
        f"{number_id}</Objecten-ref:NummeraanduidingRef>"
        for number_id in ids
    )
    return f"<Objecten:{element}>{refs}</Objecten:{element}>"


def _addressed(target: AdresseerbaarObject, version: Version) -> str:
    """What every adresseerbaar object begins with."""
    return (
        _number_refs("heeftAlsHoofdadres", [target.hoofdadres.nummeraanduiding_id])
        + _voorkomen(version)
        + _number_refs("heeftAlsNevenadres", [adres.nummeraanduiding_id for adres in target.nevenadressen])
    )


def verblijfsobject(target: AdresseerbaarObject, version: Version, *, status: str, oppervlakte: int) -> str:
    """A verblijfsobject with a point."""
    purposes = "".join(f"<Objecten:gebruiksdoel>{doel}</Objecten:gebruiksdoel>" for doel in target.gebruiksdoelen)
    panden = "".join(
        f'<Objecten-ref:PandRef domein="NL.IMBAG.Pand">{pand.pand_id}</Objecten-ref:PandRef>' for pand in target.panden
    )
    return (
        f"<Objecten:Verblijfsobject>{_addressed(target, version)}"
        '<Objecten:identificatie domein="NL.IMBAG.Verblijfsobject">'
        f"{target.adresseerbaar_object_id}</Objecten:identificatie><Objecten:geometrie><Objecten:punt>"
        f'<gml:Point {RD} srsDimension="3"><gml:pos>{target.x:.3f} {target.y:.3f} 0.0</gml:pos></gml:Point>'
        f"</Objecten:punt></Objecten:geometrie>{purposes}<Objecten:oppervlakte>{oppervlakte}</Objecten:oppervlakte>"
        f"<Objecten:status>{status}</Objecten:status>{_document(version)}"
        f"<Objecten:maaktDeelUitVan>{panden}</Objecten:maaktDeelUitVan></Objecten:Verblijfsobject>"
    )


def place(target: AdresseerbaarObject, version: Version) -> str:
    """A ligplaats or standplaats of 5 by 6 metres."""
    kind = target.soort
    return (
        f'<Objecten:{kind}>{_addressed(target, version)}<Objecten:identificatie domein="NL.IMBAG.{kind}">'
        f"{target.adresseerbaar_object_id}</Objecten:identificatie><Objecten:status>{target.status}</Objecten:status>"
        f"<Objecten:geometrie>{_polygon(rectangle(target.x, target.y, 5, 6), dimension=2)}</Objecten:geometrie>"
        f"{_document(version)}</Objecten:{kind}>"
    )


def pand(building: Pand, version: Version, *, status: str) -> str:
    """A building, with z as the LV writes it."""
    corners = rectangle(building.plot.x, building.plot.y, 8, 10)
    return (
        '<Objecten:Pand><Objecten:identificatie domein="NL.IMBAG.Pand">'
        f"{building.pand_id}</Objecten:identificatie><Objecten:geometrie>{_polygon(corners, dimension=3)}"
        f"</Objecten:geometrie><Objecten:oorspronkelijkBouwjaar>{building.bouwjaar:04d}"
        f"</Objecten:oorspronkelijkBouwjaar><Objecten:status>{status}</Objecten:status>"
        f"{_document(version)}{_voorkomen(version)}</Objecten:Pand>"
    )


def in_onderzoek(target: AdresseerbaarObject, kenmerk: str, begin: date, end: date | None) -> str:
    """A kenmerk of a verblijfsobject that is or was in onderzoek; a member of a stand file, not of an object."""
    closed = end and f"<Historie:eindRegistratie>{end}T09:15:00.000</Historie:eindRegistratie>"
    closed_lv = end and f"<Historie:tijdstipEindRegistratieLV>{end}T09:30:00.000</Historie:tijdstipEindRegistratieLV>"
    until = end and f"<Historie:eindGeldigheid>{end}</Historie:eindGeldigheid>"
    return (
        "<sl:stand><sl-bag-extract:kenmerkInOnderzoek><KenmerkInOnderzoek:KenmerkVerblijfsobjectInOnderzoek>"
        f"<KenmerkInOnderzoek:kenmerk>{kenmerk}</KenmerkInOnderzoek:kenmerk>"
        '<KenmerkInOnderzoek:identificatieVanVerblijfsobject domein="NL.IMBAG.Verblijfsobject">'
        f"{target.adresseerbaar_object_id}</KenmerkInOnderzoek:identificatieVanVerblijfsobject>"
        "<KenmerkInOnderzoek:inOnderzoek>J</KenmerkInOnderzoek:inOnderzoek>"
        f"<KenmerkInOnderzoek:documentdatum>{begin}</KenmerkInOnderzoek:documentdatum>"
        "<KenmerkInOnderzoek:documentnummer>IO-1</KenmerkInOnderzoek:documentnummer>"
        "<KenmerkInOnderzoek:historieInOnderzoek><Historie:HistorieInOnderzoek>"
        f"<Historie:tijdstipRegistratie>{begin}T09:15:00.000</Historie:tijdstipRegistratie>{closed or ''}"
        f"<Historie:beginGeldigheid>{begin}</Historie:beginGeldigheid>{until or ''}"
        "<Historie:BeschikbaarLVInOnderzoek>"
        f"<Historie:tijdstipRegistratieLV>{begin}T09:30:00.000</Historie:tijdstipRegistratieLV>{closed_lv or ''}"
        "</Historie:BeschikbaarLVInOnderzoek></Historie:HistorieInOnderzoek></KenmerkInOnderzoek:historieInOnderzoek>"
        "</KenmerkInOnderzoek:KenmerkVerblijfsobjectInOnderzoek></sl-bag-extract:kenmerkInOnderzoek></sl:stand>"
    )
