"""Where a dwelling lies: its pand among the buildings around it, as a picture that needs no script."""

import math
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Annotated, Final

import shapely
from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.store.engine import ReadConnection
from registry.store.queries.locations import read_locations
from registry.store.queries.surroundings import Panden, read_panden
from registry.web.auth.guard import needs
from registry.web.dwelling_access import earlier_day, known_on, require_dwelling
from registry.web.figures import keep
from registry.web.rendering import parse_day
from registry.web.state import Web, web_of

router = APIRouter()
_WIDE, _HIGH = 480, 320  # pixels, and as many units of the drawing
_METRES: Final = 120.0  # from left to right
_BAR: Final = 20.0  # metres
_GROUND, _BUILDING, _EDGE = "#fafbfb", "#dde3e8", "#a9b5bf"
_OWN, _OWN_EDGE, _INK = "#0b4f8a", "#06304f", "#1b2733"


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the country that the picture shows, around a point (EPSG:28992, metres)."""

    x: float
    y: float

    @property
    def scale(self) -> float:
        """Units of the drawing per metre."""
        return _WIDE / _METRES

    @property
    def reach(self) -> float:
        """How far a corner is from the middle, in metres."""
        return math.hypot(_WIDE, _HIGH) / 2 / self.scale

    def path(self, shape: shapely.Geometry) -> str:
        """The outline of a surface, its holes with it, in tenths of a unit."""
        parts = []
        for surface in shapely.get_parts(shape):
            for ring in (surface.exterior, *surface.interiors):
                points = [
                    f"{_WIDE / 2 + (x - self.x) * self.scale:.1f} {_HIGH / 2 - (y - self.y) * self.scale:.1f}"
                    for x, y, *_ in ring.coords[:-1]
                ]
                parts.append(f"M{'L'.join(points)}Z")
        return "".join(parts)


@router.get("/woningen/{object_id}/kaart.svg")
def send_map(
    request: Request,
    object_id: str,
    account: Annotated[Account, needs(Right.WONING)],
    *,
    op: str = "",
    bekend: str = "",
) -> Response:
    """The picture, with the buildings of a day as they were known on a day."""
    web = web_of(request)
    day, then = parse_day(op) or web.today(), earlier_day(bekend, today=web.today())
    with web.store.read() as connection:
        now, _ = require_dwelling(connection, account, Right.WONING, object_id, today=web.today())
        known = now if then is None else known_on(connection, then)
        place = read_locations(connection, on=day, known=known, only=object_id).drop_nulls()
        if place.is_empty():
            drawn = _frame("Van dit object is op deze dag geen plaats bekend.")
        else:
            _, x, y = place.row(0)
            drawn = draw_surroundings(_panden(web, connection, day, known, now), x, y)
    return Response(drawn, media_type="image/svg+xml")


def draw_surroundings(panden: Panden, x: float, y: float) -> str:
    """The picture: the pand at a point in another colour than those around it.

    Args:
        panden: the outlines of a day.
        x: EPSG:28992, metres.
        y: as x.
    """
    window, own = Window(x, y), shapely.Point(x, y)
    around: list[str] = []
    under: list[str] = []
    for shape in panden.near([(x, y)], metres=window.reach):
        (under if shapely.intersects(shape, own) else around).append(window.path(shape))
    length = _BAR * window.scale
    return _frame(
        f'<path fill="{_BUILDING}" stroke="{_EDGE}" fill-rule="evenodd" d="{"".join(around)}"/>'
        f'<path fill="{_OWN}" stroke="{_OWN_EDGE}" fill-rule="evenodd" d="{"".join(under)}"/>'
        f'<circle cx="{_WIDE / 2}" cy="{_HIGH / 2}" r="5" fill="#ffffff" stroke="{_OWN_EDGE}" stroke-width="2"/>'
        f'<path stroke="{_INK}" stroke-width="2" d="M14 {_HIGH - 14}h{length:.1f}"/>'
        f'<text x="14" y="{_HIGH - 22}" font-family="sans-serif" font-size="13" fill="{_INK}">{_BAR:.0f} m</text>',
        is_text=False,
    )


def _frame(content: str, *, is_text: bool = True) -> str:
    if is_text:
        content = (
            f'<text x="{_WIDE / 2}" y="{_HIGH / 2}" text-anchor="middle" font-family="sans-serif" font-size="14" '
            f'fill="{_INK}">{escape(content)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{_HIGH}" viewBox="0 0 {_WIDE} {_HIGH}">'
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="{_GROUND}"/>{content}</svg>'
    )


def _panden(web: Web, connection: ReadConnection, day: date, known: int, now: int) -> Panden:
    """The outlines of a day; those of today as known now are kept, for they are asked most."""
    if (day, known) != (web.today(), now):
        return read_panden(connection, on=day, known=known)
    return keep(web, ("panden", day), lambda: read_panden(connection, on=day, known=known))
