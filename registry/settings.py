"""Settings from the environment (``WOONREGISTER_…``) or a ``.env`` file: the only place that reads them."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a municipality sets for its own registry."""

    model_config = SettingsConfigDict(env_prefix="WOONREGISTER_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default="sqlite:///woonregister.db",
        description="Adres van de database: sqlite:///bestand.db of postgresql+psycopg://gebruiker@host/naam",
    )
    persoonsgegevens: Literal["minimaal", "namen"] = Field(
        default="minimaal", description="minimaal: namen van bewoners worden niet bewaard; namen: wel"
    )
    sleutelbestand: Path = Field(
        default=Path("woonregister.sleutels"),
        description="Bestand met de sleutels voor het versleutelen van BSN's; bewaar het buiten de database",
    )
    omgeving: Literal["ontwikkeling", "productie"] = Field(
        default="ontwikkeling",
        description="productie: met echte personen; dan start niets met demosleutels of zelfgemaakte sleutels",
    )
    toegangslog_ankers: Path | None = Field(
        default=None,
        description="Bestand buiten de database waarin het kenmerk van elke regel van het toegangslog wordt bewaard",
    )
    verwerkingsregister: Path | None = Field(
        default=None, description="Eigen register van verwerkingsactiviteiten, in plaats van het meegeleverde"
    )
    bewaartermijnen: Path | None = Field(
        default=None, description="Eigen lijst van bewaartermijnen, in plaats van de meegeleverde"
    )
    logboek_url: str | None = Field(
        default=None, description="Adres (OTLP over HTTP) van het logboek waarnaar het toegangslog wordt doorgezonden"
    )
    sleutels: SecretStr | None = Field(
        default=None, description="De sleutels zelf, in plaats van het sleutelbestand (voor een kluis of container)"
    )
    afscherming_minimum: int = Field(
        default=10, ge=1, description="Aantallen van 1 tot dit getal worden verborgen in wat het beleidsteam verlaat"
    )
    afscherming_afronding: int = Field(
        default=5, ge=1, description="Waarop de andere aantallen dan worden afgerond; 1 is niet afronden"
    )
