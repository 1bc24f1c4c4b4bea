"""Visits on pages: typed, sent in from a phone, refused at the field; on a copy, because a visit changes the town."""

import base64
import io
import json
import re
import shutil
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from visitor import Visitor

from importers.bezoeken import FORMAAT
from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.settings import Settings
from registry.store.queries.access import read_head
from registry.store.queries.accounts import find_account
from registry.store.queries.runs import last_run
from registry.store.queries.signal_list import Filter, list_signals
from registry.store.queries.visits import read_visits
from registry.web.app import create_app


@pytest.fixture(scope="module")
def own_app(
    assets: None, settings: Settings, accounts: dict[Role, str], tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    folder = tmp_path_factory.mktemp("bezoeken")
    for path in Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("woonregister.db*"):
        shutil.copyfile(path, folder / path.name)
    return create_app(settings.model_copy(update={"database_url": f"sqlite:///{folder / 'woonregister.db'}"}))


def signed_in(own_app: FastAPI, email: str) -> Visitor:
    with own_app.state.web.store.write_transaction(ACCOUNT_LOCK) as connection:
        account = find_account(connection, email=email)
        moment = clock.now() - timedelta(minutes=1)
        begun = begin_session(connection, account["account_id"], stage=FULL, device="test", moment=moment)
    client = TestClient(own_app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(own_app.state.web.cookie, begun.token)
    return Visitor(client, email)


@pytest.fixture
def inspector(own_app: FastAPI, accounts: dict[Role, str]) -> Visitor:
    return signed_in(own_app, accounts[Role.INSPECTEUR])


@pytest.fixture
def woning(own_app: FastAPI) -> str:
    with own_app.state.web.store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows
    object_id: str = found[0]["adresseerbaar_object_id"]
    return object_id


def counted(app: FastAPI, woning: str) -> list[int | None]:
    with app.state.web.store.read() as connection:
        found = read_visits(connection, known=last_run(connection), object_id=woning)
    return found["aantal_personen"].to_list()


def test_a_visit_is_typed(own_app: FastAPI, inspector: Visitor, woning: str) -> None:
    typed = {"woning": woning, "datum": "2026-11-20", "inspecteur": "Ada", "aantal_personen": "veel",
             "resultaat": "toegang_met_toestemming"}  # fmt: skip
    refused = inspector.post("/bezoeken/nieuw", typed)
    assert refused.status_code == 400, refused.text
    assert 'id="f-aantal_personen-fout"' in refused.text
    assert 'value="veel"' in refused.text
    done = inspector.post("/bezoeken/nieuw", typed | {"aantal_personen": "17"})
    assert done.status_code == 303, done.text
    assert 17 in counted(own_app, woning)
    assert "20 november 2026" in inspector.get("/bezoeken").text
    assert inspector.get("/bezoeken/nieuw?woning=0606010000000000").status_code == 404


def test_the_file_of_a_phone_comes_back(own_app: FastAPI, inspector: Visitor, woning: str) -> None:
    visit = {"inspectie": "T-1", "adresseerbaar_object_id": woning, "datum": "2026-11-21", "inspecteur": "Ada",
             "resultaat": "toegang_met_toestemming", "aantal_personen": 19}  # fmt: skip
    form = {"formaat": FORMAAT, "versie": 1, "bezoeken": [visit]}
    sent = inspector.post("/bezoeken", files={"bestand": ("bezoek.json", json.dumps(form).encode())})
    assert sent.status_code == 303, sent.text
    assert 19 in counted(own_app, woning)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{}", b"PK\x03\x04", b'{"formaat": "anders", "bezoeken": []}'])
def test_another_file_is_refused(inspector: Visitor, content: bytes) -> None:
    sent = inspector.post("/bezoeken", files={"bestand": ("bezoek.json", content)})
    assert sent.status_code == 400
    assert 'id="f-bestand-fout"' in sent.text


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """As a telephone makes it: with its model, a moment and a position."""
    exif = Image.Exif()
    exif[0x0110] = "Telefoon met serienummer 12345"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 19:31:00"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (51.0, 55.0, 9.84)
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(stream, kind, exif=exif)
    return stream.getvalue()


def bomb() -> bytes:
    """A small PNG that says that it is 50,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (50_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100))


def report_of(inspector: Visitor, woning: str, day: str) -> str:
    typed = {"woning": woning, "datum": day, "inspecteur": "Ada", "resultaat": "niemand_aanwezig", "lijst": "2"}
    path: str = inspector.post("/bezoeken/nieuw", typed).headers["location"]
    return path


def test_a_photo_of_a_phone_stands_with_its_visit_without_what_the_camera_wrote(
    own_app: FastAPI, inspector: Visitor, woning: str, accounts: dict[Role, str]
) -> None:
    report = report_of(inspector, woning, "2026-11-18")
    shown = inspector.get(report).text
    assert "nog geen foto" in shown
    assert "/werklijsten/2#volgende" in shown
    [number] = re.findall(r'name="nummer" value="([^"]+)"', shown)
    files = [("foto", ("a.jpg", photo())), ("foto", ("b.png", photo("PNG")))]
    sent = inspector.post("/bezoeken/fotos", {"nummer": number, "omschrijving": "slot op de deur"}, files=files)
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"] == f"/bezoeken/verslag?nummer={number}"
    with own_app.state.web.store.read() as connection:
        before = read_head(connection).volgnummer
    shown = inspector.get(report).text
    assert shown.count("data:image/jpeg;base64,") == 2
    assert "slot op de deur, 1 van 2" in shown
    small = base64.b64decode(shown.split("base64,")[1].split('"')[0])
    assert max(Image.open(io.BytesIO(small)).size) == 360
    links = re.findall(r'href="(/bezoeken/foto[^"]+)"', shown.replace("&amp;", "&"))
    for link in links:
        whole = inspector.get(link)
        assert whole.headers["content-type"] in ("image/jpeg", "image/png")
        image = Image.open(io.BytesIO(whole.content))
        assert image.size == (640, 480)
        assert dict(image.getexif()) == {}
        assert b"serienummer" not in whole.content
    with own_app.state.web.store.read() as connection:
        assert read_head(connection).volgnummer == before + 1 + len(links) == before + 3
    assert signed_in(own_app, accounts[Role.JURIST]).get(links[0]).status_code == 200
    for rol in (Role.PLANNER, Role.BELEID, Role.BEHEERDER):
        assert signed_in(own_app, accounts[rol]).get(links[0]).status_code == 404
    assert signed_in(own_app, accounts[Role.JURIST]).post("/bezoeken/fotos", {"nummer": number}).status_code == 404
    email = "inspecteur-elders-fotos@testdam.nl"
    add_account(own_app.state.web.store, email, "Elders", [Role.INSPECTEUR], auteur="test", gebieden=["BU99999999"])
    other = signed_in(own_app, email)
    assert other.get(report).status_code == other.get(links[0]).status_code == 404
    assert other.post("/bezoeken/fotos", {"nummer": number}, files=files).status_code == 404
    assert inspector.get(f"/bezoeken/foto?nummer={number}&sha256={'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"GIF89a", "geen JPEG- of PNG-foto"), (bomb(), "beschadigd"), (photo()[:300], "beschadigd"),
     (b"\xff\xd8" + b"\0" * (10 * 1024**2), "groter dan 10 MB")],
    ids=["geen foto", "bom", "half", "te groot"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_none_of_the_others_is_kept(
    inspector: Visitor, woning: str, content: bytes, text: str
) -> None:
    report = report_of(inspector, woning, "2026-11-19")
    [number] = re.findall(r'name="nummer" value="([^"]+)"', inspector.get(report).text)
    files = [("foto", ("a.jpg", photo())), ("foto", ("b.jpg", content))]
    refused = inspector.post("/bezoeken/fotos", {"nummer": number}, files=files)
    assert refused.status_code == 400
    assert text in refused.text
    assert 'id="f-foto-fout"' in refused.text
    assert "nog geen foto" in inspector.get(report).text
    assert inspector.post("/bezoeken/fotos", {"nummer": number}).status_code == 400
    assert inspector.post("/bezoeken/fotos", {"nummer": number}, files=files * 6).status_code == 400
