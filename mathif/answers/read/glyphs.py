"""One spelling for each character: digits of every script become ASCII digits, mathematical signs become LaTeX.

A room of its own so that no other module knows that a reply in Bengali writes `৪২` for 42.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache

_SIGNS = {
    "−": "-", "–": "-", "—": "-", "‒": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-",
    "×": r"\times ", "✕": r"\times ", "∗": r"\cdot ", "⋅": r"\cdot ", "·": r"\cdot ", "∙": r"\cdot ", "•": r"\cdot ",
    "÷": r"\div ", "⁄": "/", "∕": "/", "±": r"\pm ", "∓": r"\mp ",
    "≤": r"\le ", "⩽": r"\le ", "≥": r"\ge ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ",
    "∞": r"\infty ", "∈": r"\in ", "∉": r"\notin ", "∪": r"\cup ", "∩": r"\cap ", "∅": r"\emptyset ",
    "⌀": r"\emptyset ",
    "√": r"\sqrt ", "∛": r"\sqrt[3]", "∜": r"\sqrt[4]", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ",
    "∂": r"\partial ",
    "°": r"^\circ ", "º": r"^\circ ", "′": "'", "’": "'", "‘": "'", "″": "''", "“": '"', "”": '"',
    "→": r"\to ", "⇒": r"\Rightarrow ", "⟨": r"\langle ", "⟩": r"\rangle ", "⌊": r"\lfloor ", "⌋": r"\rfloor ",
    "⌈": r"\lceil ", "⌉": r"\rceil ", "∣": "|", "│": "|", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}",
    "ℕ": r"\mathbb{N}", "ℂ": r"\mathbb{C}", "ℏ": r"\hbar ", "ℓ": r"\ell ", "∖": r"\setminus ",
    "、": ",", "，": ",", "；": ";", "：": ":", "∶": ":", "،": ",", "٬": ",", "٫": ".", "؛": ";", "。": ".", "।": ".",
    "٪": "%", "％": "%", "﹪": "%", "＄": "$",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2004": " ", "\u2005": " ", "\u2006": " ", "\u2007": " ",
    "\u2008": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ",
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "", "\u200e": "", "\u200f": "",
    "\u202a": "", "\u202b": "", "\u202c": "", "\u2066": "", "\u2067": "", "\u2068": "", "\u2069": "",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()", strict=True))


def plain(text: str) -> str:
    """Return `text` with every digit, sign and Greek letter in its ASCII or LaTeX spelling.

    Linear in the length of `text`; characters without such a spelling stay as they are.
    """
    if text.isascii():
        return text
    text = _scripts(text)
    return "".join([_spelling(char) for char in text])


def _scripts(text: str) -> str:
    """Gather runs of raised and lowered digits into `^{…}` and `_{…}`."""
    out: list[str] = []
    open_as = ""
    for char in text:
        kind = "^" if char in _RAISED else "_" if char in _LOWERED else ""
        if kind != open_as:
            out.append(("}" if open_as else "") + (kind + "{" if kind else ""))
            open_as = kind
        out.append(_RAISED[char] if kind == "^" else _LOWERED[char] if kind == "_" else char)
    return "".join(out) + ("}" if open_as else "")


@lru_cache(maxsize=4096)
def _spelling(char: str) -> str:
    """Return the ASCII or LaTeX spelling of one character."""
    if char.isascii():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    if char in _GREEK:
        return f"\\{_GREEK[char]} "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) == "No" and unicodedata.decomposition(char).startswith("<fraction>"):
        top, _, bottom = unicodedata.normalize("NFKC", char).partition("⁄")
        return rf" \frac{{{top}}}{{{bottom or '1'}}}"
    folded = unicodedata.normalize("NFKC", char)
    return folded if folded.isascii() and ord(char) <= sys.maxunicode else char
