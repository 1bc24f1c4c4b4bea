"""The stock in protected figures: tables with their pictures, the page of one area, and files to take along."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.exports.geo import area_table, write_geo
from registry.exports.picture_style import Picture
from registry.exports.profile import file_name, render_profile, write_profile
from registry.exports.stock import write_stock_csv, write_stock_workbook
from registry.stock.dimensions import AREAS, DIMENSIONS, UNKNOWN
from registry.stock.profile import make_profiles
from registry.stock.publish import Published, describe
from registry.stock.report import SUBJECTS
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError
from registry.web.figures import (
    limits_of,
    profile_report,
    release_of,
    shapes_of,
    source_of,
    sources_of,
    stock_picture,
    stock_report,
    table_of,
)
from registry.web.forms import Form
from registry.web.rendering import parse_day, render
from registry.web.state import Web, web_of

router = APIRouter()
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which figures: kind of area, subject, day, and for a map the class."""

    gebied: str
    onderwerp: str
    op: date
    klasse: str | None


def choose(web: Web, query: Any) -> Choice:
    """What the address asks for; what cannot be is what is usual."""
    gebied, onderwerp = query.get("gebied", ""), query.get("onderwerp", "")
    return Choice(
        gebied if gebied in AREAS else "buurt",
        onderwerp if onderwerp in SUBJECTS else "eigendom",
        parse_day(query.get("op")) or web.today(),
        query.get("klasse") or None,
    )


@router.get("/voorraad")
def show_stock(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """The stock by area and a subject, as table, bars and map."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    report = stock_report(web, chosen.gebied, chosen.op)
    table = table_of(report, chosen.onderwerp)
    classes = list(dict.fromkeys(table.rows[chosen.onderwerp].to_list()))
    label = chosen.klasse if chosen.klasse in classes else next((one for one in classes if one != UNKNOWN), None)
    has_map = label is not None and not shapes_of(web, chosen.gebied, chosen.op).is_empty()
    return render(
        request, "voorraad/tabel.html", form=Form(), chosen=chosen, label=label, classes=classes,
        areas=_options(AREAS), subjects=_options(SUBJECTS), head=DIMENSIONS[chosen.gebied].header,
        rows=crossed(table, report.tables[0], classes), total=report.tables[0].total,
        bars=stock_picture(web, chosen.gebied, chosen.onderwerp, chosen.op, None),
        map=stock_picture(web, chosen.gebied, chosen.onderwerp, chosen.op, label) if has_map else None,
        remarks=[*table.remarks, table.definition, describe(limits_of(web))],
    )  # fmt: skip


@router.get("/voorraad/beeld.svg")
def show_picture(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """The bars, or with a class the map."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    table = table_of(stock_report(web, chosen.gebied, chosen.op), chosen.onderwerp)
    if chosen.klasse is not None and chosen.klasse not in table.rows[chosen.onderwerp]:
        raise HiddenError
    return svg(stock_picture(web, chosen.gebied, chosen.onderwerp, chosen.op, chosen.klasse))


@router.get("/voorraad/bestand/{soort}")
def send_file(request: Request, soort: str, account: Annotated[Account, needs(Right.VOORRAAD)]) -> Response:
    """Every table of a day: Excel (xlsx), CSV with its description (zip), or the areas as a layer (gpkg, geojson)."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    if soort not in ("xlsx", "zip", "gpkg", "geojson"):
        raise HiddenError
    report, made_at = release_of(stock_report(web, chosen.gebied, chosen.op)), clock.local_now()

    def write(path: Path) -> None:
        if soort == "xlsx":
            write_stock_workbook(path, report, sources=sources_of(web), made_by=account.email, made_at=made_at)
        elif soort in ("gpkg", "geojson"):
            write_geo(path, area_table(report, shapes_of(web, chosen.gebied, chosen.op)), made_at=made_at)
        else:
            _zip_csv(path, lambda target: write_stock_csv(target, report, made_by=account.email, made_at=made_at))

    return made_file(f"woningvoorraad-{chosen.gebied}-{chosen.op}.{soort}", write)


@router.get("/voorraad/profiel")
def show_profiles(
    request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)], naam: str | None = None
) -> Response:
    """One area: what its stock is made of, beside all areas together; without a name the list of areas."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    pages = make_profiles(profile_report(stock_report(web, chosen.gebied, chosen.op)))
    page = next((one for one in pages if one.name == naam), None)
    if naam is not None and page is None:
        raise HiddenError
    return render(
        request, "voorraad/profiel.html", form=Form(), chosen=chosen, areas=_options(AREAS), pages=pages, page=page,
        header=DIMENSIONS[chosen.gebied].header, protection=describe(limits_of(web)),
    )  # fmt: skip


@router.get("/voorraad/profiel.pdf")
def send_profile(request: Request, _account: Annotated[Account, needs(Right.VOORRAAD)], naam: str = "") -> Response:
    """The page of one area as PDF."""
    web = web_of(request)
    chosen = choose(web, request.query_params)
    pages = make_profiles(profile_report(stock_report(web, chosen.gebied, chosen.op)))
    page = next((one for one in pages if one.name == naam), None)
    if page is None:
        raise HiddenError
    html = render_profile(page, shapes_of(web, chosen.gebied, chosen.op), source=source_of(web), made=web.today())
    return made_file(f"{file_name(page)}-{chosen.op}.pdf", lambda path: write_profile(path, html))


def crossed(table: Published, totals: Published, classes: list[str]) -> list[dict[str, Any]]:
    """The table with a row per area and a column per class: naam, totaal, cellen; null is hidden, absent is 0."""
    area, subject = table.per
    cells = {(row[area], row[subject]): row["aantal"] for row in table.rows.to_dicts()}
    return [
        {"naam": row[area], "totaal": row["aantal"], "cellen": [cells.get((row[area], one), 0) for one in classes]}
        for row in totals.rows.to_dicts()
    ]


def svg(picture: Picture) -> Response:
    """A picture as an answer."""
    return Response(picture.svg, media_type="image/svg+xml")


def made_file(name: str, write: Callable[[Path], object]) -> Response:
    """A file that is written now and sent as a download."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        content = path.read_bytes()
    return Response(
        content, media_type=_TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def _zip_csv(path: Path, write: Callable[[Path], list[Path]]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in write(path.with_name("voorraad.csv")):
            archive.write(one, one.name)
    path.write_bytes(packed.getvalue())


def _options(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, DIMENSIONS[name].header) for name in names]
