"""The BAG extract of the synthetic municipality: a gemeente zip of three levels, as the LVBAG delivers it."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from registry.demo import bag_xml
from registry.demo.bag_xml import versions
from registry.demo.names import WOONPLAATS
from registry.demo.town import GEMEENTE, WOONPLAATS_ID, AdresseerbaarObject, Town
from registry.demo.zips import add_member

RECORDS_PER_FILE: Final = 10_000
_IMBAG: Final = "www.kadaster.nl/schemas/lvbag/imbag"
_LVBAG: Final = "http://www.kadaster.nl/schemas/lvbag"
_GWR: Final = "www.kadaster.nl/schemas/lvbag/gem-wpl-rel"
_SELECTIES: Final = f'xmlns:selecties-extract="{_LVBAG}/extract-selecties/v20200601"'
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES: Final = " ".join(
    (
        f'xmlns:Objecten="{_IMBAG}/objecten/v20200601"',
        f'xmlns:Objecten-ref="{_IMBAG}/objecten-ref/v20200601"',
        f'xmlns:Historie="{_IMBAG}/historie/v20200601"',
        f'xmlns:nen5825="{_IMBAG}/nen5825/v20200601"',
        f'xmlns:KenmerkInOnderzoek="{_IMBAG}/kenmerkinonderzoek/v20200601"',
        _SELECTIES,
        f'xmlns:sl-bag-extract="{_LVBAG}/extract-deelbestand-lvc/v20200601"',
        'xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0"',
        'xmlns:gml="http://www.opengis.net/gml/3.2"',
    )
)
_GEMEENTE_XML: Final = (
    "<selecties-extract:Gebied-Registratief><selecties-extract:Gebied-GEM><selecties-extract:GemeenteCollectie>"
    f"<selecties-extract:Gemeente><selecties-extract:GemeenteIdentificatie>{GEMEENTE}"
    "</selecties-extract:GemeenteIdentificatie></selecties-extract:Gemeente></selecties-extract:GemeenteCollectie>"
    "</selecties-extract:Gebied-GEM></selecties-extract:Gebied-Registratief>"
)


def write_bag(folder: Path, town: Town, *, rng: Random, extent: tuple[float, float, float, float]) -> str:
    """Write ``BAGGEM0606L-ddmmjjjj.zip``; its name. ``extent`` is the woonplaats: west, south, east, north in RD."""
    stand = town.stand
    day = f"{stand:%d%m%Y}"
    objects: dict[str, Iterable[str]] = {
        "WPL": [_woonplaats(extent)],
        "OPR": _openbare_ruimten(town, rng),
        "NUM": _nummeraanduidingen(town, rng),
        "VBO": _verblijfsobjecten(town, rng),
        "LIG": _places(town, "Ligplaats"),
        "STA": _places(town, "Standplaats"),
        "PND": _panden(town, rng),
    }
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for code, records in objects.items():
            wrapped = (bag_xml.wrap(record) for record in records)
            add_member(archive, f"{GEMEENTE}{code}{day}.zip", _stand_zip(code, code, wrapped, stand), stored=True)
        add_member(archive, f"{GEMEENTE}InOnderzoek{day}.zip", _in_onderzoek_zip(town, rng), stored=True)
        add_member(archive, f"{GEMEENTE}NietBag{day}.zip", _niet_bag_zip(town), stored=True)
    name = f"BAGGEM{GEMEENTE}L-{day}.zip"
    with zipfile.ZipFile(folder / name, "w") as archive:
        add_member(archive, "Leveringsdocument-BAG-Extract.xml", _leveringsdocument(stand).encode())
        add_member(archive, f"GEM-WPL-RELATIE-{day}.zip", _gem_wpl_zip(stand), stored=True)
        add_member(archive, f"{GEMEENTE}GEM{day}.zip", content.getvalue(), stored=True)
    return name


def _woonplaats(extent: tuple[float, float, float, float]) -> str:
    west, south, east, north = extent
    corners = bag_xml.rectangle(west, south, east - west, north - south)
    return bag_xml.woonplaats(WOONPLAATS, corners, versions([date(2008, 1, 1)])[0])


def _openbare_ruimten(town: Town, rng: Random) -> Iterator[str]:
    for street in town.openbare_ruimten:
        begins = [date(1924, 3, 1) + timedelta(days=rng.randrange(9_000)), date(2009, 12, 16)]
        for version in versions(begins if rng.random() < 0.8 else begins[1:]):
            yield bag_xml.openbare_ruimte(street, version)


def _nummeraanduidingen(town: Town, rng: Random) -> Iterator[str]:
    owners = {
        adres.nummeraanduiding_id: target
        for target in town.objecten
        for adres in (target.hoofdadres, *target.nevenadressen)
    }
    for adres in town.nummeraanduidingen:
        target = owners[adres.nummeraanduiding_id]
        begins = [target.begin]
        if rng.random() < 0.25:
            begins.append(min(target.begin + timedelta(days=rng.randint(0, 400)), target.ended or date.max))
        if target.ended is not None:
            begins.append(target.ended)
        for version in versions(begins):
            ended = target.ended is not None and version.end is None
            yield bag_xml.nummeraanduiding(adres, version, ended=ended)


def _verblijfsobjecten(town: Town, rng: Random) -> Iterator[str]:
    for target in town.objecten:
        if target.soort == "Verblijfsobject":
            yield from _history(target, rng)


def _history(target: AdresseerbaarObject, rng: Random) -> Iterator[str]:
    """One to three voorkomens; the last one says what holds today."""
    area = target.oppervlakte
    if area is None:
        raise ValueError(f"verblijfsobject {target.adresseerbaar_object_id} has no oppervlakte")
    begins = [target.begin]
    earlier = target.status != "Verblijfsobject gevormd" and rng.random()
    if earlier > 0.4:
        begins.append(target.begin + timedelta(days=rng.randint(0, 300)))  # none: a voorkomen of no length
    if earlier > 0.8:
        begins.append(begins[-1] + timedelta(days=rng.randint(1, 300)))
    if target.ended is not None:
        begins = [target.begin, target.ended]
    for version in versions(begins):
        if version.end is None:
            yield bag_xml.verblijfsobject(target, version, status=target.status, oppervlakte=area)
        else:
            status = "Verblijfsobject in gebruik (niet ingemeten)" if version.number == 1 else target.status
            then = area if target.ended is not None else 30 + rng.randrange(90)
            yield bag_xml.verblijfsobject(target, version, status=status, oppervlakte=then)


def _places(town: Town, soort: str) -> Iterator[str]:
    for target in town.objecten:
        if target.soort == soort:
            yield bag_xml.place(target, versions([target.begin])[0])


def _panden(town: Town, rng: Random) -> Iterator[str]:
    for building in town.panden:
        begins = [date(max(building.bouwjaar, 1), 1, 1)]
        if rng.random() < 0.79:
            begins.append(max(date(2009, 6, 1) + timedelta(days=rng.randrange(700)), begins[0]))
        for version in versions(begins):
            yield bag_xml.pand(building, version, status="Pand in gebruik")


def _in_onderzoek_zip(town: Town, rng: Random) -> bytes:
    """Investigations that were closed, and a few open ones about a kenmerk that no rule reads."""
    records = []
    for target in town.objecten:
        if target.soort == "Verblijfsobject" and not target.trouble and rng.random() < 0.02:
            begin = target.begin + timedelta(days=rng.randint(30, 200))
            if rng.random() < 0.9:
                kenmerk = rng.choice(("oppervlakte", "gebruiksdoel", "status"))
                records.append(bag_xml.in_onderzoek(target, kenmerk, begin, begin + timedelta(days=90)))
            else:
                records.append(bag_xml.in_onderzoek(target, "geometrie", begin, None))
    return _nested(f"{GEMEENTE}IOVBO", "IOVBO", "VBO", records, town.stand)


def _niet_bag_zip(town: Town) -> bytes:
    """The trap of NietBag: the key of a normal voorkomen, with an area that would make it a signal."""
    records = []
    for target in town.objecten:
        if target.trouble == "op_norm":
            version = versions([target.begin], niet_bag=target.begin + timedelta(days=60))[0]
            record = bag_xml.verblijfsobject(target, version, status=target.status, oppervlakte=15)
            records.append(bag_xml.wrap(record))
    return _nested(f"{GEMEENTE}NBVBO", "NBVBO", "VBO", records, town.stand)


def _nested(stem: str, code: str, object_type: str, records: Iterable[str], stand: date) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        add_member(archive, f"{stem}{stand:%d%m%Y}.zip", _stand_zip(code, object_type, records, stand), stored=True)
    return content.getvalue()


def _stand_zip(code: str, object_type: str, records: Iterable[str], stand: date) -> bytes:
    """The zip of one object type: files of at most 10,000 records, and one without records when there are none."""
    head = (
        f"{_DECLARATION}<sl-bag-extract:bagStand {_NAMESPACES}><sl-bag-extract:bagInfo>{_GEMEENTE_XML}"
        f"<selecties-extract:LVC-Extract>{_stand_datum(stand)}</selecties-extract:LVC-Extract>"
        "</sl-bag-extract:bagInfo><sl:standBestand><sl:dataset>LVBAG</sl:dataset><sl:inhoud>"
        "<sl:gebied>GEMEENTE</sl:gebied><sl:leveringsId>0000000001</sl:leveringsId><sl:objectTypen>"
        f"<sl:objectType>{object_type}</sl:objectType></sl:objectTypen></sl:inhoud>"
    )
    tail = "</sl:standBestand></sl-bag-extract:bagStand>\n"
    remaining = iter(records)
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        number = 1
        part = list(islice(remaining, RECORDS_PER_FILE))
        while part or number == 1:
            name = f"{GEMEENTE}{code}{stand:%d%m%Y}-{number:06d}.xml"
            add_member(archive, name, "".join((head, *part, tail)).encode())
            part = list(islice(remaining, RECORDS_PER_FILE))
            number += 1
    return content.getvalue()


def _stand_datum(stand: date) -> str:
    return f"<selecties-extract:StandTechnischeDatum>{stand}</selecties-extract:StandTechnischeDatum>"


def _leveringsdocument(stand: date) -> str:
    return (
        f'{_DECLARATION}<xb:BAG-Extract-Levering xmlns:xb="{_LVBAG}/extract-levering/v20200601" {_SELECTIES}>'
        f"<xb:SelectieGegevens><selecties-extract:LVC-Extract>{_stand_datum(stand)}</selecties-extract:LVC-Extract>"
        f"{_GEMEENTE_XML}</xb:SelectieGegevens><xb:SchemaInfo><xb:naam>BagvsExtractDeelbestandExtractLvc-2.1.0.xsd"
        "</xb:naam><xb:versie>20200601</xb:versie></xb:SchemaInfo></xb:BAG-Extract-Levering>\n"
    )


def _gem_wpl_zip(stand: date) -> bytes:
    """The relation of woonplaatsen and gemeenten: ours, an ended one and one of a neighbour."""
    rows = (
        (WOONPLAATS_ID, GEMEENTE, date(2008, 1, 1), None, "definitief"),
        (WOONPLAATS_ID, "9999", date(2005, 1, 1), date(2008, 1, 1), "voorlopig"),
        ("9607", "9998", date(2008, 1, 1), None, "definitief"),
    )
    body = "".join(
        "<gwr-product:GemeenteWoonplaatsRelatie><gwr-product:tijdvakgeldigheid>"
        f"<bagtypes:begindatumTijdvakGeldigheid>{begin}</bagtypes:begindatumTijdvakGeldigheid>"
        + (f"<bagtypes:einddatumTijdvakGeldigheid>{end}</bagtypes:einddatumTijdvakGeldigheid>" if end else "")
        + f"</gwr-product:tijdvakgeldigheid><gwr-product:gerelateerdeWoonplaats><gwr-product:identificatie>{plaats}"
        "</gwr-product:identificatie></gwr-product:gerelateerdeWoonplaats><gwr-product:gerelateerdeGemeente>"
        f"<gwr-product:identificatie>{gemeente}</gwr-product:identificatie></gwr-product:gerelateerdeGemeente>"
        f"<gwr-product:status>{status}</gwr-product:status></gwr-product:GemeenteWoonplaatsRelatie>"
        for plaats, gemeente, begin, end, status in rows
    )
    document = (
        f'{_DECLARATION}<gwr-bestand:BAG-GWR-Deelbestand-LVC xmlns:gwr-bestand="{_GWR}/gwr-deelbestand-lvc/v20200601" '
        f'{_SELECTIES} xmlns:bagtypes="{_GWR}/bag-types/v20200601" '
        f'xmlns:gwr-product="{_GWR}/gwr-producten-lvc/v20200601"><gwr-bestand:SelectieGegevens>{_stand_datum(stand)}'
        "</gwr-bestand:SelectieGegevens><gwr-bestand:Product><gwr-product:GemeenteWoonplaatsRelatieProduct>"
        f"{body}</gwr-product:GemeenteWoonplaatsRelatieProduct></gwr-bestand:Product>"
        "</gwr-bestand:BAG-GWR-Deelbestand-LVC>\n"
    )
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        add_member(archive, f"GEM-WPL-RELATIE-{stand:%d%m%Y}-000001.xml", document.encode())
    return content.getvalue()
