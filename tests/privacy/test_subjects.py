"""The rights of a person: everything about him and nothing of others, and that his data is only kept."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from privacy_registry import PEILDATUM, Registry

from registry.errors import InvalidIdentifierError, UsageError
from registry.exports.persons import write_inzage
from registry.keys import open_cipher
from registry.privacy.access import AccessLog
from registry.privacy.rotation import rotate_keys
from registry.privacy.subjects import Subject, find_subject, give_access, lift_restriction, restrict
from registry.signals.run import run_evaluations
from registry.store.queries.access import read_accesses
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.signals import read_signals
from registry.store.queries.subjects import persons_of
from registry.store.tables import metadata
from registry.store.tables.registers import bewoning, persoonslijsten, rechthebbenden
from registry.worklists.lists import make_worklist
from registry.worklists.planning import WorklistFilters
from rules.catalogue import find_rule
from rules.parameters import shipped_law

UNKNOWN = "999990019"  # holds by the eleven test, and nobody in the demo has it


def numbers(registry: Registry, table: sa.Table = persoonslijsten) -> list[str]:
    with registry.store.read() as connection:
        tokens = connection.execute(
            sa.select(table.c.bsn_versleuteld).where(table.c.bsn_versleuteld.is_not(None)).order_by(table.c.id)
        ).scalars()
        return [registry.cipher.decrypt(token) for token in tokens]


def subject_of(registry: Registry, bsn: str) -> Subject:
    with registry.store.read() as connection:
        return find_subject(connection, registry.cipher, bsn)


def ask(registry: Registry, bsn: str) -> object:
    return give_access(registry.store, registry.cipher, bsn, gebruiker=registry.user, log=AccessLog(registry.store))


def places_of(registry: Registry, keys: set[str]) -> set[str]:
    """Every table in which one of these texts stands anywhere, found without knowing which column should hold it."""
    found = set()
    with registry.store.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                if any(key in str(value) for value in row for key in keys):
                    found.add(table.name)
    return found


def owner_who_lives_here(registry: Registry) -> str:
    both = set(numbers(registry)) & set(numbers(registry, rechthebbenden))
    assert both
    return min(both)


def test_every_table_that_names_a_person_is_in_what_he_gets(registry: Registry) -> None:
    bsn = owner_who_lives_here(registry)
    subject = subject_of(registry, bsn)
    assert subject.persoonslijsten
    assert subject.rechthebbenden
    given = ask(registry, bsn)
    told = set(given.tabellen) | {"toegang_betrokkenen"}  # type: ignore[attr-defined]
    # The access log is told apart, and what an owner's parcel lists of its entries holds no person.
    assert places_of(registry, subject.keys) <= told
    assert {"persoonslijsten", "verblijven", "bewoning", "rechthebbenden", "tenaamstellingen"} <= told


@pytest.mark.parametrize("suffix", [".xlsx", ".json"])
def test_what_he_gets_holds_no_number_no_pseudonym_and_nobody_else(suffix: str, registry: Registry) -> None:
    bsn = owner_who_lives_here(registry)
    path = registry.folder / f"inzage{suffix}"
    given = ask(registry, bsn)
    assert write_inzage(path, given, made_by="test") > 5  # type: ignore[arg-type]
    texts = list(_texts(path))
    assert "u" in texts
    assert "iemand anders" in texts
    assert "240 maanden" in texts  # and how long each kind of data is kept
    with registry.store.read() as connection:
        keys = set(connection.execute(sa.select(persoonslijsten.c.persoonslijst)).scalars())
    secret = keys | set(numbers(registry)) | set(numbers(registry, rechthebbenden))
    assert [one for one in secret if any(one in text for text in texts)] == []


def test_the_workbook_that_he_gets_is_in_dutch_with_real_days_and_numbers(registry: Registry) -> None:
    path = registry.folder / "inzage.xlsx"
    write_inzage(path, ask(registry, owner_who_lives_here(registry)), made_by="test")  # type: ignore[arg-type]
    book = load_workbook(path)
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert not {"True", "False", "valid_from", "source_file", "recorded_run_id"} & {str(cell) for cell in cells}
    heads = [cell.value for cell in book["bewoning"][1]]
    first = dict(zip(heads, [cell.value for cell in book["bewoning"][2]], strict=True))
    assert isinstance(first["geldig vanaf"], datetime)
    assert isinstance(first["ingelezen in run"], int)
    assert re.fullmatch(r"\d{16}", first["adresseerbaar object id"])
    born = {cell.value for row in book["persoonslijsten"] for cell in row if cell.row > 1}
    assert any(re.fullmatch(r"(\d\d? )?([a-z]+ )?\d{4}", str(value)) for value in born)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".json":
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["beperkt"] is False
        yield from _flat(content)
        return
    for sheet in load_workbook(path):
        yield from (str(cell.value) for row in sheet for cell in row if cell.value is not None)


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield str(value)


def test_that_it_was_given_is_in_what_is_given_the_next_time(registry: Registry) -> None:
    bsn = numbers(registry)[0]
    ask(registry, bsn)
    looked = ask(registry, bsn).toegangen  # type: ignore[attr-defined]
    assert [row["verwerking"] for row in looked] == ["rechten_betrokkenen"] * 2
    assert "gebruiker" not in looked[0]
    assert looked[0]["grondslag"].startswith("AVG")


def test_looks_from_before_the_keys_were_replaced_are_told_too(registry: Registry) -> None:
    bsn = numbers(registry)[0]
    ask(registry, bsn)
    rotate_keys(registry.store, registry.keys, gebruiker=registry.user, log=AccessLog(registry.store))
    cipher = open_cipher(registry.keys, stand=2)
    given = give_access(registry.store, cipher, bsn, gebruiker=registry.user, log=AccessLog(registry.store))
    assert len(given.toegangen) == 2


def test_a_stranger_gets_nothing_and_the_question_is_written_down(registry: Registry) -> None:
    with pytest.raises(UsageError, match="niets over deze persoon") as refused:
        ask(registry, UNKNOWN)
    assert UNKNOWN not in str(refused.value)
    with registry.store.read() as connection:
        rows = list(read_accesses(connection))
    assert [(row.access.status, row.access.aantal) for row in rows][-1] == ("Error", 0)
    with pytest.raises(InvalidIdentifierError) as wrong:
        ask(registry, "123456789")
    assert "123456789" not in str(wrong.value)


def crowded(registry: Registry) -> tuple[str, str]:
    """A dwelling with a signal of overbewoning, and the BSN of somebody who lives there for certain."""
    (result,) = run_evaluations(registry.store, [find_rule("overbewoning")], shipped_law(), peildatum=PEILDATUM)
    with registry.store.read() as connection:
        rows = read_signals(connection, result.evaluatie_id).filter(uitkomst="signaal", grond="registratie")
        # The norm is just exceeded: one person fewer and it is not.
        tight = rows.filter((rows["personen_min"] - 1) * rows["norm"] <= rows["oppervlakte"])
        dwelling = tight["adresseerbaar_object_id"][0]
        query = (
            sa.select(persoonslijsten.c.bsn_versleuteld)
            .join(bewoning, bewoning.c.persoonslijst == persoonslijsten.c.persoonslijst)
            .where(bewoning.c.adresseerbaar_object_id == dwelling, bewoning.c.zekerheid == "zeker")
            .where(bewoning.c.valid_until.is_(None), persoonslijsten.c.bsn_versleuteld.is_not(None))
        )
        token = connection.execute(query.order_by(persoonslijsten.c.id)).scalars().first()
    return dwelling, registry.cipher.decrypt(str(token))


def outcome(registry: Registry, dwelling: str) -> tuple[str | None, bool]:
    """The outcome of overbewoning now, and whether the dwelling stands on the worklist."""
    (result,) = run_evaluations(registry.store, [find_rule("overbewoning")], shipped_law(), peildatum=PEILDATUM)
    with registry.store.read() as connection:
        rows = read_signals(connection, result.evaluatie_id).filter(adresseerbaar_object_id=dwelling)
        return (rows["uitkomst"][0] if rows.height else None), dwelling in listed(registry)


def listed(registry: Registry) -> list[str]:
    with registry.store.read() as connection:
        made = make_worklist(connection, filters=WorklistFilters(regels=("overbewoning",), uitkomsten=("signaal",)))
    return made.rows["adresseerbaar_object_id"].to_list()


def test_no_signal_rests_on_data_that_may_only_be_kept_and_no_list_shows_it(registry: Registry) -> None:
    dwelling, bsn = crowded(registry)
    subject = subject_of(registry, bsn)
    log = AccessLog(registry.store)
    assert outcome(registry, dwelling) == ("signaal", True)
    restrict(registry.store, subject, grond="a", reden="betwist inschrijving", gebruiker=registry.user, log=log)
    assert dwelling not in listed(registry)  # also before anything is evaluated again
    assert outcome(registry, dwelling) == ("onbekend", False)
    assert ask(registry, bsn).beperkt is True  # type: ignore[attr-defined]
    lift_restriction(registry.store, subject, reden="juist gebleken", gebruiker=registry.user, log=log)
    assert outcome(registry, dwelling) == ("signaal", True)
    with registry.store.read() as connection:
        acts = [row.access for row in read_accesses(connection) if row.access.handeling == "beperken"]
    assert [act.toelichting for act in acts] == ["beperking, grond a", "beperking opgeheven"]
    assert all(act.aantal > 0 for act in acts)


def test_what_was_known_before_a_restriction_stays_what_it_was(registry: Registry) -> None:
    _, bsn = crowded(registry)
    with registry.store.read() as connection:
        known = last_run(connection)
        before = read_record_frames(connection, peildatum=PEILDATUM, known=known).bewoning
    restrict(
        registry.store,
        subject_of(registry, bsn),
        grond="d",
        reden="bezwaar",
        gebruiker=registry.user,
        log=AccessLog(registry.store),
    )
    with registry.store.read() as connection:
        assert read_record_frames(connection, peildatum=PEILDATUM, known=known).bewoning.equals(before)
        now = read_record_frames(connection, peildatum=PEILDATUM, known=last_run(connection)).bewoning
    assert not now.equals(before)


@pytest.mark.parametrize(("grond", "reden", "said"), [("e", "x", "AVG art. 18"), ("a", " ", "Vermeld de reden")])
def test_a_restriction_has_a_ground_and_a_reason(grond: str, reden: str, said: str, registry: Registry) -> None:
    subject = subject_of(registry, numbers(registry)[0])
    log = AccessLog(registry.store)
    with pytest.raises(UsageError, match=said):
        restrict(registry.store, subject, grond=grond, reden=reden, gebruiker=registry.user, log=log)
    with pytest.raises(UsageError, match="geldt geen beperking"):
        lift_restriction(registry.store, subject, reden="x", gebruiker=registry.user, log=log)


def test_whom_data_about_a_dwelling_touches(registry: Registry) -> None:
    with registry.store.read() as connection:
        known = last_run(connection)
        everyone, owners = persons_of(connection, None, known=known, on=PEILDATUM)
        dwellings = connection.execute(sa.select(bewoning.c.adresseerbaar_object_id).distinct()).scalars().all()
        together, _ = persons_of(connection, dwellings, known=known, on=PEILDATUM)
        assert everyone == together
        assert len(everyone) > 100
        assert len(owners) > 20
        one, _ = persons_of(connection, dwellings[:1], known=known, on=None)
        assert 0 < len(one) < len(everyone)
        assert persons_of(connection, [], known=known, on=None) == ([], [])
