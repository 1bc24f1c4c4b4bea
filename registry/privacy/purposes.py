"""Keeps purposes apart: a rule sees only the sources that may be used for what it is for.

Which these are stands in the register of processing activities. Enforcing a contract is another purpose than
supervision: whether registers may be matched for it is a decision of the municipality, with its ground; until it is
taken the facts of those registers are unknown to the rule. Facts of a barred source are treated as never imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry import clock
from registry.errors import UsageError
from registry.privacy.activities import Verwerking, Verwerkingsregister, shipped_activities
from registry.privacy.decisions import decision_run
from registry.store.engine import ReadConnection, Store, to_json
from registry.store.queries.rights import end_decision, put_decision, read_decisions
from registry.store.queries.runs import last_run
from rules.facts import FACTS
from rules.frames import RecordFrames
from rules.rule import Rule

# Which frames come from which source; the objects of the BAG are what every rule is about.
_FRAMES: Mapping[str, tuple[str, ...]] = {
    "brp": ("bewoning", "relaties"),
    "brk": ("overdrachten", "personen", "eigendom"),
    "inspecties": ("inspecties",),
    "vaststellingen": ("vaststellingen",),
    "vergunningen": ("vergunningen",),
    "bedingen": ("bedingen", "ontheffingen"),
    "woz": ("woz_waarden",),
}


@dataclass(frozen=True, slots=True)
class PurposeStatus:
    """What holds for one activity: its own sources, those that were decided upon, and whether a decision is missing."""

    verwerking: Verwerking
    bronnen: frozenset[str] | None
    besloten: bool


def purpose_of(rule: Rule, day: date, register: Verwerkingsregister | None = None) -> Verwerking | None:
    """The activity that a rule serves; None when the register names none.

    Of a day before or after all its periods the last one counts: who asks about long ago asks today.
    """
    serving = [one for one in (register or shipped_activities()).all() if rule.id in one.regels]
    return next((one for one in serving if one.holds_on(day)), serving[-1] if serving else None)


def activity_of(rule: Rule, day: date) -> str:
    """The code of the activity that a rule serves; supervision when the register names none."""
    found = purpose_of(rule, day)
    return "toezicht_huisvestingswet" if found is None else found.code


def purpose_status(connection: ReadConnection, verwerking: Verwerking, *, known: int) -> PurposeStatus:
    """Which sources may be used for an activity, as decided just after a run; ``bronnen`` null is every source."""
    if verwerking.bronnen is None:
        return PurposeStatus(verwerking, None, besloten=True)
    own = frozenset(verwerking.bronnen)
    if not verwerking.bronnen_na_besluit:
        return PurposeStatus(verwerking, own, besloten=True)
    decided = read_decisions(connection, "doelbesluiten", known=known).filter(verwerking=verwerking.code)
    chosen = [] if decided.is_empty() else decided["bronnen"].to_list()[-1]
    return PurposeStatus(verwerking, own | set(chosen), besloten=not decided.is_empty())


def asked_sources(rule: Rule) -> frozenset[str]:
    """The sources of the facts that a rule asks for."""
    return frozenset().union(*(FACTS[name].bronnen for name in rule.evidence))


def for_purpose(
    connection: ReadConnection,
    rule: Rule,
    frames: RecordFrames,
    *,
    known: int,
    register: Verwerkingsregister | None = None,
) -> RecordFrames:
    """The frames that a rule may see.

    When it asks for a fact of a source that its purpose does not allow, all of such sources is empty and unknown.
    """
    verwerking = purpose_of(rule, frames.peildatum, register)
    if verwerking is None:
        return frames
    allowed = purpose_status(connection, verwerking, known=known).bronnen
    if allowed is None or asked_sources(rule) <= allowed:
        return frames
    barred = {field for bron, fields in _FRAMES.items() if bron not in allowed for field in fields}
    emptied: dict[str, Any] = {field: getattr(frames, field).clear() for field in barred}
    return replace(frames, bronnen=frames.bronnen & allowed, derived={}, **emptied)


def missing_decision(connection: ReadConnection, rule: Rule, day: date) -> str | None:
    """What to tell who evaluates a rule for whose purpose nothing was decided yet; None when all is decided."""
    verwerking = purpose_of(rule, day)
    if verwerking is None or purpose_status(connection, verwerking, known=last_run(connection)).besloten:
        return None
    return (
        f"De regel {rule.id} dient '{verwerking.naam}'. De gemeente heeft nog niet besloten of daarvoor ook "
        f"{', '.join(verwerking.bronnen_na_besluit)} mogen worden gebruikt; tot dan zijn die feiten voor deze regel "
        f"onbekend. Leg het besluit vast met: woonregister doel kies {verwerking.code}"
    )


def decide_purpose(
    store: Store, verwerking: Verwerking, bronnen: tuple[str, ...], *, grondslag: str, auteur: str, reden: str
) -> int:
    """Record that the municipality uses these sources for an activity (none is a decision too); the run.

    Raises:
        UsageError: nothing is to be decided, a source is not among those that may be chosen, or a text is empty.
        StoreError: the database failed.
    """
    wrong = [bron for bron in bronnen if bron not in verwerking.bronnen_na_besluit]
    if not verwerking.bronnen_na_besluit:
        raise UsageError(f"Voor {verwerking.code} valt niets te besluiten: de bronnen liggen vast in het register.")
    if wrong:
        raise UsageError(
            f"{', '.join(wrong)} mag voor {verwerking.code} niet worden gebruikt, ook niet met een besluit. Te kiezen: "
            f"{', '.join(verwerking.bronnen_na_besluit)}."
        )
    if not grondslag.strip():
        raise UsageError("Vermeld de grondslag waarop de gemeente dit gebruik baseert.")
    values = {
        "verwerking": verwerking.code,
        "bronnen": to_json(sorted(set(bronnen))),
        "grondslag": grondslag,
        "reden": reden,
        "auteur": auteur,
        "besloten_op": clock.now(),
    }
    with decision_run(store, f"doelbesluit {verwerking.code}", auteur=auteur, reden=reden) as (connection, run_id):
        put_decision(connection, "doelbesluiten", run_id, values)
    return run_id


def revoke_purpose(store: Store, verwerking: Verwerking, *, auteur: str, reden: str) -> int:
    """Take a decision about an activity back; the run.

    Raises:
        UsageError: no decision holds.
    """
    with decision_run(store, f"doelbesluit {verwerking.code} herroepen", auteur=auteur, reden=reden) as (writing, run):
        if not end_decision(writing, "doelbesluiten", run, {"verwerking": verwerking.code}):
            raise UsageError(f"Over {verwerking.code} geldt geen besluit.")
    return run
