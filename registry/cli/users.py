"""``user``: accounts of the web application; the first beheerder is made here."""

from typing import Annotated

import typer

from registry.accounts.manage import (
    Invitation,
    add_account,
    block,
    drop_second_step,
    new_coupling,
    new_reset,
    set_rol,
)
from registry.accounts.rights import Role
from registry.cli.dutch import Commands
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, own_user, remark, show
from registry.clock import AMSTERDAM
from registry.settings import Settings
from registry.store.queries.accounts import list_accounts

user = Commands(help="Accounts van de webtoepassing.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mailadres van het account.", show_default=False)]
Gebied = Annotated[
    list[str] | None,
    typer.Option("--gebied", help="Alleen in dit gebied, bijvoorbeeld BU06060101 (mag vaker).", show_default=False),
]


@user.command("add")
def add(
    email: Email,
    *,
    naam: Annotated[str, typer.Option(help="Naam van de gebruiker.")],
    rol: Annotated[list[Role], typer.Option(help="Rol (mag vaker).")],
    gebied: Gebied = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een account maken; de gebruiker kiest zelf een wachtwoord met de verwijzing die u krijgt."""
    with open_registry(database_url) as store:
        _show_reference(add_account(store, email, naam, rol, gebieden=gebied or None, auteur=own_user().naam))


@user.command("list")
def list_(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Alle accounts met hun rollen."""
    with open_registry(database_url) as store, store.read() as connection:
        rows = [
            {
                "email": row["email"],
                "naam": row["naam"],
                "rollen": ", ".join(f"{rol} ({' '.join(codes)})" if codes else rol for rol, codes in row["rollen"]),
                "actief": bool(row["is_active"]),
                "tweede_stap": row["totp_secret"] is not None,
                "wachtwoord": bool(row["password_hash"]),
            }
            for row in list_accounts(connection)
        ]
    show(rows, as_json=as_json, title=f"Accounts: {len(rows)}")


@user.command("rol")
def rol(
    email: Email,
    rol: Annotated[Role, typer.Argument(help="De rol.", show_default=False)],
    *,
    gebied: Gebied = None,
    intrekken: Annotated[bool, typer.Option("--intrekken", help="De rol wegnemen.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Een rol geven, of intrekken; dat telt meteen."""
    with open_registry(database_url) as store:
        set_rol(store, email, rol, gebieden=gebied or None, withdraw=intrekken, auteur=own_user().naam)
    remark(f"De rol {rol.value} is {'ingetrokken' if intrekken else 'gegeven'}.")


@user.command("blokkeer")
def blokkeer(
    email: Email,
    *,
    opheffen: Annotated[bool, typer.Option("--opheffen", help="Het account weer toelaten.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Een account blokkeren en overal afmelden, of weer toelaten."""
    with open_registry(database_url) as store:
        block(store, email, auteur=own_user().naam, undo=opheffen)
    remark("Het account is weer toegelaten." if opheffen else "Het account is geblokkeerd en overal afgemeld.")


@user.command("wachtwoord")
def wachtwoord(email: Email, *, database_url: DatabaseUrl = None) -> None:
    """Een verwijzing geven waarmee de gebruiker een nieuw wachtwoord kiest."""
    with open_registry(database_url) as store:
        _show_reference(new_reset(store, email, auteur=own_user().naam))


@user.command("tweede-stap")
def tweede_stap(email: Email, *, database_url: DatabaseUrl = None) -> None:
    """De tweede stap uitzetten voor wie telefoon en herstelcodes kwijt is."""
    with open_registry(database_url) as store:
        drop_second_step(store, email, auteur=own_user().naam)
    remark("De tweede stap staat uit; bij het aanmelden wordt om een nieuwe gevraagd.")


@user.command("koppeling")
def koppeling(email: Email, *, database_url: DatabaseUrl = None) -> None:
    """Een sleutel maken waarmee een ander systeem de API gebruikt met de rollen van dit account, een jaar lang."""
    with open_registry(database_url) as store:
        token = new_coupling(store, email, auteur=own_user().naam)
    typer.echo(token)
    remark("Bewaar deze sleutel in een kluis: u ziet haar alleen nu. Gebruik: Authorization: Bearer SLEUTEL.")


def _show_reference(invitation: Invitation) -> None:
    typer.echo(f"{Settings().adres.rstrip('/')}/wachtwoord/{invitation.token}")
    remark(
        f"Geef deze verwijzing aan {invitation.email}. Zij werkt een keer, tot "
        f"{invitation.expires_at.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}, en wordt niet opnieuw getoond."
    )
