"""Reads the YAML files that lawyers write; everything that YAML itself lets pass silently is refused."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode

from registry.errors import LawFileError

Model = TypeVar("Model", bound=BaseModel)

_REASONS = {
    "extra_forbidden": "onbekende sleutel",
    "missing": "ontbreekt",
    "date_from_datetime_parsing": "is geen datum (JJJJ-MM-DD)",
    "date_type": "is geen datum (JJJJ-MM-DD)",
    "date_parsing": "is geen datum (JJJJ-MM-DD)",
    "date_from_datetime_inexact": "is geen datum (JJJJ-MM-DD)",
}


class _UniqueKeyLoader(yaml.SafeLoader):
    """A safe loader that refuses a key that stands twice in one mapping (YAML keeps the last one silently)."""


def _construct_unique(loader: _UniqueKeyLoader, node: MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            raise yaml.constructor.ConstructorError(
                None, None, f"de sleutel '{key}' staat er twee keer", key_node.start_mark
            )
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _construct_date(loader: _UniqueKeyLoader, node: yaml.ScalarNode) -> object:
    """A date that does not exist stays text, so that the refusal can name its key."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return loader.construct_scalar(node)


_UniqueKeyLoader.add_constructor("tag:yaml.org,2002:timestamp", _construct_date)
_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_unique)


def parse_yaml(text: bytes | str, name: str) -> Any:
    """The content of one YAML text.

    Args:
        text: the file content (UTF-8).
        name: the file name to put in messages.

    Raises:
        LawFileError: it is no YAML, not UTF-8, or holds a key twice.
    """
    try:
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 (a SafeLoader with a duplicate check)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise LawFileError(f"{name}: dit is geen leesbaar YAML-bestand. Reden: {reason}") from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        LawFileError: the file cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise LawFileError(f"{path.name}: het bestand is niet te lezen ({error.strerror}).") from error


def describe(error: ValidationError, *, prefix: str = "") -> str:
    """What is wrong, in Dutch: every place with its key and reason, in one line."""
    parts = []
    for item in error.errors():
        key = prefix + ".".join(str(part) for part in item["loc"])
        reason = _REASONS.get(item["type"])
        if reason is None:
            reason = item["msg"].removeprefix("Value error, ")
        parts.append(f"{key}: {reason}" if key else reason)
    return "; ".join(parts)


def validate(model: type[Model], content: Any, name: str) -> Model:
    """The content as a model.

    Raises:
        LawFileError: it does not fit; the text names file, key and reason.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise LawFileError(f"{name}: {describe(error)}") from error
