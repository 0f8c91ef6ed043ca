"""The base of every record: frozen, closed to unknown fields, and silent about its input in errors."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A value that never changes once made.

    Unknown fields are refused, and validation errors never repeat the input: it may be chart text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
