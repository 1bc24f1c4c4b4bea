"""Schemathesis: whatever is asked, the API does not fail, and its answers hold to its own document."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.accounts.manage import add_account, new_coupling
from registry.accounts.rights import Role
from registry.web.api.v1.document import make_document

CHECKS: list[CheckFunction] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
QUICK = {
    "phases": [Phase.generate],
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture(scope="module")
def api_schema(app: FastAPI) -> schemathesis.BaseSchema:
    """The API of the small town, asked by an account that may everything."""
    store = app.state.web.store
    everybody = add_account(store, "schema@testdam.nl", "Alles", list(Role), auteur="test")
    token = new_coupling(store, everybody.email, auteur="test")
    loaded = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    loaded.config.headers = {"Authorization": f"Bearer {token}"}
    return loaded


def ask(schema: schemathesis.BaseSchema, questions: int) -> None:
    """Each operation with so many questions made from the document."""
    asked = 0
    for found in schema.get_all_operations():

        @settings(max_examples=questions, **QUICK)
        @given(case=found.ok().as_strategy())
        def check(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=CHECKS)

        check()
    assert asked >= len(make_document()["paths"])


def test_no_question_makes_the_api_fail(api_schema: schemathesis.BaseSchema) -> None:
    ask(api_schema, 6)


@pytest.mark.proof
def test_many_questions_do_not_make_the_api_fail(api_schema: schemathesis.BaseSchema) -> None:
    ask(api_schema, 400)
