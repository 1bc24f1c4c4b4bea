"""The rule book is made from the rules and the law; the one in docs is current."""

from datetime import date
from pathlib import Path

from rules.catalogue import RULES
from rules.law_list import law_warnings, list_law
from rules.parameters import load_law
from rules.rulebook import render_rulebook

LAW = load_law()
BOOK = Path(__file__).parents[2] / "docs" / "regelboek.md"
REMAKE = (
    'python -c "from pathlib import Path; from rules.rulebook import render_rulebook; from rules.parameters import '
    "load_law; Path('docs/regelboek.md').write_text(render_rulebook(load_law()), encoding='utf-8')\""
)


def test_the_book_in_docs_is_current() -> None:
    assert BOOK.read_text(encoding="utf-8") == render_rulebook(LAW), f"make it again: {REMAKE}"


def test_the_book_holds_every_step_and_every_municipality() -> None:
    book = render_rulebook(LAW)
    for rule in RULES.values():
        for step in rule.steps:
            assert f"**{step.question}**" in book
            assert step.source in book
    for code, file in LAW.gemeenten.items():
        assert f"### {file.naam} ({code})" in book
    assert "| 355.000 euro |" in book
    assert "overtreding" not in book.lower()


def test_the_list_tells_what_is_in_force_not_confirmed_and_ending() -> None:
    lines = {line.naam: line for line in list_law(LAW, "GM0606", date(2027, 1, 1))}
    limit = lines["opkoopbescherming.grens_max"]
    assert (limit.waarde, limit.te_bevestigen, limit.eigen_waarde) == (450_000, True, True)
    assert (limit.eindigt, limit.eindigt_binnen_een_jaar) == (date(2028, 1, 1), True)
    earlier = {line.naam: line for line in list_law(LAW, "GM0606", date(2026, 12, 31))}
    assert not earlier["opkoopbescherming.grens_max"].eindigt_binnen_een_jaar
    term = lines["opkoopbescherming.termijn_jaren"]
    assert (term.waarde, term.te_bevestigen, term.eigen_waarde) == (4, False, False)


def test_national_values_alone_hold_no_ordinance() -> None:
    names = {line.naam for line in list_law(LAW, None, date(2024, 1, 1))}
    assert "overbewoning.m2_per_persoon" in names
    assert "opkoopbescherming.grens_min" not in names


def test_what_an_administrator_has_to_look_at_is_said() -> None:
    assert "geen wetsbestand" in law_warnings(LAW, "GM0001", date(2026, 1, 1))[0]
    old = law_warnings(LAW, "GM0392", date(2026, 11, 24))
    assert any("ten hoogste vier jaar" in text for text in old)
    assert not any("ten hoogste vier jaar" in text for text in law_warnings(LAW, "GM0392", date(2026, 1, 31)))
    assert any("gebieden" in text for text in law_warnings(LAW, "GM0599", date(2023, 6, 1)))
