"""Names and remarks of every source that are markup, or a formula: on every page and in every file they stay a text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient
from pages import BEFORE, PAGES
from playwright.sync_api import Browser
from visitor import Visitor, on_a_port

from registry import clock
from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.demo import run
from registry.settings import Settings
from registry.store.queries.search import current_adressen, find_eigenaren
from registry.store.queries.signal_list import Filter, list_signals
from registry.web.app import create_app

# A town of its own takes long to make; that templates escape is checked in every run by test_templates_escape.py.
pytestmark = pytest.mark.proof
Town = tuple[TestClient, dict[str, str], Visitor]
MARK = "<i xss>\"'{{7*7}}</i>"
FORMULA = "=1+1"
# What an importer keeps of each list as free text.
TEXTS = {
    "brk.csv": ("Naam", "Stuk"),
    "bedingen.csv": ("Debiteur", "Schuldeiser"),
    "corporaties.csv": ("Naam",),
    "vergunningen.csv": ("Houder",),
    "vaststellingen.csv": ("Bewijs", "Auteur"),
}
BOOKS = {
    "meldingen.xlsx": ("Onderwerp", "Kanaal", "Melder"),
    "inspecties.xlsx": ("Inspecteur", "Gebreken", "Opmerkingen"),
}


def poison(folder: Path) -> None:
    """Put markup into every free text of the files of a demo."""
    for name, columns in TEXTS.items():
        rows = list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8-sig")), delimiter=";"))
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(row | {key: FORMULA + row[key] + MARK for key in columns if row[key]} for row in rows)
    for name, columns in BOOKS.items():
        book = openpyxl.load_workbook(folder / name)
        sheet = book.worksheets[0]
        for place, head in enumerate(sheet[1], start=1):
            for row in range(2, sheet.max_row + 1):
                cell = sheet.cell(row, place)
                if head.value in columns and cell.value:
                    cell.value, cell.data_type = f"{FORMULA}{cell.value}{MARK}", "s"
        book.save(folder / name)
    (areas,) = folder.glob("gebieden-*.geojson")
    escaped = MARK.replace('"', '\\"')
    text = re.sub(r'"naam": "([^"]+)"', lambda found: f'"naam": "{FORMULA}{found[1]}{escaped}"', areas.read_text())
    areas.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def town(assets: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An application on a registry whose every text is markup, and an account that may everything."""
    folder = tmp_path_factory.mktemp("markup")
    make = run.make_municipality

    def make_poisoned(target: Path, **named: object) -> object:
        manifest = make(target, **named)
        poison(target)
        return manifest

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "make_municipality", make_poisoned)
        run.run_demo(folder, woningen=60)
    settings = Settings(
        database_url=f"sqlite:///{folder / run.DATABASE_NAME}",
        sleutelbestand=folder / run.KEYS_NAME,
        gemeente_naam=f"Gemeente {MARK}",
        adres="http://testserver",
        tweede_stap="vrijwillig",
        werkmap=folder / "werk",
    )
    app = create_app(settings)
    store = app.state.web.store
    with store.read() as connection:
        row = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows[0]
        woning = row["adresseerbaar_object_id"]
        adres = current_adressen(connection, [woning], on=clock.today())[woning].adres
        owner = find_eigenaren(connection, "xss")[0]["rechthebbende"]
    password = "paard batterij nietje"  # noqa: S105 - of an account that lives for this test
    invitation = add_account(store, "alles@testdam.nl", f"Ada {MARK}", list(Role), auteur="test")
    client = TestClient(app, follow_redirects=False)
    visitor = Visitor(client)
    path = f"/wachtwoord/{invitation.token}"
    visitor.post(path, {"wachtwoord": password, "herhaling": password}, page=path)
    visitor.post("/aanmelden", {"email": "alles@testdam.nl", "wachtwoord": password}, page="/aanmelden")
    opened = visitor.post("/zaken/nieuw", {"woning": woning, "aanleiding": f"{FORMULA}{MARK}"})
    names = {"woning": woning, "straat": adres.split()[0], "bewijs": row["bewijs"], "eigenaar": owner[:16],
             "zaak": opened.headers["location"].rpartition("/")[2]}  # fmt: skip
    yield client, names, visitor
    store.close()


def check(answer: object, path: str) -> int:
    """How often the text stands on a page; as markup it must stand there never."""
    assert answer.status_code in (200, 400, 404), (path, answer.status_code)
    assert "<i xss" not in answer.text, path
    assert "49</i" not in answer.text, path
    assert not re.search(r"=['\"]?[^'\">]*<i", answer.text), path
    found: int = answer.text.count("&lt;i xss&gt;")
    return found


