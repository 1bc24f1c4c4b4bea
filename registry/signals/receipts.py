"""Reproduces an outcome from its receipt: the facts as they were known, under the law files of then."""

import json
from dataclasses import dataclass
from datetime import date

from registry.errors import UsageError
from registry.signals.run import explain_case
from registry.store.engine import ReadConnection
from registry.store.queries.retention import destroyed_on
from registry.store.queries.signals import Evaluation, find_receipt, read_law
from rules.catalogue import find_rule
from rules.explain import Explanation
from rules.parameters import Law, parse_law


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What a receipt gives when it is computed again.

    Attributes:
        explanation: the outcome with its steps, from the history and the law of then.
        peildatum: the day that was judged.
        known_run_id: the last run that counted.
        object_id: the dwelling.
        equal: whether the new receipt is the old one; if not, software or history has changed.
    """

    explanation: Explanation
    peildatum: date
    known_run_id: int
    object_id: str
    equal: bool


def reproduce(connection: ReadConnection, bewijs: str) -> Reproduction:
    """The outcome that a receipt stands for, computed again.

    Raises:
        UsageError: no evaluation gave this receipt.
    """
    found = find_receipt(connection, bewijs)
    if not found and (destroyed := destroyed_on(connection, bewijs)):
        raise UsageError(
            f"De feiten van bewijsnummer {bewijs} zijn vernietigd op {destroyed:%d-%m-%Y}: de bewaartermijn was om."
        )
    if not found:
        raise UsageError(f"Er is geen uitkomst met bewijsnummer {bewijs}. Neem het over van de werklijst of de uitleg.")
    judged = found[0]
    evaluation = judged.evaluation
    known = evaluation.known_run_id or 0
    explanation = explain_case(
        connection,
        find_rule(evaluation.regel),
        law_of(connection, evaluation),
        judged.adresseerbaar_object_id,
        peildatum=evaluation.peildatum,
        known=known,
        case_id=judged.case_id,
    )
    return Reproduction(
        explanation,
        evaluation.peildatum,
        known,
        judged.adresseerbaar_object_id,
        equal=explanation.bewijs == bewijs,
    )


def law_of(connection: ReadConnection, evaluation: Evaluation) -> Law:
    """The law by which an evaluation judged, from the files that were kept with it."""
    files: dict[str, bytes] = {}
    for wet_hash in sorted(set(json.loads(evaluation.wetten).values())):
        kept = json.loads(read_law(connection, wet_hash) or "{}")
        files |= {name: text.encode() for name, text in kept.items()}
    return parse_law(files)
