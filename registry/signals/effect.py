"""What a run changed for one dwelling: the outcome of every rule as known just before it and just after."""

from dataclasses import dataclass
from datetime import date

from registry.errors import UsageError
from registry.signals.run import explain_case
from registry.store.engine import ReadConnection
from rules.catalogue import RULES, find_rule
from rules.explanation import Explanation
from rules.parameters import Law


@dataclass(frozen=True, slots=True)
class Effect:
    """The outcome of one rule before and after, with what decides it now."""

    regel: str
    voor: str
    na: str
    waarom: str

    @property
    def changed(self) -> bool:
        """Whether the outcome is another one."""
        return self.voor != self.na


def effects_of(connection: ReadConnection, law: Law, object_id: str, *, run: int, peildatum: date) -> list[Effect]:
    """The outcome of each rule for a dwelling on a day, without and with what a run brought.

    A rule that has no case for the dwelling is left out.
    """
    found = []
    for name in RULES:
        rule = find_rule(name)
        try:
            before, after = (
                explain_case(connection, rule, law, object_id, peildatum=peildatum, known=known)
                for known in (run - 1, run)
            )
        except UsageError:
            continue
        found.append(Effect(name, before.uitkomst, after.uitkomst, after.sentence or _decided(after)))
    return found


def _decided(found: Explanation) -> str:
    """The step that decided, as question and answer; nothing when no step did."""
    return next((f"{step.question} {step.answer}" for step in found.steps if step.decisive), "")