def test_no_text_of_a_source_becomes_markup_on_any_page(town: Town) -> None:
    client, names, visitor = town
    shown = {name: check(client.get(path.format(**names)), path) for name, path in PAGES.items() if name not in BEFORE}
    why = {"doel": "toezicht_huisvestingswet", "zaak": MARK, "verwerking": "toezicht_huisvestingswet", "reden": MARK}
    for path in ("bewoners", "eigenaren"):
        shown[path] = check(visitor.post(f"/woningen/{names['woning']}/{path}", why), path)
    shown["eigenaar op naam"] = check(visitor.post("/zoeken/eigenaar", {"naam": "xss"}), "zoeken")
    shown["eigenaar naam"] = check(visitor.post(f"/eigenaren/{names['eigenaar']}/naam", why), "naam")
    # The name of the municipality stands on each; what counts is that other texts were there too.
    full = {name for name, found in shown.items() if found > 3}
    assert {"woning", "bezoeken", "zaak", "eigenaar op naam"} <= full, shown
    assert len([name for name, found in shown.items() if found]) == len(shown)


def test_what_is_typed_comes_back_as_text(town: Town) -> None:
    client, names, visitor = town
    for path in ("/zoeken?q=", "/signalen?gebied=", "/werklijsten?dag=", "/recht?gemeente=", "/opbrengst?van=",
                 "/eigenaren?wie=", "/termijnen?dagen=", "/voorraad/profiel?naam=", "/kaart?gebied="):  # fmt: skip
        check(client.get(path + MARK.replace("{", "%7B").replace("}", "%7D")), path)
    sent = {"email": MARK, "naam": MARK, "datum": MARK, "toelichting": MARK, "huidig": MARK, "woning": names["woning"]}
    for path in ("/gebruikers", "/bezoeken/nieuw", "/zaken/nieuw", "/account/wachtwoord", "/werklijsten/nieuw",
                 f"/signalen/{names['bewijs']}"):  # fmt: skip
        check(visitor.post(path, sent), path)


def test_no_text_of_a_source_becomes_markup_or_a_formula_in_a_file(
    town: Town,
) -> None:
    client, names, _ = town
    for kind in ("telefoon", "papier"):
        answer = client.get(f"/werklijsten/1/bestanden/{kind}")
        assert answer.status_code == 200
        assert "<i xss" not in answer.text
    marked = 0
    for path in (f"/zaken/{names['zaak']}/dossier", "/werklijsten/1/bestanden/excel", "/voorraad/bestand/xlsx"):
        answer = client.get(path)
        if answer.status_code != 200 or not answer.content.startswith(b"PK"):
            continue
        marked += cells_in(answer.content)
    assert marked > 5
    bundle = client.get(f"/zaken/{names['zaak']}/bundel")
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        assert not [name for name in archive.namelist() if ".." in name or name.startswith("/") or "<" in name]


def cells_in(content: bytes) -> int:
    """How many cells hold a text of a source; none may be one that a spreadsheet program computes."""
    book, found = openpyxl.load_workbook(io.BytesIO(content)), 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                found += "<i xss>" in str(cell.value)
    return found


def test_a_csv_of_area_names_holds_no_formula(town: Town) -> None:
    client, _, _ = town
    answer = client.get("/voorraad/bestand/zip")
    assert answer.status_code == 200, answer.text[:300]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        tables = [archive.read(name).decode("utf-8-sig") for name in archive.namelist() if name.endswith(".csv")]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert any("<i xss>" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


@pytest.mark.parametrize(
    "name", ["../../x.csv", "..\\..\\x.csv", "/etc/x.csv", "x\x00.csv", "<i xss>.csv", ".", "a" * 400]
)
def test_the_name_of_an_upload_is_only_a_name(town: Town, name: str, tmp_path: Path) -> None:
    client, _, visitor = town
    folder = client.app.state.web.settings.werkmap
    answer = client.post(
        "/imports", data={"bron": "woz", "csrf_token": visitor.token()}, files={"bestand": (name, b"a;b", "text/csv")}
    )
    assert answer.status_code in (303, 400)
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert all(path.resolve().is_relative_to(folder.resolve()) for path in written)
    assert all(path.parent.name.startswith("taak-") and len(path.name) <= 120 for path in written)
    if answer.status_code == 303:
        check(client.get(answer.headers["location"]), name)


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    """The same application on a port of its own."""
    with on_a_port(town[0].app) as found:
        yield found


@pytest.mark.parametrize("name", ["kaart", "woning", "zaak", "eigenaar", "voorraad"])
def test_a_browser_makes_nothing_of_it(browser: Browser, town: Town, address: str, name: str) -> None:
    client, names, _ = town
    context = browser.new_context()
    cookie = client.app.state.web.cookie
    context.add_cookies([{"name": cookie, "value": client.cookies.get(cookie), "url": address}])
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address + PAGES[name].format(**names))
    page.wait_for_timeout(300)
    assert page.locator("i[xss]").count() == 0
    assert dialogs == []
    context.close()
