"""``export``: files to take along."""

from registry.cli.dutch import Commands
from registry.cli.lazy import Entry, lazy_group

EXPORTS = {
    "werklijst": Entry("lists", "export_werklijst", "Een werklijst voor inspecteurs maken uit de laatste toetsing."),
    "voorraad": Entry(
        "policy_export",
        "export_voorraad",
        "De woningvoorraad naar gebied en onderwerp als Excelbestand of CSV, met definities.",
    ),
    "geo": Entry(
        "policy_export",
        "export_geo",
        "De woningvoorraad als kaartlaag: aantallen per gebied, of met --objecten een punt per woning (vastgelegd).",
    ),
    "algoritmeregister": Entry(
        "accountability",
        "export_algoritmeregister",
        "Een concept voor het Algoritmeregister (publicatiestandaard 1.0), een per regel, als JSON.",
    ),
    "dpia": Entry(
        "accountability",
        "export_dpia",
        "Bouwstenen voor een DPIA uit de regels en registers die in gebruik zijn, als Markdown.",
    ),
    "gelijkheid": Entry(
        "accountability",
        "export_gelijkheid",
        "Voor de FG: hoe vaak regels en bezoeken soorten woningen raken, vergeleken met de voorraad.",
    ),
    "kaart": Entry(
        "policy_export",
        "export_kaart",
        "Een kaart, een stippenkaart of staven van de woningvoorraad per gebied tekenen (SVG), met de tabel.",
    ),
    "trend": Entry(
        "policy_export",
        "export_trend",
        "De woningvoorraad door de tijd tekenen (SVG), met de tabel: een lijn per klasse, of opgestapelde vlakken.",
    ),
    "buurtprofiel": Entry(
        "policy_export",
        "export_buurtprofiel",
        "Eén bladzijde over een buurt (of wijk): waaruit haar woningvoorraad bestaat, naast alle buurten samen.",
    ),
    "dossier": Entry(
        "dossiers",
        "export_dossier",
        "Het handhavingsdossier van een zaak, woning, eigenaar of selectie als Excelbestand.",
    ),
}

export = Commands(cls=lazy_group(EXPORTS), help="Bestanden maken.", no_args_is_help=True)
