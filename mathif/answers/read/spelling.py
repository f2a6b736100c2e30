r"""Spellings that are rewritten as text before an answer is cut into tokens: `]0,1[`, `4210 (base 5)`, `1 x 10^3`.

A room of its own because each of them is a habit of writing, and none is grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mathif.answers.read.glyphs import plain
from mathif.answers.read.numerals import read_numeral

WRAPPER = re.compile(r"\\(?:text\w*|math(?:rm|bf)|mbox|emph)\s*\{([^{}]*)\}", re.IGNORECASE)
"""A command that sets words in letters, and the words."""
# Such commands with anything behind them, braces and space of LaTeX, and the stars of Markdown.
_SETTING = re.compile(r"\\(?:text\w*|mathrm|mathbf|mbox|rm|bf)\s*(?=[{(\s])|[{}$*]|\\[ ,;:!]|\\q?quad(?![a-z])|~")
# A backslash written twice before a known command, as in JSON.
_ESCAPED_TWICE = re.compile(
    r"(?<!\\)\\\\(?=(?:[dtc]?frac|sqrt|left|right|text|mathrm|pi|cdot|times|infty|circ|boxed|begin|end|pm|leq|geq|cup|in|[,;!{}%])"
    r"(?![a-z]))"
)
# A line break with the space below it: `\\[4pt]`.
_ROW_GAP = re.compile(r"\\\\\s*\[\s*-?[\d.]+\s*(?:pt|ex|em|mm|cm|in|\\[a-z]+)\s*\]")
# Signs around mathematics.
_DELIMITERS = re.compile(r"\$+|\\[()\[\]]|\\displaystyle\b|^\*\*|\*\*$")
# `1 x 10^3`: a letter x between numbers is a sign only before a power of ten.
_TIMES_TEN = re.compile(r"(?<=\d) *[xX] *10 *(?:\^|\*\*)")
# An interval with brackets that point outward, short enough to be one: `]0,1[`.
_OUTWARD = re.compile(
    r"(?P<left>(?:\\left ?)?[\[\]])(?P<ends>[^\[\](){}]{1,60}?[,;][^\[\](){}]{1,60}?)(?P<right>(?:\\right ?)?[\[\]])"
)
# A numeral with its base in words: `4210 (base 5)`, `101 in base two`.
_BASE = re.compile(
    r"(?P<digits>\d+)(?:\\[ ,;]|\s|\\text\w*\{|\(|,|_\{?)*(?:in )?base[\s-]*(?:\}|\s|\$)*(?P<base>\d+|[a-z]+)"
    r"(?:\}|\)|\s)*",
    re.IGNORECASE,
)
# A base as a word in the subscript: `4210_{\text{five}}`.
_BASE_WORD = re.compile(r"(?<=\d)_\{?\\(?:text\w*|mathrm)\{(?P<base>[a-z]+)\}\}?", re.IGNORECASE)
_ORDINAL = re.compile(
    # The ending of an ordinal number, raised or not, in text or not: `12th`, `12^{th}`, `12^{\text{th}}`.
    r"(?<=\d)(?:\s*\^?\s*\{\s*\\(?:text\w*|mathrm|mbox)\s*\{\s*(?:st|nd|rd|th)\s*\}\s*\}"
    r"|\s*\^?\s*\\(?:text\w*|mathrm|mbox)\s*\{\s*(?:st|nd|rd|th)\s*\}"
    r"|\s*\^\s*\{\s*(?:\\rm\s*)?(?:st|nd|rd|th)\s*\}|(?:st|nd|rd|th)(?![A-Za-z]))"
)
# The same inside of text that goes on: `12\text{th grade}`.
_ORDINAL_IN_TEXT = re.compile(r"(?<=\d)\s*(\\(?:text\w*|mathrm|mbox)\s*\{)(?:st|nd|rd|th)(?= )")
# `1 in 6` and `1 out of 6` are fractions.
_OUT_OF = re.compile(r"(\d+)\s*(?:\\text\w*\s*\{\s*)?(?:out of|in)\s*\}?\s*(\d+)(?:\s*\})?")
# `2 to 3` is a ratio.
_TO = re.compile(r"(?<=\d)\s*(?:\\text\w*\s*\{\s*to\s*\}|\bto\b)\s*(?=\d)")
_WITHOUT_ENDING = ((_ORDINAL, ""), (_ORDINAL_IN_TEXT, r"\1"))
# What is in plain spelling already, the empty text too.
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?|")
_ARGUMENT = r"(?:\{\s*)?([a-z]|\d{1,4})(?:\s*\})?"
_CHOOSE = re.compile(
    # `_5C_2`, `{}^{5}C_{2}`, `^nC_k`, `5C2`: so many of so many, with C for combinations and P for permutations.
    rf"(?:(?:\{{\s*\}}\s*)?[_^]\s*{_ARGUMENT}\s*|(?<![\w.])(\d{{1,4}})\s*)"
    rf"(?:\\(?:text|mathrm|rm)\s*)?\{{?([CP])\}}?\s*(?:_\s*{_ARGUMENT}|(\d{{1,4}})(?![\w.]))"
)
# A point with its name: `P(3,4)`.
_POINT = re.compile(r"[A-Z](?:_\{?\d\}?)?\s*(\([^()]*,[^()]*\))")
# `C(5,2)` and `P(n, k)`.
_CHOOSE_CALL = re.compile(r"(?<![A-Za-z\\])([CP])\s*\(\s*([\dnmk+\- ]{1,20}?)\s*,\s*([\dnmrk+\- ]{1,20}?)\s*\)")
# `C_{10}^3`, with P or A for permutations: how most of the world writes them, and a letter with an exponent elsewhere.
_CHOOSE_SCRIPT = re.compile(
    r"(?<![A-Za-z\\])([CPA])_\s*(?:\{([\dnmk+\- ]{1,20})\}|(\d|[nmk]))\s*\^\s*(?:\{([\dnmrk+\- ]{1,20})\}|(\d|[nmrk]))"
)
# Wide space before a number or a name with `=` separates answers.
_APART = re.compile(r"\\q?quad\s*(?=[-+]?(?:\d|\\[dt]?frac|\\sqrt)|[A-Za-z](?:_\{?\w+\}?)?\s*=)")
# Thin space beside ordinary space groups no thousands.
_THIN = re.compile(r"(?<!\\)\\[,;:>](?=\s)|(?<=\s)\\[,;:>]|(?<!\\)~")
# What shows nothing: space and breaks at the ends, a comma at the last, colours, phantoms and labels.
_MARGIN = re.compile(r"^(?:\s|\\q?quad(?![a-z]))+|(?:[\s,]|\\q?quad(?![a-z])|\\\\){1,8}$")
_NOT_SHOWN = re.compile(r"\\(?:(?:text)?color|[hv]?phantom|label)\s*\{[^{}]*\}")
# A box in the box, around the whole answer.
_SHELL = re.compile(r"^\\(?:boxed|fbox|ensuremath)\s*(?=\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}$)")
# Braces around the whole answer.
_BRACED = re.compile(r"^\{([^{},]*(?:\{[^{},]*\}[^{},]*)*)\}$")
# Commands that only change the look, for the patterns of this module.
_LOOK = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)(?![a-z])|\\[,;:! ]|~")
# Longer space means no more, and would make the patterns here slow.
_WIDE_GAP = re.compile(r"\s{3,}")
# A text in quotation marks as a whole.
_QUOTED = re.compile(r"^['\"]([^'\"]+)['\"]$")
# Numerals with letters for digits.
_HEXADECIMAL = re.compile(
    r"0[xX]([0-9A-Fa-f]{1,60})|(?:\\(?:text\w*|math(?:rm|tt|bf|sf))\{|\()?([0-9A-Za-z]{1,60})[})]?_\{?(1[1-9]|2\d|3[0-6])\}?"
)
# Nothing but numbers, fractions, roots and space: a list without commas.
_SPACED = re.compile(
    r"(?:[\s()\[\]{}\d.+\-/]|\\(?:[dt]?frac|sqrt|q?quad|left|right|[bB]igg?[lr]?|pi)(?![a-z])|\\[{},;: ])+"
)
# Space that LaTeX puts between entries.
_WIDE = re.compile(r"\\(?:q?quad(?![a-z])|[,;: ])")
# Space between two numbers, but not inside one that space groups.
_GAP = re.compile(r"(?<=[\d})i])\s+(?=[-+\d\\(.])(?!\\right)")
# `I and III only`
_ONLY = re.compile(r"(?<=\w) only(?=[\s.}]*$)", re.IGNORECASE)
# The full stop of the sentence; an ellipsis is part of the answer.
_FULL_STOP = re.compile(r"(?<!\.)\.$")
# A sign before the answer that only says that it follows.
_LEADING_SIGN = re.compile(
    r"^\s*(?:=|∴|\\(?:approx|therefore|implies|(?:Long)?[rR]ightarrow)(?![a-z])|\\angle\s*=|~)\s*(?=\S)"
)
_MINUS_INFINITY = re.compile(
    r"\\text\s*\{\s*(?:minus|negative)\s+infinity\s*\}|\b(?:minus|negative)\s+infinity\b", re.I
)


def bare(text: str) -> str:
    """Return an answer in plain spelling, without delimiters of mathematics and the space around it.

    Linear in the length of `text` but for a factor that is bounded.
    """
    text = _WIDE_GAP.sub("  ", plain(text))
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    if "\\\\" in text:
        text = _ESCAPED_TWICE.sub(lambda _: "\\", _ROW_GAP.sub(r"\\\\ ", text))
    text = _DELIMITERS.sub(" ", text.replace("\\$", "\x00")).replace("\x00", "\\$").strip()
    text = _MARGIN.sub("", _SHELL.sub("", _NOT_SHOWN.sub("", text)))
    text = _FULL_STOP.sub("", _ONLY.sub("", text)).rstrip()
    text = _QUOTED.sub(r"\1", _THIN.sub(" ", text.replace("{:}", ":")))
    text = _LEADING_SIGN.sub("", _BRACED.sub(r"\1", text))
    for sign, pattern, written in _REWRITTEN:
        if sign in text:
            text = pattern.sub(written, text)
    if text.count("]") + text.count("[") > 1:
        text = _OUTWARD.sub(_inward, text)
    return _hexadecimal(_based(text))


def in_words(text: str) -> str:
    r"""Return an answer in words as a reader sees it (`\\textbf{(C)}\\ 15` as `(C) 15`)."""
    return " ".join(_SETTING.sub(" ", text).split())


def other_spellings(text: str) -> list[str]:
    """Return what a text may stand for besides: a binomial coefficient (`C(5,2)`, `C_5^2`), or a point (`P(3,4)`)."""
    spellings = [pattern.sub(_chosen, text) for pattern in (_CHOOSE_CALL, _CHOOSE_SCRIPT) if pattern.search(text)]
    point = _POINT.fullmatch(text)
    return [*spellings, point[1]] if point else spellings


def _chosen(match: re.Match[str]) -> str:
    """Write a number of combinations or permutations with binomial coefficients and factorials."""
    parts = [group for group in match.groups() if group is not None]
    kind = next(part for part in parts if part in "CPA")
    upper, lower = (part.strip() for part in parts if part not in "CPA")
    if upper.isdecimal() and lower.isdecimal() and int(lower) > int(upper):
        return match.group()
    return rf"\binom{{{upper}}}{{{lower}}}" + ("" if kind == "C" else rf"({lower})!")


def with_commas(text: str) -> str | None:
    """Return a list of numbers that only space separates (`-1 2 -2`, `(2 4)`) with commas in it; None for others.

    A constraint may forbid commas, and then space is all that is left.
    """
    if not _SPACED.fullmatch(text):
        return None
    spelled = _GAP.sub(", ", _WIDE.sub(" ", text).strip())
    return spelled if spelled != text else None


_REWRITTEN: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("quad", _APART, ", "),
    ("to", _TO, " : "),
    ("out of", _OUT_OF, r"\\frac{\1}{\2}"),
    (" in ", _OUT_OF, r"\\frac{\1}{\2}"),
    ("nfinity", _MINUS_INFINITY, r"-\\infty"),
    ("10", _TIMES_TEN, r"\\times 10^"),
    ("C", _CHOOSE, _chosen),
    ("P", _CHOOSE, _chosen),
    *((ending, pattern, written) for ending in ("st", "nd", "rd", "th") for pattern, written in _WITHOUT_ENDING),
)
"""What is rewritten, with a piece of text without which it does not occur."""


def _inward(match: re.Match[str]) -> str:
    """Turn brackets that point outward into round ones: `]0,1[` is `(0,1)`."""
    left, right = match["left"][-1], match["right"][-1]
    if (left, right) == ("[", "]"):
        return match.group()
    return ("(" if left == "]" else "[") + match["ends"] + (")" if right == "[" else "]")


def _hexadecimal(text: str) -> str:
    """Write a numeral with letters for digits (`1A_{16}`, `0x1A`) as the number it is."""
    match = _HEXADECIMAL.fullmatch(text)
    if match is None:
        return text
    try:
        return str(int(match[1], 16) if match[1] else int(match[2], int(match[3])))
    except ValueError:
        return text


def _based(text: str) -> str:
    """Write bases as subscripts."""
    if "base" in text.lower():
        based = _BASE.fullmatch(_LOOK.sub(" ", text))
        base = _base_number(based["base"]) if based else None
        if based and base:
            return f"{based['digits']}_{{{base}}}"
    return _BASE_WORD.sub(lambda match: f"_{{{_base_number(match['base']) or match['base']}}}", text)


def _base_number(base: str) -> str:
    if base.isdecimal():
        return base
    value = read_numeral(base)
    return "" if value is None else str(value)
