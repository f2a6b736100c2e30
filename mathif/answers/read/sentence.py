"""The answer inside a sentence that stands where only an answer should (`The largest $n$ is 34.`).

A room of its own because it is a last resort with a strict rule. A sentence holds an answer if it names it, if it
says that something *is* the answer, or if one value stands in it and no other. Of several sentences only a
concluding last one counts (`Therefore, …`). A sentence with a negation or an alternative never counts.
"""

from __future__ import annotations

import re

from mathif.answers.read.place import SENTENCE_END, named_answer
from mathif.answers.read.spelling import WRAPPER

# A formula between any delimiters.
_MATH = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
# A number that is no part of a word or of a longer number.
_VALUE = re.compile(r"(?<![^\W_])\d[\d,./]*(?:\s?%)?(?![^\W_]*\d)")
# Words after which a sentence says less than that something is the answer.
_HEDGED = re.compile(
    r"\b(?:not|or|either|neither|nor|never|no|without|unless|cannot|if|between|maybe|perhaps|possibly|but|wait|least|most"
    r"|more|less|fewer|greater|than|except|excluding|besides|apart|above|below)\b|n't\b",
    re.IGNORECASE,
)
# What stands behind the last verb that says what something is; greedy, so that it is the last.
_LAST_IS = re.compile(r"(?:.*\s)?(?:is|are|equals|be)\s+(?:equal\s+to\s+)?:?\s*(\S.*)", re.IGNORECASE | re.DOTALL)
# A sentence that concludes; a full stop with text right behind it is a decimal point.
_CONCLUSION = re.compile(r"(?:^|\s)((?:Therefore|Thus|Hence|So)\b[^.!?\n]*(?:[.!?]\S[^.!?\n]*)*)[.!?]?")
# A sentence opens with a word and not with a side of an equation.
_OPENING = re.compile(r"\s*[^\W\d_]{2,}[,:.]?\s+(?![=<>])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST = 300


def core(text: str) -> str | None:
    """Return the answer that a sentence holds, None where the rule of this module finds none."""
    text = WRAPPER.sub(r" \1 ", text).replace("**", "")
    named = named_answer(text)
    if named is not None:
        return core(named) or named
    sentence = _last_sentence(text)
    if sentence is None or not _OPENING.match(sentence) or _HEDGED.search(_MATH.sub("", sentence)):
        return None
    return _only_mathematics(sentence) or _after_is(sentence) or _only_number(sentence)


def _last_sentence(text: str) -> str | None:
    """Return the text if it is one sentence, else its last concluding sentence."""
    whole = text.strip().rstrip(".")
    if len(whole) <= _LONGEST and not SENTENCE_END.search(whole):
        return whole
    conclusions = [match[1] for match in _CONCLUSION.finditer(text)]
    return conclusions[-1] if conclusions and len(conclusions[-1]) <= _LONGEST else None


def _after_is(sentence: str) -> str | None:
    match = _LAST_IS.fullmatch(sentence)
    if match is None or not re.search(r"\d", match[1]) or len(_WORD.findall(match[1])) > 2:
        return None
    return match[1]


def _only_mathematics(sentence: str) -> str | None:
    """Return the one piece of mathematics that is more than a name, where no number stands outside it."""
    pieces = [group for match in _MATH.finditer(sentence) for group in match.groups() if group is not None]
    pieces = [piece for piece in pieces if re.search(r"\d|\\[a-z]{2,}", piece)]
    return pieces[0] if len(pieces) == 1 and not _VALUE.search(_MATH.sub(" ", sentence)) else None


def _only_number(sentence: str) -> str | None:
    """Return the one number, with the words for what it counts, where no mathematics stands beside it."""
    numbers = list(_VALUE.finditer(sentence))
    if len(numbers) != 1 or _MATH.search(sentence):
        return None
    spelled, end = numbers[0].group().rstrip(".,/"), numbers[0].end()
    if sentence[: numbers[0].start()].endswith("$"):
        return rf"\${spelled}"
    counted = re.match(r"\s*[^\W\d_]{2,}.*", sentence[end:], re.DOTALL)
    return spelled + (counted.group() if counted else "")
