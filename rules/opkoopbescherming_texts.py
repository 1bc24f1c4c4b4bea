"""What opkoopbescherming says in Dutch: what is needed, remarks, and one sentence per case."""

import polars as pl

from rules.facts import fact
from rules.opkoopbescherming_conditions import (
    BESTAAND,
    EARLIER_SALE,
    FREED,
    GEBIEDEN,
    LATE,
    LIMIT_MAX,
    LIMIT_MIN,
    NAME,
    SIGNAAL,
)
from rules.rule import Uitkomst, needed, remark

NEEDED = {
    "inschrijving": "de dag van inschrijving van de akte",
    "aard": "de aard van de overdracht (levering, vererving, verdeling)",
    NAME + "verordening": "of in deze gemeente een verordening gold (wetsbestand)",
    "gemeente": "de gemeente waarin de woning ligt",
    "volgorde_overdrachten": "of de woning daarna opnieuw is geleverd",
    "woonfunctie": "het gebruiksdoel in de BAG",
    "gebieden": "de gebieden waarin de woning ligt",
    GEBIEDEN: "welke gebieden de verordening aanwijst (wetsbestand)",
    "woz_waarde": "de WOZ-waarde op de dag van inschrijving",
    "tegenstrijdige_woz": "welke van twee WOZ-waarden voor dezelfde datums geldt",
    NAME + "grens": "de WOZ-grens op de dag van inschrijving (wetsbestand)",
    "bewoond_sinds": "wanneer de woning voor het eerst is bewoond",
    BESTAAND: "of de verordening ook voor nieuwbouw gold (wetsbestand)",
    "staat_bij_overdracht": "of de woning bij de inschrijving vrij, in gebruik of verhuurd was",
    "bewoners": "de inschrijvingen (BRP)",
    "mogelijke_bewoners": "of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",
    "tegenstrijdige_inschrijving": "waar bewoners wonen die op twee adressen tegelijk ingeschreven staan",
    "eigenaar_woont": "of de eigenaar er zelf woont",
    "tegenstrijdige_eigendom": "wie de eigenaar is: de aandelen zijn samen meer dan het geheel",
    "vergunningen": "de vergunningen (nooit ingelezen)",
    "aanvraagdatum": "de dag waarop de vergunning is aangevraagd",
}

_GROUND = "artikel 41 lid 3 onder {} Huisvestingswet 2014"
_VERGUNBAAR = {
    "familie": f"Een vergunning is mogelijk: een bewoner is bewezen familie van de eigenaar ({_GROUND.format('a')}).",
    "tijdelijk": f"Een tijdelijke vergunning is mogelijk: de eigenaar woonde er lang genoeg ({_GROUND.format('b')}).",
    "bedrijfsruimte": "Een vergunning is mogelijk als de woning bij een winkel, kantoor of bedrijfsruimte hoort "
    f"({_GROUND.format('c')}); het object heeft ook een andere functie dan wonen.",
    "nee": "Een vergunning is niet mogelijk: geen van de gronden van artikel 41 lid 3 kan hier gelden.",
    "onbekend": "Of een vergunning mogelijk is, is niet bekend; het signaal hangt daar niet van af.",
}

NOTES = (
    pl.when(SIGNAAL).then(pl.col("vergunbaar").replace(_VERGUNBAAR)),
    remark(
        "De koopovereenkomst is van voor de inwerkingtreding; zonder overgangsrecht kan weigeren in strijd zijn met de "
        "rechtszekerheid (ECLI:NL:RBROT:2024:1224).",
        EARLIER_SALE & ~FREED,
    ),
    remark("Tegen de WOZ-waarde loopt bezwaar of beroep.", fact("woz_bezwaar")),
    remark(
        "Van de WOZ-grens op de dag van inschrijving is alleen een bereik bekend.",
        LIMIT_MIN < LIMIT_MAX,
    ),
    remark(
        "De beslistermijn is verstreken: mogelijk is de vergunning van rechtswege verleend (artikel 43 lid 5).",
        fact("aanvraag") & LATE,
    ),
    remark(
        "Van de eerste bewoning is niets vastgesteld; de woning geldt als bestaande woonruimte.",
        fact("bestaand") & fact("bewoond_sinds").is_null() & SIGNAAL,
    ),
    remark(
        "Er is een vergunning voor gebruik door familie; dat een bewoner familie is, is niet bewezen. Vraag dat na.",
        fact("vergunning").is_not_null() & ~fact("vergunning_dekt"),
    ),
)

_ANDEREN = (
    pl.when(fact("anderen_min") > 0)
    .then(
        pl.format(
            "{} {}",
            fact("anderen_min"),
            pl.when(fact("anderen_min") == 1).then(pl.lit("bewoner")).otherwise(pl.lit("bewoners")),
        )
    )
    .otherwise(pl.lit("door een inspecteur geteld gebruik"))
)
SENTENCE = (
    pl.when(SIGNAAL)
    .then(
        pl.format(
            "Geleverd op {}; nu {} en geen eigenaar ingeschreven, zonder vergunning. De termijn loopt tot {}.",
            fact("inschrijving").str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", "${3}-${2}-${1}"),
            _ANDEREN,
            pl.col("tot").dt.strftime("%d-%m-%Y").fill_null("een dag die niet vaststaat"),
        )
    )
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED)))
    .when(pl.col("uitkomst") == Uitkomst.JURIDISCH_TOETSEN)
    .then(pl.lit("De feiten zijn bekend, maar het recht is hier niet duidelijk."))
)
