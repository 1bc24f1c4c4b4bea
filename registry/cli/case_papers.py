"""``zaak stuk``, ``zaak besluit``, ``zaak verbeurd`` and ``zaak neem-terug``: what goes into a case."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cases.kinds import BedragPer, BesluitSoort, Richting, StukSoort
from registry.cases.register import Decision, Paper, add_decision, add_paper, add_verbeurte, take_back
from registry.cli.cases import Auteur, Reden, author_of, zaak
from registry.cli.dossiers import Zaak
from registry.cli.shared import ISO, DatabaseUrl, day_of, open_registry, remark
from registry.errors import UsageError
from registry.ownership.portfolios import read_portfolios
from registry.signals.run import known_run

__all__ = ["besluit", "neem_terug", "stuk", "verbeurd", "zaak"]
BESLUIT_HELP = "Nummer en versie van het besluit, bijvoorbeeld 1.2."


@zaak.command("stuk")
def stuk(
    kenmerk: Zaak,
    bestand: Annotated[Path, typer.Argument(help="Het bestand om te bewaren.")],
    *,
    soort: Annotated[StukSoort, typer.Option(help="Wat voor stuk het is.")],
    richting: Annotated[Richting, typer.Option(help="Verzonden, ontvangen of intern.")] = Richting.INTERN,
    datum: Annotated[datetime, typer.Option(help="Dag van verzending, ontvangst of opmaak.", formats=ISO)],
    titel: Annotated[str, typer.Option(help="Titel van het stuk.")],
    ondertekend_door: Annotated[str | None, typer.Option(help="Wie tekende; leeg: niet ondertekend.")] = None,
    ondertekend_op: Annotated[datetime | None, typer.Option(help="Dag van ondertekening.", formats=ISO)] = None,
    inspectie: Annotated[str | None, typer.Option(help="Nummer van het bezoek waar het over gaat.")] = None,
    besluit: Annotated[str | None, typer.Option(help=BESLUIT_HELP)] = None,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een stuk bij een zaak bewaren, met zijn kenmerk (SHA-256)."""
    try:
        content = bestand.read_bytes()
    except OSError as error:
        raise UsageError(f"{bestand} is niet te lezen: {error.strerror}.") from error
    paper = Paper(
        soort,
        richting,
        datum.date(),
        titel,
        bestand.name,
        content,
        ondertekend_door=ondertekend_door,
        ondertekend_op=day_of(ondertekend_op),
        inspectie=inspectie,
        besluit=None if besluit is None else _number(besluit),
    )
    with open_registry(database_url) as store, store.write_transaction() as connection:
        number = add_paper(connection, kenmerk, paper, author=author_of(auteur), moment=clock.now())
    remark(f"Stuk {number} bewaard in {kenmerk}.")


