"""A planner's settings under a name: every version stays, with who saved it and when."""

from datetime import datetime

from registry.errors import UsageError
from registry.store.engine import ReadConnection, Store
from registry.store.queries.worklists import SavedSettings, insert_settings, read_settings_versions
from registry.worklists.planner_settings import PlannerSettings, given, read_settings


def save_settings(store: Store, naam: str, settings: PlannerSettings, *, author: str, now: datetime) -> SavedSettings:
    """Keep settings under a name; earlier versions of that name stay.

    Raises:
        UsageError: there is no name or author.
    """
    naam = given(naam, "een naam voor de instellingen")
    author = given(author, "wie de instellingen bewaart")
    with store.write_transaction() as connection:
        return insert_settings(connection, naam=naam, settings=settings.to_json(), auteur=author, saved_at=now)


def withdraw_settings(store: Store, naam: str, *, author: str, now: datetime) -> SavedSettings:
    """Take a name out of use; its versions stay for the lists that were made with them.

    Raises:
        UsageError: there are no such settings.
    """
    author = given(author, "wie de instellingen intrekt")
    with store.write_transaction() as connection:
        find_settings(connection, naam)
        return insert_settings(connection, naam=naam, settings=None, auteur=author, saved_at=now)


def find_settings(connection: ReadConnection, naam: str) -> tuple[SavedSettings, PlannerSettings]:
    """The settings that are kept under a name, as they are now.

    Raises:
        UsageError: there are no such settings.
    """
    versions = read_settings_versions(connection, naam)
    if not versions or versions[0].settings is None:
        known = ", ".join(saved.naam for saved in list_settings(connection)) or "er zijn er geen"
        raise UsageError(f"Er zijn geen instellingen met de naam '{naam}'. Bewaard: {known}.")
    return versions[0], read_settings(versions[0].settings)


def list_settings(connection: ReadConnection) -> list[SavedSettings]:
    """The settings in use, latest version each, by name."""
    latest: dict[str, SavedSettings] = {}
    for saved in read_settings_versions(connection):
        latest.setdefault(saved.naam, saved)
    return [saved for saved in latest.values() if saved.settings is not None]
