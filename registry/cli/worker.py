"""``worker``: does what pages ask for."""

import signal
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from threading import Event
from types import FrameType
from typing import Annotated, Any

import typer

from registry.cli.layers import follow
from registry.cli.shared import DatabaseUrl, open_registry, own_access_log, own_keyring, remark
from registry.logs import configure_logs
from registry.privacy.activities import read_activities, shipped_activities
from registry.privacy.retention import read_terms
from registry.privacy.spans import Forwarder, exporter_for
from registry.settings import Settings
from registry.store.engine import Store
from registry.store.queries.tasks import Task
from registry.tasks.forwarding import forwarding
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
    configure_logs(as_json=True)  # a service: its lines go to a journal, like those of the web application
    folder = WorkFolder(settings.werkmap)
    with open_registry(database_url) as store:
        keyring = own_keyring(store)
        shop = Workshop(
            store, folder, keyring.cipher(), own_access_log(store), shipped_law(),
            keep_names=settings.persoonsgegevens == "namen", zaaksysteem=lambda: zaaksysteem_of(settings),
            terms=read_terms(settings.bewaartermijnen) if settings.bewaartermijnen else None,
        )  # fmt: skip

        def do(task: Task) -> Mapping[str, Any]:
            # Keys may have been replaced since the task before.
            outcome = do_task(replace(shop, cipher=keyring.cipher()), task)
            follow(store)
            return outcome

        def beside() -> AbstractContextManager[None]:
            return _forwarding(settings, store)

        done = work(store, folder, do, stop=stop, until_empty=tot_leeg, beside=beside)
    remark(f"{done} taken afgehandeld.")


def _forwarding(settings: Settings, store: Store) -> AbstractContextManager[None]:
    """Sends the access log on where the municipality has a logboek."""
    if settings.logboek_url is None:
        return nullcontext()
    register = read_activities(settings.verwerkingsregister) if settings.verwerkingsregister else shipped_activities()
    return forwarding(Forwarder(store, exporter_for(settings.logboek_url), register))
