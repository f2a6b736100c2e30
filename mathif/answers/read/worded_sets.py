r"""Sets of numbers in words (`all real numbers except 3`), written in signs (`\mathbb{R} \setminus \{3\}`).

A room of its own because it reads whole answers and no part of one: words that are not understood to the last are left
as they are. What is ambiguous (`between 1 and 3`) is not understood.
"""

from __future__ import annotations

import re

from mathif.answers.read.spelling import WRAPPER

_NOUNS = {
    **dict.fromkeys(("real number", "real", "real value"), r"\mathbb{R}"),
    "integer": r"\mathbb{Z}",
    "natural number": r"\mathbb{N}",
    **dict.fromkeys(("rational number", "rational"), r"\mathbb{Q}"),
    "complex number": r"\mathbb{C}",
}
_OF_REALS = {
    "positive": r"(0, \infty)",
    "negative": r"(-\infty, 0)",
    "nonnegative": r"[0, \infty)",
    "nonpositive": r"(-\infty, 0]",
    "nonzero": r"\mathbb{R} \setminus \{0\}",
}
_OF_INTEGERS = {
    "positive": r"\mathbb{Z}^+",
    "nonnegative": r"\mathbb{Z}_{\ge 0}",
    "nonzero": r"\mathbb{Z} \setminus \{0\}",
}
_BOUNDS = {
    **dict.fromkeys(("greater than or equal to", "at least", "no less than", "not less than"), ("[", "")),
    **dict.fromkeys(("greater than", "more than", "larger than", "above"), ("(", "")),
    **dict.fromkeys(("less than or equal to", "at most", "no more than", "no greater than"), ("", "]")),
    **dict.fromkeys(("less than", "smaller than", "below"), ("", ")")),
}
"""What says that numbers end somewhere: the bracket on the left or on the right that it puts there."""
_BOUND = "|".join(_BOUNDS)
_EXCEPT = (
    r"except(?: for| when)?|but(?: not)?|other than|excluding|besides|without|apart from|aside from|not equal to"
    "|different from"
)
_SUCH_THAT = "such that|for which|satisfying|with"
_THAT_ARE = "(?:that are |which are |strictly )*"
# What a letter is said to be, how many are meant, of which sign, which numbers, the letter again, and what is left out.
_SET = re.compile(
    r"(?:(?P<subject>[a-z]) (?:is|are|can be|may be|could be) (?:an? )?)?"
    r"(?P<every>(?:the )?set of (?:all )?(?:the )?|(?:all|any|every|each) (?:of )?(?:the )?|the )?"
    r"(?:(?P<kind>positive|negative|non-?negative|non-?positive|non-?zero) )?"
    rf"(?P<noun>(?:{'|'.join(_NOUNS)})s?|x|numbers|values)(?: values)?(?: of)?(?: (?P<letter>[a-z]))?"
    rf"(?:,? (?P<how>{_EXCEPT}|{_THAT_ARE}(?P<bound>{_BOUND})|{_SUCH_THAT}) (?P<rest>.+))?",
    re.IGNORECASE,
)
# That there is nothing of the kind: no number, no value of the letter, no set but the empty one.
_NOTHING = re.compile(
    r"(?:the )?(?:empty|null) set"
    r"|(?:there (?:is|are|exists?) )?no (?:such )?(?:real )?(?:[a-z]|numbers?|values?)(?: of [a-z])?(?: exists?)?",
    re.IGNORECASE,
)
# Any other numbers in nothing but words (`all multiples of 3`), and a relation behind them (`all integers n > 3`).
_SAID = re.compile(
    r"((?:all|any|every|each)(?: [a-z-]{2,})+(?: \d+)?)( [a-z] ?(?:[<>]|\\(?:le|ge|leq|geq|ne|neq|lt|gt)(?![a-z])).*)?",
    re.IGNORECASE,
)
# A second bound behind the first: `greater than 1 and less than 3`.
_AND_BOUND = re.compile(rf" (?:and|but) (?:that are |strictly )*({_BOUND}) ", re.IGNORECASE)
_SPACE = re.compile(r"\\[ ,;:!]|~|\\q?quad(?![a-z])|\s+")
# Connectives between values, with the comma that may stand before them.
_JOINED = re.compile(r"\s*,?\s+(?:and|or|nor)\s+", re.IGNORECASE)
# The letter that a value is repeated with: `x = 3`, `x \neq 3`.
_NAMED = re.compile(r"(?<![a-zA-Z\\])[a-z]\s*(?:=|\\neq?(?![a-z]))\s*")
# A word, and no command, constant or function.
_WORD = re.compile(r"(?<![\\a-zA-Z])(?!(?:pi|sqrt)(?![a-zA-Z]))[^\W\d_]{2,}")
_RELATION = re.compile(r"[<>]|\\(?:le|ge|leq|geq|ne|neq|lt|gt)(?![a-z])")
_EXCEPTS = re.compile(_EXCEPT, re.IGNORECASE)


