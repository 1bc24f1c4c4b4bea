"""Records a decision about data on persons as a run: what was known before it stays what it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from registry import clock
from registry.errors import UsageError
from registry.store.engine import Store, WriteConnection
from registry.store.queries.runs import DECISION, NewRun, finish_run, start_run


@contextmanager
def decision_run(store: Store, what: str, *, auteur: str, reden: str) -> Iterator[tuple[WriteConnection, int]]:
    """The transaction and the run of one decision.

    Args:
        store: the registry.
        what: what is decided, in Dutch, without personal data.
        auteur: who decides.
        reden: why.

    Raises:
        UsageError: author or reason is empty: such a decision cannot be accounted for.
        StoreError: the database failed.
    """
    for text, noun in ((auteur, "wie het besluit neemt"), (reden, "de reden")):
        if not text.strip():
            raise UsageError(f"Vermeld {noun}: een besluit zonder is later niet te verantwoorden.")
    new = NewRun(
        bron=DECISION,
        bestand=what,
        levering="deel",
        sha256=None,
        software=version("woonregister"),
        gestart=clock.now(),
    )
    with store.write_transaction() as connection:
        run_id = start_run(connection, new)
        yield connection, run_id
        finish_run(
            connection, run_id, status="gelukt", klaar=clock.now(), values={"toelichting": f"{what} door {auteur}"}
        )
