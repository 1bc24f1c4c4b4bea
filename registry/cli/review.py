"""``review``: addresses that wait for a person's choice."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.shared import (
    ATTENTION,
    DONE,
    AsJson,
    DatabaseUrl,
    open_registry,
    own_cipher,
    remark,
    show,
    show_json,
)
from registry.exports.review import write_review
from registry.intake.review import choose, list_decisions, list_open, revoke
from registry.settings import Settings

Auteur = Annotated[str, typer.Option(help="Wie het besluit neemt of herroept.")]
Reden = Annotated[str, typer.Option(help="Waarom dit object, of waarom het niet meer geldt.")]

review = Commands(help="Adressen waarvan iemand moet kiezen welk object is bedoeld.", no_args_is_help=True)


@review.command("lijst")
def lijst(
    *,
    bron: Annotated[str | None, typer.Option(help="Alleen van deze bron.", show_default=False)] = None,
    besluiten: Annotated[bool, typer.Option("--besluiten", help="De genomen besluiten, met hun nummer.")] = False,
    uit: Annotated[Path | None, typer.Option(help="Het Excelbestand om te maken.", show_default=False)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De adressen die op een keuze wachten, met de kandidaten; of de besluiten die gelden."""
    with open_registry(database_url) as store, store.read() as connection:
        if besluiten:
            taken = list_decisions(connection, bron=bron).drop("adresvorm")
            show(taken.to_dicts(), as_json=as_json, title="Besluiten die gelden")
            return
        rows = list_open(connection, bron=bron)
    if uit is not None:
        written = write_review(uit, rows, made_by="woonregister review lijst", made_at=clock.local_now())
        remark(f"{written} adressen in {uit}.")
    elif as_json:
        show_json(rows.drop("adresvorm").to_dicts())
    else:
        listed = [
            {"rij": row["issue_id"], "bron": row["bron"], "adres": row["adres"], "reden": row["reden"]}
            | {"kandidaten": "\n".join(row["kandidaten"]), "gekozen": row["besluit"]}
            for row in rows.iter_rows(named=True)
        ]
        show(listed, as_json=False, title=f"Adressen die op een keuze wachten: {rows.height}")
    raise typer.Exit(DONE if rows.is_empty() else ATTENTION)


@review.command("kies")
def kies(
    rij: Annotated[int, typer.Argument(help="Het nummer van de rij in de lijst.")],
    object_id: Annotated[str, typer.Argument(metavar="BAG-ID", help="Het verblijfsobject, de lig- of standplaats.")],
    *,
    auteur: Auteur,
    reden: Reden,
    indeling: Annotated[
        Path | None, typer.Option(help="De indeling waarmee het bestand is ingelezen.", show_default=False)
    ] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Kiezen welk object een adres bedoelt; de rijen die daarop wachten worden ingelezen."""
    with open_registry(database_url) as store:
        chosen = choose(
            store,
            rij,
            object_id,
            author=auteur,
            reason=reden,
            cipher=own_cipher(store),
            keep_names=Settings().persoonsgegevens == "namen",
            indeling=indeling,
        )
    if as_json:
        show_json(asdict(chosen))
    elif chosen.rijen:
        remark(
            f"Besluit {chosen.besluit_id} bewaard; {chosen.rijen} wachtende rij(en) ingelezen (run {chosen.run_id})."
        )
    else:
        remark(f"Besluit {chosen.besluit_id} bewaard; het telt mee vanaf de volgende levering van deze bron.")


@review.command("herroep")
def herroep(
    besluit: Annotated[int, typer.Argument(help="Het nummer van het besluit (review lijst --besluiten).")],
    *,
    auteur: Auteur,
    reden: Reden,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een besluit herroepen; wat ermee is gekoppeld vervalt en wacht opnieuw op een keuze."""
    with open_registry(database_url) as store:
        revoked = revoke(store, besluit, author=auteur, reason=reden)
    if as_json:
        show_json(asdict(revoked))
    else:
        remark(f"Besluit {besluit} herroepen (run {revoked.run_id}): {revoked.vervallen} rijen vervallen.")
    raise typer.Exit(ATTENTION if revoked.heropend else DONE)
