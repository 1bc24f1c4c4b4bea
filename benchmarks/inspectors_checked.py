"""What became of everything that inspectors were told is saved, read back from the registry."""

from collections import Counter
from collections.abc import Mapping

from registry.store.engine import open_store
from registry.store.integrity import check_registry
from registry.store.queries.runs import last_run, list_runs
from registry.store.queries.tasks import find_task
from registry.store.queries.visits import read_photos, read_visits


def task_state(url: str, number: int) -> tuple[str, str | None]:
    """The status of a task, and why it failed."""
    store = open_store(url)
    try:
        with store.read() as connection:
            task = find_task(connection, number)
    finally:
        store.close()
    return ("kwijt", None) if task is None else (task.status, task.fout)


def read_back(url: str, visits: Mapping[str, tuple[str, int]], photos: Mapping[str, int]) -> tuple[int, int]:
    """How many writes are lost, and how many are there more than once.

    Args:
        url: the address of the database.
        visits: dwelling and count per number of a visit.
        photos: how many photos were saved per number of a visit.
    """
    store = open_store(url)
    try:
        with store.read() as connection:
            known = last_run(connection)
            frame = read_visits(connection, known=known)
            kept = Counter(frame["inspectie"].to_list())
            rows = {
                row["inspectie"]: (row["adresseerbaar_object_id"], row["aantal_personen"])
                for row in frame.iter_rows(named=True)
            }
            pictures = {number: read_photos(connection, number, known=known).height for number in photos}
    finally:
        store.close()
    lost = sum(rows.get(number) != saved for number, saved in visits.items())
    lost += sum(max(0, count - pictures[number]) for number, count in photos.items())
    double = sum(kept[number] > 1 for number in visits)
    return lost, double + sum(max(0, pictures[number] - count) for number, count in photos.items())


def turns_lost(url: str) -> int:
    """How often a visit was done again because another run went in while it waited for its turn."""
    store = open_store(url)
    try:
        with store.read() as connection:
            runs = list_runs(connection)
    finally:
        store.close()
    return sum(run["bron"] == "inspecties" and run["status"] != "gelukt" for run in runs)


def found_defects(url: str) -> list[str]:
    """What ``woonregister check`` finds wrong, the chain of the access log included."""
    store = open_store(url)
    try:
        with store.read() as connection:
            return [f"{check.controle}: {check.voorbeelden}" for check in check_registry(connection) if check.fout]
    finally:
        store.close()
