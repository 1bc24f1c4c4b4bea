"""Records of clauses in deeds, and of exemptions from them (private law: what the deed says, and nothing else)."""

from importers.records.base import BOOL, DATE, FLOAT, INT, TEXT, Column, Protection, RecordType
from importers.records.field import address_columns
from importers.records.persons import person_columns

BEDINGEN = RecordType(
    "bedingen",
    ("beding",),
    {
        "beding": Column(TEXT, "sleutel: bedingnummer, anders afgeleid uit adres, soort en akte", "", required=True),
        **address_columns(),
        "soort": Column(TEXT, "zelfbewoning of antispeculatie", "", required=True),
        **person_columns("debiteur", "debiteur"),
        "schuldeiser": Column(TEXT, "gemeente, corporatie, ontwikkelaar of overig", "Burgerlijk Wetboek 6:1"),
        "akte": Column(DATE, "dag van de akte met het beding", "", required=True),
        "brondocument": Column(TEXT, "vindplaats van de akte of de voorwaarden", ""),
        "aanvang": Column(TEXT, "levering, oplevering of brp_inschrijving", ""),
        "aanvang_datum": Column(DATE, "dag van die gebeurtenis", ""),
        "maanden": Column(INT, "duur in maanden; leeg = het beding noemt geen termijn", ""),
        "aaneengesloten": Column(BOOL, "de duur moet aaneengesloten zijn", ""),
        "toegestane_bewoners": Column(TEXT, "alleen de debiteur (zelf) of ook zijn gezin of familie", ""),
        "gedeeltelijke_verhuur_toegestaan": Column(BOOL, "leeg = het beding zwijgt", ""),
        "doorverkoop_toegestaan": Column(BOOL, "leeg = het beding zwijgt", ""),
        "kettingbeding_tot": Column(DATE, "tot wanneer het beding moet worden doorgegeven (niet meegerekend)", ""),
        "inschrijftermijn_dagen": Column(INT, "dagen na de aanvang om zich in te schrijven", ""),
        "toestemming_vereist": Column(BOOL, "afwijken kan alleen met toestemming", ""),
        "boete": Column(FLOAT, "vaste boete in euro", ""),
        "boete_per_dag": Column(FLOAT, "boete per dag in euro", ""),
        "uitzonderingen": Column(TEXT, "uitzonderingen die het beding noemt, zoals getypt", ""),
        "adres_op": Column(
            DATE, "dag waarop het adres gold: akte of latere aanvang", "", required=True, protection=Protection.NEVER
        ),
    },
    address_day="adres_op",
)
ONTHEFFINGEN = RecordType(
    "ontheffingen",
    ("beding", "reden", "valid_from"),
    {
        "beding": Column(TEXT, "het beding waarvan ontheffing is verleend", "", required=True),
        "reden": Column(TEXT, "werk, overlijden, echtscheiding, gezondheid, financieel of overig", "", required=True),
        "valid_from": Column(DATE, "begin", "", required=True),
        "valid_until": Column(DATE, "eind (niet meegerekend)", ""),
    },
)
