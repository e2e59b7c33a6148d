"""A stored document in the order in which its schema tells it: the database keeps objects by the length of their keys."""

from typing import Any, cast, get_args

from knowledge.artifacts.schemas.base import Document


def in_schema_order(schema: type[Document], data: dict[str, Any]) -> dict[str, Any]:
    """The same values, keys as the schema names them first to last; keys it does not know come last."""
    ordered: dict[str, Any] = {}
    for name, field in schema.model_fields.items():
        key = field.alias or name
        if key in data:
            ordered[key] = _value(_part(field.annotation), data[key])
    return ordered | {key: value for key, value in data.items() if key not in ordered}


def _value(schema: type[Document] | None, value: Any) -> Any:
    if schema is None:
        return value
    if isinstance(value, dict):
        return in_schema_order(schema, cast("dict[str, Any]", value))
    if isinstance(value, list):
        return [_value(schema, item) for item in cast("list[Any]", value)]
    return value


def _part(annotation: Any) -> type[Document] | None:
    """The document class inside ``X``, ``X | None``, ``list[X]`` or ``Annotated[X, …]``, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part(inner)) is not None), None)
