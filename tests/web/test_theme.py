"""A municipality brings its own style: tokens in a file, on every page, and nothing else of it."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from visitor import Visitor

from registry.errors import UsageError
from registry.settings import Settings
from registry.web.app import create_app
from registry.web.theme import read_theme

TOKENS = ":root { --wr-brand: #00811f; }\n"


def test_pages_wear_the_style_of_the_municipality(assets: None, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "huisstijl.css"
    file.write_text(TOKENS, encoding="utf-8")
    app = create_app(settings.model_copy(update={"thema": file}))
    client = TestClient(app, follow_redirects=False)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/aanmelden").text)
    assert [sheet.split("/")[1] for sheet in sheets] == ["static", "thema"]  # the last one wins
    answer = client.get(sheets[1])
    assert (answer.status_code, answer.text) == (200, TOKENS)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/thema/000000000000.css").status_code == 303  # as everything that is not there
    app.state.web.store.close()


def test_without_a_file_there_is_no_second_sheet(stranger: Visitor) -> None:
    assert "/thema/" not in stranger.get("/aanmelden").text


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"<style>{}</style>", b"geen opmaak", b"a{}" * 200_000])
def test_what_is_no_sheet_of_style_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "huisstijl.css"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"WOONREGISTER_THEMA: huisstijl\.css"):
        read_theme(file)
    with pytest.raises(UsageError, match="niet te lezen"):
        read_theme(tmp_path / "er-niet.css")
