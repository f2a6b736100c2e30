"""The tokens: every colour of a page by what it stands for, on a light and on a dark screen; pictures use them too."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "paper": "#fdfcf9",
    "soft": "#f4f2ec",
    "hover": "#f8f6f0",
    "ink": "#20242a",
    "dim": "#5a626d",
    "rule": "#dcd9d1",
    "strong": "#20242a",
    "track": "#e8e5dd",
    "link": "#24598f",
    "focus": "#1c6fd1",
    "band": "#24598f26",
    "good": "#1b7346",
    "bad": "#b3261e",
    "hit": "#ffd9d4",
    "kept": "#d4f2e0",
    "found": "#ffe9a8",
    "hacc": "#24598f",
    "sacc": "#226a72",
    "acc": "#a64a24",
    "joint": "#33714f",
    "thinking": "#7d4f9e",
    "plain": "#5a6570",
    "floor": "#7d5b08",
}
"""Colours on a light screen, on paper and in the files of pictures, each with a contrast of 4.5 to the paper if text
or a mark has it. The last seven are those of one thing each, on every picture and on the board: the metrics, the
thinking, replies that were not asked, and what ignoring every instruction scores."""

DARK: Mapping[str, str] = {
    "paper": "#15181c",
    "soft": "#1d2126",
    "hover": "#1a1e23",
    "ink": "#e4e6ea",
    "dim": "#a0a8b3",
    "rule": "#2f353c",
    "strong": "#c4c9d0",
    "track": "#2a2f36",
    "link": "#84b3e6",
    "focus": "#6fb1ff",
    "band": "#84b3e62e",
    "good": "#5fd39a",
    "bad": "#ff8a7a",
    "hit": "#5c231c",
    "kept": "#173f2a",
    "found": "#5a4a12",
    "hacc": "#84b3e6",
    "sacc": "#6cc0c8",
    "acc": "#e39168",
    "joint": "#7cc49c",
    "thinking": "#c39be0",
    "plain": "#a5afba",
    "floor": "#d8b65a",
}
"""The same on a dark screen."""


def shade(token: str) -> str:
    """Return a colour as what stands in a page names it, so that it suits the screen."""
    if token not in LIGHT:
        raise KeyError(token)
    return f"var(--{token})"


def css() -> str:
    """Return the tokens as a style sheet; paper is light whatever the screen is."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in one.items()) for one in (LIGHT, DARK))
    return (
        f":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )
