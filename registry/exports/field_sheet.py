"""A list to take along: one file for a phone without a network, a page for on paper, and a workbook to fill in.

The file for the phone holds everything that it needs and nothing else: a policy in its head allows no request, it keeps
what is typed on the phone, gives it back as a file for ``woonregister import inspecties``, and empties itself after its
last day. What it gives back is described in docs/veldformulier.md.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from importers.bezoeken import FORMAAT, VERSIE
from importers.source import load_source
from registry.exports.files import replacing
from registry.exports.picture_style import Picture
from registry.worklists.doors import INSIDE, Door, VisitField, choices_of, visit_fields
from registry.worklists.opened import OpenedList

_TEMPLATES: Final = Path(__file__).parent / "templates"
_ON_PAPER: Final = (
    "resultaat", "datum", "tijd", "aantal_personen", "huishoudens", "kamers", "slaapplaatsen", "gemeten_oppervlakte",
    "toestemming_van", "relaties", "feiten", "opmerkingen",
)  # fmt: skip
_LISTS: Final[dict[str, tuple[VisitField, ...]]] = {
    "ruimten": (
        VisitField("naam", "Naam van de ruimte", "text", "", "Bijvoorbeeld voorkamer."),
        VisitField("oppervlakte", "Oppervlakte", "number", "", unit="m2"),
        VisitField("slaapplaatsen", "Slaapplaatsen", "count", ""),
    ),
    "aangetroffen": (
        VisitField("omschrijving", "Wie, zonder naam", "text", "", "Bijvoorbeeld: vrouw, zegt hier te wonen."),
        VisitField("aantal", "Aantal", "count", ""),
        VisitField("relatie", "Relatie tot de anderen", "text", ""),
        VisitField("sinds", "Woont er sinds", "text", ""),
        VisitField("huur", "Huur per maand", "number", "", unit="EUR"),
        VisitField("verhuurder", "Verhuurder", "text", ""),
    ),
    "verklaringen": (
        VisitField("van", "Van wie, zonder naam", "text", "", "Bijvoorbeeld: bewoner."),
        VisitField("tekst", "Verklaring", "long", ""),
        VisitField("taal", "Taal", "text", ""),
        VisitField("tolk", "Tolk", "text", "", "Leeg als er geen tolk was."),
        VisitField("cautie", "Er is gewezen op het zwijgrecht", "yes_no", ""),
    ),
}
_REQUIRED: Final = {"naam", "omschrijving", "van", "tekst", "taal"}


def write_field_form(path: Path, opened: OpenedList, doors: Sequence[Door], picture: Picture | None = None) -> Path:
    """Write the file for the phone.

    Args:
        path: the .html to make or to replace.
        opened: the list.
        doors: its doors (``worklists.doors.list_doors``).
        picture: the map of the round.

    Raises:
        ExportError: the file cannot be written.
    """
    script = (_TEMPLATES / "veldformulier.js").read_text(encoding="utf-8")
    style = (_TEMPLATES / "veldformulier.css").read_text(encoding="utf-8")
    text = (
        _environment()
        .get_template("veldformulier.html.j2")
        .render(
            **_page(opened, doors, picture, style),
            script=Markup(script),  # noqa: S704 (our own file)
            script_hash=_hash(script),
            data=_embedded(_data(opened, doors)),
        )
    )
    return _write(path, text)


def write_print_page(
    path: Path, opened: OpenedList, doors: Sequence[Door], picture: Picture | None = None, *, made_at: datetime
) -> Path:
    """Write the page for on paper; arguments as ``write_field_form``, ``made_at`` in Dutch local time.

    Raises:
        ExportError: the file cannot be written.
    """
    style = (_TEMPLATES / "bezoeklijst.css").read_text(encoding="utf-8")
    fields = {field.key: field for field in visit_fields()}
    text = (
        _environment()
        .get_template("bezoeklijst.html.j2")
        .render(**_page(opened, doors, picture, style), velden=[fields[key] for key in _ON_PAPER], gemaakt=made_at)
    )
    return _write(path, text)


def _page(opened: OpenedList, doors: Sequence[Door], picture: Picture | None, style: str) -> dict[str, Any]:
    encoded = "" if picture is None else base64.b64encode(picture.svg).decode("ascii")
    return {
        "lijst": opened.stored,
        "deuren": doors,
        "adressen": opened.addresses,
        "meters": round(opened.order.distance),
        "map_data": f"data:image/svg+xml;base64,{encoded}" if picture is not None else "",
        "map_text": "" if picture is None else picture.description,
        "style": Markup(style),  # noqa: S704 (our own file)
        "style_hash": _hash(style),
    }


def _data(opened: OpenedList, doors: Sequence[Door]) -> dict[str, Any]:
    source = load_source("inspecties")
    return {
        "formaat": FORMAAT,
        "versie": VERSIE,
        "lijst": opened.stored.worklist_id,
        "vastgelegd": f"{opened.stored.placed_at:%Y%m%d%H%M%S}",
        "dag": opened.stored.datum.isoformat(),
        "vervalt": opened.stored.expires_on.isoformat(),
        "binnen": INSIDE,
        "deuren": [
            {"nr": door.number, "id": door.adresseerbaar_object_id, "bewijzen": door.bewijzen} for door in doors
        ],
        "velden": [asdict(field) for field in visit_fields()],
        "lijsten": {
            name: [asdict(field) | {"required": field.key in _REQUIRED} for field in fields]
            for name, fields in _LISTS.items()
        },
        "wie": [
            asdict(VisitField("inspecteur", "Uw naam", "text", "")),
            asdict(
                VisitField("hoedanigheid", "Hoedanigheid", "choice", "", choices=choices_of(source, "hoedanigheid"))
            ),
        ],
    }


def _embedded(data: dict[str, Any]) -> Markup:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    closed = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(closed)  # noqa: S704 (nothing in it can end a script)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _write(path: Path, text: str) -> Path:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path
