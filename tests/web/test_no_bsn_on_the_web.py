"""No BSN leaves through the web: not on a page, in an error, a log line, a measure, a task or the database."""

import base64
import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pages import BEFORE, PAGES
from visitor import Visitor

from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account, new_coupling
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.demo.run import DATABASE_NAME, KEYS_NAME
from registry.logs import configure_logs
from registry.settings import Settings
from registry.store.queries.accounts import find_account
from registry.store.queries.signal_list import Filter, list_signals
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import do_next
from registry.web.app import create_app

COUPLED = "Authorization"


def made_numbers(folder: Path) -> list[str]:
    """Every BSN that the demo gave to somebody: it makes them from 999999998 down."""
    rows = csv.reader(io.StringIO((folder / "brp.csv").read_text(encoding="utf-8-sig")), delimiter=";")
    return sorted({cell for row in rows for cell in row if re.fullmatch(r"9999\d{5}", cell)})


def forms(number: str) -> list[bytes]:
    """A BSN as it could stand somewhere, in one order: plain, with separators, in hex, in base64 at each offset."""
    dotted = f"{number[:4]}.{number[4:6]}.{number[6:]}"
    plain = [
        number,
        dotted,
        dotted.replace(".", " "),
        dotted.replace(".", "-"),
        f"{number[:3]}.{number[3:6]}.{number[6:]}",
    ]
    found = [one.encode() for one in plain] + [number.encode().hex().encode(), number.encode("utf-16-le")]
    found += [number.encode("utf-16-be"), f"{int(number):x}\0".encode()]
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + number.encode())
        found.append(encoded[-(-offset * 8 // 6) : (offset + len(number)) * 8 // 6])
    return found


class Search:
    """Looks for every number in each form: reads on from where the beginning stands that all have in that form."""

    def __init__(self, numbers: list[str]) -> None:
        kinds = zip(*map(forms, numbers), strict=True)
        self.kinds = [(os.path.commonprefix(kind), set(kind)) for kind in kinds]  # noqa: RUF071 - no paths

    def found_in(self, content: bytes) -> set[str]:
        return {form.decode("latin-1") for begin, kind in self.kinds for form in self._of(begin, kind, content)}

    @staticmethod
    def _of(begin: bytes, kind: set[bytes], content: bytes) -> Iterator[bytes]:
        [length] = {len(form) for form in kind}
        at = content.find(begin)
        while at >= 0:
            if (form := content[at : at + length]) in kind:
                yield form
            at = content.find(begin, at + 1)


@pytest.fixture(scope="module")
def own(assets: None, small_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Path]]:
    """A copy of the small town with an application of its own, whose files are searched afterwards."""
    folder = tmp_path_factory.mktemp("zoek")
    for name in (DATABASE_NAME, KEYS_NAME, "brp.csv"):
        shutil.copyfile(small_town / name, folder / name)
    (folder / KEYS_NAME).chmod(0o600)
    settings = Settings(
        database_url=f"sqlite:///{folder / DATABASE_NAME}",
        sleutelbestand=folder / KEYS_NAME,
        adres="http://testserver",
        tweede_stap="vrijwillig",
        werkmap=folder / "werk",
        uitbox=folder / "uitbox",
        metrics_token="meten",  # noqa: S106 - of an application that lives for this test
    )
    app = create_app(settings)
    yield app, folder
    app.state.web.store.close()


@pytest.fixture(scope="module")
def visitor(own: tuple[FastAPI, Path]) -> Visitor:
    app, _ = own
    store = app.state.web.store
    email = add_account(store, "alles@testdam.nl", "Alles", list(Role), auteur="test").email
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        number = find_account(connection, email=email)["account_id"]
        begun = begin_session(connection, number, stage=FULL, device="test", moment=clock.now())
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(app.state.web.cookie, begun.token)
    return Visitor(client, email)


def test_the_search_finds_each_form() -> None:
    search = Search(["999990019", "999993653"])
    for form in forms("999993653"):
        assert search.found_in(b"x" + form + b"x"), form
    assert not search.found_in(b"999993652 0606010000000001")


def test_no_bsn_leaves_through_the_web(
    own: tuple[FastAPI, Path], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, folder = own
    numbers = made_numbers(folder)
    assert len(numbers) > 100
    search, stream = Search(numbers), io.StringIO()
    configure_logs(stream=stream, as_json=True)
    one = numbers[7]
    answers: list[tuple[str, bytes]] = []

    def keep(what: str, answer: object) -> None:
        # What somebody typed himself comes back in his own form; nobody else's number may.
        answers.append((what, answer.content + str(answer.headers).encode()))

    with app.state.web.store.read() as connection:
        row = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today()).rows[0]
    names = {"woning": row["adresseerbaar_object_id"], "straat": "a", "bewijs": row["bewijs"], "eigenaar": "0" * 16,
             "zaak": "Z-2026-0001", "rij": "1"}  # fmt: skip
    for name, path in PAGES.items():
        if name not in BEFORE and not path.startswith(("/voorraad", "/kaart")):
            keep(path, visitor.get(path.format(**names)))
    why = {"doel": "toezicht_huisvestingswet", "verwerking": "toezicht_huisvestingswet", "zaak": "Z-1", "reden": "x"}
    for part in ("bewoners", "eigenaren"):
        keep(part, visitor.post(f"/woningen/{names['woning']}/{part}", why))
    for path in ("/werklijsten/1/bestanden/telefoon", "/werklijsten/1/bestanden/papier", "/v1/signalen", "/v1/runs"):
        keep(path, visitor.get(path))
    _send_files(visitor, folder, keep)
    _fail_with(app, visitor, one, keep, monkeypatch)
    keep("metrics", visitor.client.get("/metrics", headers={COUPLED: "Bearer meten"}))
    assert len(answers) > 45
    leaked = {what: found for what, content in answers if (found := search.found_in(content))}
    assert leaked == {}
    logged = stream.getvalue()
    assert "unexpected_error" in logged
    assert len(logged) > 5_000
    assert [line[:20_000] for line in logged.splitlines() if search.found_in(line.encode())] == []
    assert {
        path.name: search.found_in(path.read_bytes()) for path in _written(folder) if search.found_in(path.read_bytes())
    } == {}


def _written(folder: Path) -> list[Path]:
    """What the program wrote: the database, its journal, tasks and messages; not the files that it was given."""
    written = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("brp.csv", "geen-kop.csv")]
    assert any(path.name == DATABASE_NAME for path in written)
    return written


def _send_files(visitor: Visitor, folder: Path, keep: object) -> None:
    """Residents without headers, and as the file of a phone: what is said of them, and of their tasks."""
    lines = (folder / "brp.csv").read_bytes().splitlines()[1:4]
    content, token = b"\n".join(lines), {"X-CSRF-Token": visitor.token()}
    answer = visitor.client.post("/bezoeken", files={"bestand": ("x.json", content, "text/csv")}, headers=token)
    keep("bezoeken", answer)
    sent = visitor.client.post(
        "/imports", data={"bron": "brp"}, files={"bestand": ("geen-kop.csv", content, "text/csv")}, headers=token
    )
    assert sent.status_code == 303
    work(visitor)
    keep("taak", visitor.get(sent.headers["location"]))
    keep("imports", visitor.get("/imports"))


def work(visitor: Visitor) -> None:
    """Let a worker do what was asked."""
    web = visitor.client.app.state.web
    folder = WorkFolder(web.settings.werkmap)
    shop = Workshop(web.store, folder, web.cipher, web.access_log, web.law, keep_names=False)
    while do_next(web.store, folder, lambda task: do_task(shop, task)):
        pass


def _fail_with(app: FastAPI, visitor: Visitor, number: str, keep: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A BSN in the form, the body, the path and the question of a request that fails, and of one that is refused."""
    token = new_coupling(app.state.web.store, visitor.email, auteur="test")
    coupled = TestClient(app, raise_server_exceptions=False, headers={COUPLED: f"Bearer {token}"})
    body = {"zoektekst": number, "zaak": "Z-1"}
    wrong = {"type": "RaadpleegMetPeildatum", "adresseerbaarObjectIdentificatie": number, "peildatum": number}
    keep("v1 refused", coupled.post("/v1/eigenaren/_zoek", json=body | {"anders": number}))
    keep("bewoning refused", coupled.post("/haalcentraal/api/bewoning/bewoningen", json=wrong))
    keep("v1 path", coupled.get(f"/v1/adresseerbare-objecten/{number}"))
    keep("v1 question", coupled.get("/v1/signalen", params={"gebied": number * 6, "pagina": number}))

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError(f"could not read person {number} of {json.dumps([number, int(number)])}")

    with monkeypatch.context() as patch:
        for place in ("registry.web.pages.search.find_eigenaren", "registry.web.pages.search.find_by_adres",
                      "registry.web.pages.woning.read_dwelling", "registry.web.api.v1.routes.owners_to_show",
                      "registry.web.api.v1.routes.list_signals"):  # fmt: skip
            patch.setattr(place, fail)
        failed = [
            visitor.post("/zoeken/eigenaar", {"naam": number}),
            visitor.get("/zoeken", params={"q": f"straat {number}"}),
            visitor.get(f"/woningen/{number}"),
            coupled.post("/v1/eigenaren/_zoek", json=body),
            coupled.get("/v1/signalen", params={"gebied": number}),
        ]
    assert {answer.status_code for answer in failed} == {500}
    for answer in failed:
        keep(f"500 {answer.request.url.path[:12]}", answer)
