"""The kinds of papers, decisions and events that a case holds; the values are what people read and type."""

from enum import StrEnum


class StukSoort(StrEnum):
    """What a paper is."""

    RAPPORT = "rapport van bevindingen"
    TOESTEMMING = "toestemming tot binnentreden"
    MACHTIGING = "machtiging tot binnentreden"
    VERSLAG_BINNENTREDEN = "verslag van binnentreden"
    HUISHOUDONDERZOEK = "onderzoek naar het huishouden"
    VERKLARING = "verklaring"
    FOTO = "foto"
    INFORMATIEBRIEF = "informatiebrief"
    VOORAANKONDIGING = "vooraankondiging"
    ZIENSWIJZE = "zienswijze"
    BESLUIT = "besluit"
    INVORDERING = "invorderingsbeschikking"
    AANMANING = "aanmaning"
    VERREKENING = "beschikking tot verrekening"
    DWANGBEVEL = "dwangbevel"
    TENUITVOERLEGGING = "daad van tenuitvoerlegging"
    RECHTSVERVOLGING = "daad van rechtsvervolging"
    ERKENNING = "erkenning van de schuld"
    UITSTEL = "uitstel van betaling"
    EINDE_UITSTEL = "einde van uitstel van betaling"
    BEZWAARSCHRIFT = "bezwaarschrift"
    BEROEPSCHRIFT = "beroepschrift"
    UITSPRAAK = "uitspraak"
    BEWIJS_VAN_BEGIN = "bewijs van het begin van het gebruik"
    VERGUNNING = "vergunning of aanvraag"
    OVERIG = "overig"


class Richting(StrEnum):
    """Which way a paper went."""

    VERZONDEN = "verzonden"
    ONTVANGEN = "ontvangen"
    INTERN = "intern"


class BesluitSoort(StrEnum):
    """What was decided."""

    LAST = "last onder dwangsom"
    BOETE = "bestuurlijke boete"
    WAARSCHUWING = "waarschuwing"
    INVORDERING = "invordering"
    INTREKKING = "intrekking"
    OPHEFFING = "opheffing"


class BedragPer(StrEnum):
    """Of what an amount is the amount (Algemene wet bestuursrecht 5:32b)."""

    INEENS = "ineens"
    DAG = "dag"
    WEEK = "week"
    MAAND = "maand"
    OVERTREDING = "overtreding"


class GebeurtenisSoort(StrEnum):
    """What happened to a case, or to something in it."""

    TERUGGENOMEN = "teruggenomen"
    SIGNAAL_VERWIJDERD = "signaal verwijderd"
    GEREED = "gereed gemeld"
    GESLOTEN = "gesloten"
    HEROPEND = "heropend"
