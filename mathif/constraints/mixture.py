"""Mixture: whether a text that is in one language has a part in another.

A room of its own because "in no other language" asks for more than which language most of a text is in: an English
sentence at the end of a German reply breaks it, a foreign name does not.
"""

from __future__ import annotations

import re
from functools import cache

from mathif.constraints.language import CANDIDATES, SCRIPTS, common_words, may_be, neighbours, read, words_of
from mathif.constraints.phrases import ABBREVIATIONS

_LATIN = SCRIPTS["Latin"]
# Two Latin letters at least: one is a variable.
_LATIN_WORD = re.compile(rf"[{_LATIN}]{{2,}}(?:['’][{_LATIN}]+)?")
# Three Latin words in a row.
_LATIN_ROW = re.compile(rf"[{_LATIN}]{{2,}}(?:[ '’,-]+[{_LATIN}]{{2,}}){{2,}}")
# Letters of any script but the Latin and the Greek, which names variables.
_OTHER_WORD = re.compile(rf"(?:(?![{_LATIN}\u0370-\u03ff])[^\W\d_]){{2,}}")
_SENTENCE_END = re.compile(r"[.!?;:\n।۔؟。！？]+")
_ABBREVIATIONS = frozenset(ABBREVIATIONS.split())
_TITLE_MARKS = ("(", "[", '"', "“", "„", "«", "‘", "'", "「", "『", "《", "（")
_FEW = 3
_LEAST_SHARE = 0.02
"""Of the words of a text, how many may be foreign ones where they stand apart."""
_SHORT = 5
_LONG_WORD = 10
_LONG_ACRONYM = 5
_LONGEST_SYMBOL = 3
_LONG_HAN = 10
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")


def is_wholly_in(text: str, code: str) -> bool:
    """Tell whether the prose of `text` is in the language `code`, and no part of it in another one."""
    prose = read(text)
    return may_be(prose, code) and not foreign_part(prose, code)


def foreign_part(prose: str, code: str) -> str:
    """Return a part of `prose` that is not in the language `code` and is more than a name, or ""."""
    return _in_another_script(prose, code) or _in_a_neighbour(prose, code)


def _in_another_script(prose: str, code: str) -> str:
    """Return what is written in a foreign script: a row of words, or words that are too many for names."""
    if code in CANDIDATES["Latin"]:
        words = [] if prose.isascii() else [match.group() for match in _OTHER_WORD.finditer(prose)]
        row = next((word for word in words if len(word) >= _LONG_WORD), "")
    else:
        rows = (match for match in _LATIN_ROW.finditer(prose) if not _is_title(match))
        row = next((match.group() for match in rows if _is_sentence(match.group())), "")
        words = [word for word in _LATIN_WORD.findall(prose) if _is_foreign_word(word)]
    return row or (words[0] if len(words) >= max(_FEW, _LEAST_SHARE * _size(prose, code)) else "")


def _is_sentence(row: str) -> bool:
    """Tell a row of Latin words from a list of names: one of them is a word of some language."""
    return any(
        _is_foreign_word(word) or (word.islower() and word not in _ABBREVIATIONS and len(word) > 2)
        for word in _LATIN_WORD.findall(row)
    )


def _is_title(row: re.Match[str]) -> bool:
    """Tell a title from a sentence: it stands in quotes or brackets, and its longer words are capitalized."""
    around = row.string[max(0, row.start() - 1) : row.start()]
    long_words = [word for word in _LATIN_WORD.findall(row.group()) if len(word) > _LONGEST_SYMBOL]
    return around in _TITLE_MARKS and all(word[0].isupper() for word in long_words)


def _is_foreign_word(word: str) -> bool:
    """Tell a Latin word of some language from a name, a unit or an acronym."""
    small = word.lower()
    if small in _ABBREVIATIONS or (word.isupper() and len(word) < _LONG_ACRONYM):
        return False
    return small in common_words("en") or (word == small and len(word) > _LONGEST_SYMBOL)


def _size(prose: str, code: str) -> int:
    """Return how many words prose has, roughly; without spaces three letters are one."""
    return len(prose) // 3 if code in ("ja", "th", "zh") else len(words_of(prose))


def _in_a_neighbour(prose: str, code: str) -> str:
    """Return a sentence in another language of the same script, as the words show that any sentence may hold."""
    if code in ("ja", "zh"):
        return next((one for one in _SENTENCE_END.split(prose) if _is_other_han(one, code)), "")
    others = _telling_words(code)
    if not others or len(frozenset[str]().union(*others.values()).intersection(words_of(prose))) < 2:
        return ""
    pieces = [words_of(one) for one in _SENTENCE_END.split(prose)]
    labels = [piece[0] for piece in pieces if 0 < len(piece) <= 2 and _is_label(piece, code)]
    foreign = next((piece for piece in pieces if _is_neighbours(piece, code)), [])
    return " ".join(foreign) or (labels[0] if len(labels) >= _FEW else "")


def _is_label(words: list[str], code: str) -> bool:
    """Tell whether a word or two that stand apart (`Step 1:`) are English and not of this language."""
    return all(word in _telling_words(code).get("en", ()) for word in words)


def _is_other_han(sentence: str, code: str) -> bool:
    """Tell a Chinese sentence from a Japanese one: it is long and has no kana; the other has several."""
    if code == "ja":
        return len(_HAN.findall(sentence)) >= _LONG_HAN and not _KANA.search(sentence)
    return len(_KANA.findall(sentence)) > _FEW


def _is_neighbours(words: list[str], code: str) -> bool:
    """Tell whether a sentence has several words that another language has and this one lacks, and few of its own."""
    for other, telling in _telling_words(code).items():
        hits = sum(word in telling for word in words)
        own = sum(word in common_words(code) and word not in common_words(other) for word in words)
        if hits > 2 * own and (hits >= max(_FEW, len(words) / 4) or (hits == 2 and len(words) <= _SHORT)):
            return True
    return False


@cache
def _telling_words(code: str) -> dict[str, frozenset[str]]:
    """Return for each other language of the same script the words that are common in it and not in this one."""
    return {
        other: frozenset(word for word in common_words(other) - common_words(code) if len(word) > 1)
        for other in neighbours(code)
    }
