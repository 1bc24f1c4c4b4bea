"""``export voorraad``, ``geo``, ``kaart``, ``trend`` and ``buurtprofiel``: the stock for who works elsewhere."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.access import record_access
from registry.cli.shared import ISO, BekendOp, DatabaseUrl, day_of, open_registry, remark
from registry.cli.stock import own_limits
from registry.errors import UsageError
from registry.exports.geo import area_table, object_table, write_geo, write_objects
from registry.exports.notes import source_notes
from registry.exports.pictures import (
    KINDS,
    TREND_KINDS,
    draw_bars,
    draw_dots,
    draw_map,
    draw_trend,
    source_line,
    write_picture,
)
from registry.exports.profile import KINDS as PROFILE_KINDS
from registry.exports.profile import file_name, render_profile, write_profile
from registry.exports.stock import write_stock_csv, write_stock_workbook
from registry.privacy.access import Handeling
from registry.signals.run import known_run
from registry.stock.change import days_between
from registry.stock.composition import compose, labelled, parts_of
from registry.stock.dimensions import DIMENSIONS
from registry.stock.profile import SUBJECTS as PROFILE_SUBJECTS
from registry.stock.profile import make_profiles
from registry.stock.publish_change import read_trend
from registry.stock.records import OBJECT, read_stock_records
from registry.stock.report import SUBJECTS, read_report
from registry.store.queries.adressen import adres_with_woonplaats, read_adressen
from registry.store.queries.locations import read_locations
from registry.store.queries.runs import imported_sources
from registry.store.queries.stock import read_area_shapes

Gebied = Annotated[str, typer.Option(help="gemeente, wijk, buurt of eigen_gebied.")]
Op = Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)]
Protected = Annotated[
    bool,
    typer.Option(
        "--afscherming/--geen-afscherming",
        help="Kleine aantallen verbergen en de rest afronden; zonder is het alleen voor eigen gebruik.",
    ),
]

# Of one dwelling how many people live in it is data on persons: that stays in the counts by area.
_OF_DWELLINGS = tuple(name for name, dimension in DIMENSIONS.items() if dimension.source != "brp")


def export_voorraad(
    *,
    uit: Annotated[Path, typer.Option(help="Het bestand om te maken: .xlsx, of .csv voor een CSV per tabel.")],
    gebied: Gebied = "buurt",
    op: Op = None,
    bekend_op: BekendOp = None,
    afscherming: Protected = True,
    database_url: DatabaseUrl = None,
) -> None:
    """De woningvoorraad naar gebied en onderwerp als Excelbestand of CSV, met definities."""
    if uit.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"'{uit.name}' eindigt niet op .xlsx of .csv.")
    day, limits = day_of(op) or clock.today(), own_limits() if afscherming else None
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        report = read_report(connection, area=gebied, op=day, known=known, limits=limits)
        sources = source_notes(imported_sources(connection, known=known))
    made_by, made_at = "woonregister export voorraad", clock.local_now()
    if uit.suffix.lower() == ".csv":
        written = write_stock_csv(uit, report, made_by=made_by, made_at=made_at)
        remark(f"{len(written)} bestanden: {', '.join(path.name for path in written)}")
        return
    sheets = write_stock_workbook(uit, report, sources=sources, made_by=made_by, made_at=made_at)
    remark(f"{len(sheets)} tabellen in {uit}")


def export_geo(
    *,
    uit: Annotated[Path, typer.Option(help="Het bestand om te maken: .gpkg (RD) of .geojson (WGS84).")],
    gebied: Gebied = "buurt",
    op: Op = None,
    bekend_op: BekendOp = None,
    afscherming: Protected = True,
    objecten: Annotated[
        bool,
        typer.Option("--objecten", help="Een punt per woning, met adres: alleen voor wie losse woningen mag zien."),
    ] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """De woningvoorraad als kaartlaag: aantallen per gebied, of met --objecten een punt per woning (vastgelegd)."""
    if objecten:
        _export_objects(uit, day_of(op) or clock.today(), day_of(bekend_op), database_url)
        return
    day, limits = day_of(op) or clock.today(), own_limits() if afscherming else None
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        report = read_report(connection, area=gebied, op=day, known=known, limits=limits)
        shapes = read_area_shapes(connection, gebied.removesuffix("_gebied"), op=day, known=known)
    count = write_geo(uit, area_table(report, shapes), made_at=clock.local_now())
    remark(f"{count} gebieden in {uit}")


def _export_objects(uit: Path, day: date, bekend_op: date | None, database_url: str | None) -> None:
    """A point per dwelling; of an owner it tells what kind he is, so it is written down first."""
    with open_registry(database_url) as store:
        with store.read() as connection:
            known = known_run(connection, bekend_op)
            records = read_stock_records(connection, known=known, parts=parts_of(_OF_DWELLINGS))
            labels = labelled(records, _OF_DWELLINGS, op=day)
            locations = read_locations(connection, on=day, known=known)
            adressen = read_adressen(connection, on=day, known=known).filter("is_hoofdadres")
        named = adressen.select(OBJECT, adres=adres_with_woonplaats()).unique(OBJECT, keep="first", maintain_order=True)
        record_access(
            store,
            Handeling.EXPORTEREN,
            "beleid_woningvoorraad",
            objecten=labels[OBJECT],
            on=day,
            known=known,
            toelichting="woningen als kaartlaag",
        )
    count = write_objects(
        uit, object_table(labels.select(OBJECT, *DIMENSIONS), locations, named), made_at=clock.local_now()
    )
    remark(f"{count} woningen in {uit}. Deze kaartlaag is alleen voor wie losse woningen mag zien.")


def export_kaart(
    *,
    uit: Annotated[Path, typer.Option(help="Het .svg-bestand om te maken; de tabel komt ernaast, als .csv.")],
    onderwerp: Annotated[str, typer.Option(help=f"Een van: {', '.join(SUBJECTS)}.")],
    soort: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(KINDS)}; standaard kaart als een klasse is gegeven, anders staven."),
    ] = None,
    klasse: Annotated[str | None, typer.Option(help="De klasse waarvan een kaart het aandeel toont.")] = None,
    gebied: Gebied = "buurt",
    op: Op = None,
    bekend_op: BekendOp = None,
    afscherming: Protected = True,
    database_url: DatabaseUrl = None,
) -> None:
    """Een kaart, een stippenkaart of staven van de woningvoorraad per gebied tekenen (SVG), met de tabel."""
    if uit.suffix.lower() != ".svg" or onderwerp == gebied:
        raise UsageError("Geef een bestand dat op .svg eindigt, en een onderwerp dat niet het gebied zelf is.")
    kind = soort or ("staven" if klasse is None else "kaart")
    if kind not in KINDS or (kind == "kaart") != (klasse is not None):
        raise UsageError(f"Een kaart vraagt een --klasse, de andere soorten niet. Kies uit: {', '.join(KINDS)}.")
    day, limits = day_of(op) or clock.today(), own_limits() if afscherming else None
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        report = read_report(connection, area=gebied, op=day, known=known, limits=limits, subjects=[onderwerp])
        shapes = read_area_shapes(connection, gebied.removesuffix("_gebied"), op=day, known=known)
        source = source_line(source_notes(imported_sources(connection, known=known)))
    totals, table = report.tables
    if klasse is not None:
        picture = draw_map(table, klasse, shapes, totals=totals, source=source)
    elif kind == "stippen":
        picture = draw_dots(table, shapes, source=source)
    else:
        picture = draw_bars(table, totals=totals, source=source)
    remark(f"Getekend: {uit}. De tabel: {write_picture(uit, picture)}.")


def export_trend(
    *,
    uit: Annotated[Path, typer.Option(help="Het .svg-bestand om te maken; de tabel komt ernaast, als .csv.")],
    onderwerp: Annotated[str, typer.Option(help=f"Een van: {', '.join(DIMENSIONS)}.")],
    van: Annotated[datetime, typer.Option(help="De eerste dag.", formats=ISO)],
    tot: Annotated[datetime | None, typer.Option(help="De laatste dag; standaard vandaag.", formats=ISO)] = None,
    stap: Annotated[str, typer.Option(help="jaar of maand.")] = "jaar",
    soort: Annotated[str, typer.Option(help=f"{' of '.join(TREND_KINDS)}.")] = "lijn",
    bekend_op: BekendOp = None,
    afscherming: Protected = True,
    database_url: DatabaseUrl = None,
) -> None:
    """De woningvoorraad door de tijd tekenen (SVG), met de tabel: een lijn per klasse, of opgestapelde vlakken."""
    if uit.suffix.lower() != ".svg" or soort not in TREND_KINDS:
        raise UsageError(f"Geef een bestand dat op .svg eindigt, en een soort: {' of '.join(TREND_KINDS)}.")
    last = day_of(tot) or clock.today()
    days = sorted({*days_between(van.date(), last, stap), last})
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        records = read_stock_records(connection, known=known, parts=parts_of([onderwerp]))
        source = source_line(source_notes(imported_sources(connection, known=known)))
    limits = own_limits() if afscherming else None
    trend = read_trend(records, subject=onderwerp, days=days, limits=limits)
    remarks = compose(records, per=[onderwerp], op=days[0]).remarks  # of the first day there is most to say
    picture = draw_trend(trend, onderwerp, source=source, limits=limits, areas=soort == "vlak", remarks=remarks)
    remark(f"Getekend: {uit}. De tabel: {write_picture(uit, picture)}.")


def export_buurtprofiel(
    *,
    uit: Annotated[
        Path, typer.Option(help="Het .pdf- of .html-bestand; of een map, voor alle gebieden in beide vormen.")
    ],
    naam: Annotated[str | None, typer.Option(help="Het gebied; nodig als er één bestand wordt gemaakt.")] = None,
    gebied: Gebied = "buurt",
    op: Op = None,
    bekend_op: BekendOp = None,
    afscherming: Protected = True,
    database_url: DatabaseUrl = None,
) -> None:
    """Eén bladzijde over een buurt (of wijk): waaruit haar woningvoorraad bestaat, naast alle buurten samen."""
    single = uit.suffix.lower() in PROFILE_KINDS
    if single == (naam is None) or (not single and not uit.is_dir()):
        raise UsageError("Geef een .pdf of .html met --naam, of een bestaande map zonder --naam.")
    day, limits = day_of(op) or clock.today(), own_limits() if afscherming else None
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        report = read_report(
            connection, area=gebied, op=day, known=known, limits=limits, subjects=PROFILE_SUBJECTS, whole=True
        )
        shapes = read_area_shapes(connection, gebied.removesuffix("_gebied"), op=day, known=known)
        source = source_line(source_notes(imported_sources(connection, known=known)))
    pages = make_profiles(report, [] if naam is None else [naam])
    for page in pages:
        html = render_profile(page, shapes, source=source, made=clock.today())
        targets = [uit] if single else [uit / f"{file_name(page)}{kind}" for kind in PROFILE_KINDS]
        for target in targets:
            write_profile(target, html)
    remark(f"{len(pages)} profiel{'' if len(pages) == 1 else 'en'} in {uit}")
