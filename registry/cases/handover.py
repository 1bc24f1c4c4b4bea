"""The check before a file is handed over: what files were quashed for, each with the ruling behind it.

The answer is "in orde", "niet in orde" or "onbekend". It blocks nothing: a person reports a file ready, with the open
points written down beside the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from registry.cases.collection import collection_clock, with_decisions
from registry.cases.completeness import check_completeness
from registry.cases.kinds import BesluitSoort, StukSoort
from rules.parameters import shipped_law
from rules.yaml_files import parse_yaml, read_bytes, validate

IN_ORDE, NIET_IN_ORDE, ONBEKEND = "in orde", "niet in orde", "onbekend"
_FILE = Path(__file__).parent / "rulings.yml"
_ENTERED = {"toegang_met_toestemming": StukSoort.TOESTEMMING, "toegang_met_machtiging": StukSoort.MACHTIGING}
_HOUSEHOLD_RULES = ("overbewoning", "omzetting")
Row = Mapping[str, Any]


class Ruling(BaseModel):
    """A ruling: its ECLI, what it says about files, and whether somebody of us read it whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ecli: str = Field(pattern=r"^ECLI:NL:[A-Z]+:[0-9]{4}:[A-Z]*[0-9]+$")
    strekking: str
    nagelezen: bool


class _Rulings(RootModel[dict[str, tuple[Ruling, ...]]]):
    pass


