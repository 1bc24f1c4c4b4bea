"""Writes small LVBAG extracts, element by element as the schema has them, without the importer's own tables.

``object_xml("VBO", oppervlakte=40)`` is one voorkomen; ``extract_tree`` lays voorkomens out as Kadaster does, as a dict
of names to bytes (documents) or dicts (zips), which a test may damage before ``write_zip`` or ``write_folder``.
"""

import io
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

CODES = ("WPL", "OPR", "NUM", "VBO", "LIG", "STA", "PND")
ELEMENTS = dict(
    zip(
        CODES,
        ("Woonplaats", "OpenbareRuimte", "Nummeraanduiding", "Verblijfsobject", "Ligplaats", "Standplaats", "Pand"),
        strict=True,
    )
)
GEMEENTE = "0606"
STAND = "2026-01-15"
SQUARE = ((100.0, 400000.0), (110.5, 400000.0), (110.5, 400010.25), (100.0, 400010.25), (100.0, 400000.0))
HOLE = ((102.0, 400002.0), (102.0, 400004.0), (104.0, 400004.0), (104.0, 400002.0), (102.0, 400002.0))

WOONPLAATS_ID, OPENBARE_RUIMTE_ID = "3594", "0606300000000001"
NUMMERAANDUIDING_ID, PAND_ID = "0606200000000001", "0606100000000001"

_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<sl-bag-extract:bagStand xmlns:DatatypenNEN3610="www.kadaster.nl/schemas/lvbag/imbag/datatypennen3610/v20200601" \
xmlns:Objecten="www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601" xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:Historie="www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601" \
xmlns:Objecten-ref="www.kadaster.nl/schemas/lvbag/imbag/objecten-ref/v20200601" \
xmlns:nen5825="www.kadaster.nl/schemas/lvbag/imbag/nen5825/v20200601" \
xmlns:KenmerkInOnderzoek="www.kadaster.nl/schemas/lvbag/imbag/kenmerkinonderzoek/v20200601" \
xmlns:selecties-extract="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601" \
xmlns:sl-bag-extract="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601" \
xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0">
  <sl-bag-extract:bagInfo>{area}<selecties-extract:LVC-Extract>\
