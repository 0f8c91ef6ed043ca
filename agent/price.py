"""What tokens cost."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pydantic import Field

from records.base import Record
from records.result import Cost, Tokens

MILLION = 1_000_000


class Price(Record):
    """Prices of a model for a million tokens each. A cached prompt token costs like any other where no price is given."""

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)
    currency: str = Field(default="USD", min_length=3, max_length=3)

    def of(self, tokens: Tokens) -> Cost:
        """What so many tokens cost. Cached tokens are among the prompt tokens."""
        cached = min(tokens.cached, tokens.prompt)
        reading = (tokens.prompt - cached) * self.prompt + cached * (self.prompt if self.cached is None else self.cached)
        return Cost(amount=round((reading + tokens.completion * self.completion) / MILLION, 6), currency=self.currency)


@runtime_checkable
class Priced(Protocol):
    """A model that knows what its tokens cost."""

    @property
    def price(self) -> Price | None:
        """The price, None when nobody said."""


def cost_of(model: object, tokens: Tokens) -> Cost | None:
    """What the tokens of a model cost; None when no price is known."""
    price = model.price if isinstance(model, Priced) else None
    return price.of(tokens) if price else None
