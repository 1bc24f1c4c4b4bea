"""``worker``: does what pages ask for."""

import signal
from collections.abc import Mapping
from threading import Event
from types import FrameType
from typing import Annotated, Any

import typer

from registry.cli.layers import follow
from registry.cli.shared import DatabaseUrl, open_registry, own_access_log, own_cipher, remark
from registry.settings import Settings
from registry.store.queries.tasks import Task
from registry.tasks.handover import zaaksysteem_of
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import work
from rules.parameters import shipped_law


def worker(
    *,
    tot_leeg: Annotated[bool, typer.Option("--tot-leeg", help="Stoppen als er niets meer wacht.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Inlezen en toetsen wat in de webtoepassing is gevraagd; stoppen (Ctrl-C of SIGTERM) laat een taak afmaken."""
    settings, stop = Settings(), Event()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        # Asked twice: the system ends this process as it always would, and what was begun is rolled back.
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    folder = WorkFolder(settings.werkmap)
    with open_registry(database_url) as store:
        shop = Workshop(
            store, folder, own_cipher(store), own_access_log(store), shipped_law(),
            keep_names=settings.persoonsgegevens == "namen", zaaksysteem=lambda: zaaksysteem_of(settings),
        )  # fmt: skip

        def do(task: Task) -> Mapping[str, Any]:
            outcome = do_task(shop, task)
            follow(store)
            return outcome

        done = work(store, folder, do, stop=stop, until_empty=tot_leeg)
    remark(f"{done} taken afgehandeld.")
