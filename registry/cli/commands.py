"""Every command of the program: its module here, its name there, and its line in the list of commands.

A new command is a function in a module of this package and an entry here (or in ``export.py``).
"""

from registry.cli.lazy import Entry

COMMANDS = {
    "import": Entry("intake", "import_", "Een levering van een bron inlezen."),
    "runs": Entry(
        "runs",
        "runs",
        "De imports tonen, een ervan, de uitval of de wijzigingen van een run (--uit BESTAND), of een run intrekken.",
    ),
    "evaluate": Entry(
        "judge", "evaluate", "Elke woning toetsen aan het recht van de juiste datum, en de signalen bewaren."
    ),
    "explain": Entry("judge", "explain", "Stap voor stap uitleggen hoe een woning tot haar uitkomst komt."),
    "bewijs": Entry("judge", "bewijs", "Een oude uitkomst narekenen: met wat toen bekend was en de wet die toen gold."),
    "verschillen": Entry(
        "whatif",
        "verschillen",
        "Tonen welke gevallen sinds de vorige toetsing een andere uitkomst kregen, en waardoor.",
    ),
    "funnel": Entry(
        "whatif", "funnel", "Tellen hoeveel gevallen elke stap van een regel bereiken, en waar ze eindigen."
    ),
    "simulate": Entry(
        "whatif", "simulate", "Uitrekenen wat een regel zou vinden met andere getallen; er wordt niets bewaard."
    ),
    "scenarios": Entry("judge", "scenarios", "Scenariobestanden uitvoeren: een regel per verwachting."),
    "law": Entry(
        "law", "law", "Tonen wat er op een dag geldt, wat nog bevestigd moet worden, en wat binnen een jaar eindigt."
    ),
    "stock": Entry("stock", "stock", "De woningvoorraad tellen, naar de definitie van CBS."),
    "verloop": Entry(
        "policy", "verloop", "De woningvoorraad door de tijd, met wat er bij kwam, af ging en van eigenaar veranderde."
    ),
    "overbewoond": Entry(
        "policy",
        "overbewoond",
        "Woningen en personen boven de getalsnorm tellen, zeker en mogelijk, en wat niet te zeggen is.",
    ),
    "eigenaren": Entry(
        "owners",
        "eigenaren",
        "Van wie de woningvoorraad is: concentratie, portefeuilles naar grootte, en feiten per eigenaar.",
    ),
    "aankopen": Entry(
        "purchases",
        "aankopen",
        "Overdrachten naar verhuurders, voor en na de opkoopbescherming, binnen en buiten het gebied en rond de grens.",
    ),
    "woz": Entry("values", "woz", "De WOZ-waarde van een woning op een dag, met de reden en alle geleverde waarden."),
    "tenure": Entry(
        "ownership",
        "tenure",
        "Van wie een woning is op een dag, gezien naar wie er woont, met de reden en de eigenaren.",
    ),
    "portfolio": Entry(
        "ownership",
        "portfolio",
        "Het bezit van een eigenaar op een dag; voorstellen welke eigenaren één zijn; en besluiten daarover.",
    ),
    "bewoning-verschillen": Entry(
        "quality",
        "bewoning_verschillen",
        "De woningen waarover de Bewoning API en de eigen afleiding uit de BRP verschillen.",
    ),
    "dossier": Entry(
        "dossier",
        "dossier",
        "De levensloop van een woning: voorkomens, adressen, aantallen bewoners, inspecties en toetsingen.",
    ),
    "terugmelding": Entry(
        "dossier", "terugmelding", "Waar de registers elkaar tegenspreken, en aan welk register dat is terug te melden."
    ),
    "backup": Entry(
        "history",
        "backup",
        "Een reservekopie maken, gecontroleerd op aantallen en inhoud. De sleutels zitten er niet in.",
    ),
    "restore": Entry("history", "restore", "Een reservekopie terugzetten, en nagaan dat alles er weer is."),
    "check": Entry(
        "history", "check", "Nagaan dat de registratie klopt: versies, verwijzingen, tellingen, bewijsnummers."
    ),
    "demo": Entry(
        "demo",
        "demo",
        "Een verzonnen gemeente maken, inlezen en toetsen, met een werklijst en een dossier als resultaat.",
    ),
    "migrate": Entry("manage", "migrate", "De database opzetten of bijwerken naar deze versie."),
    "database": Entry("database", "database", "PostgreSQL: rollen en rechten, PostGIS, en de lagen voor QGIS."),
    "serve": Entry(
        "serve", "serve", "De webtoepassing starten; stoppen (Ctrl-C of SIGTERM) laat lopende verzoeken afmaken."
    ),
    "worker": Entry(
        "worker",
        "worker",
        "Inlezen en toetsen wat in de webtoepassing is gevraagd; stoppen (Ctrl-C of SIGTERM) laat een taak afmaken.",
    ),
    "init": Entry(
        "accountability", "init", "De registratie opzetten: database en sleutels maken, en zeggen wat er nog ontbreekt."
    ),
    "brief": Entry(
        "dossiers",
        "brief",
        "Een brief in concept: feiten ingevuld, open plekken waar een mens beslist of een feit ontbreekt.",
    ),
    "bundel": Entry(
        "dossiers",
        "bundel",
        "Alles wat in een zaak is verzonden, besloten en waargenomen, op volgorde in één zip met inhoud en kenmerken.",
    ),
    "beoordeel": Entry(
        "follow_up",
        "beoordeel",
        "Een signaal beoordelen; was een collega u voor, dan wordt dat gezegd en niets bewaard.",
    ),
    "beoordelingen": Entry(
        "follow_up",
        "beoordelingen",
        "De beoordelingen, of welke beantwoorde signalen zijn teruggekomen en door welk feit.",
    ),
    "overdragen": Entry(
        "handover",
        "overdragen",
        "Een signaal overdragen aan het zaaksysteem, zonder gegevens over bewoners; tweemaal geeft dezelfde zaak.",
    ),
    "termijnen": Entry("follow_up", "termijnen", "Welke termijnen binnenkort eindigen, elk met zijn bron."),
    "opbrengst": Entry(
        "follow_up",
        "opbrengst",
        "Wat bezoeken opleveren per regel, naast de steekproef, met het interval dat kleine aantallen verdienen.",
    ),
    "export": Entry("export", "export", "Bestanden maken."),
    "zaak": Entry("case_papers", "zaak", "Zaken: wat er is verzonden, ontvangen, besloten en waargenomen."),
    "review": Entry("review", "review", "Adressen waarvan iemand moet kiezen welk object is bedoeld."),
    "user": Entry("users", "user", "Accounts van de webtoepassing."),
    "lijst": Entry("list_group", "lijst", "Bezoeklijsten plannen, vastleggen en meenemen."),
    "bezoek": Entry("visits", "bezoek", "Bezoeken vastleggen, verbeteren en controleren."),
    "doorverwijzing": Entry("care", "doorverwijzing", "Zorg voor bewoners, los van handhaving."),
    "betrokkene": Entry("persons", "betrokkene", "Rechten van een betrokkene: inzage, beperking."),
    "toegang": Entry("persons", "toegang", "Het toegangslog: wie zag welke gegevens waarvoor."),
    "doel": Entry("purposes", "doel", "Voor welk doel welke bronnen mogen worden gebruikt."),
    "sleutels": Entry("purposes", "sleutels", "De sleutels waarmee personen zijn versleuteld."),
    "retention": Entry("retention", "retention", "Bewaartermijnen, en vernietigen wat lang genoeg is bewaard."),
    "wat-als": Entry("what_ifs", "what_if", "Verkenningen: wat een regel zou bereiken met andere getallen."),
}
