"""``bewoning-verschillen``: where two sources of occupancy disagree."""

from registry.cli.shared import AsJson, BekendOp, DatabaseUrl, day_of, open_registry, show
from registry.intake.bewoning_compare import find_differences
from registry.signals.run import known_run


def bewoning_verschillen(
    *, bekend_op: BekendOp = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """De woningen waarover de Bewoning API en de eigen afleiding uit de BRP verschillen."""
    with open_registry(database_url) as store, store.read() as connection:
        found = find_differences(connection, known=known_run(connection, day_of(bekend_op)))
    show(found.to_dicts(), as_json=as_json, title=f"Verschillen in bewoning: {found.height}")
