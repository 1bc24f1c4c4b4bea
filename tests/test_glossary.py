"""Every name in this code consists of words from the vocabulary or of plain English ones."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import architecture
import pytest

from importers.records import RECORD_TYPES
from registry.domain.vocabulary import TERMS
from registry.store.tables import metadata

ENGLISH = frozenset((Path(__file__).parent / "english_words.txt").read_text(encoding="utf-8").split())
DUTCH = {tuple(form.split("_")) for term in TERMS for form in (term.term, *term.forms)}
LONGEST = max(map(len, DUTCH))


def words(name: str) -> list[str]:
    """The words of a snake or camel name, without numbers."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return [word.lower() for word in found]


def is_known(parts: list[str]) -> bool:
    """Whether the words can be read, from left to right, as terms and English words."""
    if not parts:
        return True
    if parts[0] in ENGLISH and is_known(parts[1:]):
        return True
    return any(tuple(parts[:n]) in DUTCH and is_known(parts[n:]) for n in range(1, LONGEST + 1) if n <= len(parts))


def module_and_class_names() -> Iterator[tuple[str, str]]:
    for path, text in architecture.modules():
        for part in Path(path).with_suffix("").parts:
            yield path, part
        for node in ast.walk(architecture.parsed(text)):
            if isinstance(node, ast.ClassDef):
                yield path, node.name


def table_and_column_names() -> Iterator[tuple[str, str]]:
    for table in metadata.tables.values():
        yield "table", table.name
        for column in table.columns:
            yield table.name, column.name
    for record in RECORD_TYPES.values():
        for column_name in record.columns:
            yield record.name, column_name


@pytest.mark.parametrize("names", [module_and_class_names, table_and_column_names])
def test_every_name_is_in_the_vocabulary_or_english(names: object) -> None:
    unknown = {f"{where}: {name}" for where, name in names() if not is_known(words(name))}
    assert unknown == set(), "add the term to registry/domain/vocabulary.py, or the English word to english_words.txt"


def test_a_word_that_nobody_explained_is_noticed() -> None:
    assert is_known(words("VerblijfsobjectFacts"))
    assert is_known(words("datum_aanvang_adreshouding"))
    assert not is_known(words("adreshouding_facts"))
    assert not is_known(words("vbo_id"))
    assert not is_known(words("Woonhuis"))


def test_the_vocabulary_is_in_order_and_complete() -> None:
    assert len(TERMS) > 100
    forms = [form for term in TERMS for form in (term.term, *term.forms)]
    assert sorted({form for form in forms if forms.count(form) > 1}) == []
    for term in TERMS:
        assert term.source, term
        assert len(term.meaning) > 3, term
        assert re.fullmatch(r"[a-z_]+", term.term), term


def test_no_word_is_both_dutch_and_english_without_need() -> None:
    assert {word for word in ENGLISH if (word,) in DUTCH} == set()
