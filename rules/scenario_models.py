"""The shape of a scenario file: what lawyers may write, and nothing else."""

import re
from datetime import date
from typing import Literal

from pydantic import Field, StrictInt, StrictStr, field_validator

from rules.law_models import GemeenteCode, Strict
from rules.rule import Uitkomst

RuleId = Literal[
    "overbewoning",
    "opkoopbescherming",
    "zelfbewoningsplicht",
    "omzetting",
    "adresverschil",
    "bewoning_zonder_woonfunctie",
    "langdurige_leegstand",
    "bewoning_op_ingetrokken_object",
]
Bron = Literal[
    "bag", "brp", "brk", "woz", "gebieden", "vergunningen", "bedingen", "inspecties", "vaststellingen", "coa"
]
Relatie = Literal["kind", "ouder", "partner", "broer_zus", "kleinkind", "grootouder", "huishouden", "geen"]
PartialDate = date | StrictInt | StrictStr  # a day, a year or a month (2023-05)


class ObjectEntry(Strict):
    """The dwelling; ``oppervlakte`` and ``bewoond_sinds`` left out are unknown."""

    gebruiksdoelen: tuple[str, ...] | None = ("woonfunctie",)
    status: str | None = "Verblijfsobject in gebruik"
    soort: Literal["woning", "woonwagen", "standplaats", "ligplaats"] = "woning"
    oppervlakte: StrictInt | None = None
    gebieden: tuple[str, ...] | None = None
    bewoond_sinds: date | None = None
    coa_opvang: bool | None = False


class PersoonEntry(Strict):
    """A person whose type matters."""

    type: Literal["natuurlijk_persoon", "rechtspersoon"]
    kvk: StrictStr | None = None


class BewoningEntry(Strict):
    """A stay; ``tot`` (exclusive) left out = still there."""

    persoon: str
    van: date | None = None
    tot: date | None = None
    zekerheid: Literal["zeker", "mogelijk"] = "zeker"


class OverdrachtEntry(Strict):
    """A transfer of the dwelling."""

    inschrijving: PartialDate | None  # null = unknown
    aard: Literal["levering", "vererving", "verdeling", "correctie"] | None = "levering"
    verkrijgers: tuple[str, ...] = ()
    vervreemders: tuple[str, ...] = ()
    koopovereenkomst: date | None = None
    staat: (
        Literal["vrij", "gebruikt_korter_dan_6_maanden", "gebruikt_6_maanden_of_langer", "verhuurd_met_vergunning"]
        | None
    ) = None

    @field_validator("inschrijving")
    @classmethod
    def _check_inschrijving(cls, value: PartialDate | None) -> PartialDate | None:
        if value is None or isinstance(value, date) or re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", str(value)):
            return value
        raise ValueError("is geen dag (2023-05-02), maand (2023-05) of jaar (2023)")


class WozEntry(Strict):
    """A WOZ value (euro)."""

    waardepeildatum: date
    ingangsdatum: date
    waarde: StrictInt


class VergunningEntry(Strict):
    """A permit, or a request for one."""

    soort: Literal["opkoopbescherming", "omzetting", "splitsing", "onttrekking"]
    grond: Literal["familie", "tijdelijk", "bedrijfsruimte", "lokaal"] | None = None
    status: Literal["verleend", "aangevraagd", "geweigerd", "ingetrokken"] = "verleend"
    van: date | None = None
    tot: date | None = None
    aangevraagd_op: date | None = None
    verlengd_op: date | None = None


class OntheffingEntry(Strict):
    """An exemption from a clause."""

    reden: Literal["werk", "overlijden", "echtscheiding", "gezondheid", "financieel", "overig"]
    van: date
    tot: date | None = None


class BedingEntry(Strict):
    """A clause in a deed; what is left out, the clause does not mention."""

    soort: Literal["zelfbewoning", "antispeculatie"] = "zelfbewoning"
    debiteur: str
    akte: date | None = None
    aanvang: Literal["levering", "oplevering", "brp_inschrijving"] | None = None
    aanvang_datum: date | None = None
    maanden: StrictInt | None  # null = the clause names no term
    aaneengesloten: bool | None = None
    kettingbeding_tot: date | None = None
    inschrijftermijn_dagen: StrictInt | None = None
    doorverkoop_toegestaan: bool | None = None
    gedeeltelijke_verhuur_toegestaan: bool | None = None
    ontheffingen: tuple[OntheffingEntry, ...] = ()


class InspectieEntry(Strict):
    """A visit by an inspector."""

    datum: date
    aantal_personen: StrictInt | None = None
    huishoudens: StrictInt | None = None
    gemeten_oppervlakte: float | None = None


class VaststellingEntry(Strict):
    """A fact that a person established."""

    feit: str
    waarde: str | bool | int | float
    van: date | None = None
    tot: date | None = None
    bewijs: str = Field(min_length=1)


class Expected(Strict):
    """What a rule must say; only what is written is compared."""

    uitkomst: Uitkomst | None = None
    beslissend: str | None = None
    onbekende_feiten: tuple[str, ...] | None = None
    tot: date | None = None
    periode_van: date | None = None
    periode_tot: date | None = None
    urgentie: Literal["laag", "midden", "hoog"] | None = None
    vergunbaar: Literal["familie", "tijdelijk", "bedrijfsruimte", "nee", "onbekend"] | None = None
    grond: str | None = None
    overschrijding: StrictInt | None = None
    overdracht: StrictInt | None = None
    beding: StrictInt | None = None


class Scenario(Strict):
    """One scenario: the facts of one dwelling and what the rules must say of it."""

    scenario: str
    bron: str | None = None
    gemeente: GemeenteCode | None = None
    peildatum: date
    ontbrekende_bronnen: tuple[Bron, ...] = ()
    verblijfsobject: ObjectEntry = ObjectEntry()
    personen: dict[str, PersoonEntry] = Field(default_factory=dict)
    relaties: tuple[tuple[str, str, Relatie], ...] = ()
    bewoning: tuple[BewoningEntry, ...] = ()
    overdrachten: tuple[OverdrachtEntry, ...] = ()
    woz: tuple[WozEntry, ...] = ()
    vergunningen: tuple[VergunningEntry, ...] = ()
    bedingen: tuple[BedingEntry, ...] = ()
    inspecties: tuple[InspectieEntry, ...] = ()
    vaststellingen: tuple[VaststellingEntry, ...] = ()
    verwacht: dict[RuleId, Expected] = Field(min_length=1)

    @field_validator("verwacht", mode="before")
    @classmethod
    def _expand_short_form(cls, value: object) -> object:
        """``overbewoning: signaal`` is short for ``overbewoning: {uitkomst: signaal}``."""
        if not isinstance(value, dict):
            return value
        return {rule: {"uitkomst": said} if isinstance(said, str) else said for rule, said in value.items()}
