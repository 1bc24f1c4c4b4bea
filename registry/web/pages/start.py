"""The start page: what waits for this account, by its roles."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.web.auth.guard import needs
from registry.web.rendering import render

router = APIRouter()


@router.get("/")
def start(request: Request, account: Annotated[Account, needs(Right.ACCOUNT)]) -> Response:
    """The start page."""
    return render(request, "start.html", rollen=[given.rol.value for given in account.rollen])
