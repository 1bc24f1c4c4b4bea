"""Every table of the registry. Importing this package fills ``metadata``."""

from registry.store.tables import (
    accounts,
    cases,
    handover,
    ownership,
    policy,
    privacy,
    registers,
    review,
    rights,
    runs,
    signals,
    tasks,
    visits,
    worklists,
)
from registry.store.tables.base import metadata, own_columns

__all__ = [
    "accounts",
    "cases",
    "handover",
    "metadata",
    "own_columns",
    "ownership",
    "policy",
    "privacy",
    "registers",
    "review",
    "rights",
    "runs",
    "signals",
    "tasks",
    "visits",
    "worklists",
]
