"""Names that read as what they are: no two entries may look alike and be of different models or submitters.

A room of its own because a name is shown beside others, where a character that nobody sees, or that looks like another
letter, makes a second row of the same model or a second person out of one.
"""

from __future__ import annotations

import re
from unicodedata import category, combining, name, normalize

from mathif.constraints.words import UNSEEN

_WITHOUT_SIGN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that are not seen: controls, formats, what is unassigned, private or half a character."""
_ALIKE = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN", "LISU"})
"""Scripts with letters that look like those of another one."""
_MOST_MARKS = 3
"""Combining marks that may stand on one letter; Vietnamese and the scripts of India need as many at most."""
_WORD = re.compile(r"[^\W\d_]+")


def readable(text: str) -> str:
    """Return `text`, a name that reads as what it is.

    Raises:
        ValueError: naming what in it does not.
    """
    if any(category(char) in _WITHOUT_SIGN for char in text) or UNSEEN.search(text):
        raise ValueError("a name is made of characters that are seen")
    if normalize("NFKC", text) != text:
        raise ValueError("a name is made of plain characters, as Unicode's NFKC writes them")
    if text != " ".join(text.split()):
        raise ValueError("a name has single blanks, and none at its ends")
    if any(_piled(text, place) for place in range(len(text))):
        raise ValueError("a letter of a name has three combining marks at most")
    if any(len(_scripts(word)) > 1 for word in _WORD.findall(text)):
        raise ValueError("a word of a name is in one script, as letters of several look alike")
    return text


def _piled(text: str, place: int) -> bool:
    marks = text[place : place + _MOST_MARKS + 1]
    return len(marks) > _MOST_MARKS and all(map(combining, marks))


def _scripts(word: str) -> set[str]:
    return {name(char, "").partition(" ")[0] for char in word} & _ALIKE
