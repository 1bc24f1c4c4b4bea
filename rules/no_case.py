"""What a rule says of a dwelling without a transfer or a clause, with a receipt and an explanation like any other."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from rules.cases import KEYS, NOUNS, without_case
from rules.derivations.vaststellingen import OBJECT
from rules.explanation import Explanation
from rules.facts import RecordFrames
from rules.parameters import Law
from rules.rule import Rule, Uitkomst


def receipt_without_case(rule: Rule, frames: RecordFrames, law: Law, object_id: str) -> dict[str, Any]:
    """The outcome of a dwelling that no case of a rule is about, in the columns of a receipt.

    Args:
        rule: a rule about transfers or clauses.
        frames: what is known, with the dwelling in it.
        law: the law files.
        object_id: the dwelling.
    """
    objects = frames.adresseerbare_objecten.filter(pl.col(OBJECT) == object_id)
    gemeente = objects.get_column("gemeente").item(0)
    said = without_case(rule, frames)
    facts = {
        OBJECT: object_id,
        KEYS[rule.case]: None,
        "gemeente": gemeente,
        "peildatum": frames.peildatum.isoformat(),
        "uitkomst": said["uitkomst"],
        "onbekende_feiten": said["onbekende_feiten"],
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    wet_hash, feiten_hash = law.hash_for(gemeente), _sha(text)
    seed = f"{rule.id}|{rule.version}|{wet_hash}|{facts['peildatum']}|{feiten_hash}"
    row = {"regel": rule.id, "regel_versie": rule.version, OBJECT: object_id, "feiten": text, "parameters": "{}"}
    return row | said | {"feiten_hash": feiten_hash, "wet_hash": wet_hash, "bewijs": _sha(seed)[:16]}


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def explain_without_case(rule: Rule, row: Mapping[str, Any], facts: Mapping[str, Any]) -> Explanation:
    """Why there is nothing to judge, or why that is not known."""
    noun, plural = NOUNS[rule.case]
    known = facts["uitkomst"] == Uitkomst.NIET_VAN_TOEPASSING
    told = (
        f"Van deze woning is op de peildatum geen {noun} bekend. Deze regel beoordeelt alleen een {noun}; "
        "er valt dus niets te toetsen."
        if known
        else f"De {plural} zijn nooit ingelezen."
    )
    changed = f"er {'toch' if known else 'in de ingelezen gegevens'} een {noun} van deze woning bleek te zijn"
    return Explanation(
        regel=rule.id,
        regel_versie=rule.version,
        title=rule.title,
        label=rule.label,
        key=facts[OBJECT],
        adresseerbaar_object_id=facts[OBJECT],
        geval=None,
        adres=None,
        peildatum=facts["peildatum"],
        uitkomst=facts["uitkomst"],
        beslissend=None,
        sentence=told,
        onbekende_feiten=tuple(facts["onbekende_feiten"]),
        needed=() if known else (f"de {plural} (nooit ingelezen)",),
        steps=(),
        notes=(),
        changes=(f"{changed}; dan werd die getoetst.",),
        context=(),
        results=dict.fromkeys(("periode_van", "periode_tot", "tot")),
        bewijs=row.get("bewijs"),
        wet_hash=row.get("wet_hash"),
    )