@zaak.command("besluit")
def besluit(
    kenmerk: Zaak,
    *,
    soort: Annotated[BesluitSoort, typer.Option(help="Wat er is besloten.")],
    datum: Annotated[datetime, typer.Option(help="Dag van het besluit.", formats=ISO)],
    bekendgemaakt_op: Annotated[datetime | None, typer.Option(help="Dag van bekendmaking.", formats=ISO)] = None,
    geadresseerde: Annotated[str | None, typer.Option(help="RSIN, KvK-nummer of sleutel van de eigenaar.")] = None,
    hoedanigheid: Annotated[str | None, typer.Option(help="Als wat: eigenaar, verhuurder, beheerder.")] = None,
    regel: Annotated[str | None, typer.Option(help="De regel van het signaal waarop het rust.")] = None,
    artikel: Annotated[str | None, typer.Option(help="Overtreden artikel.")] = None,
    overtreding_op: Annotated[datetime | None, typer.Option(help="Dag van constatering.", formats=ISO)] = None,
    begunstiging_tot: Annotated[
        datetime | None, typer.Option(help="Eerste dag na de begunstigingstermijn.", formats=ISO)
    ] = None,
    bedrag: Annotated[int | None, typer.Option(help="Boete, of dwangsom per keer, in hele euro's.")] = None,
    bedrag_per: Annotated[BedragPer | None, typer.Option(help="Per wat de dwangsom wordt verbeurd.")] = None,
    ten_hoogste: Annotated[int | None, typer.Option(help="Maximum van de dwangsom in hele euro's.")] = None,
    wijzigt: Annotated[
        int | None, typer.Option(help="Nummer van het besluit waarvan dit een nieuwe versie is.")
    ] = None,
    toelichting: Annotated[str | None, typer.Option(help="Toelichting bij het besluit.")] = None,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een genomen besluit vastleggen, of een nieuwe versie ervan; het besluit zelf neemt een mens."""
    with open_registry(database_url) as store, store.write_transaction() as connection:
        key = None
        if geadresseerde is not None:
            book = read_portfolios(connection, op=clock.today(), known=known_run(connection, None))
            key = book.owners.named(geadresseerde)
        decision = Decision(
            soort,
            datum.date(),
            bekendgemaakt_op=day_of(bekendgemaakt_op),
            rechthebbende=key,
            hoedanigheid=hoedanigheid,
            regel=regel,
            artikel=artikel,
            overtreding_op=day_of(overtreding_op),
            begunstiging_tot=day_of(begunstiging_tot),
            bedrag=bedrag,
            bedrag_per=bedrag_per,
            bedrag_ten_hoogste=ten_hoogste,
            toelichting=toelichting,
            nummer=wijzigt,
        )
        nummer, versie = add_decision(connection, kenmerk, decision, author=author_of(auteur), moment=clock.now())
    remark(f"Besluit {nummer} versie {versie} vastgelegd in {kenmerk}.")


@zaak.command("verbeurd")
def verbeurd(
    kenmerk: Zaak,
    welk: Annotated[str, typer.Argument(help=BESLUIT_HELP)],
    *,
    op: Annotated[datetime, typer.Option(help="Dag waarop het bedrag is verbeurd.", formats=ISO)],
    bedrag: Annotated[int, typer.Option(help="Bedrag in hele euro's.")],
    inspectie: Annotated[str | None, typer.Option(help="Nummer van het bezoek waarbij het is vastgesteld.")] = None,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Vastleggen dat een dwangsom is verbeurd onder een versie van een last."""
    with open_registry(database_url) as store, store.write_transaction() as connection:
        number = add_verbeurte(
            connection,
            kenmerk,
            besluit=_number(welk),
            verbeurd_op=op.date(),
            bedrag=bedrag,
            inspectie=inspectie,
            author=author_of(auteur),
            moment=clock.now(),
        )
    remark(f"Verbeurd bedrag {number} vastgelegd in {kenmerk}.")


@zaak.command("neem-terug")
def neem_terug(
    kenmerk: Zaak,
    wat: Annotated[str, typer.Argument(help="stuk, besluit of verbeurte.")],
    nummer: Annotated[int, typer.Argument(help="Nummer van wat wordt teruggenomen.")],
    *,
    reden: Reden,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Iets terugnemen dat verkeerd is vastgelegd; het blijft bewaard, met wie het terugnam en waarom."""
    if wat not in ("stuk", "besluit", "verbeurte"):
        raise UsageError("Terug te nemen is: stuk, besluit of verbeurte.")
    with open_registry(database_url) as store, store.write_transaction() as connection:
        take_back(connection, kenmerk, wat, nummer, reason=reden, author=author_of(auteur), moment=clock.now())
    remark(f"{wat} {nummer} teruggenomen in {kenmerk}.")


def _number(text: str) -> tuple[int, int]:
    """A decision and its version, as people write them: 1.2."""
    first, sign, second = text.partition(".")
    if not (sign and first.isdecimal() and second.isdecimal()):
        raise UsageError("Geef besluit en versie als NUMMER.VERSIE, bijvoorbeeld 1.2.")
    return int(first), int(second)
