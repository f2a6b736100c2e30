"""Elements: SVG as text, its numbers, names and words written in one way."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

FONT_PX = 11
_LETTER = 0.54
"""Mean width of a letter by its height, rather too wide: the font of the reader may be wider than the usual one."""


def element(tag: str, *inside: str, **attributes: str | float | None) -> str:
    """Return an element; an attribute that is None is left out, and `_` in its name is `-`."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_told(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def _told(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a number of pixels to a hundredth, zero without a sign."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def text(
    words: str, x: float, y: float, *, fill: str, anchor: str | None = None, size: float | None = None, **more: str
) -> str:
    """Return words; `anchor` is `middle` or `end` where they do not begin at `x`."""
    return element("text", escape(words, quote=False), x=x, y=y, fill=fill, text_anchor=anchor, font_size=size, **more)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, dashes: str | None = None) -> str:
    """Return a line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=dashes)


def path(places: Iterable[tuple[float, float]]) -> str:
    """Return a way through some places, as the `d` of a path."""
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in places)


def width(words: str, size: float = FONT_PX) -> float:
    """Return about how wide words are, in pixels."""
    return _LETTER * size * len(words)
