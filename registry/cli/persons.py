"""``betrokkene`` and ``toegang``: the rights of a person, and who looked at whom."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.shared import (
    ATTENTION,
    DONE,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    own_access_log,
    own_cipher,
    own_user,
    remark,
    show,
)
from registry.errors import UsageError
from registry.exports.persons import LOG_COLUMNS, log_row, write_access_log, write_inzage
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.privacy.activities import read_activities, shipped_activities
from registry.privacy.anchors import check_anchors, keep_anchor
from registry.privacy.spans import exporter_for, forward
from registry.privacy.subjects import GRONDEN, find_subject, give_access, lift_restriction, read_log, restrict
from registry.settings import Settings
from registry.store.queries.access import read_accesses, read_head
from registry.store.queries.rights import read_decisions
from registry.store.queries.runs import last_run

Bsn = Annotated[
    Path | None,
    typer.Option(
        "--bsn-uit", help="Bestand met het BSN, of - voor de invoer; zonder wordt erom gevraagd.", show_default=False
    ),
]
Reden = Annotated[str, typer.Option(help="Waarom dit gebeurt.")]

betrokkene = Commands(help="Rechten van een betrokkene: inzage, beperking.", no_args_is_help=True)
toegang = Commands(help="Het toegangslog: wie zag welke gegevens waarvoor.", no_args_is_help=True)


def read_bsn(path: Path | None) -> str:
    """The BSN from a file, from stdin, or typed unseen: never an argument, because those are logged.

    Raises:
        UsageError: the file cannot be read.
    """
    if path is None:
        return str(typer.prompt("BSN", hide_input=True, err=True)).strip()
    if str(path) == "-":
        return sys.stdin.readline().strip()
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Het bestand {path} is niet te lezen.") from error


@betrokkene.command("inzage")
def inzage(
    *,
    uit: Annotated[Path, typer.Option(help="Het bestand om te maken: .xlsx of .json.")],
    bsn_uit: Bsn = None,
    zaak: Annotated[str | None, typer.Option(help="Kenmerk van het verzoek.")] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Alles over één persoon in een bestand, als antwoord op een verzoek om inzage."""
    with open_registry(database_url) as store:
        given = give_access(
            store, own_cipher(store), read_bsn(bsn_uit), gebruiker=own_user(), log=own_access_log(store), zaak=zaak
        )
    rows = write_inzage(uit, given, made_by="woonregister betrokkene inzage")
    remark(f"{rows} rijen in {uit}." + (" Voor deze persoon geldt een beperking." if given.beperkt else ""))


@betrokkene.command("beperk")
def beperk(
    *,
    grond: Annotated[str, typer.Option(help="a, b, c of d (AVG art. 18 lid 1).")],
    reden: Reden,
    bsn_uit: Bsn = None,
    database_url: DatabaseUrl = None,
) -> None:
    """De gegevens van een persoon alleen nog bewaren: geen signaal rust er op, geen lijst toont de woning."""
    with open_registry(database_url) as store:
        cipher = own_cipher(store)
        with store.read() as connection:
            subject = find_subject(connection, cipher, read_bsn(bsn_uit))
        run = restrict(store, subject, grond=grond, reden=reden, gebruiker=own_user(), log=own_access_log(store))
    remark(f"Beperkt (run {run}): {GRONDEN[grond]}. Toets opnieuw met: woonregister evaluate")


@betrokkene.command("hef-op")
def hef_op(*, reden: Reden, bsn_uit: Bsn = None, database_url: DatabaseUrl = None) -> None:
    """Een beperking opheffen; de betrokkene moet dat vooraf weten (AVG art. 18 lid 3)."""
    with open_registry(database_url) as store:
        cipher = own_cipher(store)
        with store.read() as connection:
            subject = find_subject(connection, cipher, read_bsn(bsn_uit))
        run = lift_restriction(store, subject, reden=reden, gebruiker=own_user(), log=own_access_log(store))
    remark(f"De beperking is opgeheven (run {run}).")


