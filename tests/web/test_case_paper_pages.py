"""Papers, decisions and amounts of a case on pages: kept, read back, taken back, and refused where they do not fit."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from visitor import Visitor

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.demo.identifiers import bsns
from registry.store.queries.access import read_head
from registry.store.queries.signal_list import Filter, list_signals

PDF = ("rapport.pdf", b"%PDF-1.7 verzonnen", "application/pdf")
PAPER = {"soort": "rapport van bevindingen", "richting": "intern", "datum": "2026-06-01", "titel": "Bezoek in mei"}
ORDER = {
    "soort": "last onder dwangsom", "datum": "2025-10-01", "bekendgemaakt_op": "2025-10-02", "bedrag": "5000",
    "bedrag_per": "week", "ten_hoogste": "20000", "begunstiging_tot": "2025-11-01",
}  # fmt: skip


@pytest.fixture
def jurist(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.JURIST)


@pytest.fixture
def path(app: FastAPI, jurist: Visitor) -> str:
    with app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    sent = {"woning": found[-1]["adresseerbaar_object_id"], "aanleiding": "Meldingen van buren"}
    opened: str = jurist.post("/zaken/nieuw", sent).headers["location"]
    return opened


def keep(jurist: Visitor, path: str, **more: str) -> object:
    return jurist.post(f"{path}/stukken", PAPER | more, files={"bestand": PDF})


def test_a_paper_is_kept_read_back_and_taken_back(app: FastAPI, jurist: Visitor, path: str) -> None:
    assert "Soort stuk" in jurist.get(f"{path}/stukken/nieuw").text
    assert keep(jurist, path).status_code == 303
    shown = jurist.get(path).text
    assert "Bezoek in mei" in shown
    link = shown.split("/stukken/", 2)[2].split('"')[0]
    with app.state.web.store.read() as connection:
        before = read_head(connection).volgnummer
    answer = jurist.get(f"{path}/stukken/{link}")
    assert answer.content == PDF[1]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="stuk-{link}-{path[7:]}.pdf"'
    with app.state.web.store.read() as connection:
        assert read_head(connection).volgnummer == before + 1
    back = f"{path}/terugnemen?wat=stuk&nummer={link}"
    assert "Bezoek in mei" in jurist.get(back).text
    assert jurist.post(f"{path}/terugnemen", {"wat": "stuk", "nummer": link}).status_code == 400
    sent = {"wat": "stuk", "nummer": link, "reden": "verkeerd bestand"}
    assert jurist.post(f"{path}/terugnemen", sent).status_code == 303
    assert jurist.post(f"{path}/terugnemen", sent).status_code == 409
    assert jurist.get(f"{path}/stukken/{link}").status_code == 404
    assert jurist.get(back).status_code == 404


def test_what_is_no_paper_is_refused_with_what_was_typed(jurist: Visitor, path: str) -> None:
    without = jurist.post(f"{path}/stukken", PAPER)
    assert without.status_code == 400
    assert "Kies een bestand" in without.text
    assert 'value="Bezoek in mei"' in without.text
    [bsn] = bsns(1)
    assert "burgerservicenummer" in keep(jurist, path, titel=f"brief aan {bsn}").text
    assert keep(jurist, path, ondertekend_door="T. Toezicht").status_code == 400
    assert keep(jurist, path, besluit="999999").status_code == 400
    assert keep(jurist, path).status_code == 303
    twice = keep(jurist, path)
    assert twice.status_code == 400
    assert "zit al in de zaak" in twice.text


def test_an_order_becomes_due_and_a_demand_interrupts_its_term(jurist: Visitor, path: str) -> None:
    assert "Geadresseerde" in jurist.get(f"{path}/besluiten/nieuw").text
    assert jurist.post(f"{path}/besluiten", ORDER | {"bekendgemaakt_op": "2025-09-01"}).status_code == 400
    assert jurist.post(f"{path}/besluiten", ORDER | {"bedrag": "-1"}).status_code == 400
    assert jurist.post(f"{path}/besluiten", ORDER).status_code == 303
    form = jurist.get(f"{path}/verbeurten/nieuw").text
    besluit = form.split('<option value="', 2)[2].split('"')[0]
    due = {"besluit": besluit, "op": "2025-11-10", "bedrag": "5000"}
    assert jurist.post(f"{path}/verbeurten", due | {"op": "2025-10-20"}).status_code == 400
    assert jurist.post(f"{path}/verbeurten", due | {"besluit": "999999"}).status_code == 400
    assert jurist.post(f"{path}/verbeurten", due).status_code == 303
    shown = jurist.get(path).text
    assert "€ 5.000 verbeurd op 10 november 2025" in shown
    assert "10 november 2026" in shown  # the last day to collect
    demand = {"soort": "aanmaning", "richting": "verzonden", "datum": "2026-06-01", "besluit": besluit}
    assert keep(jurist, path, **demand).status_code == 303
    shown = jurist.get(path).text
    assert "gestuit op 01-06-2026" in shown
    assert "1 juni 2027" in shown


def test_a_next_version_says_what_changes_and_two_people_make_one(jurist: Visitor, path: str) -> None:
    assert jurist.post(f"{path}/besluiten", ORDER).status_code == 303
    assert jurist.get(f"{path}/besluiten/nieuw?wijzigt=7").status_code == 404
    form = jurist.get(f"{path}/besluiten/nieuw?wijzigt=1").text
    assert "Nieuwe versie van besluit 1" in form
    assert 'value="5000"' in form
    second = ORDER | {"wijzigt": "1", "gezien": "1", "bedrag": "2500", "bekendgemaakt_op": ""}
    assert jurist.post(f"{path}/besluiten", second).status_code == 303
    late = jurist.post(f"{path}/besluiten", second | {"bedrag": "2750"})
    assert late.status_code == 409
    assert "intussen versie 2 vastgelegd" in late.text
    assert 'value="2750"' in late.text
    assert 'name="gezien" value="2"' in late.text
    shown = jurist.get(path).text
    assert "vervangen" in shown
    assert "nog niet bekendgemaakt" in shown
    assert "€ 2.500 per week, ten hoogste € 20.000" in shown


def test_a_fine_is_calculated_and_a_signal_is_added_once(jurist: Visitor, path: str) -> None:
    assert jurist.get(f"{path}/boete").status_code == 200
    shown = jurist.get(path).text
    woning = shown.split('href="/woningen/', 1)[1].split('"')[0]
    bewijs = shown.split('href="/signalen/', 1)[1].split('"')[0]
    before = shown.count("/overdragen") + shown.count("geen zaaksysteem ingesteld")
    assert jurist.post(f"{path}/signalen", {"woning": woning, "bewijs": bewijs}).status_code == 303
    shown = jurist.get(path).text
    assert shown.count("/overdragen") + shown.count("geen zaaksysteem ingesteld") == before
    assert jurist.post(f"{path}/signalen", {"woning": woning, "bewijs": "verzonnen"}).status_code == 404
    assert jurist.post(f"{path}/signalen", {"woning": "0606010000000000", "bewijs": bewijs}).status_code == 404


def test_who_works_elsewhere_reaches_nothing_of_it(
    app: FastAPI, jurist: Visitor, visit: Callable[..., Visitor], path: str
) -> None:
    keep(jurist, path)
    number = jurist.get(path).text.split("/stukken/", 2)[2].split('"')[0]
    email = "jurist-elders-stukken@testdam.nl"
    add_account(app.state.web.store, email, "Elders", [Role.JURIST], auteur="test", gebieden=["BU99999999"])
    other = visit(email=email)
    for where in ("stukken/nieuw", f"stukken/{number}", "besluiten/nieuw", "verbeurten/nieuw", "boete",
                  f"terugnemen?wat=stuk&nummer={number}"):  # fmt: skip
        assert other.get(f"{path}/{where}").status_code == 404, where
    assert keep(other, path).status_code == 404
    for what, sent in (("besluiten", ORDER), ("signalen", {"bewijs": "x"}),
                       ("terugnemen", {"wat": "stuk", "nummer": number, "reden": "mag niet"})):  # fmt: skip
        assert other.post(f"{path}/{what}", sent).status_code == 404, what
    assert jurist.get(f"{path}/stukken/{number}").status_code == 200
