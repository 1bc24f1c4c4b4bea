"""A dwelling on a page: whether it is for an account, and the knowledge of which day it is shown with."""

from datetime import date
from typing import Any

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.store.engine import ReadConnection
from registry.store.queries.one_object import read_lives
from registry.store.queries.runs import last_run
from registry.store.queries.search import is_inside
from registry.web.errors import HiddenError
from registry.web.rendering import parse_day


def require_dwelling(
    connection: ReadConnection, account: Account, right: Right, object_id: str, *, today: date
) -> tuple[int, list[dict[str, Any]]]:
    """The last run, and the lives (``read_lives``) of the object as known then.

    Raises:
        HiddenError: there is no such dwelling, or it lies outside the areas of the account.
    """
    now = last_run(connection)
    lives = read_lives(connection, object_id, known=now)
    if not lives or not is_inside(connection, object_id, account.gebieden(right), on=today):
        raise HiddenError
    return now, lives


def earlier_day(bekend: str, *, today: date) -> date | None:
    """The day whose knowledge counts; None when that is now."""
    day = parse_day(bekend)
    return day if day is not None and day < today else None


def known_on(connection: ReadConnection, then: date | None) -> int:
    """The last run until the end of a day; of all when that is None."""
    return last_run(connection, until=None if then is None else clock.end_of_day(then))
