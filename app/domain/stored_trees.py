"""Frozen dataclasses as JSON and back, each value of the type its field names.

For documents that are stored whole; it must never know what they are about.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


def dump(tree: object) -> str:
    """A tree of dataclasses, tuples, vocabularies, times and plain values, keys in order."""
    return json.dumps(asdict(tree), sort_keys=True, default=_plain, ensure_ascii=False)  # type: ignore[call-overload]


def _plain(value: object) -> str:
    if isinstance(value, time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def parse(wanted: type[T], text: str) -> T:
    """Read a tree back. ValueError says where something does not fit."""
    return typing.cast("T", _read(wanted, json.loads(text), wanted.__name__))


def _read(wanted: Any, value: object, where: str) -> object:  # noqa: ANN401 - a type, or a generic
    origin, of = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        inner = next(one for one in of if one is not type(None))
        return None if value is None else _read(inner, value, where)
    if origin is tuple:
        return tuple(_read(of[0], one, f"{where}[]") for one in _is(list, value, where))
    if origin is Mapping:
        pairs = _is(dict, value, where).items()
        return {_read(of[0], key, where): _read(of[1], one, f"{where}.{key}") for key, one in pairs}
    if is_dataclass(wanted):
        return _read_all(wanted, _is(dict, value, where), where)
    return _read_plain(wanted, value, where)


def _read_plain(wanted: Any, value: object, where: str) -> object:  # noqa: ANN401 - a type
    if wanted is time:
        return time.fromisoformat(_is(str, value, where))
    if issubclass(wanted, StrEnum):
        return wanted(_is(str, value, where))
    return _is(wanted, value, where)


def _read_all(wanted: Any, values: dict[str, object], where: str) -> object:  # noqa: ANN401 - a type
    hints = typing.get_type_hints(wanted)
    unknown = set(values) - {one.name for one in fields(wanted)}
    if unknown:
        message = f"{where} knows no {min(unknown)}"
        raise ValueError(message)
    given = {name: _read(hints[name], one, f"{where}.{name}") for name, one in values.items()}
    try:
        return wanted(**given)
    except TypeError as missing:
        message = f"{where} is incomplete"
        raise ValueError(message) from missing


def _is(wanted: type[T], value: object, where: str) -> T:
    if type(value) is not wanted:
        message = f"{where} is no {wanted.__name__}"
        raise ValueError(message)
    return value
