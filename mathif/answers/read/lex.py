r"""The words of an answer: LaTeX, Markdown and plain text cut into numbers, letters, words, commands and signs.

A room of its own because everything that is only spelling ends here: `\left`, `\dfrac`, `$`, spacing, `\text{…}`,
thousands separators. Linear in the length of the text.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from mathif.answers.read.commands import (
    CONNECTIVES,
    CURRENCY,
    DROPPED,
    FUNCTION_NAMES,
    FUNCTIONS,
    GREEK,
    KNOWN,
    LETTERS,
    MEANT,
    RENAMED,
    ROMAN,
    SIGNS,
    SPACING,
    TEXTUAL,
    WORDS,
)
from mathif.answers.read.numerals import NUMBER_WORDS
from mathif.answers.tree import TooLargeError
from mathif.answers.units import is_unit_name, is_unit_word

MOST_DIGITS = 2000
MOST_TOKENS = 2000
_WITH_ARGUMENT = {"textcolor", "color", "hspace", "vspace", "phantom", "label", "tag"}
_ARGUMENT = re.compile(r"\s*\{[^{}]*\}")
_WHOLE_WORDS = WORDS | NUMBER_WORDS
_MODULO = {"mod", "modulo"}
_BOLD = {"mathbf", "bm", "boldsymbol", "pmb", "textbf"}
# The name of a unit vector behind a command for bold letters, in braces or bare.
_UNIT_VECTOR = re.compile(r"\s*\{\s*([ijk])\s*\}|\s+([ijk])(?![A-Za-z])")


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: `num`, `let` (one letter or a Greek one: a variable), `word`, `cmd` (a command with a meaning) or `op`.
        text: the sign, name or word; for a number its spelling.
        spaced: whether space stands before it.
        value: the value of a number.
        places: the decimal places that a number states, None for an integer.
    """

    kind: str
    text: str
    spaced: bool = False
    value: Fraction = Fraction(0)
    places: int | None = None


