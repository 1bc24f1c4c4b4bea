"""A case as pages show it and give it: only in the areas of the account, and only once that was written down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from importers.field_columns import mask_bsns
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.file import CaseFile, read_case_file
from registry.cases.register import get_case
from registry.cases.subject import subject_of_case
from registry.errors import UsageError
from registry.exports.release import Release, record_release
from registry.store.engine import ReadConnection
from registry.store.queries.cases import read_case_signals
from registry.store.queries.runs import last_run
from registry.store.queries.search import is_inside
from registry.web.errors import HiddenError
from registry.web.forms import Form
from registry.web.state import Web


def may_see(connection: ReadConnection, account: Account, case: Mapping[str, Any], *, today: date) -> bool:
    """Whether every dwelling of a case lies in the areas of the account; a case of an owner lies nowhere."""
    gebieden = account.gebieden(Right.ZAKEN)
    if gebieden is None:
        return True
    if case["adresseerbaar_object_id"] is None:
        return False
    objects = {row["adresseerbaar_object_id"] for row in read_case_signals(connection, case["zaak_id"])}
    return all(is_inside(connection, one, gebieden, on=today) for one in objects | {case["adresseerbaar_object_id"]})


def find_case(web: Web, account: Account, zaak: str) -> dict[str, Any]:
    """A case without anything about people: for a form, or to check who may reach what is in it.

    Raises:
        HiddenError: there is no such case, or not for this account.
    """
    with web.store.read() as connection:
        try:
            case = get_case(connection, zaak)
        except UsageError:
            raise HiddenError from None
        if not may_see(connection, account, case, today=web.today()):
            raise HiddenError
    return case


def refuse_bsns(form: Form, *names: str) -> None:
    """Say at a field that a BSN in it must go: what is written in a case is kept as it is."""
    for name in names:
        if mask_bsns(form.get(name)) != form.get(name):
            form.errors.setdefault(name, "Hierin staat een burgerservicenummer. Haal het weg.")


def read_file(web: Web, account: Account, zaak: str, *, what: str) -> CaseFile:
    """The file of a case, once it is written down who looks and for what.

    Raises:
        HiddenError: there is no such case, or not for this account.
        AccessLogError: it could not be written down: nothing may be shown.
    """
    day = web.today()
    with web.store.read() as connection:
        known = last_run(connection)
        try:
            subject = subject_of_case(connection, zaak, day=day, known=known)
        except UsageError:
            raise HiddenError from None
        if subject.zaak is None or not may_see(connection, account, subject.zaak, today=day):
            raise HiddenError
        file = read_case_file(connection, subject, peildatum=day, known=known)
    record_release(web.access_log, file, Release(account.gebruiker(Right.ZAKEN), what, f"zaak {zaak}"))
    return file
