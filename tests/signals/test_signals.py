"""Signals are kept once, can be computed again from their receipt, and say what changed them."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.demo.manifest import Manifest
from registry.errors import UsageError
from registry.intake.run import ImportRequest, run_import
from registry.signals.attribution import attribute_changes
from registry.signals.receipts import reproduce
from registry.signals.run import known_run, run_evaluations
from registry.signals.whatif import compare_outcomes, count_steps, judge_on, parse_changes
from registry.store.engine import Store, open_store
from registry.store.queries.records import read_objecten
from registry.store.queries.runs import last_run
from registry.store.queries.signals import evaluations_of, read_signals
from rules.catalogue import find_rule
from rules.parameters import Law, parse_law, shipped_law

PEILDATUM = date(2026, 11, 1)
RULE = find_rule("overbewoning")
CIPHER = BsnCipher(generate_keys())
OBJECT = "adresseerbaar_object_id"
Change = tuple[int, tuple[str, str], date]


class Town:
    """A small municipality that was imported."""

    def __init__(self, store: Store, folder: Path, manifest: Manifest) -> None:
        self.store, self.folder, self.manifest = store, folder, manifest

    def evaluate(self, law: Law | None = None) -> int:
        [result] = run_evaluations(self.store, [RULE], law or shipped_law(), peildatum=PEILDATUM)
        return result.evaluatie_id

    def signals(self) -> dict[str, str]:
        """Receipt per verblijfsobject (norm: 12 m2) with a signal by registration in the last evaluation."""
        with self.store.read() as connection:
            latest = evaluations_of(connection, RULE.id, limit=1)[0]
            frame = read_signals(connection, latest.evaluatie_id).filter(uitkomst="signaal", grond="registratie")
        rows = frame.select("adresseerbaar_object_id", "bewijs").iter_rows()
        return {object_id: bewijs for object_id, bewijs in rows if object_id[4:6] == "01"}

    def establish(self, object_id: str, feit: str, waarde: str) -> None:
        """Import one vaststelling."""
        self.take_vaststellingen(
            f"{feit}-{object_id}.csv", [f"{object_id};{feit};{waarde};01-01-2020;;meting;inspecteur 1"]
        )

    def take_vaststellingen(self, name: str, rows: list[str]) -> None:
        """Import a file of vaststellingen."""
        path = self.folder / name
        path.write_text("\n".join(["BAG-id;Feit;Waarde;Van;Tot;Bewijs;Auteur", *rows, ""]), encoding="utf-8")
        request = ImportRequest("vaststellingen", path, leverdatum=PEILDATUM, levering="deel")
        run_import(self.store, request, cipher=CIPHER)


def import_all(url: str, folder: Path, manifest: Manifest) -> Store:
    store = open_store(url)
    for bron in ("bag", "gebieden", "brp", "inspecties", "vaststellingen"):
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(store, ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum=leverdatum), cipher=CIPHER)
    return store


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A folder with the files of a small municipality and ``woonregister.db`` made of them, for tests to copy."""
    folder = tmp_path_factory.mktemp("bronnen")
    manifest = make_municipality(folder, woningen=60, peildatum=PEILDATUM)
    import_all(f"sqlite:///{folder}/woonregister.db", folder, manifest).close()
    return folder, manifest


@pytest.fixture
def town(imported: tuple[Path, Manifest], tmp_path: Path) -> Iterator[Town]:
    folder, manifest = imported
    shutil.copyfile(folder / "woonregister.db", tmp_path / "woonregister.db")
    store = open_store(f"sqlite:///{tmp_path}/woonregister.db")
    yield Town(store, tmp_path, manifest)
    store.close()


@pytest.fixture
def town_on_postgresql(imported: tuple[Path, Manifest], postgresql_url: str, tmp_path: Path) -> Iterator[Town]:
    folder, manifest = imported
    store = import_all(postgresql_url, folder, manifest)
    yield Town(store, tmp_path, manifest)
    store.close()


def other_law() -> Law:
    """The law files with a norm of 2 m2 per person in the era of the omgevingsplan."""
    files = dict(shipped_law().files)
    text = files["bouwbesluit.yml"].decode()
    assert "waarde: 12\n" in text
    return parse_law(files | {"bouwbesluit.yml": text.replace("waarde: 12\n", "waarde: 2\n").encode()})


def test_the_same_evaluation_again_keeps_nothing_new(town: Town) -> None:
    first = town.evaluate()
    assert town.evaluate() == first
    with town.store.read() as connection:
        assert len(evaluations_of(connection, RULE.id)) == 1


@pytest.mark.parametrize("database", ["town", pytest.param("town_on_postgresql", marks=pytest.mark.postgresql)])
def test_a_receipt_gives_the_old_outcome_after_later_facts_and_another_law(
    database: str, request: pytest.FixtureRequest
) -> None:
    town: Town = request.getfixturevalue(database)
    town.evaluate()
    receipts = town.signals()
    assert receipts
    with town.store.read() as connection:
        before = {bewijs: reproduce(connection, bewijs) for bewijs in receipts.values()}
    for object_id in receipts:
        town.establish(object_id, "gemeten_oppervlakte", "400")
    town.evaluate(other_law())
    assert not town.signals().keys() & receipts.keys()
    with town.store.read() as connection:
        for bewijs, old in before.items():
            again = reproduce(connection, bewijs)
            assert old.equal
            assert again.equal
            assert again.explanation.text() == old.explanation.text()
            assert again.explanation.to_json() == old.explanation.to_json()


