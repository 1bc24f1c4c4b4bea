"""The fields that a letter template may use, with what a person must fill in when one is not known."""

FIELDS: dict[str, str] = {
    "zaak": "kenmerk van de zaak",
    "datum": "dag van verzending",
    "behandelaar": "wie de zaak behandelt",
    "ondertekenaar": "wie ondertekent",
    "aanleiding": "aanleiding van de zaak",
    "artikel": "overtreden artikel of geldende regel",
    "gevraagd": "wat van de geadresseerde wordt gevraagd",
    "reageren_voor": "tot wanneer hij kan reageren",
    "uitzonderingen": "welke uitzonderingen zijn onderzocht, en wat daaruit kwam",
    "zienswijze": "wat de zienswijze inhield, en wat daarmee is gedaan",
    "zienswijze_tot": "laatste dag voor de zienswijze",
    "afweging": "de afweging van belangen en van evenredigheid",
    "last": "wat moet worden gedaan of gelaten",
    "reden": "waarom het besluit wordt ingetrokken",
    "gevolg": "wat de intrekking betekent",
    "afzender.naam": "naam van het college",
    "afzender.adres": "adres van het college",
    "afzender.rekening": "rekening waarop wordt betaald, met betalingskenmerk",
    "geadresseerde.naam": "naam van de geadresseerde",
    "geadresseerde.adres": "postadres van de geadresseerde",
    "geadresseerde.aanhef": "aanhef",
    "geadresseerde.hoedanigheid": "als wat hij wordt aangeschreven: eigenaar, verhuurder, beheerder of bewoner",
    "woning.adres": "adres van de woning",
    "woning.postcode": "postcode van de woning",
    "woning.woonplaats": "woonplaats van de woning",
    "woning.bag_id": "BAG-id van de woning",
    "besluit.soort": "soort besluit",
    "besluit.nummer": "nummer van het besluit in de zaak",
    "besluit.versie": "versie van het besluit",
    "besluit.datum": "dag van het besluit",
    "besluit.overtreding_op": "dag waarop de overtreding is geconstateerd",
    "besluit.begunstiging_tot": "einde van de begunstigingstermijn",
    "besluit.bedrag": "bedrag van de boete of de dwangsom",
    "besluit.bedrag_per": "per wat de dwangsom wordt verbeurd",
    "besluit.bedrag_ten_hoogste": "maximum van de dwangsom",
}
"""Every single field, with what must be filled in when it is not known."""

LISTS: dict[str, tuple[str, ...]] = {
    "signalen": ("adres", "regel", "zin", "peildatum", "bewijs"),
    "inspecties": ("adres", "datum", "resultaat", "personen", "huishoudens", "ondertekend_door"),
    "feiten": ("gegeven", "waarde", "bron", "leverdatum"),
    "berekening": ("vraag", "antwoord", "grond", "toelichting"),
}
"""Every list with the fields of its items; ``onbekend`` is a list of texts."""
