"""The style of the municipality, for anybody: the page for signing in wears it too."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry.accounts.account import Session
from registry.web.auth.guard import technical
from registry.web.errors import HiddenError
from registry.web.state import web_of

router = APIRouter()


@router.get("/thema/{name}")
def send_theme(request: Request, name: str, _session: Annotated[Session | None, technical()]) -> Response:
    """The sheet, kept by browsers: other content comes under another name."""
    theme = web_of(request).theme
    if theme is None or name != theme.name:
        raise HiddenError
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(theme.content, media_type="text/css", headers=kept)
