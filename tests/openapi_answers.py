"""Answers as an OpenAPI 3.0 document allows them, for hypothesis: every property may be absent."""

from typing import Any

from hypothesis import strategies as st

_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "integer": st.integers(-2, 10**6),
    "number": st.one_of(st.integers(0, 10**7), st.floats(0, 10**7)),
    # Without a nul: no reader takes one (tests/importers/test_hostile_files.py).
    "string": st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
}


def answers(
    schemas: dict[str, Any], name: str, *, named: dict[str, st.SearchStrategy[Any]], depth: int = 8
) -> st.SearchStrategy[Any]:
    """Instances of a schema of the document.

    Args:
        schemas: ``components.schemas`` of the document.
        name: the schema.
        named: values for the properties with these names, in the place of what the document says of them.
        depth: how deep objects may lie in objects.
    """
    return _of(schemas, {"$ref": f"#/{name}"}, named, depth)


def _of(
    schemas: dict[str, Any], schema: dict[str, Any], named: dict[str, st.SearchStrategy[Any]], depth: int
) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _of(schemas, schemas[schema["$ref"].rsplit("/", 1)[1]], named, depth)
    properties = _properties(schemas, schema)
    if properties or schema.get("type") == "object":
        if depth == 0:
            return st.just({})
        parts = {
            key: named[key] if key in named else _of(schemas, part, named, depth - 1)
            for key, part in properties.items()
        }
        return st.fixed_dictionaries({}, optional=parts)
    if schema.get("type") == "array":
        return st.lists(_of(schemas, schema.get("items", {}), named, depth - 1), max_size=3)
    return _scalar(schema)


def _scalar(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "date":
        return st.dates().map(str)
    return _SCALARS.get(schema.get("type", ""), st.none())


def _properties(schemas: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of a schema and of everything that it combines."""
    if "$ref" in schema:
        return _properties(schemas, schemas[schema["$ref"].rsplit("/", 1)[1]])
    found = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        found |= _properties(schemas, part)
    return found
