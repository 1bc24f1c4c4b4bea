"""What pages say and to whom."""

import json
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.privacy.access import AccessLog, AccessLogError
from registry.store.engine import Store
from registry.store.queries.access import read_accesses
from registry.store.queries.search import current_adressen, is_inside
from registry.store.queries.signal_list import Filter, list_gebieden, list_signals
from registry.store.tables import registers


@pytest.fixture(scope="module")
def crowded(app: FastAPI) -> tuple[str, str]:
    """A dwelling with a signal, and its address."""
    with app.state.web.store.read() as connection:
        rows = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
        woning = rows[0]["adresseerbaar_object_id"]
        return woning, current_adressen(connection, [woning], on=clock.today())[woning].adres


def logged(store: Store) -> list[tuple[str, str, str | None, int]]:
    """The access log: handeling, verwerking, zaak and number of persons of each row."""
    with store.read() as connection:
        rows = [row.access for row in read_accesses(connection)]
    return [(row.handeling, row.verwerking, row.zaak, row.aantal) for row in rows]


def test_a_dwelling_is_found_by_address_postcode_and_id(
    visit: Callable[..., Visitor], crowded: tuple[str, str]
) -> None:
    woning, adres = crowded
    visitor = visit(Role.PLANNER)
    street = adres.split()[0].upper()
    assert f"/woningen/{woning}" in visitor.get(f"/zoeken?q={adres}").text
    assert "gevonden" in visitor.get(f"/zoeken?q={street}").text
    assert visitor.get(f"/zoeken?q={woning}").headers["location"] == f"/woningen/{woning}"
    page = visitor.get(f"/woningen/{woning}").text
    assert adres in page
    assert "Geen woning gevonden" in visitor.get("/zoeken?q=Bestaatnietstraat 1").text
    for odd in ("%", "_", "\\", "'; drop table runs; --", "9" * 200):
        assert visitor.client.get("/zoeken", params={"q": odd}).status_code == 200
    assert visitor.client.get("/zoeken", params={"q": "\x00"}).status_code == 400


