"""The register of the municipality itself says for which purposes it decides, not the one that ships."""

import json
from pathlib import Path

import pytest
import yaml

from registry.cli import purposes
from registry.privacy.activities import SHIPPED, register_of


@pytest.fixture
def own(tmp_path: Path) -> Path:
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    listed = (
        content if isinstance(content, list) else next(value for value in content.values() if isinstance(value, list))
    )
    for one in listed:
        if one["code"] == "naleving_zelfbewoning":
            one["naam"] = "Onze eigen naam voor dit doel"
    path = tmp_path / "eigen.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_the_purposes_are_those_of_the_own_register(
    own: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WOONREGISTER_VERWERKINGSREGISTER", str(own))
    purposes.lijst(database_url=sqlite_url, as_json=True)
    rows = {row["verwerking"]: row["naam"] for row in json.loads(capsys.readouterr().out)}
    assert rows["naleving_zelfbewoning"] == "Onze eigen naam voor dit doel"
    monkeypatch.delenv("WOONREGISTER_VERWERKINGSREGISTER")
    purposes.lijst(database_url=sqlite_url, as_json=True)
    rows = {row["verwerking"]: row["naam"] for row in json.loads(capsys.readouterr().out)}
    assert rows["naleving_zelfbewoning"] != "Onze eigen naam voor dit doel"


def test_without_a_file_it_is_the_one_that_ships() -> None:
    assert {one.code for one in register_of(None).all()} >= {"naleving_zelfbewoning", "toezicht_huisvestingswet"}