@betrokkene.command("beperkingen")
def beperkingen(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """De beperkingen die gelden, zonder wie het is."""
    with open_registry(database_url) as store, store.read() as connection:
        found = read_decisions(connection, "beperkingen", known=last_run(connection))
    rows = found.select("id", "soort", "grond", "reden", "auteur", "besloten_op").to_dicts()
    show(rows, as_json=as_json, title=f"Beperkingen die gelden: {found.height}")


@toegang.command("lijst")
def lijst(
    *,
    van: Annotated[datetime | None, typer.Option(help="Vanaf deze dag.", formats=ISO)] = None,
    tot: Annotated[datetime | None, typer.Option(help="Tot deze dag, die niet meetelt.", formats=ISO)] = None,
    bsn_uit: Annotated[
        Path | None,
        typer.Option("--bsn-uit", help="Alleen over deze persoon: bestand met het BSN, of - voor de invoer."),
    ] = None,
    uit: Annotated[Path | None, typer.Option(help="Het Excelbestand om te maken.", show_default=False)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Het toegangslog voor de FG, of alleen van één persoon; ook dit lezen wordt vastgelegd."""
    with open_registry(database_url) as store:
        log = own_access_log(store)
        subject = None
        if bsn_uit is not None:
            cipher = own_cipher(store)
            with store.read() as connection:
                subject = find_subject(connection, cipher, read_bsn(bsn_uit))
        about = Betrokkenen() if subject is None else subject.as_betrokkenen()
        log.record(Access(own_user(), Handeling.INZIEN, "toezicht_verwerking", about, toelichting="toegangslog"))
        with store.read() as connection:
            if subject is None:
                found = list(read_accesses(connection, van=day_of(van), tot=day_of(tot)))
            else:
                found = read_log(connection, subject, cipher)
    rows = [log_row(row) for row in found]
    if uit is not None:
        made = clock.local_now()
        remark(f"{write_access_log(uit, rows, made_by='woonregister toegang lijst', made_at=made)} regels in {uit}.")
        return
    shown = rows if as_json else [{name: row[name] for name in list(LOG_COLUMNS)[:6]} for row in rows]
    show(shown, as_json=as_json, title=f"Toegangslog: {len(rows)} regels")


@toegang.command("anker")
def anker(
    bestand: Annotated[Path, typer.Argument(help="Bestand buiten de database.")],
    *,
    toets: Annotated[bool, typer.Option("--toets", help="De bewaarde ankers vergelijken met het log.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Het kenmerk van het einde van het toegangslog bewaren, of nagaan dat niets is weggehaald of herschreven."""
    with open_registry(database_url) as store, store.read() as connection:
        if toets:
            checked = check_anchors(connection, bestand)
            for wrong in checked.fout:
                remark(f"Toegangslog: {wrong}")
            remark(f"{checked.bekeken} ankers vergeleken, {len(checked.fout)} kloppen niet.")
            raise typer.Exit(ATTENTION if checked.fout else DONE)
        head = read_head(connection)
    try:
        keep_anchor(bestand, head)
    except OSError as error:
        raise UsageError(f"{bestand} is niet te schrijven: {error}.") from error
    remark(f"Het anker van regel {head.volgnummer} staat in {bestand}.")


@toegang.command("verzend")
def verzend(*, database_url: DatabaseUrl = None) -> None:
    """Wat nog niet is doorgezonden naar het logboek van de gemeente sturen (OTLP over HTTP)."""
    settings = Settings()
    if settings.logboek_url is None:
        raise UsageError("Stel eerst in waarheen: WOONREGISTER_LOGBOEK_URL.")
    register = read_activities(settings.verwerkingsregister) if settings.verwerkingsregister else shipped_activities()
    with open_registry(database_url) as store:
        sent = forward(store, exporter_for(settings.logboek_url), register, moment=clock.now())
    remark(f"{sent} regels doorgezonden.")