def test_only_the_results_are_sent_while_somebody_types(visit: Callable[..., Visitor]) -> None:
    answer = visit(Role.PLANNER).get("/zoeken?q=a", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in answer.text


def test_a_dwelling_on_an_earlier_day(visit: Callable[..., Visitor], crowded: tuple[str, str]) -> None:
    page = visit(Role.PLANNER).get(f"/woningen/{crowded[0]}?op=1990-01-01").text
    assert "toestand op 1 januari 1990" in page
    assert "bestond dit object niet" in page
    assert visit(Role.PLANNER).get(f"/woningen/{crowded[0]}?op=geen-dag").status_code == 200


def test_residents_need_a_purpose_and_a_case_and_are_logged(
    store: Store, visit: Callable[..., Visitor], crowded: tuple[str, str]
) -> None:
    woning, _ = crowded
    visitor, before = visit(Role.INSPECTEUR), len(logged(store))
    assert "Ingeschreven op" not in visitor.get(f"/woningen/{woning}").text
    path = f"/woningen/{woning}/bewoners"
    refused = visitor.post(path, {"doel": "nieuwsgierigheid", "zaak": ""})
    assert refused.status_code == 400
    assert "Kies waarvoor" in refused.text
    assert "Ingeschreven op" not in refused.text
    assert len(logged(store)) == before
    shown = visitor.post(path, {"doel": "handhavingszaak", "zaak": "Z-2026-1"})
    assert "Ingeschreven op" in shown.text
    *_, last = logged(store)
    assert last[:3] == ("inzien", "handhavingszaak", "Z-2026-1")
    assert last[3] > 1


def test_nothing_is_shown_when_it_cannot_be_logged(
    visit: Callable[..., Visitor], crowded: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AccessLogError("De inzage kan niet worden vastgelegd.")

    monkeypatch.setattr(AccessLog, "record", fail)
    fields = {"doel": "handhavingszaak", "zaak": "Z-1"}
    for rol, part in ((Role.INSPECTEUR, "bewoners"), (Role.JURIST, "eigenaren")):
        answer = visit(rol).post(f"/woningen/{crowded[0]}/{part}", fields)
        assert answer.status_code == 503
        assert "Kenmerken" not in answer.text


def test_owners_are_found_by_post_and_logged(store: Store, visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.PLANNER)
    assert visitor.post("/zoeken/eigenaar", {"naam": "x"}).status_code == 400
    page = visitor.post("/zoeken/eigenaar", {"naam": "bv"})
    assert page.status_code in (200, 400)
    page = visitor.post("/zoeken/eigenaar", {"naam": "b.v."})
    assert "vastgelegd" in page.text
    assert logged(store)[-1][:2] == ("zoeken", "toezicht_huisvestingswet")


def test_an_area_limits_pages_and_lists(store: Store, visit: Callable[..., Visitor], crowded: tuple[str, str]) -> None:
    today = clock.today()
    with store.read() as connection:
        codes = [code for code, _ in list_gebieden(connection)]
        own = next(code for code in codes if is_inside(connection, crowded[0], {code}, on=today))
        there = next(code for code in codes if code != own)
        expected = list_signals(connection, Filter(), gebieden={there}, on=today).total
    inside = add_account(store, "hier@testdam.nl", "Hier", [Role.PLANNER], gebieden=[own], auteur="test")
    outside = add_account(store, "daar@testdam.nl", "Daar", [Role.PLANNER], gebieden=[there], auteur="test")
    assert visit(email=inside.email).get(f"/woningen/{crowded[0]}").status_code == 200
    stranger = visit(email=outside.email)
    for path in (f"/woningen/{crowded[0]}", f"/woningen/{crowded[0]}/toets/overbewoning"):
        assert stranger.get(path).status_code == 404
    assert "Geen woning gevonden" in stranger.get(f"/zoeken?q={crowded[1]}").text
    assert f'<strong class="wr-number">{expected}</strong>' in stranger.get("/signalen?uitkomst=signaal").text
    assert (
        stranger.post(f"/woningen/{crowded[0]}/eigenaren", {"doel": "handhavingszaak", "zaak": "1"}).status_code == 404
    )


def test_a_filter_is_remembered_and_wiped(visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.JURIST)
    visitor.get("/signalen?uitkomst=onbekend&regel=overbewoning")
    assert "uitkomst=onbekend" in visitor.get("/signalen").headers["location"]
    visitor.get("/signalen?wis=ja")
    assert visitor.get("/signalen").status_code == 200
    assert visitor.get("/signalen?regel=bestaat-niet&pagina=99999&orde=x").status_code == 200
    assert visitor.get("/signalen?pagina=abc").status_code == 400


def test_an_explanation_says_why(visit: Callable[..., Visitor], crowded: tuple[str, str]) -> None:
    visitor = visit(Role.JURIST)
    page = visitor.get(f"/woningen/{crowded[0]}/toets/overbewoning").text
    assert "Een signaal is geen besluit" in page
    assert "Grond:" in page
    assert visitor.get(f"/woningen/{crowded[0]}/toets/bestaat-niet").status_code == 404
    assert visitor.get(f"/woningen/{crowded[0]}/toets/zelfbewoningsplicht").status_code == 200


def test_a_beheerder_makes_an_account_and_shows_the_reference_once(
    visit: Callable[..., Visitor], stranger: Visitor
) -> None:
    visitor = visit(Role.BEHEERDER)
    wrong = visitor.post("/gebruikers", {"email": "geen adres", "naam": "Nieuw", "rol": "jurist"})
    assert wrong.status_code == 400
    assert 'value="geen adres"' in wrong.text
    assert visitor.post("/gebruikers", {"email": "n@testdam.nl", "naam": "Nieuw"}).status_code == 400
    page = visitor.post("/gebruikers", {"email": "nieuw@testdam.nl", "naam": "Nieuw", "rol": "jurist"}).text
    token = page.partition("/wachtwoord/")[2].partition("<")[0].strip()
    assert stranger.get(f"/wachtwoord/{token}").status_code == 200
    assert token not in visitor.get("/gebruikers").text
    assert "laatste beheerder" not in visitor.get("/gebruikers").text


def test_what_was_not_foreseen_is_a_page_without_details(
    app: FastAPI, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("geheime tekst 123456782")

    monkeypatch.setattr("registry.web.pages.law.list_law", fail)
    answer = visit(Role.BELEID).get("/recht")
    assert answer.status_code == 500
    assert "geheime tekst" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_every_answer_carries_the_strict_headers(stranger: Visitor) -> None:
    for path in ("/aanmelden", "/bestaat-niet", "/health/live", "/static/bestaat-niet.css"):
        headers = stranger.get(path).headers
        assert "'unsafe-inline'" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]
    assert stranger.get("/aanmelden").headers["cache-control"] == "no-store"


def test_measures_need_their_token(app: FastAPI, stranger: Visitor) -> None:
    assert stranger.get("/metrics").status_code == 303
    web = app.state.web
    assert b"woonregister_requests_total" in web.metrics.text(web.store, web.settings)


def test_too_much_is_refused(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    visitor = visit(Role.BEHEERDER)
    most = app.state.web.settings.upload_maximum_mb * 1024 * 1024
    answer = visitor.client.post(
        "/gebruikers", content=b"x", headers={"Content-Length": str(most + 1), "X-CSRF-Token": visitor.token()}
    )
    assert answer.status_code == 413
    assert f"groter dan {app.state.web.settings.upload_maximum_mb} MB" in answer.text
    assert "Naar de startpagina" in answer.text


def test_a_dwelling_is_found_by_its_nevenadres_and_by_its_pand(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    objects, numbers = registers.verblijfsobjecten, registers.nummeraanduidingen
    with app.state.web.store.read() as connection:
        [row, *_] = connection.execute(sa.select(objects).where(registers.SIDE_ADDRESSES)).mappings()
        [side], [pand] = json.loads(row["nevenadres_ids"]), json.loads(row["pand_ids"])
        own = connection.execute(sa.select(numbers).where(numbers.c.nummeraanduiding_id == side)).mappings().first()
    assert own is not None
    planner, link = visit(Role.PLANNER), f"/woningen/{row['verblijfsobject_id']}"
    typed = (
        f"{own['postcode']} {own['huisnummer']}{own['huisletter'] or ''} {own['huisnummertoevoeging'] or ''}".strip()
    )
    shown = planner.get("/zoeken", params={"q": typed}).text
    assert link in shown
    assert "nevenadres" in shown
    assert planner.get(f"/zoeken?q={side}").headers["location"] == link
    of_pand = planner.get(f"/zoeken?q={pand}")
    assert link in (of_pand.headers.get("location", "") + of_pand.text)
    assert "Geen woning gevonden" in planner.get(f"/zoeken?q={int(pand) + 10**9:016d}").text


def test_the_life_of_a_dwelling_is_told_in_dutch_days_and_amounts(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    with app.state.web.store.read() as connection:
        bought = list_signals(connection, Filter(regel="opkoopbescherming"), gebieden=None, on=clock.today()).rows[0]
    object_id = bought["adresseerbaar_object_id"]
    shown = visit(Role.PLANNER).get(f"/woningen/{object_id}/levensloop").text
    lines = re.findall(r"<p>(.*)</p>", shown[shown.index("wr-timeline") :])
    assert any(re.fullmatch(r"\d{3}\.\d{3} euro", line) for line in lines)
    assert any(re.search(r"ingeschreven \d\d-\d\d-\d{4}", line) for line in lines)
    assert not any(re.search(r"\d{4}-\d\d-\d\d", line) for line in lines)
