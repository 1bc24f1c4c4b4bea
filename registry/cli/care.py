"""``doorverwijzing``: people who need another home or help, handed over with their consent, and counted."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from registry import clock
from registry.cases.care import Aanleiding, Referral, count_referrals, follow, refer
from registry.cli.access import record_access
from registry.cli.dutch import Commands
from registry.cli.shared import ISO, AsJson, DatabaseUrl, day_of, open_registry, remark, show, show_json
from registry.privacy.access import Handeling
from registry.store.queries.care import read_referrals

Van = Annotated[datetime | None, typer.Option(help="Eerste dag.", formats=ISO, show_default=False)]
TotEnMet = Annotated[datetime | None, typer.Option(help="Laatste dag.", formats=ISO, show_default=False)]
_ACTIVITY = "toezicht_huisvestingswet"

doorverwijzing = Commands(help="Zorg voor bewoners, los van handhaving.", no_args_is_help=True)


@doorverwijzing.command("nieuw")
def nieuw(
    woning: Annotated[str, typer.Argument(metavar="BAG-ID", help="Waar de mensen wonen.")],
    aanleiding: Annotated[Aanleiding, typer.Argument(help="Wat zij nodig hebben.")],
    *,
    auteur: Annotated[str, typer.Option(help="Wie doorverwijst.")],
    toestemming: Annotated[
        Literal["mondeling", "schriftelijk"] | None,
        typer.Option(help="Hoe de bewoners toestemming gaven; zonder toestemming telt de melding alleen mee."),
    ] = None,
    aan: Annotated[str | None, typer.Option(help="Aan welk team; alleen met toestemming.")] = None,
    hulpvraag: Annotated[str | None, typer.Option(help="Wat zij vroegen; alleen met toestemming.")] = None,
    personen: Annotated[int | None, typer.Option(help="Hoeveel mensen.", show_default=False)] = None,
    kinderen: Annotated[
        bool | None, typer.Option("--kinderen/--geen-kinderen", help="Of er kinderen bij zijn.")
    ] = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Mensen overdragen aan het sociaal team, met hun toestemming; of alleen meetellen, zonder adres."""
    referral = Referral(
        day_of(op) or clock.today(),
        woning,
        aanleiding,
        auteur,
        toestemming is not None,
        toestemming_wijze=toestemming,
        overgedragen_aan=aan,
        hulpvraag=hulpvraag,
        aantal_personen=personen,
        minderjarigen=kinderen,
    )
    with open_registry(database_url) as store:
        number = refer(store, referral)
    if as_json:
        show_json({"doorverwijzing": number})
    else:
        remark(f"Doorverwijzing {number} bewaard.")


@doorverwijzing.command("lijst")
def lijst(
    *, van: Van = None, tot_en_met: TotEnMet = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """De doorverwijzingen, de laatste eerst."""
    with open_registry(database_url) as store:
        with store.read() as connection:
            rows = read_referrals(connection, since=day_of(van), until=day_of(tot_en_met))
        objecten = rows["adresseerbaar_object_id"].drop_nulls().to_list()
        record_access(store, Handeling.INZIEN, _ACTIVITY, objecten=objecten, toelichting="doorverwijzingen")
    show(rows.drop("vastgelegd_op").to_dicts(), as_json=as_json, title=f"Doorverwijzingen: {rows.height}")


@doorverwijzing.command("volg")
def volg(
    nummer: Annotated[int, typer.Argument(help="Het nummer van de doorverwijzing.")],
    stand: Annotated[
        Literal["opgepakt", "afgerond", "toestemming_ingetrokken"], typer.Argument(help="Wat ervan werd.")
    ],
    *,
    auteur: Annotated[str, typer.Option(help="Wie dit vastlegt.")],
    toelichting: Annotated[str | None, typer.Option(help="In woorden.", show_default=False)] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Vastleggen wat van een doorverwijzing werd; bij ingetrokken toestemming verdwijnen adres en hulpvraag."""
    with open_registry(database_url) as store:
        follow(store, nummer, stand, author=auteur, remark=toelichting)
    remark(f"Doorverwijzing {nummer}: {stand.replace('_', ' ')}.")


@doorverwijzing.command("telling")
def telling(
    *,
    per_buurt: Annotated[bool, typer.Option("--per-buurt", help="Ook per buurt.")] = False,
    van: Van = None,
    tot_en_met: TotEnMet = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Hoeveel mensen hulp of een andere woning nodig hadden."""
    with open_registry(database_url) as store, store.read() as connection:
        rows = count_referrals(connection, since=day_of(van), until=day_of(tot_en_met), per_buurt=per_buurt)
    show(rows.to_dicts(), as_json=as_json, title="Doorverwijzingen")
