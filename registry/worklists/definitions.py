"""The columns of the worklist, written once: the page and the Excel file both take them from here.

The columns that an inspector fills in carry the headers and the result labels of ``importers/inspecties.yml``, so that
a filled-in worklist is a delivery of inspecties.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from importers.source import Source, load_source

ColumnKind = Literal["text", "integer", "decimal", "date", "choice"]

UITKOMSTEN = ("signaal", "juridisch_toetsen", "onbekend", "geen_signaal", "niet_van_toepassing")
URGENTIES = ("hoog", "midden", "laag")


@dataclass(frozen=True, slots=True)
class WorklistColumn:
    """One column of the worklist.

    Attributes:
        key: name in the frame of ``planning.worklist_rows``.
        header: Dutch heading on page and sheet.
        kind: type of the values.
        help: Dutch meaning.
        take: how the value comes from a signal with its address, area and last inspection beside it (the columns are
            listed in ``planning``); null for a column that the inspector fills in.
        unit: unit of the values.
        source: register, rule or person that the value comes from.
        width: width in characters on the sheet.
        choices: values of the drop-down list.
        emphasis: values that stand out.
    """

    key: str
    header: str
    kind: ColumnKind
    help: str
    take: pl.Expr | None = None
    unit: str = ""
    source: str = ""
    width: int = 12
    choices: tuple[str, ...] = ()
    emphasis: tuple[str, ...] = ()

    @property
    def fill_in(self) -> bool:
        """Whether the inspector fills it in."""
        return self.take is None


def _words(column: str) -> pl.Expr:
    """A code such as ``juridisch_toetsen`` as words."""
    return pl.col(column).str.replace_all("_", " ", literal=True)


_SIGNAL = (
    WorklistColumn(
        "regel", "Regel", "text", "De regel die het signaal gaf.", _words("regel"), source="Regel", width=14
    ),
    WorklistColumn(
        "uitkomst",
        "Uitkomst",
        "text",
        "Signaal: alle voorwaarden zijn vervuld. Juridisch toetsen: de feiten zijn bekend, het recht is niet "
        "duidelijk. Onbekend: er ontbreekt een feit. Een signaal is geen besluit: een medewerker beoordeelt het.",
        _words("uitkomst"),
        source="Regel",
        width=11,
    ),
    WorklistColumn(
        "urgentie",
        "Urgentie",
        "text",
        "Volgorde van bezoek volgens de drempels van de gemeente; geen oordeel over de bewoners.",
        pl.col("urgentie"),
        source="Regel",
        width=10,
        emphasis=("hoog",),
    ),
    WorklistColumn(
        "personen_min",
        "Personen min",
        "integer",
        "Aantal personen dat er volgens de bron zeker woont.",
        pl.col("personen_min"),
        unit="personen",
        source="BRP of inspectie",
        width=10,
    ),
    WorklistColumn(
        "personen_max",
        "Personen max",
        "integer",
        "Aantal personen dat er ten hoogste woont, mogelijke bewoners meegerekend.",
        pl.col("personen_max"),
        unit="personen",
        source="BRP of inspectie",
        width=10,
    ),
    WorklistColumn(
        "oppervlakte",
        "Oppervlakte (m2)",
        "decimal",
        "Gebruiksoppervlakte waartegen is getoetst.",
        pl.col("oppervlakte"),
        unit="m2",
        source="BAG of gemeten",
        width=12,
    ),
    WorklistColumn(
        "norm",
        "Norm (m2 per persoon)",
        "decimal",
        "Oppervlakte per persoon die de norm ten minste vraagt.",
        pl.col("norm"),
        unit="m2 per persoon",
        source="Wet of verordening",
        width=12,
    ),
    WorklistColumn(
        "overschrijding",
        "Overschrijding (personen)",
        "integer",
        "Aantal personen boven het aantal dat de norm toelaat.",
        pl.col("overschrijding"),
        unit="personen",
        source="Regel",
        width=16,
    ),
    WorklistColumn(
        "beslissend",
        "Beslissende stap",
        "text",
        "De stap van de regel die de uitkomst bepaalt.",
        _words("beslissend"),
        source="Regel",
        width=18,
    ),
    WorklistColumn(
        "toelichting",
        "Toelichting",
        "text",
        "De uitkomst in één zin.",
        pl.col("toelichting"),
        source="Regel",
        width=56,
    ),
    WorklistColumn(
        "onbekende_feiten",
        "Onbekende feiten",
        "text",
        "Feiten die ontbreken en die de uitkomst zouden bepalen.",
        pl.col("onbekende_feiten").list.join(", ").str.replace_all("_", " ", literal=True),
        source="Regel",
        width=18,
    ),
)
_EVIDENCE = (
    WorklistColumn(
        "laatste_inspectie",
        "Laatste inspectie",
        "date",
        "Datum van het laatste bezoek dat in het register staat.",
        pl.col("laatste_inspectie"),
        source="Inspecties",
        width=11,
    ),
    WorklistColumn(
        "laatste_resultaat",
        "Resultaat laatste inspectie",
        "text",
        "Resultaat van dat bezoek.",
        _words("laatste_resultaat"),
        source="Inspecties",
        width=16,
    ),
    WorklistColumn(
        "bronnen",
        "Bronnen",
        "text",
        "Bronnen waarop de uitkomst rust, met de datum van levering.",
        pl.col("bronnen"),
        source="Register",
        width=28,
    ),
    WorklistColumn(
        "peildatum", "Peildatum", "date", "De dag waarvoor is getoetst.", pl.col("peildatum"), source="Regel", width=11
    ),
    WorklistColumn(
        "bewijs",
        "Bewijsnummer",
        "text",
        "Nummer van het bewijs waarmee de uitkomst later is na te rekenen.",
        pl.col("bewijs"),
        source="Register",
        width=18,
    ),
)


def _place(source: Source) -> tuple[WorklistColumn, ...]:
    bag_id = _header(source, "adresseerbaar_object_id")
    return (
        WorklistColumn("nr", "Nr", "integer", "Volgnummer in deze lijst.", pl.col("nr"), width=6),
        WorklistColumn(
            "adresseerbaar_object_id",
            bag_id,
            "text",
            "Identificatie van het verblijfsobject, de ligplaats of de standplaats. Laat deze kolom staan: de "
            "ingevulde lijst wordt ermee ingelezen.",
            pl.col("adresseerbaar_object_id"),
            source="BAG",
            width=19,
        ),
        WorklistColumn(
            "adres",
            "Adres",
            "text",
            "Hoofdadres; (+2) betekent dat het object nog twee nevenadressen heeft.",
            pl.col("adres"),
            source="BAG",
            width=28,
        ),
        WorklistColumn("postcode", "Postcode", "text", "Postcode.", pl.col("postcode"), source="BAG", width=10),
        WorklistColumn("woonplaats", "Woonplaats", "text", "Woonplaats.", pl.col("woonplaats"), source="BAG", width=13),
        WorklistColumn("wijk", "Wijk", "text", "Wijk waarin het object ligt.", pl.col("wijk"), source="CBS", width=15),
        WorklistColumn(
            "buurt", "Buurt", "text", "Buurt waarin het object ligt.", pl.col("buurt"), source="CBS", width=18
        ),
    )


# field of importers/inspecties.yml: kind, help, unit, width
_VISIT: dict[str, tuple[ColumnKind, str, str, int]] = {
    "datum": ("date", "Datum van het bezoek.", "", 12),
    "tijd": ("text", "Tijdstip van het bezoek als UU:MM, bijvoorbeeld 14:30.", "", 8),
    "inspecteur": ("text", "Wie het bezoek aflegde.", "", 15),
    "resultaat": ("choice", "Kies het resultaat van het bezoek uit de lijst.", "", 20),
    "aantal_personen": ("integer", "Aantal personen dat er naar uw telling woont.", "personen", 11),
    "huishoudens": ("integer", "Aantal huishoudens dat u telde.", "huishoudens", 14),
    "slaapplaatsen": ("integer", "Aantal slaapplaatsen dat u telde.", "slaapplaatsen", 15),
    "kamers": ("integer", "Aantal kamers dat u telde.", "kamers", 10),
    "gemeten_oppervlakte": ("decimal", "Gebruiksoppervlakte die u mat.", "m2", 13),
    "gebreken": ("text", "Gebreken, gescheiden door een puntkomma.", "", 26),
    "opmerkingen": ("text", "Wat verder van belang is. Noem geen namen of burgerservicenummers.", "", 32),
}


def _header(source: Source, field: str) -> str:
    return next(column.headers[0] for column in source.columns if column.field == field)


def result_labels(source: Source) -> dict[str, str]:
    """The label of each result code, in the order of the source: ``{code: label}``."""
    labels: dict[str, str] = {}
    for label, code in source.lookups["resultaat"].items():
        labels.setdefault(code, label)
    return labels


def _visit(source: Source) -> tuple[WorklistColumn, ...]:
    return tuple(
        WorklistColumn(
            f"bezoek_{field}",
            _header(source, field),
            kind,
            help_text,
            unit=unit,
            source="Inspecteur",
            width=width,
            choices=tuple(result_labels(source).values()) if field == "resultaat" else (),
        )
        for field, (kind, help_text, unit, width) in _VISIT.items()
    )


@cache
def worklist_columns() -> tuple[WorklistColumn, ...]:
    """Every column in order: place, signal, evidence, then what the inspector fills in."""
    source = load_source("inspecties")
    return (*_place(source), *_SIGNAL, *_EVIDENCE, *_visit(source))
