"""``tenure`` and ``portfolio``: whose a dwelling is, and what its owner owns besides."""

from datetime import datetime
from typing import Annotated, Any

import polars as pl
import typer

from registry import clock
from registry.cli.shared import (
    ISO,
    AsJson,
    BekendOp,
    DatabaseUrl,
    day_of,
    open_registry,
    remark,
    show,
    show_json,
    show_table,
)
from registry.domain.identifiers import parse_adresseerbaar_object_id
from registry.errors import UsageError
from registry.ownership.decisions import decide
from registry.ownership.portfolios import Besluit, PortfolioBook, read_portfolios
from registry.ownership.tenure import OBJECT, Eigendom, read_tenure
from registry.signals.run import known_run
from registry.store.engine import ReadConnection, Store

_DECISIONS = {
    "bevestig": Besluit.BEVESTIGD,
    "verwerp": Besluit.VERWORPEN,
    "herroep": Besluit.HERROEPEN,
}
_NAMES = {
    Eigendom.EIGENAAR_BEWONER: "eigenaar-bewoner",
    Eigendom.PARTICULIER_VERHUURD: "verhuurd door een particulier",
    Eigendom.BEDRIJF: "van een bedrijf of andere rechtspersoon",
    Eigendom.CORPORATIE: "van een woningcorporatie",
    Eigendom.ONBEKEND: "onbekend",
}
Op = Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)]


def tenure(
    verblijfsobject_id: Annotated[str, typer.Argument(help="BAG-id van het verblijfsobject, de lig- of standplaats.")],
    *,
    op: Op = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Van wie een woning is op een dag, gezien naar wie er woont, met de reden en de eigenaren."""
    day = day_of(op) or clock.today()
    parse_adresseerbaar_object_id(verblijfsobject_id)
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        wanted = pl.DataFrame({OBJECT: [verblijfsobject_id]})
        found = read_tenure(connection, op=day, known=known, objects=wanted).row(0, named=True)
        book = _book(connection, day, day_of(bekend_op))
    owners = [_owner(book, key) for key in found["eigenaren"] or []]
    if as_json:
        show_json(found | {"eigenaren": owners, "op": day, "bekend_na_run": known})
        return
    typer.echo(f"Eigendom van {verblijfsobject_id} op {day:%d-%m-%Y}: {_NAMES[Eigendom(found['eigendom'])]}")
    typer.echo(f"- {found['reden']}")
    if owners:
        show_table(owners, "Eigenaren op die dag")
    remark(f"Met wat bekend was na run {known}.")


def portfolio(
    wat: Annotated[
        str, typer.Argument(help="RSIN, KvK-nummer of sleutel, of: voorstellen, bevestig, verwerp, herroep.")
    ],
    een: Annotated[str | None, typer.Argument(help="Bij een besluit: de ene eigenaar.", show_default=False)] = None,
    ander: Annotated[str | None, typer.Argument(help="Bij een besluit: de andere.", show_default=False)] = None,
    *,
    op: Op = None,
    bekend_op: BekendOp = None,
    auteur: Annotated[str | None, typer.Option(help="Bij een besluit: wie het neemt.", show_default=False)] = None,
    toelichting: Annotated[str | None, typer.Option(help="Bij een besluit: waarom.", show_default=False)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Het bezit van een eigenaar op een dag; voorstellen welke eigenaren één zijn; en besluiten daarover.

    Op een gedeeld nummer worden eigenaren zonder vragen samengenomen, op naam of adres alleen als iemand dat bevestigt.
    """
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store:
        if wat in _DECISIONS:
            _decide(store, _DECISIONS[wat], een, ander, auteur=auteur, toelichting=toelichting)
            return
        with store.read() as connection:
            book = _book(connection, day, day_of(bekend_op))
    if wat == "voorstellen":
        _show_proposals(book, as_json=as_json)
        return
    _show_portfolio(book, wat, as_json=as_json)


def _book(connection: ReadConnection, day: Any, bekend_op: Any) -> PortfolioBook:
    before = None if bekend_op is None else clock.end_of_day(bekend_op)
    return read_portfolios(connection, op=day, known=known_run(connection, bekend_op), decided_before=before)


def _decide(
    store: Store, besluit: Besluit, een: str | None, ander: str | None, *, auteur: str | None, toelichting: str | None
) -> None:
    if een is None or ander is None or not auteur:
        raise UsageError("Geef de twee eigenaren en wie het besluit neemt: portfolio bevestig EEN ANDER --auteur NAAM.")
    with store.write_transaction() as connection:
        book = _book(connection, clock.today(), None)
        evidence = decide(
            connection, book.owners, (een, ander), besluit, auteur=auteur, moment=clock.now(), toelichting=toelichting
        )
    remark(f"Besluit bewaard: {besluit.value} door {auteur} ({evidence}).")


def _owner(book: PortfolioBook, rechthebbende: str) -> dict[str, Any]:
    """A row about an owner: the beginning of his key is enough to ask for his portfolio."""
    found = book.portfolio(book.owners.owner_of(rechthebbende))
    return {
        "sleutel": rechthebbende[:16],
        "soort": found.type or "onbekend",
        "naam": found.naam,
        "RSIN": found.rsin,
        "KvK": found.kvk,
        "woningen": found.size,
    }


def _show_proposals(book: PortfolioBook, *, as_json: bool) -> None:
    rows = []
    for one in book.owners.proposals(book.sizes()):
        names = [_owner(book, key) for key in (one.rechthebbende, one.andere_rechthebbende)]
        rows.append(
            {
                "een": names[0]["sleutel"],
                "naam": names[0]["naam"],
                "woningen": names[0]["woningen"],
                "ander": names[1]["sleutel"],
                "naam van de ander": names[1]["naam"],
                "woningen van de ander": names[1]["woningen"],
                "bewijs": one.bewijs,
                "sterkte": one.sterkte,
            }
        )
    show(rows, as_json=as_json, title=f"Eigenaren die mogelijk één zijn, bezit op {book.op:%d-%m-%Y}: {len(rows)}")


def _show_portfolio(book: PortfolioBook, text: str, *, as_json: bool) -> None:
    found = book.portfolio(book.owners.find(text))
    if as_json:
        show_json(
            {
                "op": found.op,
                "naam": found.naam,
                "soort": found.type or "onbekend",
                "rsin": found.rsin,
                "kvk": found.kvk,
                "rechthebbenden": list(found.rechthebbenden),
                "samengenomen_door": list(found.joined_by),
                "aantal_woningen": found.size,
                "aantal_onzeker": found.uncertain,
                "woningen": found.woningen.to_dicts(),
            }
        )
        return
    typer.echo(f"Bezit op {found.op:%d-%m-%Y}: {found.size} woningen van {found.naam or found.rechthebbenden[0][:16]}")
    for reason in found.joined_by:
        typer.echo(f"- samengenomen: {reason}")
    if found.uncertain:
        typer.echo(f"- van nog {found.uncertain} woningen is niet zeker of zij op die dag van deze eigenaar waren")
    if found.size:
        show_table(found.woningen.to_dicts())
