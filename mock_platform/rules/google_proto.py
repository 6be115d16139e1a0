"""How a protobuf message is described here: its fields by their snake_case names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a field holds."""

    STRING = auto()
    BYTES = auto()
    BOOL = auto()
    INT32 = auto()
    INT64 = auto()
    DOUBLE = auto()
    TIMESTAMP = auto()
    ENUM = auto()
    MESSAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """A closed set of names with their numbers."""

    name: str
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. Of the fields that name the same `oneof` a message has at most one."""

    kind: Kind
    many: bool = False
    oneof: str = ""
    enumeration: Enumeration | None = None
    message: "Message | None" = None


class Message:
    """A message type. JSON may name its fields in camelCase or in snake_case."""

    def __init__(self, name: str, **fields: Field) -> None:
        self.name = name
        self.fields: dict[str, tuple[str, Field]] = {}
        for snake, field in fields.items():
            self.fields[snake] = self.fields[camel(snake)] = (snake, field)


def camel(snake: str) -> str:
    """A field's name in JSON."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), snake)


def enumeration(name: str, unspecified: str, *names: str) -> Enumeration:
    """An enumeration numbered from 0 in the order given."""
    return Enumeration(
        name=name, numbers={each: number for number, each in enumerate((unspecified, *names))}
    )


STRING = Field(kind=Kind.STRING)
STRINGS = Field(kind=Kind.STRING, many=True)
BYTES = Field(kind=Kind.BYTES)
BOOL = Field(kind=Kind.BOOL)
INT32 = Field(kind=Kind.INT32)
INT64 = Field(kind=Kind.INT64)
DOUBLE = Field(kind=Kind.DOUBLE)
TIMESTAMP = Field(kind=Kind.TIMESTAMP)


def one(message: Message) -> Field:
    """A field holding a message."""
    return Field(kind=Kind.MESSAGE, message=message)


def many(message: Message) -> Field:
    """A field holding a list of messages."""
    return Field(kind=Kind.MESSAGE, message=message, many=True)


def among(enumeration: Enumeration) -> Field:
    """A field holding one name of an enumeration."""
    return Field(kind=Kind.ENUM, enumeration=enumeration)