<selecties-extract:StandTechnischeDatum>{stand}</selecties-extract:StandTechnischeDatum></selecties-extract:LVC-Extract>
  </sl-bag-extract:bagInfo>
  <sl:standBestand>
    <sl:dataset>LVBAG</sl:dataset>
    <sl:inhoud><sl:objectTypen><sl:objectType>{code}</sl:objectType></sl:objectTypen></sl:inhoud>"""
_FOOTER = "\n  </sl:standBestand>\n</sl-bag-extract:bagStand>\n"

DEFAULTS: dict[str, dict[str, Any]] = {
    "WPL": {"identificatie": WOONPLAATS_ID, "naam": "Testdam", "status": "Woonplaats aangewezen", "vlak": [[SQUARE]]},
    "OPR": {
        "identificatie": OPENBARE_RUIMTE_ID,
        "naam": "Singel",
        "type": "Weg",
        "status": "Naamgeving uitgegeven",
        "ligtIn": WOONPLAATS_ID,
    },
    "NUM": {
        "identificatie": NUMMERAANDUIDING_ID,
        "huisnummer": 12,
        "postcode": "3112AB",
        "typeAdresseerbaarObject": "Verblijfsobject",
        "status": "Naamgeving uitgegeven",
        "ligtAan": OPENBARE_RUIMTE_ID,
    },
    "VBO": {
        "identificatie": "0606010000000001",
        "hoofdadres": NUMMERAANDUIDING_ID,
        "punt": (105.0, 400005.0),
        "gebruiksdoel": ["woonfunctie"],
        "oppervlakte": 60,
        "status": "Verblijfsobject in gebruik",
        "pand": [PAND_ID],
    },
    "LIG": {
        "identificatie": "0606020000000001",
        "hoofdadres": "0606200000000002",
        "status": "Plaats aangewezen",
        "polygoon": [[SQUARE]],
    },
    "STA": {
        "identificatie": "0606030000000001",
        "hoofdadres": "0606200000000003",
        "status": "Plaats aangewezen",
        "polygoon": [[SQUARE]],
    },
    "PND": {
        "identificatie": PAND_ID,
        "polygoon": [[SQUARE]],
        "oorspronkelijkBouwjaar": 1931,
        "status": "Pand in gebruik",
    },
}
_COMMON: dict[str, Any] = {
    "geconstateerd": "N",
    "documentdatum": "2010-08-31",
    "documentnummer": "B&W-1887",
    "voorkomenidentificatie": 1,
    "beginGeldigheid": "2010-08-31",
    "tijdstipRegistratie": "2010-11-15T13:22:03.000",
    "tijdstipRegistratieLV": "2010-11-15T13:31:10.557",
}
_VOORKOMEN = (
    "voorkomenidentificatie",
    "beginGeldigheid",
    "eindGeldigheid",
    "tijdstipRegistratie",
    "eindRegistratie",
    "tijdstipInactief",
)
_LV = ("tijdstipRegistratieLV", "tijdstipEindRegistratieLV", "tijdstipInactiefLV", "tijdstipNietBagLV")


def _tag(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "".join(_tag(name, one) for one in value)
    return f"<{name}>{escape(str(value))}</{name}>"


def _wrapped(wrapper: str, reference: str, value: object) -> str:
    inner = _tag(f"Objecten-ref:{reference}", value)
    return f"<Objecten:{wrapper}>{inner}</Objecten:{wrapper}>" if inner else ""


def _ring(role: str, ring: Any, dimensions: int) -> str:
    text = " ".join(f"{x} {y}" + (" 0.0" if dimensions == 3 else "") for x, y in ring)
    return f"""
  <gml:{role}>
    <gml:LinearRing>
      <gml:posList count="{len(ring)}">{text}</gml:posList>
    </gml:LinearRing>
  </gml:{role}>"""


def _polygons(surfaces: Any, dimensions: int) -> str:
    srs = f'srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="{dimensions}"'
    polygons = [
        f"<gml:Polygon {srs}>"
        + "".join(_ring("exterior" if i == 0 else "interior", ring, dimensions) for i, ring in enumerate(rings))
        + "\n</gml:Polygon>"
        for rings in surfaces
    ]
    if len(polygons) == 1:
        return polygons[0]
    members = "".join(f"<gml:surfaceMember>{polygon}</gml:surfaceMember>" for polygon in polygons)
    return f"<gml:MultiSurface {srs}>{members}</gml:MultiSurface>"


def _geometry(v: dict[str, Any], dimensions: int) -> str:
    if v.get("geometrie") is not None:
        inner = v["geometrie"]  # raw XML, for what no register should hold
    elif v.get("polygoon") is not None:
        inner = _polygons(v["polygoon"], dimensions)
    elif v.get("vlak") is not None:
        name = "vlak" if len(v["vlak"]) == 1 else "multivlak"
        inner = f"<Objecten:{name}>{_polygons(v['vlak'], dimensions)}</Objecten:{name}>"
    elif v.get("punt") is not None:
        x, y = v["punt"]
        inner = (
            '<Objecten:punt><gml:Point srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3">\n'
            f"  <gml:pos>{x} {y} 0.0</gml:pos>\n</gml:Point></Objecten:punt>"
        )
    else:
        return ""
    return f"<Objecten:geometrie>{inner}</Objecten:geometrie>"


def object_xml(code: str, *, dimensions: int = 3, nevenadres_last: bool = False, **values: Any) -> str:
    """One voorkomen of an object type, inside its ``sl:stand``; a value of None leaves its element out."""
    v = DEFAULTS[code] | _COMMON | values
    lv = "".join(_tag(f"Historie:{name}", v.get(name)) for name in _LV)
    block = "".join(_tag(f"Historie:{name}", v.get(name)) for name in _VOORKOMEN)
    voorkomen = (
        f"<Objecten:voorkomen><Historie:Voorkomen>{block}<Historie:BeschikbaarLV>{lv}</Historie:BeschikbaarLV>"
        "</Historie:Voorkomen></Objecten:voorkomen>"
    )
    nevenadres = _wrapped("heeftAlsNevenadres", "NummeraanduidingRef", v.get("nevenadres"))
    short = _tag("nen5825:verkorteNaam", v.get("verkorteNaam"))
    if short:
        name = "VerkorteNaamOpenbareRuimte"
        short = f"<Objecten:verkorteNaam><nen5825:{name}>{short}</nen5825:{name}></Objecten:verkorteNaam>"
    parts = [
        _wrapped("heeftAlsHoofdadres", "NummeraanduidingRef", v.get("hoofdadres")),
        voorkomen,
        "" if nevenadres_last else nevenadres,
        _tag("Objecten:identificatie", v.get("identificatie")),
        _tag("Objecten:naam", v.get("naam")),
        _geometry(v, dimensions),
        *(
            _tag(f"Objecten:{name}", v.get(name))
            for name in (
                "type",
                "huisnummer",
                "huisletter",
                "huisnummertoevoeging",
                "postcode",
                "typeAdresseerbaarObject",
                "oorspronkelijkBouwjaar",
                "gebruiksdoel",
                "oppervlakte",
                "status",
                "geconstateerd",
                "documentdatum",
                "documentnummer",
            )
        ),
        _wrapped("ligtAan", "OpenbareRuimteRef", v.get("ligtAan")),
        _wrapped("ligtIn", "WoonplaatsRef", v.get("ligtIn")),
        _wrapped("maaktDeelUitVan", "PandRef", v.get("pand")),
        short,
        nevenadres if nevenadres_last else "",
    ]
    element = f"Objecten:{ELEMENTS[code]}"
    inside = f"<{element}>{''.join(parts)}</{element}>"
    return f"<sl:stand><sl-bag-extract:bagObject>{inside}</sl-bag-extract:bagObject></sl:stand>"


def in_onderzoek_xml(code: str, kenmerk: str, identificatie: str, in_onderzoek: str = "J", **values: Any) -> str:
    """One record of in onderzoek: a kenmerk of an object, with its own history."""
    element = "Openbareruimte" if code == "OPR" else ELEMENTS[code]
    v = _COMMON | values
    own = "KenmerkInOnderzoek:"
    block = "".join(
        _tag(f"Historie:{name}", v.get(name))
        for name in ("tijdstipRegistratie", "eindRegistratie", "beginGeldigheid", "eindGeldigheid")
    )
    lv = "".join(_tag(f"Historie:{name}", v.get(name)) for name in _LV[:2])
    return (
        f"<sl:stand><sl-bag-extract:kenmerkInOnderzoek><{own}Kenmerk{element}InOnderzoek>"
        + _tag(f"{own}kenmerk", kenmerk)
        + _tag(f"{own}identificatieVan{element}", identificatie)
        + _tag(f"{own}inOnderzoek", in_onderzoek)
        + _tag(f"{own}documentdatum", v["documentdatum"])
        + _tag(f"{own}documentnummer", v["documentnummer"])
        + f"<{own}historieInOnderzoek><Historie:HistorieInOnderzoek>{block}<Historie:BeschikbaarLVInOnderzoek>{lv}"
        f"</Historie:BeschikbaarLVInOnderzoek></Historie:HistorieInOnderzoek></{own}historieInOnderzoek>"
        f"</{own}Kenmerk{element}InOnderzoek></sl-bag-extract:kenmerkInOnderzoek></sl:stand>"
    )


def area_xml(gemeente: str | None) -> str:
    """The area of the delivery: a gemeente, or the whole country."""
    p = "selecties-extract"
    if gemeente is None:
        return f"<{p}:Gebied-Registratief><{p}:Gebied-NLD/></{p}:Gebied-Registratief>"
    code = f"<{p}:GemeenteIdentificatie>{gemeente}</{p}:GemeenteIdentificatie>"
    return (
        f"<{p}:Gebied-Registratief><{p}:Gebied-GEM><{p}:GemeenteCollectie><{p}:Gemeente>{code}</{p}:Gemeente>"
        f"</{p}:GemeenteCollectie></{p}:Gebied-GEM></{p}:Gebied-Registratief>"
    )


def stand_xml(code: str, rows: list[str], *, stand: str = STAND, gemeente: str | None = GEMEENTE) -> bytes:
    """A whole document with these voorkomens."""
    return (_HEADER.format(code=code, stand=stand, area=area_xml(gemeente)) + "".join(rows) + _FOOTER).encode()


def leveringsdocument(*, stand: str = STAND, gemeente: str | None = GEMEENTE, kind: str = "LVC-Extract") -> bytes:
    """The document that says what the delivery is."""
    p = "selecties-extract"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xb:BAG-Extract-Levering xmlns:xb="http://www.kadaster.nl/schemas/lvbag/extract-levering/v20200601" '
        f'xmlns:{p}="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601"><xb:SelectieGegevens>'
        f"<{p}:{kind}><{p}:StandTechnischeDatum>{stand}</{p}:StandTechnischeDatum></{p}:{kind}>{area_xml(gemeente)}"
        "</xb:SelectieGegevens><xb:SchemaInfo><xb:versie>20200601</xb:versie></xb:SchemaInfo></xb:BAG-Extract-Levering>"
    ).encode()


def gem_wpl_xml(rows: list[tuple[str, str, str, str | None, str]]) -> bytes:
    """The national table; rows of (woonplaats, gemeente, begin, eind, status)."""
    p, t = "gwr-product", "bagtypes"
    body = "".join(
        f"<{p}:GemeenteWoonplaatsRelatie><{p}:tijdvakgeldigheid>"
        + _tag(f"{t}:begindatumTijdvakGeldigheid", begin)
        + _tag(f"{t}:einddatumTijdvakGeldigheid", eind)
        + f"</{p}:tijdvakgeldigheid><{p}:gerelateerdeWoonplaats>{_tag(f'{p}:identificatie', woonplaats)}"
        f"</{p}:gerelateerdeWoonplaats><{p}:gerelateerdeGemeente>{_tag(f'{p}:identificatie', gemeente)}"
        f"</{p}:gerelateerdeGemeente>{_tag(f'{p}:status', status)}</{p}:GemeenteWoonplaatsRelatie>"
        for woonplaats, gemeente, begin, eind, status in rows
    )
    base = "www.kadaster.nl/schemas/lvbag/gem-wpl-rel"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- Disclaimer: {"toelichting " * 200} -->'
        f'<gwr-bestand:BAG-GWR-Deelbestand-LVC xmlns:gwr-bestand="{base}/gwr-deelbestand-lvc/v20200601" '
        f'xmlns:{t}="{base}/bag-types/v20200601" xmlns:{p}="{base}/gwr-producten-lvc/v20200601">\n'
        f"<gwr-bestand:Product><{p}:GemeenteWoonplaatsRelatieProduct>{body}</{p}:GemeenteWoonplaatsRelatieProduct>"
        "</gwr-bestand:Product></gwr-bestand:BAG-GWR-Deelbestand-LVC>"
    ).encode()


Tree = dict[str, Any]  # name -> bytes of a document, or the Tree of a zip


def extract_tree(
    objects: dict[str, list[str]] | None = None,
    *,
    in_onderzoek: dict[str, list[str]] | None = None,
    niet_bag: dict[str, list[str]] | None = None,
    stand: str = STAND,
    gemeente: str | None = GEMEENTE,
    gem_wpl_zipped: bool = True,
) -> Tree:
    """A whole delivery; without ``objects`` it has one of each type. ``gemeente=None`` gives the national layout."""
    objects = objects if objects is not None else {code: [object_xml(code)] for code in CODES}
    area, day = gemeente or "9999", "".join(reversed(stand.split("-")))

    def zipped(kind: str, code: str, rows: list[str]) -> Tree:
        stem = f"{area}{kind}{code}{day}"
        document = stand_xml(code, rows, stand=stand, gemeente=gemeente)
        return {f"{stem}.zip": {f"{stem}-000001.xml": document}}

    inner: Tree = {}
    for code in CODES:
        inner |= zipped("", code, objects.get(code, []))
    for folder, kind, rows in (
        ("InOnderzoek", "IO", in_onderzoek),
        ("NietBag", "NB", niet_bag),
        ("Inactief", "IA", {}),
    ):
        group: Tree = {}
        for code in CODES:
            group |= zipped(kind, code, (rows or {}).get(code, []))
        inner[f"{area}{folder}{day}.zip"] = group
    relation = gem_wpl_xml([(WOONPLAATS_ID, gemeente or GEMEENTE, "2010-07-23", None, "definitief")])
    document = {f"GEM-WPL-RELATIE-{day}-000001.xml": relation}
    outer: Tree = {"Leveringsdocument-BAG-Extract.xml": leveringsdocument(stand=stand, gemeente=gemeente)}
    outer |= {f"GEM-WPL-RELATIE-{day}.zip": document} if gem_wpl_zipped else document
    return outer | ({f"{area}GEM{day}.zip": inner} if gemeente else inner)


def zip_bytes(tree: Tree) -> bytes:
    """A tree as a zip; inner trees are zips in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tree.items():
            archive.writestr(name, zip_bytes(content) if isinstance(content, dict) else content)
    return buffer.getvalue()


