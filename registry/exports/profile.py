"""The one-page profile of an area as HTML and as PDF, both from one template."""

import base64
import re
from datetime import date
from pathlib import Path
from typing import Final

import jinja2
import polars as pl

from registry.errors import ExportError, UsageError
from registry.exports.files import replacing
from registry.exports.maps import locator
from registry.exports.picture_style import number, percent
from registry.stock.profile import Profile

KINDS: Final = (".html", ".pdf")
_PLURALS: Final = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten", "eigen_gebied": "gebieden"}
_KINDS: Final = {"gemeente": "Gemeente", "wijk": "Wijk", "buurt": "Buurt", "eigen_gebied": "Gebieds"}
_LEFT: Final = ("eigendom", "bouwperiode", "wozklasse")
_MOST_FIGURES = 5
_HIDDEN: Final = "."
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_TEMPLATES.filters["percent"] = lambda value: _HIDDEN if value is None else percent(value)
_TEMPLATES.filters["count"] = lambda value: _HIDDEN if value is None else number(value)


def render_profile(page: Profile, shapes: pl.DataFrame, *, source: str, made: date) -> str:
    """The page as HTML that needs nothing else: style and map are in it.

    Args:
        page: what it says.
        shapes: of ``store.queries.stock.read_area_shapes``; without surfaces there is no map.
        source: from which deliveries it was made.
        made: the day on which it was made.
    """
    drawn = shapes.filter(pl.col("geometrie").is_not_null())
    picture = None if drawn.is_empty() else locator(page.name, drawn)
    left = [page.table(subject) for subject in _LEFT]
    right = [table for table in page.tables if table.subject not in _LEFT]
    return _TEMPLATES.get_template("buurtprofiel.html").render(
        page=page,
        kind=_KINDS[page.area],
        plural=_PLURALS[page.area],
        day=f"peildatum {page.op:%d-%m-%Y}",
        lead=_lead(page),
        figures=_figures(page),
        columns=[left, right],
        map=None if picture is None else _inline(picture.svg),
        map_text=f"{page.name} binnen alle {_PLURALS[page.area]}",
        notes=[text for text in page.remarks if text],
        source=source,
        made=f"{made:%d-%m-%Y}",
    )


def file_name(page: Profile) -> str:
    """A name for the file of an area: small letters, digits and hyphens."""
    return "-".join([page.area.replace("_", "-"), *re.findall(r"[a-z0-9]+", page.name.casefold())])


def write_profile(path: Path, html: str) -> None:
    """The page as .html or .pdf, by the name of the file.

    Raises:
        UsageError: the name ends in another way.
        ExportError: the file cannot be written, or this machine lacks the library that sets text (Pango).
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(f"'{path.name}' eindigt niet op {' of '.join(KINDS)}.")
    content = html.encode("utf-8") if kind == ".html" else _pdf(html)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _pdf(html: str) -> bytes:
    try:
        # It loads libraries of the system: who makes no PDF need not have them.
        import weasyprint  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise ExportError(
            f"Een PDF vraagt de bibliotheek Pango, die op deze machine ontbreekt ({error}). Installeer haar (Debian: "
            "libpango-1.0-0 en libharfbuzz-subset0), of kies .html."
        ) from error
    # What the page shows is in it: nothing is read from a disk or a network.
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    written = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    return bytes(written)


def _inline(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _lead(page: Profile) -> str:
    if page.dwellings is None:
        return "De aantallen van dit gebied zijn afgeschermd."
    tenure = page.table("eigendom")
    told = {
        "is van wie er woont": tenure.share_of("eigenaar-bewoner"),
        "wordt particulier verhuurd": tenure.share_of("particulier verhuurd"),
        "is van een bedrijf": tenure.share_of("bedrijf"),
        "is van een corporatie": tenure.share_of("corporatie"),
    }
    parts = [f"{percent(share)} {text}" for text, share in told.items() if share]
    begin = f"{page.name} telt {number(page.dwellings)} woningen"
    return f"{begin}: {', '.join(parts)}." if parts else f"{begin}."


def _figures(page: Profile) -> list[tuple[str, str]]:
    """The first five that are not hidden."""
    types, people, years = (page.table(name) for name in ("woningtype", "bewoners", "bouwperiode"))
    shares = [
        (types.share_of("meergezinswoning"), "meergezinswoningen"),
        (years.share_of("voor 1906", "1906-1930", "1931-1944"), "van voor 1945"),
        (people.share_of("0"), "zonder inschrijving"),
        (people.share_of("1"), "met één bewoner"),
        (page.table("grootteklasse").share_of("50 tot 75 m2"), "van 50 tot 75 m²"),
    ]
    found = [] if page.dwellings is None else [(number(page.dwellings), "woningen")]
    if page.mean_area is not None:
        found.append((f"{page.mean_area:.0f} m²", "gemiddelde oppervlakte"))
    return [*found, *((percent(share), text) for share, text in shares if share is not None)][:_MOST_FIGURES]
