"""An explanation names the dwelling by its address, and says so when there is nothing to judge."""

from datetime import date

import pytest

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import UsageError
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import explain_case, known_run
from registry.store.engine import Store, open_store
from registry.store.queries.records import read_objecten
from rules.catalogue import find_rule
from rules.explain import Explanation
from rules.parameters import shipped_law

PEILDATUM = date(2026, 11, 1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    """A registry with the BAG alone, and one of its dwellings."""
    folder = tmp_path_factory.mktemp("stadje")
    make_municipality(folder, peildatum=PEILDATUM, woningen=60)
    store = open_store(f"sqlite:///{folder / 'stadje.db'}")
    [bag] = folder.glob("BAGGEM*.zip")
    run_import(store, ImportRequest("bag", bag), cipher=BsnCipher(generate_keys()))
    with store.read() as connection:
        objects = read_objecten(connection, peildatum=PEILDATUM, known=known_run(connection, None))
    return store, min(objects.filter(objecttype="verblijfsobject").get_column("adresseerbaar_object_id"))


def told(town: tuple[Store, str], rule: str, case_id: str | None = None) -> Explanation:
    store, object_id = town
    with store.read() as connection:
        known = known_run(connection, None)
        return explain_case(
            connection, find_rule(rule), shipped_law(), object_id, peildatum=PEILDATUM, known=known, case_id=case_id
        )


def test_the_title_names_the_address_and_the_day(town: tuple[Store, str]) -> None:
    said = told(town, "overbewoning")
    assert said.adres is not None
    assert said.text().startswith(f"Overbewoning: {said.adres} (BAG-id {town[1]}), op 01-11-2026\n")


@pytest.mark.parametrize(("rule", "name"), [("opkoopbescherming", "overdrachten"), ("zelfbewoningsplicht", "bedingen")])
def test_a_source_that_was_never_imported_leaves_it_unknown(town: tuple[Store, str], rule: str, name: str) -> None:
    said = told(town, rule)
    assert (said.uitkomst, said.onbekende_feiten, said.steps) == ("onbekend", (name,), ())
    assert f"Nodig is: de {name} (nooit ingelezen)." in said.text()
    assert said.bewijs is not None
    assert said.bewijs == told(town, rule).bewijs


def test_a_case_that_does_not_exist_is_refused_by_name(town: tuple[Store, str]) -> None:
    with pytest.raises(UsageError, match=r"geen overdracht o1 van .* Bekend bij deze woning: geen"):
        told(town, "opkoopbescherming", "o1")
