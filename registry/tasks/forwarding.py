"""Sends the access log on beside the work, and waits longer and longer for a logboek that is away.

The worker does it in a thread of its own, so that no task waits for another system; what was not confirmed stays in the
registry and goes along later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from registry import clock
from registry.errors import WoonregisterError
from registry.privacy.spans import Forwarder

PAUSE_SECONDS, LONGEST_SECONDS = 15.0, 900.0
_JOIN_SECONDS = 15.0


@contextmanager
def forwarding(forwarder: Forwarder) -> Iterator[None]:
    """Send on while the block runs."""
    ended = Event()
    thread = Thread(target=keep_forwarding, args=(forwarder, ended), name="forwarding", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        forwarder.close()
        thread.join(_JOIN_SECONDS)


def keep_forwarding(
    forwarder: Forwarder, ended: Event, *, pause: float = PAUSE_SECONDS, longest: float = LONGEST_SECONDS
) -> None:
    """Send what waits, again and again.

    Args:
        forwarder: sends.
        ended: set when it must stop.
        pause: seconds between two looks; doubled after each failure in a row.
        longest: the longest pause, in seconds.
    """
    wait = pause
    while not ended.is_set():
        try:
            while not ended.is_set() and forwarder.send_next(moment=clock.now()):
                wait = pause
        except (WoonregisterError, OSError) as error:  # the other side, the database, or the network between
            wait = min(wait * 2, longest)
            structlog.get_logger().warning("access_log_not_forwarded", reason=str(error), again_in_seconds=wait)
        else:
            wait = pause
        ended.wait(wait)
