"""What happens to one delivery inside its transaction: stage, compare, derive, check.

A dry run leaves the transaction by an exception, so that nothing of it remains.
"""

from dataclasses import asdict
from datetime import date

from importers.records import GEMEENTE_WOONPLAATSEN, Delivery
from importers.source import Levering, Source
from registry import clock
from registry.errors import SourceRefusedError
from registry.intake import checks, derive
from registry.intake.batches import Intake, set_aside
from registry.intake.bewoning_compare import difference_issues, find_differences
from registry.intake.corrections import Corrections
from registry.intake.deliveries import history_note, keep_known, older_notes, place_of
from registry.intake.mutations import compare_stand, fit_mutations
from registry.intake.requests import ImportRequest, ImportResult
from registry.store.engine import WriteConnection, to_json
from registry.store.history import Absence, Counts
from registry.store.queries.runs import (
    PreviousStand,
    date_run,
    finish_run,
    mark_repaired,
    previous_stand,
)


class DryRun(Exception):  # noqa: N818 - not an error: it rolls a finished import back
    """Leaves the transaction of an import that was only tried, with what it would have done."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


def take_in(intake: Intake, run_id: int, request: ImportRequest, delivery: Delivery) -> ImportResult:
    """Everything that happens inside the one transaction; a dry run leaves it by an exception.

    Raises:
        SourceRefusedError: the delivery cannot be taken in.
    """
    connection, source = intake.connection, intake.preparation.source
    corrections = intake.corrections
    leverdatum = request.leverdatum or delivery.leverdatum or corrections.leverdatum or clock.today()
    levering = _levering(request, source, corrections, delivery)
    area = " ".join(delivery.area) or None
    latest = previous_stand(connection, request.bron, area)
    levering, notes = _stage(intake, request, delivery, leverdatum=leverdatum, levering=levering, latest=latest)
    date_run(connection, run_id, leverdatum, levering)
    per_table = {
        name: staging.merge(run_id, Absence(levering), area=None if name == GEMEENTE_WOONPLAATSEN.name else area)
        for name, staging in intake.staged.items()
    }
    since = run_id if levering == "stand" else latest.run_id if latest else 0
    if request.bron == "bag" and levering == "stand":
        intake.note(compare_stand(connection, run_id, leverdatum, since=latest.run_id if latest else 0))
    hersteld = corrections.repaired(intake.all_issues)
    mark_repaired(connection, hersteld, run_id)
    _derive(intake, run_id, since=since)
    issues = intake.all_issues
    uitval = set_aside(issues)
    result = ImportResult(
        run_id=run_id,
        status="gelukt",
        leverdatum=leverdatum,
        levering=levering,
        gelezen=intake.read,
        counts=sum(per_table.values(), Counts()),
        per_table=per_table,
        issues=issues,
        uitval=uitval.height,
        hersteld=len(hersteld),
        attention=not checks.without_known_defects(uitval, source).is_empty(),
        notes=(*delivery.notes, *notes),
    )
    if request.proef:
        raise DryRun(result)
    intake.keep_issues(run_id)
    finish(connection, result, "gelukt", area=area)
    return result


def _stage(
    intake: Intake,
    request: ImportRequest,
    delivery: Delivery,
    *,
    leverdatum: date,
    levering: Levering,
    latest: PreviousStand | None,
) -> tuple[Levering, list[str]]:
    """Read the delivery into the staging tables; as what it counts, and what is odd about it as a whole.

    Raises:
        SourceRefusedError: it is too old, of another gemeente, or implausible.
    """
    connection, known = intake.connection, intake.preparation.known
    previous = latest if levering == "stand" else None
    place = place_of(
        connection, request.bron, levering, leverdatum, delivery, previous=previous, new_area=request.nieuwe_gemeente
    )
    intake.take(fit_mutations(connection, delivery, known=known, is_history=place.is_history), leverdatum)
    for name, staging in intake.staged.items():
        intake.note_doubles(name, staging.drop_doubles())
    notes = [history_note(sum(map(keep_known, intake.staged.values())))] if place.is_history else []
    if place.levering == "deel" and not place.is_history and not intake.corrections:
        notes += older_notes(connection, request.bron, leverdatum)
    return place.levering, notes + checks.refuse_implausible(
        intake.preparation.source,
        read=intake.read,
        set_aside=set_aside(intake.all_issues).height,
        previous=previous if place.levering == "stand" else None,
        may_be_empty=delivery.levering == "deel",
    )


def _levering(request: ImportRequest, source: Source, corrections: Corrections, delivery: Delivery) -> Levering:
    if delivery.levering == "deel" and request.levering == "stand":
        raise SourceRefusedError("Mutaties zijn nooit een volledige levering. Laat --levering stand weg.")
    if not corrections:
        return delivery.levering or request.levering or source.levering
    if request.levering == "stand":
        raise SourceRefusedError(
            "Een bestand met verbeterde uitval is nooit een volledige levering. Laat --levering stand weg."
        )
    return "deel"


def _derive(intake: Intake, run_id: int, *, since: int) -> None:
    connection, names = intake.connection, set(intake.staged)
    if "verblijven" in names or "persoonslijsten" in names:
        intake.keep_issues(run_id)
        derive.update_bewoning(connection, run_id, since=since)
    if names & {"verblijven", "geleverde_bewoningen"}:
        intake.note(difference_issues(find_differences(connection, known=run_id)))
    if names & {"verblijfsobjecten", "ligplaatsen", "standplaatsen", "gebieden", "aangewezen_gebieden"}:
        areas = bool(names & {"gebieden", "aangewezen_gebieden"})
        intake.note(derive.update_ligging(connection, run_id, areas_are_new=areas))
    if "verblijfsobjecten" in names:
        intake.note(checks.missing_references(connection, run_id))


def finish(connection: WriteConnection, result: ImportResult, status: str, *, area: str | None = None) -> None:
    """Write down how the run of an import ended."""
    finish_run(
        connection,
        result.run_id,
        status=status,
        klaar=clock.now(),
        counts=result.counts,
        values={
            "leverdatum": result.leverdatum,
            "levering": result.levering,
            "gelezen": result.gelezen,
            "uitval": result.uitval,
            "area": area,
            "toelichting": " ".join(result.notes) or None,
            "tellingen": to_json({name: asdict(counts) for name, counts in result.per_table.items()}),
        },
    )