def in_signs(text: str) -> str | None:
    """Return the set that a whole answer names in words, in signs; None for any other answer."""
    if not any(word in text for word in ("all", "any", "ever", "each", "real", "set", "no ", "number", "integer")):
        return None
    words = " ".join(_SPACE.sub(" ", WRAPPER.sub(r" \1 ", text)).split())
    if _NOTHING.fullmatch(words):
        return r"\emptyset"
    match = _SET.fullmatch(words)
    whole = _whole(match) if match else None
    if match is None or whole is None:
        said = _SAID.fullmatch(words)
        return rf"\text{{{said[1]}}}{said[2] or ''}" if said else None
    if not match["how"]:
        return whole
    how, rest = match["how"].lower(), match["rest"]
    if match["bound"]:
        return _bounded(whole, match["bound"], rest)
    if _EXCEPTS.fullmatch(how):
        return _without(whole, rest)
    plain = whole == r"\mathbb{R}" and not _WORD.search(rest) and _RELATION.search(rest)
    return rest if plain else None


def _whole(match: re.Match[str]) -> str | None:
    """Return the set before anything is taken from it, None where the words name none."""
    noun, kind = match["noun"].lower(), (match["kind"] or "").lower().replace("-", "")
    every = (match["every"] or "").lower()
    if noun in ("x", "numbers", "values"):  # only what is said of them tells that numbers are meant
        said = noun == "x" or match["how"]
        return r"\mathbb{R}" if every.startswith("all") and said and not kind else None
    name = noun.removesuffix("s")
    several = noun != name or every.startswith(("any", "every", "each")) or match["letter"] or match["subject"]
    if not several or (name == "real" and noun == "real" and not (match["letter"] or match["subject"])):
        return None
    whole = _NOUNS[name]
    if not kind:
        return whole
    return {r"\mathbb{R}": _OF_REALS, r"\mathbb{Z}": _OF_INTEGERS}.get(whole, {}).get(kind)


def _without(whole: str, rest: str) -> str | None:
    values = _NAMED.sub("", _JOINED.sub(", ", rest)).strip()
    if not values or _WORD.search(values) or _RELATION.search(values):
        return None
    return rf"{whole} \setminus \{{{values}\}}"


def _bounded(whole: str, bound: str, rest: str) -> str | None:
    """Return the part of the real numbers or the integers within one bound or two."""
    value, *others = _AND_BOUND.split(rest)
    bounds = [(bound, value), *zip(others[::2], others[1::2], strict=True)]
    ends = {"left": "(-\\infty", "right": "\\infty)"}
    for said, end in bounds:
        left, right = _BOUNDS[said.lower()]
        side = "left" if left else "right"
        if _WORD.search(end) or "," in end or "infty" not in ends[side]:
            return None
        ends[side] = f"{left}{end}{right}"
    span = f"{ends['left']}, {ends['right']}"
    return {r"\mathbb{R}": span, r"\mathbb{Z}": rf"\mathbb{{Z}} \cap {span}"}.get(whole)
