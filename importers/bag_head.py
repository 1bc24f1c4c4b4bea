"""The first bytes of an XML member: which document it is, and whether it is safe to parse."""

import re
from dataclasses import dataclass

from registry.errors import SourceRefusedError

HEAD_BYTES = 65_536

_COMMENT_OR_INSTRUCTION = re.compile(rb"<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)
_DECLARATION = re.compile(rb"^\s*<\?xml\s[^>]*\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s+[^<>]*)?)/?>")
_XMLNS = re.compile(rb"""\sxmlns(?::([\w.-]+))?\s*=\s*["']([^"']*)["']""")
_STAND_DATE = re.compile(rb"<(?:[\w.-]+:)?StandTechnischeDatum\s*>\s*([0-9-]+)\s*<")


@dataclass(frozen=True, slots=True)
class Head:
    """What the start of a member says: document element, its namespaces by prefix, encoding, technical date."""

    root_prefix: str
    root: str
    namespaces: dict[str, str]
    utf8: bool
    stand: str | None

    @property
    def root_namespace(self) -> str:
        """Namespace of the document element; empty when it has none."""
        return self.namespaces.get(self.root_prefix, "")

    def prefix_of(self, namespace: str) -> str | None:
        """The prefix that the document gives to a namespace, with its colon; None when it is not declared."""
        for prefix, declared in self.namespaces.items():
            if declared == namespace:
                return f"{prefix}:" if prefix else ""
        return None


def read_head(start: bytes, member: str) -> Head:
    """Read the start of an XML document (at least up to its document element).

    Raises:
        SourceRefusedError: it is no XML, or it has a DOCTYPE (entities could read files or exhaust memory).
    """
    text = _COMMENT_OR_INSTRUCTION.sub(b"", start.removeprefix(b"\xef\xbb\xbf"))
    declaration = _DECLARATION.match(text)
    body = text[declaration.end() :] if declaration else text
    root = _ROOT.search(body)
    if b"<!DOCTYPE" in (body if root is None else body[: root.start()]).upper():
        raise SourceRefusedError(
            f"{member} bevat een DOCTYPE. Dat hoort niet in een BAG-extract en is om veiligheidsredenen niet gelezen. "
            "Download het extract opnieuw bij het Kadaster."
        )
    if root is None or body[: root.start()].strip():
        raise SourceRefusedError(
            f"{member} is geen XML-bestand, of het is beschadigd. Download het extract opnieuw bij het Kadaster."
        )
    encoding = _ENCODING.search(declaration.group()) if declaration else None
    stand = _STAND_DATE.search(body)
    return Head(
        root_prefix=(root.group(1) or b"").decode().removesuffix(":"),
        root=root.group(2).decode(),
        namespaces={(prefix or b"").decode(): _printable(uri) for prefix, uri in _XMLNS.findall(root.group(3))},
        utf8=encoding is None or encoding.group(1).lower() in {b"utf-8", b"utf8"},
        stand=stand.group(1).decode() if stand else None,
    )


def _printable(text: bytes) -> str:
    """A text that a message may repeat: a terminal obeys some signs."""
    return "".join(sign if sign.isprintable() else "?" for sign in text.decode(errors="replace"))
