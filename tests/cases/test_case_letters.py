"""Letters are drafts: facts filled in, blanks where something is missing, and a template's mistake has a name."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from registry.cases.amounts import calculate_fine
from registry.cases.file import CaseFile
from registry.cases.letter_fields import FIELDS
from registry.cases.letters import Brief, LetterInput, letter_context
from registry.errors import UsageError
from registry.exports.letters import (
    DRAFT,
    LetterTemplateError,
    fill_template,
    find_template,
    letter_names,
    write_letter,
)
from rules.parameters import shipped_law
from rules.sancties import shipped_sanctions

DOCS = Path(__file__).resolve().parents[2] / "docs"


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def made_template(folder: Path, name: str, *paragraphs: str) -> Path:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    path = folder / f"{name}.docx"
    document.save(str(path))
    return path


def context(case_file: CaseFile, letter: str = "vooraankondiging", **given: Any) -> dict[str, Any]:
    return letter_context(letter, case_file, LetterInput(**given))


@pytest.mark.parametrize("letter", list(Brief))
def test_every_letter_holds_the_facts_and_shows_what_is_missing(case_file: CaseFile, letter: Brief) -> None:
    content = fill_template(find_template(letter), context(case_file, letter, datum=date(2026, 11, 25)))
    text = text_of(content)
    assert case_file.subject.zaak is not None
    assert case_file.subject.zaak["zaak"] in text
    assert case_file.overview["adres"][0] in text
    assert "25-11-2026" in text
    assert "[… in te vullen: adres van het college …]" in text
    assert "[… in te vullen: aanhef …]" in text
    assert "{{" not in text
    assert "{%" not in text
    headers = {section.header.paragraphs[0].text for section in Document(io.BytesIO(content)).sections}
    assert headers == {DRAFT}


def test_an_order_names_its_version_its_amounts_and_its_ground(case_file: CaseFile) -> None:
    text = text_of(fill_template(find_template("last-onder-dwangsom"), context(case_file, "last-onder-dwangsom")))
    assert "versie 1 van besluit 1" in text
    assert "€ 5.000 per week" in text
    assert "maximum van € 20.000" in text
    assert "tot 01-10-2026" in text
    assert case_file.signals["bewijs"][0] in text
    assert "[… in te vullen: wat moet worden gedaan of gelaten …]" in text


def test_a_fine_shows_its_calculation_and_no_amount_that_nobody_decided(case_file: CaseFile) -> None:
    calculation = calculate_fine(
        shipped_sanctions(), shipped_law(), gemeente="GM0606", regel="opkoopbescherming",
        geconstateerd_op=date(2025, 1, 1), earlier=[],
    )  # fmt: skip
    filled = letter_context("boetebesluit", case_file, LetterInput(), calculation=calculation)
    text = text_of(fill_template(find_template("boetebesluit"), filled))
    assert "ten hoogste € 30.000" in text
    assert "Dit is een berekening en geen besluit" in text
    assert "bestuurlijke boete op van [… in te vullen: bedrag van de boete of de dwangsom …]" in text


def test_what_a_person_fills_in_goes_before_what_is_known(case_file: CaseFile) -> None:
    filled = context(case_file, texts={"last": "Stop daarmee & <direct>.", "aanleiding": "  "})
    assert filled["last"] == "Stop daarmee & <direct>."
    assert filled["aanleiding"] == "melding"


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+31", "-x", "@x", "\tx", "a\x00b\x07c\x1f", "naam 🏠 é", "x" * 40_000, "<w:p>&amp;{{ zaak }}"],
    ids=["is", "plus", "min", "apenstaart", "tab", "besturing", "emoji", "40000", "xml"],
)
def test_any_text_gives_a_letter_that_opens(case_file: CaseFile, value: str) -> None:
    content = fill_template(find_template("last-onder-dwangsom"), context(case_file, texts={"last": value}))
    text = text_of(content)
    if value.isprintable() and len(value) < 100:
        assert value in text
    elif len(value) > 100:
        assert "x" * 32_000 in text


@pytest.mark.parametrize(
    ("paragraph", "words"),
    [
        ("{{ bestaat_niet }}", "het veld 'bestaat_niet' bestaat niet"),
        ("{{ woning.kleur }}", "het veld 'kleur' bestaat niet"),
        ("{%p for x in signalen %}", "schrijffout"),
        ("{{ zaak | geen_filter }}", "schrijffout"),
        ("{{ zaak.__class__.__mro__ }}", "bestaat niet|niet worden ingevuld"),
    ],
)
def test_a_mistake_in_a_template_names_template_and_field(
    tmp_path: Path, case_file: CaseFile, paragraph: str, words: str
) -> None:
    template = made_template(tmp_path, "eigen-brief", paragraph)
    with pytest.raises(LetterTemplateError, match=words) as caught:
        fill_template(template, context(case_file))
    assert "eigen-brief.docx" in str(caught.value)


def test_what_is_no_word_file_is_refused_and_leaves_nothing(tmp_path: Path, case_file: CaseFile) -> None:
    template = tmp_path / "kapot.docx"
    template.write_text("geen zip")
    with pytest.raises(LetterTemplateError, match=r"kapot\.docx"):
        write_letter(tmp_path / "uit.docx", template, context(case_file))
    assert not (tmp_path / "uit.docx").exists()


def test_a_template_of_the_municipality_goes_first_and_a_path_is_no_name(tmp_path: Path) -> None:
    own = made_template(tmp_path, "boetebesluit", "{{ zaak }}")
    made_template(tmp_path, "nieuwe-brief", "{{ zaak }}")
    assert find_template("boetebesluit", tmp_path) == own
    assert set(letter_names(tmp_path)) == {*Brief, "nieuwe-brief"}
    for name in ("../boetebesluit", "bestaat-niet", ""):
        with pytest.raises(UsageError, match="Kies uit"):
            find_template(name, tmp_path)


def test_the_same_input_gives_the_same_bytes(case_file: CaseFile) -> None:
    first, second = (fill_template(find_template("intrekking"), context(case_file, "intrekking")) for _ in range(2))
    assert first == second
    assert zipfile.ZipFile(io.BytesIO(first)).namelist()[0] == "[Content_Types].xml"


def test_the_page_about_letters_lists_every_field() -> None:
    page = (DOCS / "brieven.md").read_text(encoding="utf-8")
    assert [name for name, what in FIELDS.items() if f"| `{name}` | {what} |" not in page] == []
