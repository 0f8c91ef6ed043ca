"""From a heading to the code that words ask for: side, type, stage, trimester, encounter; else the unspecified one."""

from __future__ import annotations

from dataclasses import dataclass

from codebook.families import Child, denied, vague
from codebook.tabular import TabularList
from codebook.words import Token, sides, tokens

_LEVELS_AT_MOST = 6
_CATEGORY = 3
_PLAIN = frozenset({"without", "uncompl"})
_DENYING = frozenset({"without", "no", "not"})
# Said nothing of, what "without" denies is not there.
_PLAIN_LEAD = 0.1
# Official Guidelines I.C.19.c: not said to be nondisplaced is displaced, not said to be open is closed. The first
# encounter is the one of active treatment (I.C.19.a); who says otherwise says so in words.
_PRESUMED = ("displac", "close", "initi")


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a mention that may tell one child from another."""

    stems: frozenset[str]
    sides: frozenset[str]

    @classmethod
    def of(cls, found: list[Token]) -> Context:
        """The context that tokens make."""
        return cls(frozenset(token.stem for token in found), sides(found))

    @classmethod
    def of_text(cls, text: str) -> Context:
        """The context that a text makes."""
        return cls.of(tokens(text))


def specify(book: TabularList, code: str, context: Context) -> str:
    """The billable code below ``code`` that the context asks for; where it asks for nothing, the unspecified one.

    Never goes beyond what the book calls unspecified, uncomplicated or presumed: where the book has no such child, the
    heading itself comes back, and a person or a model must choose.
    """
    code = _wider(book, code, context)
    for _ in range(_LEVELS_AT_MOST):
        entry = book.entry(code)
        if entry is None or entry.billable or not entry.children:
            return code
        chosen = _choose(book.family(code), context)
        if chosen is None:
            return code
        code = chosen
    return code


def _wider(book: TabularList, code: str, context: Context) -> str:
    """A neighbour of an "other" or "unspecified" code that the context asks for in full, or the code itself.

    "Complex tear of the medial meniscus" is not the other tear its plainer words lead to. The highest level decides: what
    else is said chooses among its children.
    """
    entry = book.entry(code)
    if entry is None or not _says_little(tokens(entry.description), context):
        return code
    for above in entry.path:
        if len(above) < _CATEGORY or "-" in above or " " in above:
            continue
        asked = [child for child in book.family(above) if _asked_in_full(child, context)]
        if asked:
            return max(asked, key=lambda child: len(child.telling)).code
    return code


def _says_little(found: list[Token], context: Context) -> bool:
    """Whether a title leaves room for what else is said: other, unspecified, uncomplicated, without what nobody denies."""
    absent = denied(found)
    if absent and absent <= context.stems and context.stems & _DENYING:
        return False
    return found[0].folded == "other" or bool(vague(found)) or any(token.stem in _PLAIN for token in found)


def _asked_in_full(child: Child, context: Context) -> bool:
    telling = child.telling - {"episod", "encount"}
    return bool(telling) and not child.unspecified and telling <= context.stems and _score(child, context) > 0


def fit(book: TabularList, code: str, context: Context) -> int:
    """How a code's side agrees with the context: 1 the same, 0 it has none, -1 unspecified though one is named, -2 another."""
    entry = book.entry(code)
    found = tokens(entry.description) if entry else []
    named = sides(found)
    if named:
        return 1 if named & context.sides and ("bilateral" in named) == ("bilateral" in context.sides) else -2
    sided = any(child.side for child in book.family(entry.path[-1])) if entry and entry.path else False
    return -1 if sided and context.sides else 0


def _choose(children: tuple[Child, ...], context: Context) -> str | None:
    if len(children) == 1:
        return children[0].code
    best: tuple[float, str] | None = None
    for child in children:
        score = _score(child, context)
        if score > 0 and (best is None or score > best[0]):
            best = (score, child.code)
    return best[1] if best else _default(children)


def _score(child: Child, context: Context) -> float:
    """How well the context asks for a child; nothing when it does not, or when it says another side."""
    sided = 0.0
    if child.side:
        if child.side not in context.sides or (child.side != "bilateral" and "bilateral" in context.sides):
            return 0.0
        sided = 1.0
    if not child.telling:
        return sided
    if child.plain and not child.side:
        return _plain_score(child, context)
    held = len(child.telling & context.stems)
    missing = len(child.telling) - held
    if not held:
        return sided if child.side and child.telling <= _presumed_of(child.side) else 0.0
    if missing > held or (missing == held and child.other):
        return 0.0
    return sided + held - 0.5 * missing


def _plain_score(child: Child, context: Context) -> float:
    """A child "without ..." is asked for when the context denies the same, else by its other words."""
    if child.denied and child.denied <= context.stems:
        return len(child.denied) + _PLAIN_LEAD if context.stems & _DENYING else 0.0
    others = child.telling - _PLAIN - child.denied
    return len(others) + _PLAIN_LEAD if others and others <= context.stems else 0.0


def _presumed_of(side: str) -> frozenset[str]:
    """What need not be said of a side: of an affected side the dominance, the right one being dominant (I.C.6.a)."""
    return frozenset((*_PRESUMED, {"right": "domin", "left": "nondomin"}.get(side, "")))


def _default(children: tuple[Child, ...]) -> str | None:
    unspecified = [child for child in children if child.unspecified and not child.side]
    if unspecified:
        return min(unspecified, key=lambda child: len(child.telling)).code
    plain = [child for child in children if child.plain and not child.side]
    if plain:
        return min(plain, key=lambda child: len(child.telling)).code
    nothing_more = [child for child in children if not child.telling and not child.side]
    if nothing_more:
        return nothing_more[0].code
    for presumed in _PRESUMED:
        held = [child for child in children if presumed in child.telling and not child.side]
        if held:
            return min(held, key=lambda child: len(child.telling)).code
    return None
