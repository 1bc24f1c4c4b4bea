"""What a worker does for a task: the same import, evaluation, hand-over and destruction as the command line."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry import clock
from registry.cases.zaaksysteem import Zaaksysteem, hand_over
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.requests import ImportRequest, ImportResult
from registry.intake.run import run_import
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.purposes import activity_of
from registry.privacy.retention import Bewaartermijn, shipped_terms
from registry.signals.run import EvaluationResult, run_evaluations
from registry.store.engine import Store
from registry.store.queries.subjects import persons_of
from registry.store.queries.tasks import Task
from registry.tasks.destruction import DESTRUCTION, do_destruction
from registry.tasks.handover import HANDOVER
from registry.tasks.queue import EVALUATION, IMPORT, WorkFolder, order_of
from registry.tasks.review import CHOICE, REVOCATION, do_review
from registry.worklists.at_visit import freeze_visits
from rules.catalogue import find_rule
from rules.parameters import Law
from rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every task needs.

    ``zaaksysteem`` gives the case system, or raises ``UsageError`` when none is set; ``terms`` are the retention terms
    of the municipality, None those of the program.
    """

    store: Store
    folder: WorkFolder
    cipher: BsnCipher
    access_log: AccessLog
    law: Law
    keep_names: bool
    zaaksysteem: Callable[[], Zaaksysteem] | None = None
    terms: tuple[Bewaartermijn, ...] | None = None


def do_task(shop: Workshop, task: Task) -> Mapping[str, Any]:
    """Do a task; what it gave, as JSON would hold it.

    Raises:
        WoonregisterError: it cannot be done; the registry is as it was.
    """
    if task.soort == IMPORT:
        return _import(shop, task)
    if task.soort == EVALUATION:
        return _evaluate(shop, task)
    if task.soort == HANDOVER and shop.zaaksysteem is not None:
        done = hand_over(
            shop.store, shop.zaaksysteem(), task.opdracht["bewijs"], auteur=task.auteur, moment=clock.now()
        )
        return {"zaak": done.identificatie}
    if task.soort in (CHOICE, REVOCATION):
        return do_review(shop.store, task, cipher=shop.cipher, keep_names=shop.keep_names)
    if task.soort == DESTRUCTION:
        return do_destruction(shop.store, shop.access_log, shop.terms or shipped_terms(), task)
    raise UsageError(f"Deze versie kent geen taak van de soort '{task.soort}'.")


def _import(shop: Workshop, task: Task) -> Mapping[str, Any]:
    order = order_of(task)
    request = ImportRequest(
        order.bron,
        shop.folder.file_of(task.taak_id, order.bestand),
        order.leverdatum,
        order.levering,
        indeling=None if order.indeling is None else shop.folder.indeling_of(task.taak_id, order.indeling),
        proef=order.proef,
        nieuwe_gemeente=order.nieuwe_gemeente,
    )
    read: dict[str, int] = {}

    def tell(name: str, rows: int) -> None:
        read[name] = read.get(name, 0) + rows
        shop.folder.tell(task.taak_id, f"{name.replace('_', ' ')}: {read[name]} rijen gelezen")

    result = run_import(shop.store, request, cipher=shop.cipher, keep_names=shop.keep_names, progress=tell)
    if order.bron == "inspecties" and not order.proef:
        freeze_visits(shop.store, result.run_id, shop.law, author=task.auteur, now=clock.now())
    return _imported(result)


def _imported(result: ImportResult) -> Mapping[str, Any]:
    counts = {"gelezen": result.gelezen, **asdict(result.counts), "uitval": result.uitval, "hersteld": result.hersteld}
    head = {"run": result.run_id, "status": result.status, "leverdatum": result.leverdatum.isoformat()}
    return head | {"aandacht": result.attention} | counts | {"opmerkingen": list(result.notes)}


def _evaluate(shop: Workshop, task: Task) -> Mapping[str, Any]:
    rules = [find_rule(name) for name in task.opdracht["regels"]]
    day = date.fromisoformat(task.opdracht["peildatum"])
    shop.folder.tell(task.taak_id, f"{len(rules)} regels toetsen")
    results = run_evaluations(shop.store, rules, shop.law, peildatum=day)
    for rule, result in zip(rules, results, strict=True):
        _write_down(shop, task, rule, result)
    return {"toetsingen": {result.regel: dict(result.tellingen) for result in results}}


def _write_down(shop: Workshop, task: Task, rule: Rule, result: EvaluationResult) -> None:
    """An evaluation looks at everybody: it is in the access log like any other look."""
    with shop.store.read() as connection:
        residents, owners = persons_of(connection, None, known=result.known, on=result.peildatum)
    shop.access_log.record(
        Access(
            Gebruiker(task.auteur),
            Handeling.TOETSEN,
            activity_of(rule, result.peildatum),
            Betrokkenen(residents, owners),
            regel=f"{rule.id} {rule.version}",
        )
    )
