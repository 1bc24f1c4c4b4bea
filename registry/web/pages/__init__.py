"""The pages; each module here has a ``router`` that is added below."""

from fastapi import FastAPI

from registry.web.pages import (
    access_log,
    account,
    assessment,
    beleid,
    case_decisions,
    case_exports,
    case_papers,
    cases,
    follow_up,
    handover,
    health,
    imports,
    kaart,
    law,
    owners,
    password,
    persons,
    provider,
    retention,
    review,
    search,
    sign_in,
    signals,
    start,
    users,
    visit_photos,
    visits,
    voorraad,
    what_if,
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
    owners.router,
    signals.router,
    law.router,
    account.router,
    users.router,
    access_log.router,
    persons.router,
    retention.router,
    review.router,
    imports.router,
    worklist_plan.router,
    worklists.router,
    assessment.router,
    follow_up.router,
    handover.router,
    case_papers.router,
    case_decisions.router,
    cases.router,
    visits.router,
    visit_photos.router,
    case_exports.router,
    voorraad.router,
    beleid.router,
    what_if.router,
    kaart.router,
)


def add_pages(app: FastAPI) -> None:
    """Add every page."""
    for router in ROUTERS:
        app.include_router(router)
