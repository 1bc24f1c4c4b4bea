"""Settings from the environment (``WOONREGISTER_…``) or a ``.env`` file: the only place that reads them."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the name that the library of Prometheus looks for


def share_metrics(folder: Path) -> None:
    """Let the processes that this one starts count in one folder."""
    os.environ[_METRICS_FOLDER] = str(folder)


def metrics_folder() -> Path | None:
    """Where the processes of this server count together; None when it is one process."""
    folder = os.environ.get(_METRICS_FOLDER)
    return Path(folder) if folder else None


class Settings(BaseSettings):
    """What a municipality sets for its own registry."""

    model_config = SettingsConfigDict(env_prefix="WOONREGISTER_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default="sqlite:///woonregister.db",
        description="Adres van de database: sqlite:///bestand.db of postgresql+psycopg://gebruiker@host/naam",
    )
    database_verbindingen: int = Field(
        default=15,
        ge=1,
        le=200,
        description="Verbindingen met PostgreSQL die een proces van de webtoepassing tegelijk open mag hebben",
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
    gemeente_naam: str = Field(default="Gemeente", description="Naam van de gemeente, boven elke webpagina")
    thema: Path | None = Field(
        default=None,
        description="Opmaakbestand (.css) met de huisstijl: eigen waarden voor de tokens van NL Design System",
    )
    adres: str = Field(
        default="http://127.0.0.1:8000",
        description="Adres waarop gebruikers de webpagina's bereiken; in productie begint het met https://",
    )
    tweede_stap: Literal["verplicht", "vrijwillig"] = Field(
        default="verplicht", description="Of een code uit een app nodig is bij het aanmelden met een wachtwoord"
    )
    uitbox: Path | None = Field(
        default=None,
        description="Map waarin berichten aan gebruikers (een nieuw wachtwoord) als .eml komen, om te versturen",
    )
    upload_maximum_mb: int = Field(default=200, ge=1, description="Het grootste bestand dat een webpagina aanneemt")
    metrics_token: SecretStr | None = Field(
        default=None, description="Sleutel waarmee Prometheus /metrics mag lezen; zonder deze is die pagina er niet"
    )
    achtergrondkaart_adres: str | None = Field(
        default=None,
        description="Herkomst (https://…) van een achtergrondkaart; die ziet dan welke plaatsen worden bekeken",
    )
    achtergrondkaart_stijl: str | None = Field(
        default=None, description="Adres van de stijl of tegels van die achtergrondkaart"
    )
    steekproef_aandeel: float = Field(
        default=0.0, ge=0, le=0.5, description="Deel van elke bezoeklijst dat bij lot uit woningen zonder signaal komt"
    )
    briefsjablonen: Path | None = Field(
        default=None, description="Map met eigen Wordsjablonen voor brieven; die gaan voor de meegeleverde"
    )
    afzender_adres: str | None = Field(default=None, description="Postadres van het college, in brieven")
    afzender_rekening: str | None = Field(default=None, description="Rekening voor betaling, in boetebesluiten")
    rubricering: str | None = Field(
        default=None, description="De regel boven elk blad van een dossier; standaard VERTROUWELIJK met uitleg"
    )
    zaaksysteem_url: str | None = Field(
        default=None, description="Adres van de Zaken API (ZGW) waaraan signalen worden overgedragen"
    )
    zaaksysteem_client: str | None = Field(default=None, description="Naam van deze registratie in het zaaksysteem")
    zaaksysteem_geheim: SecretStr | None = Field(default=None, description="Sleutel die verzoeken daaraan ondertekent")
    zaaksysteem_zaaktype: str | None = Field(default=None, description="Adres van het zaaktype van een nieuwe zaak")
    gemeente_rsin: str | None = Field(
        default=None, pattern=r"^[0-9]{9}$", description="RSIN van de gemeente, waaronder zij zaken maakt"
    )
    werkmap: Path = Field(
        default=Path("woonregister-werk"),
        description="Map waarin ingezonden bestanden wachten tot ze zijn ingelezen; webtoepassing en worker delen haar",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Adres van de aanbieder waarmee medewerkers van de gemeente aanmelden (OpenID Connect)",
    )
    oidc_client_id: str | None = Field(default=None, description="Onder welke naam die aanbieder Woonregister kent")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Het geheim dat bij die naam hoort")
