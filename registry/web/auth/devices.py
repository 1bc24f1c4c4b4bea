"""A browser in words, so that somebody recognises a session; the full text is not kept."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
            ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """``Firefox op Windows``."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "onbekende browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "onbekend systeem")
    return f"{browser} op {system}"
