"""Every page that a browser looks at: add yours. ``{woning}`` is a dwelling with a signal."""

PAGES = {
    "aanmelden": "/aanmelden",
    "vergeten": "/wachtwoord/vergeten",
    "start": "/",
    "zoeken": "/zoeken?q={straat}",
    "woning": "/woningen/{woning}",
    "woning eerder": "/woningen/{woning}?op=2022-01-01",
    "uitleg": "/woningen/{woning}/toets/overbewoning",
    "signalen": "/signalen?uitkomst=signaal",
    "signalen zonder": "/signalen?urgentie=geen",
    "recht": "/recht?gemeente=GM0606",
    "regelboek": "/regelboek",
    "account": "/account",
    "tweede stap": "/account/tweede-stap",
    "gebruikers": "/gebruikers",
    "gebruiker": "/gebruikers/1",
    "imports": "/imports",
    "import": "/imports/1",
    "kaart": "/kaart?uitkomst=signaal",
    "voorraad": "/voorraad",
    "profielen": "/voorraad/profiel",
    "werklijsten": "/werklijsten",
    "werklijst maken": "/werklijsten/nieuw",
    "werklijst voorstel": "/werklijsten/nieuw?dag=2030-01-07&lengte=4&regels=overbewoning&gewicht-urgentie=3",
    "signaal": "/signalen/{bewijs}",
    "termijnen": "/termijnen?alle=ja",
    "opbrengst": "/opbrengst",
    "niet gevonden": "/bestaat-niet",
}
# Seen by who is not signed in.
BEFORE = {"aanmelden", "vergeten"}
