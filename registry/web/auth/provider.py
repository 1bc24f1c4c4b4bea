"""Signing in with the identity provider of the municipality (OpenID Connect, authorization code with PKCE).

The only place of the web that asks another server something. The provider says who somebody is; what he may do stands
here, so an account must exist already. Its second step is that of the provider.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx
import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from registry.accounts.manage import ACCOUNT_LOCK
from registry.crypto import BsnCipher, KeysError
from registry.errors import UsageError
from registry.settings import Settings
from registry.store.engine import Store
from registry.store.queries import accounts as stored

SEALED_SECONDS = 600  # how long somebody may take to sign in there
_LEEWAY_SECONDS = 60
_TIMEOUT_SECONDS = 10
# What a provider may sign with: keys that it publishes, never a shared secret and never nothing.
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
# authlib asks with the one or the other, by its release.
_HTTP_ERRORS = (httpx.HTTPError, httpx2.HTTPError)
_REFUSED = "Aanmelden via de gemeente is niet gelukt. Probeer het opnieuw, of meld het de beheerder."


class ProviderError(UsageError):
    """The provider refused, or said something that cannot be trusted."""

    code = "aanbieder"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send a browser, and what it must bring back (sealed, for in a cookie)."""

    address: str
    sealed: str


class IdentityProvider:
    """The provider of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = (settings.oidc_issuer or "").rstrip("/")
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
        self._return = f"{settings.adres.rstrip('/')}/aanmelden/gemeente/terug"

    def depart(self, cipher: BsnCipher, *, target: str, moment: datetime) -> Departure:
        """Begin: the address of the provider for this browser.

        Raises:
            ProviderError: the provider does not answer.
        """
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        with self._client() as client:
            address, state = client.create_authorization_url(
                self._metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        content = {"state": state, "nonce": nonce, "verifier": verifier, "verder": target}
        return Departure(address, cipher.encrypt(json.dumps(content | {"tot": moment.timestamp() + SEALED_SECONDS})))

    def arrive(self, cipher: BsnCipher, address: str, sealed: str, *, moment: datetime) -> tuple[dict[str, Any], str]:
        """End: who the provider says that somebody is (claims of the id token), and where he wanted to go.

        Raises:
            ProviderError: this browser did not begin here, took too long, or the answer cannot be trusted.
        """
        try:
            kept = json.loads(cipher.decrypt(sealed))
        except (KeysError, ValueError) as error:
            raise ProviderError(_REFUSED) from error
        if kept["tot"] < moment.timestamp():
            raise ProviderError("Het aanmelden duurde te lang. Begin opnieuw.")
        try:
            with self._client() as client:
                token = client.fetch_token(
                    self._metadata["token_endpoint"],
                    authorization_response=address,
                    state=kept["state"],
                    code_verifier=kept["verifier"],
                )
        except (AuthlibBaseError, *_HTTP_ERRORS, ValueError) as error:
            raise ProviderError(_REFUSED) from error
        return self._claims(str(token.get("id_token", "")), kept["nonce"], moment), str(kept["verder"])

    def _claims(self, id_token: str, nonce: str, moment: datetime) -> dict[str, Any]:
        try:
            read = jwt.decode(id_token, self._keys, algorithms=list(_ALGORITHMS))
            wanted = jwt.JWTClaimsRegistry(
                now=int(moment.timestamp()),
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client_id},
                nonce={"essential": True, "value": nonce},
                exp={"essential": True},
                sub={"essential": True},
            )
            wanted.validate(read.claims)
        except (JoseError, ValueError) as error:
            raise ProviderError(_REFUSED) from error
        return dict(read.claims)

    @cached_property
    def _metadata(self) -> dict[str, Any]:
        found = self._get(f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderError("De aanbieder noemt zich anders dan de instelling WOONREGISTER_OIDC_ISSUER.")
        return found

    @property
    def _keys(self) -> KeySet:
        # Asked for at each sign-in: a provider that replaces its keys is believed at once.
        return KeySet.import_key_set(self._get(self._metadata["jwks_uri"]))  # type: ignore[arg-type]

    def _get(self, address: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                answer = client.request("GET", address, withhold_token=True)
                answer.raise_for_status()
                content: dict[str, Any] = answer.json()
        except (AuthlibBaseError, *_HTTP_ERRORS, ValueError) as error:
            raise ProviderError("De aanbieder waarmee de gemeente aanmeldt is niet bereikbaar.") from error
        return content

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._secret,
            scope="openid email",
            redirect_uri=self._return,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )


def account_of(store: Store, issuer: str, claims: dict[str, Any], *, moment: datetime) -> int:
    """The number of the account that belongs to an identity; at the first time found by its confirmed address.

    Raises:
        ProviderError: there is none, it is blocked, or its address was not confirmed.
    """
    subject = str(claims["sub"])
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        number = stored.find_identity(connection, issuer, subject)
        if number is None and claims.get("email") and claims.get("email_verified") is True:
            row = stored.find_account(connection, email=str(claims["email"]).strip().lower())
            if row is not None:
                number = row["account_id"]
                stored.insert_identity(connection, number, issuer, subject, moment=moment)
                stored.add_event(connection, number, "aanbieder_gekoppeld", auteur=row["email"], moment=moment)
        found = None if number is None else stored.find_account(connection, account_id=number)
    if found is None or not found["is_active"]:
        raise ProviderError("Er is geen account van u in Woonregister. Vraag de beheerder er een te maken.")
    return int(found["account_id"])
