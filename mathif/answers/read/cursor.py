"""A place in the tokens of an answer: looking ahead, moving on, and the limit on nesting.

A room of its own because every level of the grammar moves the same way.
"""

from __future__ import annotations

from mathif.answers.read.commands import CONNECTIVES
from mathif.answers.read.lex import Token
from mathif.answers.tree import TooLargeError, UnreadableError

MOST_DEPTH = 40
_CLOSERS = {")", "]", "}", "\\}", "rangle", "rfloor", "rceil", "|", "||", "&", "\\\\"}
_SEPARATORS = {",", ";"}
INFIX = ("over", "choose")
"""Commands that divide a whole group in two: `{1 \\over 3}`."""


class Cursor:
    """One pass over one list of tokens.

    Attributes:
        at: the number of tokens read.
        depth: how deep the descent is.
        bars: how many absolute values are open.
        integrals: how many integrals are open, so that `d x` ends the argument of a function.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.bars = 0
        self.integrals = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return a token ahead without moving; an `end` token behind the last one."""
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "")

    def next(self) -> Token:
        """Return the token here and move on."""
        token = self.peek()
        self.at += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Say whether one of these signs or commands stands here."""
        token = self.peek()
        return token.kind in ("op", "cmd") and token.text in texts

    def expect(self, *texts: str) -> str:
        """Move over one of these signs.

        Raises:
            UnreadableError: if another one stands here.
        """
        if not self.sees(*texts):
            raise UnreadableError(f"found {self.peek().text or 'the end'!r}, expected {' or '.join(texts)}")
        return self.next().text

    def deeper(self) -> None:
        """Go one level down.

        Raises:
            TooLargeError: if that is too deep.
        """
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise TooLargeError(f"the answer is nested deeper than {MOST_DEPTH} levels")

    def finished(self, stop: frozenset[str]) -> bool:
        """Say whether the item here ends, at one of these signs or at any closing one."""
        return self.peek().kind == "end" or self.sees(*stop) or self.closes()

    def closes(self) -> bool:
        """Say whether a closing sign stands here; a bar closes only what a bar opened."""
        if self.peek().kind == "cmd" and (self.peek().text.startswith("end:") or self.peek().text in INFIX):
            return True
        return self.sees(*_CLOSERS) and (self.bars > 0 or self.peek().text not in ("|", "||"))

    def separator(self) -> bool:
        """Say whether a comma, a connective or a line break stands here."""
        token = self.peek()
        if token.kind == "op":
            return (
                token.text in _SEPARATORS or token.text in ("and", "or") or (token.text == "\\\\" and self.depth <= 1)
            )
        return token.kind == "word" and token.text.lower() in CONNECTIVES and (self.at > 0 or len(self.tokens) > 1)
