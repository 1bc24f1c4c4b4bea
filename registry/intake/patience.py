"""Small pieces of work, asked for many at once or while a large import goes on: they wait for their turn."""

from collections.abc import Callable
from typing import Final, TypeVar

from registry.errors import StoreBusyError
from registry.intake.run import LostTurnError

Result = TypeVar("Result")

_LOST_TURNS: Final = 50  # each means that somebody else's work went in meanwhile, so that all get on
_BUSY_WAITS: Final = 2  # each has waited as long as who is patient waits for another (registry.store.engine)


def patiently(work: Callable[[], Result]) -> Result:
    """Do something that leaves nothing when it loses its turn, again until it had one.

    Raises:
        LostTurnError: others went first every time.
        StoreBusyError: one writer kept the database all that time.
    """
    lost, waited = 0, 0
    while True:
        try:
            return work()
        except LostTurnError:
            lost += 1
            if lost >= _LOST_TURNS:
                raise
        except StoreBusyError:
            waited += 1
            if waited >= _BUSY_WAITS:
                raise
