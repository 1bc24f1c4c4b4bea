"""The page of all figures, ``docs/prestaties.md``: how far one small machine goes, and every benchmark with its bound.

What the page says in Dutch besides is in ``summary.yml``; a line of it whose figures are not there is left out.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

HERE: Final = Path(__file__).resolve().parent
RESULTS, PAGE, SUMMARY = HERE / "results.json", HERE.parent / "docs" / "prestaties.md", HERE / "summary.yml"
Kept = dict[str, dict[str, dict[str, Any]]]
INTRODUCTION: Final = """# Prestaties

Deze bladzijde maakt `make bench` (`python -m benchmarks`); wat een uur of langer duurt heeft een eigen opdracht
(`make bench-land`, `make bench-inspecteurs`). Elke meting loopt in een eigen proces; het programma waarmee wordt
vergeleken loopt in dezelfde meting: alleen een verhouding zegt iets op een andere machine. Tijden zijn in seconden,
geheugen in MB van het hele proces. De beschrijvingen zijn die van de metingen zelf, in het Engels. Een `load` boven het
aantal kernen zegt dat anderen de machine gebruikten: tijden van de klok zijn dan te hoog, verhoudingen en tijden van
de processor (`cpu`) niet of weinig.
"""
PROCESSOR: Final = "of the processor"  # what a benchmark measures that does not look at the clock
_BUSY: Final = 3.0  # load on two cores above which the clock says little


def whole_page(results: Kept) -> str:
    """The page.

    Args:
        results: name -> ``measured`` (where, with what) and ``figures``.
    """
    told = yaml.safe_load(SUMMARY.read_text("utf-8"))
    sections = [section(name, kept, told["grenzen"].get(name)) for name, kept in sorted(results.items())]
    return "\n".join([INTRODUCTION, *_summary(told, results), *sections])


def _summary(told: Mapping[str, Any], results: Kept) -> list[str]:
    """How far one small machine goes."""
    lines = ["## Hoe ver komt één kleine machine", "", told["inleiding"].strip(), "", "| wat | gemeten | meting |",
             "|---|---|---|"]  # fmt: skip
    for row in told["samenvatting"]:
        figures = results.get(row["meting"], {}).get("figures", {})
        if all(name in figures for name in row["cijfers"]):
            values = [dutch(figures[name]) for name in row["cijfers"]]
            busy = " *" if is_busy(results[row["meting"]]) else ""
            link = f"[{row['meting']}](#{row['meting']})"
            lines.append(f"| {row['wat']} | {row['tekst'].format(*values)}{busy} | {link} |")
    lines += ["", "\\* gemeten terwijl anderen de machine gebruikten.", "", told["daarna"].strip(), ""]
    return lines


def is_busy(kept: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether others were using the machine while seconds of the clock were measured."""
    measured = kept["measured"]
    return float(measured.get("load", 0)) > _BUSY and measured.get("seconds") != PROCESSOR


def section(name: str, kept: Mapping[str, Mapping[str, Any]], bound: str | None) -> str:
    """One benchmark: what it is (its own words), where it was measured, its bound and a table."""
    source = ast.parse((HERE / f"bench_{name}.py").read_text("utf-8"))
    about = (ast.get_docstring(source) or "").split("\n\n")
    where = ", ".join(f"{key} {value}" for key, value in kept["measured"].items())
    again = [" **De machine was druk: de tijden van de klok moeten opnieuw worden gemeten.**"] if is_busy(kept) else []
    limit = [f"**Wat de grens is.** {bound.strip()}", ""] if bound else []
    rows = [f"| {figure} | {shown(value)} |" for figure, value in kept["figures"].items()]
    head = [f"## {name}", "", *about, "", f"*{where}*{''.join(again)}", "", *limit]
    return "\n".join([*head, "| figure | value |", "|---|---:|", *rows, ""])


def shown(value: object) -> str:
    """A figure with three significant digits, or whole."""
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else str(value)


def dutch(value: object) -> str:
    """A figure as a Dutch text has it: two significant digits behind the comma at most, dots between thousands."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if abs(value) >= 10:
        return f"{value:,.0f}".replace(",", ".")
    return f"{value:.2g}".replace(".", ",")
