"""Answers of an API as people save them."""

import json
import zipfile
from pathlib import Path

import pytest

from importers.json_files import is_json, read_documents
from registry.errors import SourceRefusedError

ONE, TWO = {"a": 1}, {"a": 2, "naam": "Loïs"}


def contents(path: Path) -> list[object]:
    return [document.content for document in read_documents(path)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lijst.json", json.dumps([ONE, TWO])),
        ("regels.jsonl", json.dumps(ONE) + "\n\n" + json.dumps(TWO) + "\n"),
        ("regels.json", json.dumps(ONE) + "\r\n" + json.dumps(TWO)),
        ("bom.json", "\ufeff" + json.dumps([ONE, TWO], indent=2, ensure_ascii=False)),
    ],
)
def test_the_same_answers_in_every_shape_of_file(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert is_json(path)
    assert contents(path) == [ONE, TWO]


def test_a_folder_and_a_zip_give_their_files_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "antwoorden"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "1.json").write_text(json.dumps(TWO))
    (folder / "a.json").write_text(json.dumps(ONE))
    (folder / "lees mij.txt").write_text("geen antwoord")
    packed = tmp_path / "antwoorden.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for member in sorted(folder.rglob("*.*")):
            archive.write(member, member.relative_to(folder))
    for path in (folder, packed):
        assert is_json(path)
        assert [(document.source_file, document.ordinal) for document in read_documents(path)] == [
            ("a.json", 1), ("b/1.json", 1),
        ]  # fmt: skip
        assert contents(path) == [ONE, TWO]


@pytest.mark.parametrize("text", ["Adres;Waarde\nSingel 1;2\n", "", "<html>"])
def test_another_text_is_no_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lijst.json"
    path.write_text(text)
    assert not is_json(path)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"a": 1', "regel 1"),
        ('{"a": 1}\n{"a": ', "regel 2"),
        ("[1, 2]", "geen JSON-object"),
        ("[]", "geen antwoord"),
        pytest.param('{"a": ' + "[" * 100_000, "regel 1", id="diep genest"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "regel 1", id="lang getal"),
        ('{"status": 401, "title": "Niet correct geauthenticeerd."}', "status 401"),
    ],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "antwoord.json"
    path.write_text(text)
    with pytest.raises(SourceRefusedError, match=part):
        contents(path)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "antwoord.json"
    path.write_bytes('{"naam": "Loïs"}'.encode("latin-1"))
    with pytest.raises(SourceRefusedError, match="UTF-8"):
        contents(path)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "antwoorden.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", json.dumps([ONE] * 1000))
    whole = path.read_bytes()
    path.write_bytes(whole[:45] + bytes(30) + whole[75:])
    with pytest.raises(SourceRefusedError, match="beschadigd"):
        contents(path)


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "regels.jsonl"
    path.write_text('{"a": "een\u2028twee"}\n{"a": 2}\n', encoding="utf-8")
    assert contents(path) == [{"a": "een\u2028twee"}, {"a": 2}]
