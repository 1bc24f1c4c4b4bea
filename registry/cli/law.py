"""``law``: what the law files say for a municipality on a date."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import ISO, AsJson, day_of, remark, show_json, show_table
from registry.errors import UsageError
from rules.law_list import law_warnings, list_law
from rules.parameters import shipped_law


def law(
    *,
    gemeente: Annotated[str | None, typer.Option(help="Code van de gemeente, bijvoorbeeld GM0606.")] = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    as_json: AsJson = False,
) -> None:
    """Tonen wat er op een dag geldt, wat nog bevestigd moet worden, en wat binnen een jaar eindigt."""
    texts, day = shipped_law(), day_of(op) or clock.today()
    if gemeente is not None and gemeente not in texts.gemeenten:
        known = ", ".join(sorted(texts.gemeenten))
        raise UsageError(f"Van {gemeente} is er geen wetsbestand. Er zijn bestanden van: {known}.")
    lines = list_law(texts, gemeente, day)
    warnings = law_warnings(texts, gemeente, day) if gemeente else ()
    if as_json:
        show_json({"op": day, "gemeente": gemeente, "regels": [asdict(line) for line in lines], "let_op": warnings})
        return
    rows = [
        {
            "naam": line.naam,
            "waarde": f"{line.waarde} {line.eenheid or ''}".strip(),
            "sinds": line.van,
            "eindigt": line.eindigt,
            "eigen": "ja" if line.eigen_waarde else "",
            "bevestigd": "nee" if line.te_bevestigen else "ja",
            "bron": line.bron,
        }
        for line in lines
    ]
    show_table(rows, f"Wat geldt op {day:%d-%m-%Y}{f' in {gemeente}' if gemeente else ''}")
    for warning in warnings:
        remark(f"Let op: {warning}")