@cache
def shipped_rulings() -> dict[str, tuple[Ruling, ...]]:
    """The rulings by check."""
    return validate(_Rulings, parse_yaml(read_bytes(_FILE), _FILE.name), _FILE.name).root


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the check; ``adresseerbaar_object_id`` null is the whole case."""

    code: str
    controle: str
    antwoord: str
    bevinding: str
    te_doen: str
    grond: str
    adresseerbaar_object_id: str | None = None

    @property
    def uitspraken(self) -> str:
        """The rulings behind it, one per line."""
        return "\n".join(f"{one.ecli} ({one.strekking})" for one in shipped_rulings()[self.code])


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """All that the check looks at.

    Attributes:
        objects: the dwellings.
        rules: per dwelling the rules with an outcome ``signaal`` in the case.
        visits: rows of ``inspecties`` of the dwellings, each with ``fotos``: how many it has.
        documents: rows of ``stukken``.
        decisions: rows of ``besluiten``, every version.
        verbeurten: rows of ``verbeurten``.
        permits: lines of the timeline about permits (adresseerbaar_object_id, datum, tot, omschrijving).
        starts: per dwelling since when the state of each signal holds (null: not known).
        permits_known: whether permits were ever imported.
        peildatum: the day.
        gemeente: whose own terms count; null is those of the country.
    """

    objects: Sequence[str]
    rules: Mapping[str, Sequence[str]]
    visits: Sequence[Row]
    documents: Sequence[Row]
    decisions: Sequence[Row]
    verbeurten: Sequence[Row]
    permits: Sequence[Row]
    starts: Mapping[str, Sequence[date | None]]
    permits_known: bool
    peildatum: date
    gemeente: str | None = None


def check_handover(case: CaseRecord) -> list[Check]:
    """Every check, per dwelling and for the case as a whole."""
    checks = []
    for object_id in case.objects:
        checks += [
            _report(case, object_id),
            *_complete(case, object_id),
            _signed(case, object_id),
            *_access(case, object_id),
            *_household(case, object_id),
            _start(case, object_id),
            _permit(case, object_id),
        ]
    return [*checks, *_versions(case), *_collection(case)]


def open_points(checks: Sequence[Check]) -> list[Check]:
    """What is not in order, or not known."""
    return [check for check in checks if check.antwoord != IN_ORDE]


def _visits(case: CaseRecord, object_id: str) -> list[Row]:
    return [row for row in case.visits if row["adresseerbaar_object_id"] == object_id]


def _papers(case: CaseRecord, soort: StukSoort, visits: Sequence[Row] = ()) -> list[Row]:
    """The papers of a kind; with visits only those that name one of them or none."""
    known = {row["inspectie"] for row in visits}
    fits = [row for row in case.documents if row["soort"] == soort]
    return [row for row in fits if not visits or row["inspectie"] is None or row["inspectie"] in known]


def _report(case: CaseRecord, object_id: str) -> Check:
    title, grond = "Er is een rapport van wat ter plaatse is gezien", "Algemene wet bestuursrecht 3:2 en 5:48"
    visits = _visits(case, object_id)
    reports = _papers(case, StukSoort.RAPPORT, visits)
    if not visits:
        found = "Er is geen enkele inspectie van deze woning vastgelegd."
        todo = "Bezoek de woning, of leg vast waarom dat niet nodig is: een signaal bewijst het gebruik niet."
        return Check("rapport", title, NIET_IN_ORDE, found, todo, grond, object_id)
    if not reports:
        count = f"{len(visits)} bezoek" if len(visits) == 1 else f"{len(visits)} bezoeken"
        found = f"{count}, geen rapport van bevindingen bij de stukken."
        todo = "Voeg het rapport van bevindingen toe, met feiten los van conclusies."
        return Check("rapport", title, NIET_IN_ORDE, found, todo, grond, object_id)
    found = f"Rapport: {', '.join(row['titel'] for row in reports)}."
    return Check("rapport", title, IN_ORDE, found, "", grond, object_id)


def _complete(case: CaseRecord, object_id: str) -> Iterator[Check]:
    """What each visit inside lacks to be evidence (``registry.cases.completeness``)."""
    title = "Het verslag van het bezoek is compleet"
    for visit in _visits(case, object_id):
        if visit["resultaat"] not in _ENTERED:
            continue
        missing = check_completeness(visit).missing
        found = f"Bezoek op {visit['datum']:%d-%m-%Y}"
        if missing:
            found = f"{found}: er ontbreekt {'; '.join(one.text for one in missing)}."
            sources = "; ".join(dict.fromkeys(one.source for one in missing))
            todo = "Vul het bezoek aan; wat niet is waargenomen wordt niet alsnog opgeschreven."
            yield Check("rapport", title, NIET_IN_ORDE, found, todo, sources, object_id)
        else:
            yield Check("rapport", title, IN_ORDE, f"{found} is compleet.", "", "Awb 5:48", object_id)


def _signed(case: CaseRecord, object_id: str) -> Check:
    title, grond = "Het rapport is ondertekend en gedateerd", "Huisvestingswet 2014 art. 33; Awb 5:48"
    reports = _papers(case, StukSoort.RAPPORT, _visits(case, object_id))
    unsigned = [row["titel"] for row in reports if row["ondertekend_op"] is None]
    if not reports:
        return Check("ondertekend", title, ONBEKEND, "Er is geen rapport.", "Voeg het rapport toe.", grond, object_id)
    if unsigned:
        found = f"Niet ondertekend: {', '.join(unsigned)}."
        todo = "Laat de toezichthouder die waarnam het rapport ondertekenen en dateren, en bewaar die versie."
        return Check("ondertekend", title, NIET_IN_ORDE, found, todo, grond, object_id)
    told = "; ".join(f"{row['ondertekend_door']} op {row['ondertekend_op']:%d-%m-%Y}" for row in reports)
    return Check("ondertekend", title, IN_ORDE, f"Ondertekend door {told}.", "", grond, object_id)


def _access(case: CaseRecord, object_id: str) -> Iterator[Check]:
    title, grond = (
        "Voor het binnentreden was er toestemming of een machtiging",
        "Awb 5:15; Awbi; Huisvestingswet 2014 art. 34",
    )
    for visit in _visits(case, object_id):
        needed = _ENTERED.get(visit["resultaat"])
        if needed is None:
            continue
        day = f"{visit['datum']:%d-%m-%Y}"
        column = "toestemming_van" if needed is StukSoort.TOESTEMMING else "machtiging"
        written = visit.get(column)
        papers = _papers(case, needed, [visit])
        if not written and not papers:
            found = f"Bij het bezoek op {day} is binnengetreden; {needed.value} ontbreekt."
            todo = "Voeg het formulier of de machtiging toe, met doel, legitimatie en wie toestemde."
            yield Check("toegang", title, NIET_IN_ORDE, found, todo, grond, object_id)
        elif needed is StukSoort.MACHTIGING and not (visit.get("lichtere_middelen") and visit.get("gronden")):
            found = f"Machtiging bij het bezoek op {day}; grond of geprobeerde lichtere middelen staan niet vast."
            todo = "Leg vermoeden en geprobeerde lichtere middelen vast, en voeg het eerdere verslag toe."
            yield Check("toegang", title, ONBEKEND, found, todo, grond, object_id)
        else:
            told = f"toestemming van of kenmerk: {written}" if written else papers[0]["titel"]
            yield Check("toegang", title, IN_ORDE, f"Bezoek op {day}: {told}.", "", grond, object_id)


def _household(case: CaseRecord, object_id: str) -> Iterator[Check]:
    about = [rule for rule in case.rules.get(object_id, ()) if rule in _HOUSEHOLD_RULES]
    if not about:
        return
    title, grond = "Onderzocht is of de bewoners één huishouden vormen", "Huisvestingswet 2014 art. 21; Awb 3:2"
    visits = _visits(case, object_id)
    counted = [row for row in visits if row["huishoudens"] is not None]
    papers = [*_papers(case, StukSoort.HUISHOUDONDERZOEK), *_papers(case, StukSoort.VERKLARING)]
    if not counted and not papers:
        found = "Huishoudens zijn niet geteld en er is geen verklaring of onderzoek."
        todo = "Onderzoek de onderlinge band: wie hoort bij wie, sinds wanneer, gedeelde kosten en ruimten."
        yield Check("huishouden", title, NIET_IN_ORDE, found, todo, grond, object_id)
        return
    told = [f"Huishoudens, geteld op {row['datum']:%d-%m-%Y}: {row['huishoudens']}" for row in counted[:1]]
    told += [row["titel"] for row in papers]
    answer = IN_ORDE if papers else ONBEKEND
    todo = "" if papers else "Leg vast waarop die telling rust: verklaringen, slaapplaatsen, contracten."
    yield Check("huishouden", title, answer, f"{'; '.join(told)}.", todo, grond, object_id)


def _start(case: CaseRecord, object_id: str) -> Check:
    title, grond = "Het begin van het gebruik staat vast", "Awb 3:2; overgangsrecht van de verordening"
    starts = [day for day in case.starts.get(object_id, ()) if day is not None]
    papers = _papers(case, StukSoort.BEWIJS_VAN_BEGIN)
    if papers:
        return Check("begin", title, IN_ORDE, f"{', '.join(row['titel'] for row in papers)}.", "", grond, object_id)
    if starts:
        found = f"Volgens de registers sinds {min(starts):%d-%m-%Y}; ander bewijs is er niet."
        todo = "Voeg bewijs toe van het feitelijke begin: verklaring, contract, betaling of eerdere waarneming."
        return Check("begin", title, ONBEKEND, found, todo, grond, object_id)
    found = "Uit de registers volgt niet sinds wanneer de toestand duurt."
    todo = "Stel het begin vast, of beperk het verwijt tot de dag van constatering."
    return Check("begin", title, NIET_IN_ORDE, found, todo, grond, object_id)


def _permit(case: CaseRecord, object_id: str) -> Check:
    title, grond = "Er is geen vergunning die het gebruik toestaat", "Huisvestingswet 2014 art. 21, 41 en 43"
    of_object = [row for row in case.permits if row["adresseerbaar_object_id"] == object_id]
    granted = [row for row in of_object if "verleend" in row["omschrijving"] and _runs(row, case.peildatum)]
    asked = [row for row in of_object if "aangevraagd" in row["omschrijving"]]
    if granted:
        found = "; ".join(row["omschrijving"] for row in granted)
        todo = "Ga na of dit gebruik onder de vergunning valt: dan is er geen overtreding."
        return Check("vergunning", title, NIET_IN_ORDE, found, todo, grond, object_id)
    if asked:
        found = "; ".join(row["omschrijving"] for row in asked)
        todo = "Ga na of op de aanvraag is beslist; na het einde van de termijn kan de vergunning van rechtswege zijn."
        return Check("vergunning", title, ONBEKEND, found, todo, grond, object_id)
    if not case.permits_known:
        todo = "Lees de vergunningen in, of ga het na bij het team vergunningen."
        return Check("vergunning", title, ONBEKEND, "Er zijn geen vergunningen ingelezen.", todo, grond, object_id)
    found = "De levering van vergunningen noemt er voor deze woning geen die geldt."
    return Check("vergunning", title, IN_ORDE, found, "", grond, object_id)


def _runs(row: Row, day: date) -> bool:
    return (row["datum"] is None or row["datum"] <= day) and (row["tot"] is None or day < row["tot"])


def _versions(case: CaseRecord) -> Iterator[Check]:
    """A penalty becomes due under the version of the order that held on that day."""
    title, grond = "De juiste versie van de last is getoetst", "Awb 5:33 en 5:37"
    orders = [row for row in case.decisions if row["soort"] == BesluitSoort.LAST]
    for due in case.verbeurten:
        versions = [row for row in orders if row["nummer"] == due["nummer"]]
        in_force = [row for row in versions if (row["bekendgemaakt_op"] or row["datum"]) <= due["verbeurd_op"]]
        last = max((row["versie"] for row in in_force), default=None)
        day = f"{due['verbeurd_op']:%d-%m-%Y}"
        if last is not None and last == due["versie"]:
            found = f"Op {day} gold versie {last} van besluit {due['nummer']}, en die is getoetst."
            yield Check("versie", title, IN_ORDE, found, "", grond)
        else:
            held = last or "(geen)"
            found = f"Op {day} gold versie {held} van besluit {due['nummer']}; getoetst is versie {due['versie']}."
            todo = "Toets opnieuw aan de versie die toen gold, of neem het bedrag terug."
            yield Check("versie", title, NIET_IN_ORDE, found, todo, grond)
    for order in orders:
        if order["bekendgemaakt_op"] is None:
            found = f"Van besluit {order['nummer']} versie {order['versie']} is de bekendmaking niet vastgelegd."
            todo = "Leg vast wanneer en hoe het besluit is bekendgemaakt: daarvoor werkt het niet."
            yield Check("versie", "De last is bekendgemaakt", NIET_IN_ORDE, found, todo, "Awb 3:40 en 3:41")


def _collection(case: CaseRecord) -> Iterator[Check]:
    title, grond = "De bevoegdheid tot invordering is niet verjaard", "Awb 5:35, 4:105, 4:106, 4:110 en 4:111"
    papers = with_decisions(case.documents, case.decisions)
    for due in case.verbeurten:
        clock = collection_clock(due, papers, law=shipped_law(), gemeente=case.gemeente, today=case.peildatum)
        stopped = "" if clock.interrupted_on is None else f", gestuit op {clock.interrupted_on:%d-%m-%Y}"
        until = "de termijn staat stil" if clock.last is None else f"in te vorderen tot en met {clock.last:%d-%m-%Y}"
        told = f"Bedrag van {due['verbeurd_op']:%d-%m-%Y}{stopped}: {until}."
        if clock.last is not None and clock.last < case.peildatum:
            todo = "Ga na of de verjaring is gestuit of verlengd voordat zij afliep, en voeg dat stuk toe."
            yield Check("invordering", title, NIET_IN_ORDE, told, todo, grond)
        else:
            yield Check("invordering", title, IN_ORDE, told, "", grond)