def write_zip(path: Path, tree: Tree) -> Path:
    """Write a delivery as one zip."""
    path.write_bytes(zip_bytes(tree))
    return path


def write_folder(folder: Path, tree: Tree, *, unpacked: bool = True) -> Path:
    """Write a delivery as a folder: everything unpacked into it, or only the outer zip."""
    folder.mkdir(exist_ok=True)
    for name, content in tree.items():
        if isinstance(content, dict) and unpacked:
            write_folder(folder, content)
        else:
            (folder / name).write_bytes(zip_bytes(content) if isinstance(content, dict) else content)
    return folder


_MUTATIONS_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<mlm:bagMutaties xmlns:Objecten="www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601" \
xmlns:gml="http://www.opengis.net/gml/3.2" \
xmlns:Historie="www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601" \
xmlns:Objecten-ref="www.kadaster.nl/schemas/lvbag/imbag/objecten-ref/v20200601" \
xmlns:nen5825="www.kadaster.nl/schemas/lvbag/imbag/nen5825/v20200601" \
xmlns:KenmerkInOnderzoek="www.kadaster.nl/schemas/lvbag/imbag/kenmerkinonderzoek/v20200601" \
xmlns:selecties-extract="http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601" \
xmlns:mlm="http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-mutaties-lvc/v20200601" \
xmlns:ml="http://www.kadaster.nl/schemas/mutatielevering-generiek/1.0">
  <mlm:bagInfo>{area}<selecties-extract:MUT-Extract>\
