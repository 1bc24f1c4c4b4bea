"""Pages from templates: escaped by themselves, and an error where a template names what it was not given."""

import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from registry import clock
from registry.accounts.account import Session
from registry.web.auth.guard import CSRF_FIELD
from registry.web.navigation import menu
from registry.web.state import web_of
from registry.web.texts import amount, day, fact, fact_of, moment, number, on_page, span, word
from registry.web.theme import Theme

TEMPLATES = Path(__file__).parent / "templates"


def open_templates(assets: Mapping[str, str], *, theme: Theme | None = None) -> jinja2.Environment:
    """The templates, with the filters that every page uses.

    Args:
        assets: logical names of static files -> the names that hold their hash.
        theme: the style of the municipality, if it has its own.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "dag": day,
        "moment": moment,
        "tussen": span,
        "getal": number,
        "bedrag": amount,
        "woord": word,
        "op_pagina": on_page,
        "waarde": fact,
        "gegeven": fact_of,
    }
    environment.globals["asset"] = lambda name: f"/static/{assets[name]}"
    environment.globals["csrf_field"] = CSRF_FIELD
    environment.globals["theme"] = theme.address if theme else ""
    return environment


def render(
    request: Request, template: str, *, status: int = 200, session: Session | None = None, **context: Any
) -> HTMLResponse:
    """A page.

    Args:
        request: the request; its session gives the menu and the token of forms.
        template: path under ``templates``.
        status: the HTTP status.
        session: the session, where the route was not guarded (otherwise it is known from the request).
        context: what the template needs.
    """
    web = web_of(request)
    known = session or request.scope.get("woonregister", {}).get("session")
    shown = known if known is not None and known.stage != "tweede_stap" else None
    account = shown.account if shown else None
    token = known.csrf_token if known else request.cookies.get(web.form_cookie) or new_form_token(request)
    page = web.templates.get_template(template).render(
        request=request,
        path=request.url.path,
        account=account,
        menu=menu(account, request.url.path) if account else (),
        csrf_token=token,
        today=clock.today(),
        gemeente_naam=web.settings.gemeente_naam,
        demo=web.settings.omgeving != "productie",
        **context,
    )
    return HTMLResponse(page, status)


def new_form_token(request: Request) -> str:
    """The token of forms before signing in; ``security.py`` sends it along as a cookie."""
    token: str = request.scope["woonregister"].setdefault("form_token", secrets.token_urlsafe(32))
    return token


def is_partial(request: Request) -> bool:
    """Whether htmx asks for a part of the page, while somebody types or filters."""
    return request.headers.get("hx-request-type") == "partial"


def parse_day(text: str | None) -> date | None:
    """A day from a form field or the address; None when it is empty or no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
