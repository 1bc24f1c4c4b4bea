"""The pages; each module here has a ``router`` that is added below."""

from fastapi import FastAPI

from registry.web.pages import (
    account,
    health,
    imports,
    law,
    password,
    provider,
    search,
    sign_in,
    signals,
    start,
    users,
    voorraad,
    woning,
    worklist_plan,
    worklists,
)

ROUTERS = (
    health.router,
    sign_in.router,
    provider.router,
    password.router,
    start.router,
    search.router,
    woning.router,
    signals.router,
    law.router,
    account.router,
    users.router,
    imports.router,
    worklist_plan.router,
    worklists.router,
    voorraad.router,
)


def add_pages(app: FastAPI) -> None:
    """Add every page."""
    for router in ROUTERS:
        app.include_router(router)