def test_an_unknown_receipt_is_refused(town: Town) -> None:
    with town.store.read() as connection, pytest.raises(UsageError, match="geen uitkomst met bewijsnummer"):
        reproduce(connection, "0" * 16)


def test_a_new_fact_is_named_as_the_cause(town: Town) -> None:
    town.evaluate()
    object_id = min(town.signals())
    town.establish(object_id, "gemeten_oppervlakte", "400")
    town.evaluate()
    with town.store.read() as connection:
        [change] = attribute_changes(connection, RULE)
    assert (change.key, change.van, change.naar, change.oorzaak) == (object_id, "signaal", "geen_signaal", "gegevens")
    assert any(new == 400 for _, new in change.feiten.values())


def test_another_law_is_named_as_the_cause(town: Town) -> None:
    town.evaluate()
    signals = town.signals()
    town.evaluate(other_law())
    with town.store.read() as connection:
        changes = attribute_changes(connection, RULE)
    assert {change.oorzaak for change in changes} == {"wet"}
    assert signals.keys() <= {change.key for change in changes}
    assert all(not change.feiten for change in changes)


def test_facts_and_law_that_undo_each_other_are_no_change_and_one_evaluation_is_nothing_to_compare(town: Town) -> None:
    town.evaluate()
    with town.store.read() as connection, pytest.raises(UsageError, match="nog geen twee keer"):
        attribute_changes(connection, RULE)
    object_id = min(town.signals())
    town.establish(object_id, "woonwagen", "nee")
    town.evaluate()
    with town.store.read() as connection:
        assert attribute_changes(connection, RULE) == []


def test_what_was_known_before_does_not_count_later_facts(town: Town) -> None:
    with town.store.read() as connection:
        before = last_run(connection)
        assert known_run(connection, None) == before
        with pytest.raises(UsageError, match="nog niets ingelezen"):
            known_run(connection, date(2000, 1, 1))


def test_every_case_is_in_the_funnel_and_in_the_what_if(town: Town) -> None:
    law = shipped_law()
    changes = parse_changes(["overbewoning.m2_per_persoon = 30"], law)
    with town.store.read() as connection:
        judged = judge_on(connection, RULE, {"nu": law, "dan": law.replace(changes)}, peildatum=PEILDATUM, per="buurt")
    cases = judged["nu"].outcomes.height
    table = compare_outcomes(judged["nu"], judged["dan"])
    assert table["nu"].sum() == table["dan"].sum() == cases
    assert table.filter(uitkomst="signaal")["verschil"].sum() > 0
    steps = count_steps(RULE, judged["nu"])
    first = steps.filter(stap=RULE.steps[0].name)
    assert first["bereikt"].sum() == cases
    assert steps["nee"].sum() + steps["onbekend"].sum() + steps["toets"].sum() + steps["signaal"].sum() == cases


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("norm", "geen PARAMETER=WAARDE"),
        ("bestaat_niet=3", "geen PARAMETER=WAARDE"),
        ("overbewoning.m2_per_persoon=veel", "is een getal"),
        ("overbewoning.coa_uitgezonderd=1", "ja of nee"),
    ],
)
def test_a_change_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_changes([text], shipped_law())


changes = st.tuples(
    st.integers(0, 40),
    st.sampled_from(
        [("gemeten_oppervlakte", "15"), ("gemeten_oppervlakte", "400"), ("woonwagen", "ja"), ("coa_opvang", "ja")]
    ),
    st.dates(date(2020, 1, 1), PEILDATUM),
)


@pytest.mark.slow
@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=st.lists(changes, min_size=100, max_size=100))
def test_every_receipt_of_the_past_survives_a_hundred_random_changes(town: Town, plan: list[Change]) -> None:
    """Whatever is established later: an outcome that was once kept comes out again, byte for byte."""
    with town.store.read() as connection:
        objects = sorted(read_objecten(connection, peildatum=PEILDATUM, known=last_run(connection))[OBJECT])
    kept: dict[str, str] = {}
    for start in range(0, len(plan), 20):
        town.evaluate()
        with town.store.read() as connection:
            for bewijs in town.signals().values():
                kept.setdefault(bewijs, reproduce(connection, bewijs).explanation.to_json())
        rows = [
            f"{objects[place % len(objects)]};{feit};{waarde};{day:%d-%m-%Y};;meting;inspecteur {start}"
            for place, (feit, waarde), day in plan[start : start + 20]
        ]
        town.take_vaststellingen(f"stap-{start}.csv", rows)
    with town.store.read() as connection:
        for bewijs, explanation in kept.items():
            again = reproduce(connection, bewijs)
            assert again.equal
            assert again.explanation.to_json() == explanation
