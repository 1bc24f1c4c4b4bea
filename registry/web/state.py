"""What one running application holds: the registry, its settings, the law, and where its assets are."""

from dataclasses import dataclass, field
from datetime import date

import jinja2
from fastapi import Request

from registry import clock
from registry.crypto import BsnCipher
from registry.privacy.access import AccessLog
from registry.privacy.activities import Verwerking, Verwerkingsregister
from registry.privacy.keyring import Keyring
from registry.settings import Settings
from registry.store.engine import Store
from registry.web.auth.provider import IdentityProvider
from registry.web.auth.users import UserManager
from registry.web.metrics import Metrics
from registry.web.theme import Theme
from rules.parameters import Law


@dataclass(frozen=True, slots=True)
class Web:
    """The application, as routes reach it with ``web_of(request)``."""

    settings: Settings
    store: Store
    keyring: Keyring = field(repr=False)
    access_log: AccessLog
    law: Law
    users: UserManager
    templates: jinja2.Environment
    assets: dict[str, str]
    metrics: Metrics
    activities: Verwerkingsregister
    provider: IdentityProvider | None = None
    theme: Theme | None = None

    @property
    def cipher(self) -> BsnCipher:
        """The cipher of this moment: keys may be replaced while the application runs."""
        return self.keyring.cipher()

    @property
    def secure(self) -> bool:
        """Whether people reach it over https."""
        return self.settings.adres.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the cookie of a session; the prefix binds it to this host and to https."""
        return "__Host-woonregister" if self.secure else "woonregister"

    @property
    def form_cookie(self) -> str:
        """The name of the cookie that a form before signing in carries."""
        return f"{self.cookie}-formulier"

    def purpose(self, code: str) -> Verwerking:
        """A processing activity as it holds today."""
        return self.activities.find(code, clock.today())

    def today(self) -> date:
        """The date of today in the Netherlands."""
        return clock.today()


def web_of(request: Request) -> Web:
    """The application of a request."""
    web: Web = request.app.state.web
    return web
