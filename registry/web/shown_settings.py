"""The settings as a page may show them: grouped, with how to change them, and never a secret."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from registry.settings import Settings

GROUPS: Final = {
    "Gemeente": ("gemeente_naam", "thema", "gemeente_rsin", "afzender_adres", "afzender_rekening", "rubricering",
                 "briefsjablonen"),
    "Privacy": ("omgeving", "persoonsgegevens", "sleutelbestand", "sleutels", "toegangslog_ankers", "logboek_url",
                "verwerkingsregister", "bewaartermijnen"),
    "Afscherming van cijfers": ("afscherming_minimum", "afscherming_afronding"),
    "Aanmelden": ("adres", "tweede_stap", "oidc_issuer", "oidc_client_id", "oidc_client_secret", "uitbox"),
    "Planning en kaart": ("steekproef_aandeel", "achtergrondkaart_adres", "achtergrondkaart_stijl"),
    "Zaaksysteem": ("zaaksysteem_url", "zaaksysteem_client", "zaaksysteem_zaaktype", "zaaksysteem_geheim"),
}  # fmt: skip
REST: Final = "Techniek"
_DATABASES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting: what it is, its value in words, and the name by which it is changed."""

    naam: str
    omschrijving: str
    waarde: str
    eigen: bool  # whether it differs from what the program does by itself
    variabele: str


def shown_settings(settings: Settings) -> dict[str, list[ShownSetting]]:
    """Every setting by group; what no group names stands in the last one."""
    named = {name for names in GROUPS.values() for name in names}
    rest = tuple(name for name in type(settings).model_fields if name not in named)
    return {group: [_shown(settings, name) for name in names] for group, names in {**GROUPS, REST: rest}.items()}


def _shown(settings: Settings, name: str) -> ShownSetting:
    field, value = type(settings).model_fields[name], getattr(settings, name)
    usual = None if field.default is PydanticUndefined else field.default
    return ShownSetting(
        name.replace("_", " "), field.description or "", _words(name, value), value != usual,
        f"WOONREGISTER_{name.upper()}",
    )  # fmt: skip


def _words(name: str, value: object) -> str:
    if value is None:
        return "niet ingesteld"
    if isinstance(value, SecretStr):
        return "ingesteld; wordt nergens getoond"
    text = str(value)
    if name == "database_url":
        # An address of a database may hold a password.
        return _DATABASES.get(text.partition(":")[0].partition("+")[0], "onbekend")
    return _without_secrets(text) if "://" in text else text


def _without_secrets(address: str) -> str:
    """An address without a password and without what stands after the question mark."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
