"""Around every request: its number, headers that keep browsers strict, a limit on uploads, counts and a log line."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.web.errors import TooLargeError, WebError
from registry.web.state import Web

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
Refusal = Callable[[Scope, WebError], Awaitable[Response]]
_LISTENED_TO = 5  # so many times the largest upload
_QUIET = ("/static/", "/health/", "/metrics")
# What may be sent where no file belongs: forms for who is not signed in, and questions of programs. What is larger
# would wait on the disk, or in memory, before anybody looks who sends it.
_SMALL = {"/aanmelden": 64, "/afmelden": 64, "/wachtwoord": 64, "/v1": 1024, "/haalcentraal": 1024}  # kB


def content_security_policy(sources: str = "") -> str:
    """The policy: our own files only, nothing inline. ``sources``: the one configured origin of a background map."""
    extra = f" {sources}" if sources else ""
    parts = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob:{extra}",
        "font-src": "'self'",
        "connect-src": f"'self'{extra}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def security_headers(web: Web) -> Mapping[str, str]:
    """The headers of every answer."""
    headers = {
        "Content-Security-Policy": content_security_policy(web.settings.achtergrondkaart_adres or ""),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if web.secure else {})


class Surroundings:
    """Middleware without buffering: wraps every request in what this module says."""

    def __init__(self, app: ASGIApp, web: Web, refuse: Refusal) -> None:
        self._app = app
        self._refuse = refuse
        self._web = web
        self._headers = security_headers(web)
        self._most = web.settings.upload_maximum_mb * 1024 * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope["woonregister"] = {"request_id": request_id}
        started, status = time.perf_counter(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                refused = self._refused(scope, headers)
                if isinstance(refused, TooLargeError):
                    await self._let_go_by(headers, receive)
                app = self._app if refused is None else await self._refuse(scope, refused)
                await app(scope, self._limited(receive, self._most_for(scope)), send_with_headers)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers["X-Request-ID"] = scope["woonregister"]["request_id"]
        is_static = scope["path"].startswith("/static/")
        headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if is_static else "no-store")
        form_token = scope["woonregister"].get("form_token")
        if form_token is not None:
            secure = "; Secure" if self._web.secure else ""
            headers.append(
                "Set-Cookie", f"{self._web.form_cookie}={form_token}; Path=/; HttpOnly; SameSite=Lax{secure}"
            )

    def _refused(self, scope: Scope, headers: Headers) -> WebError | None:
        length, most = headers.get("content-length", "0"), self._most_for(scope)
        if length.isdecimal() and int(length) > most:
            return _too_large(most)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return WebError("Dit adres kan niet bestaan.")  # PostgreSQL keeps no nul, and nobody types one
        return None

    def _most_for(self, scope: Scope) -> int:
        """How many bytes a request may bring."""
        first = "/" + scope["path"].lstrip("/").partition("/")[0]
        small = _SMALL.get(first)
        return self._most if small is None else min(self._most, small * 1024)

    async def _let_go_by(self, headers: Headers, receive: Receive) -> None:
        """Read what is refused, unless it is far too much: a browser that is still sending hears no answer."""
        left = int(headers.get("content-length", "0"))
        goes_on = left <= _LISTENED_TO * self._most
        while goes_on and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            goes_on = message["type"] == "http.request" and message.get("more_body", False)

    @staticmethod
    def _limited(receive: Receive, most: int) -> Receive:
        """``receive`` that stops at so many bytes, for who does not say beforehand how much he sends."""
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_large(most)
            return message

        return limited

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "onbekend")
        self._web.metrics.observe(scope["method"], route, status, seconds)
        if not scope["path"].startswith(_QUIET):
            # The route as it is written: an address could name a dwelling, a query what somebody looked for.
            structlog.get_logger().info(
                "request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000)
            )


def _too_large(most: int) -> TooLargeError:
    size = f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB"
    return TooLargeError(f"Dit is groter dan {size} en wordt niet aangenomen.")
