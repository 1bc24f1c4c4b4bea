"""All rules by id."""

from types import MappingProxyType

from registry.errors import UsageError
from rules.aanleidingen import LANGDURIGE_LEEGSTAND, OP_INGETROKKEN_OBJECT, ZONDER_WOONFUNCTIE
from rules.adresverschil import ADRESVERSCHIL
from rules.omzetting import OMZETTING
from rules.opkoopbescherming import OPKOOPBESCHERMING
from rules.overbewoning import OVERBEWONING
from rules.rule import Rule
from rules.zelfbewoningsplicht import ZELFBEWONINGSPLICHT

_ALL = (
    OVERBEWONING,
    OPKOOPBESCHERMING,
    ZELFBEWONINGSPLICHT,
    OMZETTING,
    ADRESVERSCHIL,
    ZONDER_WOONFUNCTIE,
    OP_INGETROKKEN_OBJECT,
    LANGDURIGE_LEEGSTAND,
)
RULES = MappingProxyType({rule.id: rule for rule in _ALL})


def find_rule(name: str) -> Rule:
    """The rule with this id.

    Raises:
        UsageError: there is no such rule.
    """
    if name not in RULES:
        raise UsageError(f"De regel '{name}' bestaat niet. Bekend zijn: {', '.join(sorted(RULES))}.")
    return RULES[name]
