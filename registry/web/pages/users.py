"""Accounts and roles, for the beheerder. Passwords are chosen by their holders, with a reference that works once."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from registry.accounts.account import Account
from registry.accounts.manage import Invitation, add_account, block, drop_second_step, new_reset, set_rol
from registry.accounts.rights import Right, Role
from registry.errors import UsageError
from registry.store.queries.accounts import find_account, list_accounts, list_events, read_rollen
from registry.store.queries.signal_list import list_gebieden
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent, RowNumber
from registry.web.rendering import render
from registry.web.state import web_of

router = APIRouter()
ROLE_OPTIONS = [(rol.value, rol.value) for rol in Role]


class NewUser(BaseModel):
    """The form for a new account."""

    email: str = Field(max_length=200)
    naam: str = Field(max_length=120)
    rol: Role
    gebied: list[str] | str = Field(default_factory=list)


@router.get("/gebruikers")
def show_users(request: Request, _account: Annotated[Account, needs(Right.GEBRUIKERS)]) -> Response:
    """Every account."""
    with web_of(request).store.read() as connection:
        users = list_accounts(connection)
        areas = list_gebieden(connection)
    return render(request, "gebruikers/lijst.html", users=users, form=Form(), role_options=ROLE_OPTIONS, areas=areas)


@router.post("/gebruikers")
def add_user(request: Request, account: Annotated[Account, needs(Right.GEBRUIKERS)], form: FormSent) -> Response:
    """A new account; its invitation is shown once."""
    web = web_of(request)
    wanted = form.read(NewUser)
    if wanted is not None:
        areas = [wanted.gebied] if isinstance(wanted.gebied, str) else wanted.gebied
        try:
            invitation = add_account(
                web.store, wanted.email, wanted.naam, [wanted.rol], gebieden=areas or None, auteur=account.email
            )
        except UsageError as error:
            form.errors["email"] = str(error)
        else:
            return _reference(request, invitation, "Account gemaakt")
    with web.store.read() as connection:
        users, areas_known = list_accounts(connection), list_gebieden(connection)
    return render(
        request,
        "gebruikers/lijst.html",
        status=400,
        users=users,
        form=form,
        role_options=ROLE_OPTIONS,
        areas=areas_known,
    )


@router.get("/gebruikers/{number}")
def show_user(request: Request, number: RowNumber, _account: Annotated[Account, needs(Right.GEBRUIKERS)]) -> Response:
    """One account."""
    return _user_page(request, number, Form())


@router.post("/gebruikers/{number}")
def change_user(
    request: Request, number: RowNumber, account: Annotated[Account, needs(Right.GEBRUIKERS)], form: FormSent
) -> Response:
    """Give or take a role, block or let in, reset the password or the second step."""
    web = web_of(request)
    with web.store.read() as connection:
        row = find_account(connection, account_id=number)
    if row is None:
        raise HiddenError
    email, action = row["email"], form.get("actie")
    try:
        if action == "herstel":
            return _reference(request, new_reset(web.store, email, auteur=account.email), "Nieuw wachtwoord")
        if action in ("geef", "neem"):
            rol = Role(form.get("rol")) if form.get("rol") in list(Role) else Role.BELEID
            set_rol(
                web.store, email, rol, gebieden=form.lists.get("gebied") or None, withdraw=action == "neem",
                auteur=account.email,
            )  # fmt: skip
        elif action in ("blokkeer", "deblokkeer"):
            block(web.store, email, auteur=account.email, undo=action == "deblokkeer")
        elif action == "tweede_stap":
            drop_second_step(web.store, email, auteur=account.email)
    except UsageError as error:
        form.errors[""] = str(error)
        return _user_page(request, number, form, status=400)
    return RedirectResponse(f"/gebruikers/{number}", 303)


def _user_page(request: Request, number: int, form: Form, *, status: int = 200) -> Response:
    with web_of(request).store.read() as connection:
        row = find_account(connection, account_id=number)
        if row is None:
            raise HiddenError
        rollen = read_rollen(connection, [number]).get(number, [])
        events, areas = list_events(connection, number), list_gebieden(connection)
    return render(
        request, "gebruikers/gebruiker.html", status=status, user=row, rollen=rollen, events=events, form=form,
        role_options=ROLE_OPTIONS, areas=areas, area_names=dict(areas),
    )  # fmt: skip


def _reference(request: Request, invitation: Invitation, title: str) -> Response:
    """The page with the reference; not kept anywhere, so it cannot be shown again."""
    link = f"{web_of(request).settings.adres.rstrip('/')}/wachtwoord/{invitation.token}"
    return render(request, "gebruikers/verwijzing.html", title=title, invitation=invitation, link=link)