_GROUP_SIGN = r"(?: ?\{ ?, ?\} ?|,\\!(?:\\[,;: ]|~| )*|\\[!,;: ] ?|~|(?<=\d) (?=\d{3}(?!\d))|(?<=\d)'(?=\d))"
# Thousands in threes, or in twos before the last three as in India, with a sign between that is no comma.
_GROUPED = re.compile(
    rf"\d{{1,3}}(?:{_GROUP_SIGN}\d{{3}})+(?!\d)(\.\d+)?"
    rf"|\d{{1,2}}(?:{_GROUP_SIGN}\d{{2}})+{_GROUP_SIGN}\d{{3}}(?!\d)(\.\d+)?"
)
# The same with commas; a group of another size behind them makes a list of it.
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?!,\d)(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?!,\d)(?:\.\d+)?")
# Points group where there are two or more, or where a comma marks the decimals.
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?!\d)(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+,\d+(?!\.?\d)")
# One comma that marks decimals, thousands grouped or not.
_DECIMAL_COMMA = re.compile(rf"(\d{{1,3}}(?:{_GROUP_SIGN}\d{{3}})+|\d+)(?:,|\{{,\}})(\d+)(?!\d)")
# A comma in braces has no space behind it: it marks decimals.
_BRACED_COMMA = re.compile(r"(\d+)\{,\}(\d+)(?!\d)")
# A number as in programs; a full stop behind digits belongs to it.
_PLAIN = re.compile(r"\d+\.(?![\d.])|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,6}(?![\d.]))?")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\(.)", re.DOTALL)
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e30-\u0e4e"
# Letters with their marks; a hyphen joins words and subtracts variables.
_RUN = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*(?:-[^\W\d_]{{2,}})*")
_SPACE = re.compile(r"\s+|~")
_SIGN = re.compile(
    r"\*\*|<=>|<=|>=|=<|=>|!=|==|->|~=|\|\||\+/-|\+-|\.{3,}|…|[-+*/^_=<>!(){}\[\]|,;:&%'$€£¥₹#@?.\"`~\\]"
)
# What programs put before the name of a function.
_PACKAGE = re.compile(r"(?:np|numpy|math|sympy|sp|cmath)\.(?=[a-zA-Z])")


def tokenize(text: str, commas: str = "group", *, letters: bool = False) -> list[Token]:
    """Cut an answer into tokens.

    Args:
        text: the answer, its characters already in plain spelling (`glyphs.plain`).
        commas: what a comma between digits without space is: `group` (thousands, where the groups fit), `list` or
            `decimal`.
        letters: whether a run of letters behind a number is always a product of variables (`2mg`), never a unit.

    Returns:
        The tokens, spacing and delimiters gone.

    Raises:
        TooLargeError: if there are more tokens or digits than an answer has.
    """
    return _Lexer(text, commas, letters=letters).tokens()


class _Lexer:
    """One pass over one text."""

    def __init__(self, text: str, commas: str, *, letters: bool) -> None:
        self.text = text
        self.letters = letters
        self.commas = commas
        self.at = 0
        self.out: list[Token] = []
        self.modes: list[tuple[str, bool]] = [("math", False)]
        self.spaced = False

    def tokens(self) -> list[Token]:
        while self.at < len(self.text):
            if len(self.out) > MOST_TOKENS:
                raise TooLargeError(f"the answer has more than {MOST_TOKENS} tokens")
            self._step()
        return self.out

    def _step(self) -> None:
        char = self.text[self.at]
        if match := _SPACE.match(self.text, self.at):
            self.at = match.end()
            self.spaced = True
        elif char == "\\":
            self._command()
        elif char.isdecimal() or (char == "." and self.text[self.at + 1 : self.at + 2].isdecimal()):
            self._number()
        elif match := _PACKAGE.match(self.text, self.at):
            self.at = match.end()
        elif match := _RUN.match(self.text, self.at):
            self._letters(match.group())
        elif match := _SIGN.match(self.text, self.at):
            self.at = match.end()
            self._sign(match.group())
        else:
            self.at += 1
            self._put("word", char)

    def _put(self, kind: str, text: str, value: Fraction = Fraction(0), places: int | None = None) -> None:
        shown = FUNCTION_NAMES.get(text.lower(), text) if kind == "word" else text
        self.out.append(Token(kind, shown, self.spaced, value, places))
        self.spaced = False

    def _number(self) -> None:
        spelled, whole, decimals, exponent = _literal(self.text, self.at, self.commas)
        self.at += len(spelled)
        if len(whole) + len(decimals) > MOST_DIGITS:
            raise TooLargeError(f"the answer has a number of more than {MOST_DIGITS} digits")
        if abs(exponent) > MOST_DIGITS:
            raise TooLargeError(f"the answer has an exponent beyond {MOST_DIGITS}")
        value = Fraction(int(whole + decimals or "0")) * Fraction(10) ** (exponent - len(decimals))
        stated = None if not decimals and exponent >= 0 else len(decimals) - exponent
        self._put("num", spelled, value, stated)

    def _letters(self, run: str) -> None:
        self.at += len(run)
        if run.lower() == "union" and self.out and self.out[-1].text in (")", "]", "\\}"):
            self._put("op", "cup")
            return
        if run.lower() == "equals" and self.out:
            self._put("op", "=")
            return
        if run.lower() in _MODULO:
            self._put("op", "mod")
            return
        if self.modes[-1][0] == "text":
            for part in run.split("-") if run.split("-")[0].lower() in CONNECTIVES else [run]:
                self._put("word", part)
            return
        if "-" in run and not all(len(part) > 2 for part in run.split("-")):
            self.at -= len(run) - run.index("-")
            run = run[: run.index("-")]
        self._math_run(run)

    def _math_run(self, run: str) -> None:
        lower = run.lower()
        previous = self.out[-1] if self.out else Token("end", "")
        if len(run) == 1 and self._is_roman_unit(run, previous):
            self._put("word", run)
        elif len(run) == 1:
            self._put("let" if run.isascii() or not _is_han(run) else "word", run)
        elif previous.text == "_":
            self._subscript(run)
        elif lower in _WHOLE_WORDS or self.modes[-1][0] == "roman" or not run.isascii() or self._is_unit(run, previous):
            self._put("word", run)
        elif prefix := _glued(run):
            self._put("word", prefix)
            self._math_run(run[len(prefix) :])
        elif len(run) >= 4 and run[1:].islower():
            self._put("word", run)
        else:
            for letter in run:
                self._put("let", letter)

    def _is_roman_unit(self, letter: str, previous: Token) -> bool:
        r"""Say whether an upright letter is a unit: right behind a number or another unit (`5\\ \\mathrm{N\\,m}`)."""
        upright = self.modes[-1][0] == "roman" and not self.letters and is_unit_name(letter)
        return upright and (previous.kind == "num" or (previous.kind == "word" and is_unit_name(previous.text)))

    def _is_unit(self, run: str, previous: Token) -> bool:
        """Say whether letters are a unit or a part of one: right behind a number, or behind another word."""
        if previous.kind == "num":
            return run == "per" or (not self.letters and is_unit_word(run))
        return previous.kind == "word" and self.spaced and (run == "per" or is_unit_word(run))

    def _subscript(self, run: str) -> None:
        """After a bare `_` the whole run of letters is the subscript in plain text, its first letter in LaTeX."""
        latex = "\\" in self.text
        self._put("let", run[0] if latex else run)
        if latex and len(run) > 1:
            self._math_run(run[1:])

    def _sign(self, sign: str) -> None:
        if sign == "{":
            self.modes.append((self.modes[-1][0], True))
            self._put("op", "{")
        elif sign == "}":
            self._close()
        elif sign == "$":
            self._dollar()
        elif sign in "€£¥₹":
            self._put("word", sign)
        elif sign in ('"', "`", "~", "@", "#"):
            self.spaced = True
        else:
            renamed = {"**": "^", "=<": "<=", "+/-": "+-", "…": "...", "\\": " "}.get(
                sign, "..." if sign.startswith("...") else sign
            )
            self._put("op", renamed)

    def _dollar(self) -> None:
        r"""A dollar sign is a delimiter of mathematics; inside `\\text{…}` it opens or closes mathematics."""
        if self.modes[-1][0] == "text" and len(self.modes) > 1:
            self.modes[-1] = ("math-in-text", self.modes[-1][1])
        elif self.modes[-1][0] == "math-in-text":
            self.modes[-1] = ("text", self.modes[-1][1])
        self.spaced = True

    def _close(self) -> None:
        if len(self.modes) == 1:
            self._put("op", "}")
            return
        _, shown = self.modes.pop()
        if shown:
            self._put("op", "}")
        else:
            self.spaced = True

    def _command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:
            self.at += 1
            return
        self.at = match.end()
        if match[2] is not None:
            self._escaped(match[2])
            return
        name, used = _spelled(match[1])
        if used < len(match[1]):
            self.at = match.start(1) + used
        self._named(name)

    def _escaped(self, char: str) -> None:
        if char in ",;: >/\n\t@)(][":
            self.spaced = True
        elif char in "{}":
            self._put("op", "\\" + char)
        elif char == "%":
            self._put("op", "%")
        elif char == "$":
            self._put("word", "$")
        elif char == "|":
            self._put("op", "||")
        elif char == "\\":
            self._put("op", "\\\\")
        elif char == "_":
            self._put("op", "_")

    def _named(self, name: str) -> None:  # noqa: C901 - one case a kind of command
        if name in SPACING:
            self.spaced = True
        elif name in DROPPED:
            self._skip_delimiter(name)
        elif name in LETTERS:
            self._put("let", LETTERS[name])
        elif name in _BOLD and (match := _UNIT_VECTOR.match(self.text, self.at)):
            self.at = match.end()
            self._put("let", f"hat {match[1] or match[2]}")
        elif name in TEXTUAL or name in ROMAN:
            self._wrapper("text" if name in TEXTUAL else "roman")
        elif name in SIGNS:
            self._put("op", SIGNS[name])
        elif name in CURRENCY:
            shown = CURRENCY[name]
            self._put("op" if shown == "%" else "cmd" if shown == "circ" else "word", shown)
        elif name in _WITH_ARGUMENT:
            self._skip_argument()
        elif name in ("begin", "end"):
            self._environment(name)
        elif name in GREEK:
            self._put("let", name)
        elif name in MEANT:
            self._put("cmd", name)
        else:
            self._put("let" if len(name) == 1 else "word", name)

    def _skip_delimiter(self, name: str) -> None:
        if name in ("left", "right", "middle") and self.text[self.at : self.at + 1] == ".":
            self.at += 1

    def _skip_argument(self) -> None:
        """Move over the argument of a command that only changes the look."""
        match = _ARGUMENT.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _wrapper(self, mode: str) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        if self.text[self.at : self.at + 1] != "{":
            return
        self.at += 1
        shown = bool(self.out) and self.out[-1].text in ("^", "_", "frac", "sqrt", "binom")
        if shown:
            self._put("op", "{")
        else:
            self.spaced = True
        self.modes.append((mode, shown))

    def _environment(self, name: str) -> None:
        match = re.compile(r"\s*\{([A-Za-z]+\*?)\}(?:\s*\{[lcr|@ ]*\}|\[[a-z]\])?").match(self.text, self.at)
        if match is None:
            return
        self.at = match.end()
        self._put("cmd", f"{name}:{match[1].rstrip('*').lower()}")


def _spelled(name: str) -> tuple[str, int]:
    """Return the known name of a command, in another case or glued to a letter too, and how many letters it took."""
    for form in (name, name.lower()):
        if form in KNOWN:
            return RENAMED.get(form, form), len(name)
    for cut in (1, 2):
        if (len(name) - cut >= 4 and name[:-cut] in KNOWN) or name[:-cut] in FUNCTIONS:
            return RENAMED.get(name[:-cut], name[:-cut]), len(name) - cut
    return name, len(name)


def _glued(run: str) -> str:
    """Return the function, constant or connective that a run of letters begins with (`sinx`, `orW`), or nothing."""
    for word in ("sin", "cos", "tan", "cot", "sqrt", "log", "ln", "exp", "pi"):
        if run.startswith(word) and len(run) - len(word) <= 2:
            return word
    for word in ("or", "and"):
        if run.startswith(word) and run[len(word)].isupper():
            return word
    return ""


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _literal(text: str, at: int, commas: str) -> tuple[str, str, str, int]:
    """Read the number at `at`: its spelling, whole digits, decimals and exponent of ten."""
    if commas == "decimal" and (match := _DECIMAL_COMMA.match(text, at)):
        return match.group(), re.sub(r"\D", "", match[1]), match[2], 0
    if (match := _POINTS.match(text, at)) and not (commas == "list" and "," in match.group()):
        whole, _, decimals = match.group().partition(",")
        return match.group(), whole.replace(".", ""), decimals, 0
    if match := _GROUPED.match(text, at) or (_COMMAS.match(text, at) if commas == "group" else None):
        whole, _, decimals = match.group().partition(".")
        return match.group(), re.sub(r"\D", "", whole), decimals, 0
    if match := _BRACED_COMMA.match(text, at):
        return match.group(), match[1], match[2], 0
    match = _PLAIN.match(text, at)
    if match is None:
        raise AssertionError(f"no number at {at}")
    mantissa, _, exponent = match.group().replace("E", "e").partition("e")
    whole, _, decimals = mantissa.partition(".")
    return match.group(), whole, decimals, int(exponent or 0)
