r"""Answers that are names and not values: `Euclid`, `Fermat's Last Theorem`, `\text{Gauss–Bonnet theorem}`.

A room of its own because such an answer must never be read as mathematics, where `Gauss` is a product of five letters
and the apostrophe a derivative.
"""

from __future__ import annotations

import re

from mathif.answers.read.spelling import WRAPPER

# Every space of LaTeX is a space between words.
_SPACE = re.compile(r"\\[ ,;:!]|~|\\q?quad(?![a-z])")
# Anything but letters, space and the punctuation of names, and digits.
_NOT_A_NAME = re.compile(r"[^\w\s.,;:!?'’‘`\"“”()\-‐‑–—&]|[\d_]")
_APOSTROPHE = re.compile(r"['’‘`]")
_WORD = re.compile(r"[^\W\d_]+")
# Single letters with `and`, `or` and `not`: a statement of logic in words.
_CONNECTED = re.compile(r"[a-z](?: (?:and|or) [a-z])+|not [a-z](?: (?:and|or) (?:not )?[a-z])*")
_LOGIC = re.compile(r"\\(land|wedge|lor|vee|neg|lnot)(?![a-z])")
_LOGIC_WORDS = {"land": " and ", "wedge": " and ", "lor": " or ", "vee": " or ", "neg": " not ", "lnot": " not "}
_YES_AND_NO = ("yes", "no", "true", "false")
# What a short sentence adds behind yes or no: `it is`, `they do not`.
_ECHO = re.compile(
    r"(?:it|they|there|this|that|we|you|she|he|one)"
    r" (?:is|are|was|were|does|do|did|can|cannot|could|will|would|has|have|must)(?: not|nt)?"
)
_ARTICLES = ("a", "an", "the")
_LONGEST = 200


def words(answer: str) -> tuple[str, ...]:
    r"""Return the words of a name, in lower case, or none where `answer` may be mathematics.

    Punctuation, hyphens and a leading article do not matter, nor does it whether a part stands in `\text`. A name has
    no digit and no sign of mathematics, and one word of at least three letters, or of four where nothing marks it as
    text; `ABC` is a product.
    """
    if len(answer) > _LONGEST:
        return ()
    shown = _SPACE.sub(" ", WRAPPER.sub(r" \1 ", answer.strip().strip("$")))
    if _NOT_A_NAME.search(shown):
        return ()
    said = _WORD.findall(_APOSTROPHE.sub("", shown).casefold())
    if said and said[0] in _ARTICLES:
        said = said[1:]
    if len(said) > 1 and said[0] in _YES_AND_NO and _ECHO.fullmatch(" ".join(said[1:])):
        said = said[:1]
    marked = len(said) > 1 or WRAPPER.search(answer) is not None
    return tuple(said) if max(map(len, said), default=0) >= (3 if marked else 4) else ()


def connected(answer: str) -> tuple[str, ...]:
    r"""Return the parts of a statement of letters in words (`\\text{p or q}`), its connective first; none for others.

    Where all connectives are the same, the order of the letters does not matter.
    """
    if len(answer) > _LONGEST or not (WRAPPER.search(answer) or _LOGIC.search(answer)):
        return ()
    answer = _LOGIC.sub(lambda match: _LOGIC_WORDS[match[1]], answer)
    shown = " ".join(_SPACE.sub(" ", WRAPPER.sub(r" \1 ", answer.strip().strip("$"))).casefold().split())
    if not _CONNECTED.fullmatch(shown):
        return ()
    signs = set(shown.split()) & {"and", "or"}
    if len(signs) != 1:
        return (shown,)
    (sign,) = signs
    return (sign, *sorted(shown.split(f" {sign} ")))