<selecties-extract:StandTechnischeDatum>{stand}</selecties-extract:StandTechnischeDatum>\
<selecties-extract:Mutatieperiode><selecties-extract:MutatiedatumVanaf>{van}</selecties-extract:MutatiedatumVanaf>\
<selecties-extract:MutatiedatumTot>{stand}</selecties-extract:MutatiedatumTot></selecties-extract:Mutatieperiode>\
</selecties-extract:MUT-Extract></mlm:bagInfo>
  <ml:mutatieBericht>
    <ml:dataset>LVBAG</ml:dataset>
    <ml:inhoud><ml:gebied>NLD</ml:gebied><ml:leveringsId>1</ml:leveringsId><ml:objectTypen/></ml:inhoud>"""
_MUTATIONS_FOOTER = "\n  </ml:mutatieBericht>\n</mlm:bagMutaties>\n"


def _state_xml(name: str, row: str) -> str:
    """A ``was`` or ``wordt`` with the object of a row as ``object_xml`` or ``in_onderzoek_xml`` writes it."""
    inside = row.removeprefix("<sl:stand>").removesuffix("</sl:stand>").replace("sl-bag-extract:", "mlm:")
    return f"<ml:{name}>{inside}</ml:{name}>"


def toevoeging_xml(wordt: str) -> str:
    """A new voorkomen."""
    return f'<ml:toevoeging objectType="bagObject">{_state_xml("wordt", wordt)}</ml:toevoeging>'


def wijziging_xml(was: str, wordt: str) -> str:
    """A voorkomen that changes."""
    return f'<ml:wijziging objectType="bagObject">{_state_xml("was", was)}{_state_xml("wordt", wordt)}</ml:wijziging>'


def verwijdering_xml(was: str, identificatie: str) -> str:
    """A voorkomen that goes."""
    return (
        f'<ml:verwijdering objectType="bagObject" objectId="{identificatie}">{_state_xml("was", was)}</ml:verwijdering>'
    )


def mutations_xml(groups: list[list[str]], *, stand: str = STAND, van: str = "2026-01-14") -> bytes:
    """A document with these groups of mutations."""
    body = "".join(f"<ml:mutatieGroep>{''.join(group)}</ml:mutatieGroep>" for group in groups)
    header = _MUTATIONS_HEADER.format(area=area_xml(None), stand=stand, van=van)
    return (header + body + _MUTATIONS_FOOTER).encode()


def mutations_tree(
    documents: list[list[list[str]]],
    *,
    in_onderzoek: list[list[str]] | None = None,
    stand: str = STAND,
    van: str = "2026-01-14",
) -> Tree:
    """A national delivery of mutations: its documents in order, each a list of groups."""
    days = "-".join("".join(reversed(day.split("-"))) for day in (van, stand))

    def zipped(kind: str, found: list[list[list[str]]]) -> Tree:
        stem = f"9999{kind}{days}"
        return {
            f"{stem}.zip": {
                f"{stem}-{number:06}.xml": mutations_xml(groups, stand=stand, van=van)
                for number, groups in enumerate(found, 1)
            }
        }

    head = {"Leveringsdocument-BAG-Mutaties.xml": leveringsdocument(stand=stand, gemeente=None, kind="MUT-Extract")}
    return head | zipped("MUT", documents) | zipped("IOMUT", [in_onderzoek or []])
