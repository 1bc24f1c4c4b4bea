"""A signal becomes a zaak once, in every order of failures, and carries nobody's data."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import zaaksysteem
from openapi_core import OpenAPI

from registry.cases.zaaksysteem import Zaaksysteem, ZaaksysteemError, hand_over
from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.errors import UsageError
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.store.engine import Store, open_store
from registry.store.queries.handover import read_overdrachten
from registry.store.queries.signals import read_signals
from rules.catalogue import find_rule
from rules.parameters import shipped_law

PEILDATUM = date(2026, 11, 1)
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
ZAAKTYPE = "https://catalogi.example.org/catalogi/api/v1/zaaktypen/5c2a9d3e-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def document(shared_data: Path) -> OpenAPI:
    return zaaksysteem.load_document(shared_data / "specs" / "zgw-zaken-openapi.yaml")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Store, str]]:
    """A small municipality that was judged, and the receipt of a signal in it."""
    folder = tmp_path_factory.mktemp("overdracht")
    manifest = make_municipality(folder, woningen=60, peildatum=PEILDATUM)
    shutil.copyfile(sqlite_template, folder / "woonregister.db")
    store = open_store(f"sqlite:///{folder}/woonregister.db")
    for bron in ("bag", "gebieden", "brp"):
        leverdatum = None if bron == "bag" else PEILDATUM
        request = ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum=leverdatum)
        run_import(store, request, cipher=BsnCipher(generate_keys()))
    [result] = run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=PEILDATUM)
    with store.read() as connection:
        signals = read_signals(connection, result.evaluatie_id).filter(uitkomst="signaal", grond="registratie")
    yield store, signals["bewijs"][0]
    store.close()


@pytest.fixture
def fake(document: OpenAPI) -> Iterator[zaaksysteem.FakeZaken]:
    with zaaksysteem.running(document) as running:
        yield running
        assert running.invalid == []


def _systeem(fake: zaaksysteem.FakeZaken) -> Zaaksysteem:
    return Zaaksysteem(fake.url, "woonregister", zaaksysteem.SECRET, ZAAKTYPE, "002220647")


def test_a_signal_is_one_zaak_however_often_it_is_asked(judged: tuple[Store, str], fake: zaaksysteem.FakeZaken) -> None:
    store, bewijs = judged
    first = hand_over(store, _systeem(fake), bewijs, auteur="jurist@gemeente.example", moment=NOW)
    again = hand_over(store, _systeem(fake), bewijs, auteur="planner@gemeente.example", moment=NOW)
    assert first.zaak_url == again.zaak_url == fake.zaken[0]["url"]
    assert again.auteur == "jurist@gemeente.example"
    assert (len(fake.zaken), len(fake.objecten)) == (1, 1)
    with store.read() as connection:
        kept = read_overdrachten(connection, first.adresseerbaar_object_id)
    assert first.zaak_url in [one.zaak_url for one in kept]


def test_what_goes_along_names_rule_address_and_receipt_and_no_number_of_people(
    judged: tuple[Store, str], fake: zaaksysteem.FakeZaken
) -> None:
    store, bewijs = judged
    done = hand_over(store, _systeem(fake), bewijs, auteur="jurist@gemeente.example", moment=NOW)
    [zaak], [placed] = fake.zaken, fake.objecten
    assert zaak["startdatum"] == "2026-11-03"
    assert bewijs in zaak["toelichting"]
    assert placed["objectType"] == "adres"
    assert placed["objectIdentificatie"]["huisnummer"] > 0
    said = json.dumps([zaak, placed]).lower()
    assert done.adresseerbaar_object_id in said
    for word in ("bsn", "bewoner", "persoon", "personen", "huishouden", "eigenaar"):
        assert word not in said


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_does_not_make_a_second_zaak(
    judged: tuple[Store, str], fake: zaaksysteem.FakeZaken, lost: int
) -> None:
    store, bewijs = judged
    fake.lose_answers = lost
    for _ in range(lost):
        try:
            hand_over(store, _systeem(fake), bewijs, auteur="jurist@gemeente.example", moment=NOW)
        except ZaaksysteemError as error:
            assert "502" in str(error)  # noqa: PT017 (the first answer may be found back at once)
    done = hand_over(store, _systeem(fake), bewijs, auteur="jurist@gemeente.example", moment=NOW)
    assert [zaak["url"] for zaak in fake.zaken] == [done.zaak_url]
    assert len(fake.objecten) == 1


def test_whoever_is_second_gets_the_zaak_of_the_first(judged: tuple[Store, str], fake: zaaksysteem.FakeZaken) -> None:
    store, bewijs = judged
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(hand_over, store, _systeem(fake), bewijs, auteur="jurist@gemeente.example", moment=NOW)
            for _ in range(4)
        ]
        urls = {one.result().zaak_url for one in asked}
    assert urls == {zaak["url"] for zaak in fake.zaken}
    assert len(fake.zaken) == 1


def test_a_refusal_is_a_dutch_sentence_and_keeps_nothing(
    judged: tuple[Store, str], fake: zaaksysteem.FakeZaken
) -> None:
    store, bewijs = judged
    stranger = replace(_systeem(fake), secret=zaaksysteem.SECRET[::-1])
    with pytest.raises(ZaaksysteemError, match="weigert de overdracht \\(401\\)"):
        hand_over(store, stranger, bewijs, auteur="jurist@gemeente.example", moment=NOW)
    nowhere = replace(_systeem(fake), url="http://127.0.0.1:9/zaken/api/v1")
    with pytest.raises(ZaaksysteemError, match="niet te bereiken"):
        hand_over(store, nowhere, bewijs, auteur="jurist@gemeente.example", moment=NOW)
    with pytest.raises(UsageError, match="geen signaal"):
        hand_over(store, _systeem(fake), "0" * 16, auteur="jurist@gemeente.example", moment=NOW)
    assert fake.zaken == []
