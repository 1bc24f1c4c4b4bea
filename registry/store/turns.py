"""Writers of one process wait for each other in order of arrival, without holding a connection meanwhile.

The database lets one writer in at a time. Whoever waits there keeps a connection of the pool: twenty people who save
something while an import goes on would leave none for those who only read. So of each process one waits there, and the
others here. The order matters: runs are numbered in the order in which they take effect, and who is overtaken does his
work again.
"""

from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Event, Lock

from registry.errors import StoreBusyError


class Turns:
    """Queues of this process, by what is waited for."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._queues: dict[Hashable, deque[Event]] = {}

    @contextmanager
    def turn(self, queue_name: Hashable, *, seconds: float, refusal: str) -> Iterator[None]:
        """Wait until everybody who came before is done.

        Args:
            queue_name: what is waited for.
            seconds: how long at most.
            refusal: what is said when that is not enough.

        Raises:
            StoreBusyError: it took too long.
        """
        ticket = Event()
        with self._guard:
            queue = self._queues.setdefault(queue_name, deque())
            queue.append(ticket)
            if queue[0] is ticket:
                ticket.set()
        try:
            if not ticket.wait(seconds):
                raise StoreBusyError(refusal)
            yield
        finally:
            with self._guard:
                queue.remove(ticket)
                if queue:
                    queue[0].set()
