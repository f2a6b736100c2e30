r"""What stands in a box, as this room reads it: the tree of the answer and the tokens that spell it.

A room of its own because a demand on the *form* of an answer must accept every spelling that the grader reads as that
form, and so asks the grader's own parser instead of patterns of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mathif.answers.read.grammar import parse
from mathif.answers.read.lex import Token, tokenize
from mathif.answers.read.numerals import read_numeral
from mathif.answers.read.spelling import bare
from mathif.answers.settle.exact import fold
from mathif.answers.tree import Degrees, Number, Quantity, Relation, TooLargeError, Tree, UnreadableError


@dataclass(frozen=True, slots=True)
class Reading:
    r"""An answer as it is read.

    Attributes:
        tree: its tree; `mathif.answers.tree` says what each node holds. Nothing is computed: `\\frac{3}{6}`,
            `\\frac36`, `- 3/6` and `\\frac{1{,}512}{6}` keep both numbers, and a number keeps the decimal places it
            states.
        tokens: how it is spelled, without delimiters, spacing and commands that only change the look. A number token
            has its spelling (`007`), its value and the places it states; `\\text{…}` gives tokens of the kind `word`.
    """

    tree: Tree
    tokens: tuple[Token, ...]

    def number(self) -> Fraction | None:
        r"""Return the value without the name before it and the unit behind it (`T = 2^{10}\\text{ m}`).

        None where it is no single rational number, or one too large to compute.
        """
        tree = self.tree.sides[-1] if isinstance(self.tree, Relation) and self.tree.signs == ("=",) else self.tree
        tree = tree.value if isinstance(tree, Quantity | Degrees) else tree
        try:
            return fold(tree)
        except TooLargeError:
            return None


def read_answer(content: str) -> Reading | None:
    r"""Read the content of a box, with commas between digits as thousands.

    The same words, numbers and signs give the same reading in every spelling: `$`, `\\displaystyle`, `\\,`, `\\left`,
    `{,}`, Unicode signs and digits, `\\dfrac` and `\\text` do not matter. Examples of trees:

    | content | tree |
    |---|---|
    | `7.50` | `Number(15/2, places=2)` |
    | `\\$7.50`, `7.50 \\; \\text{cm}` | `Quantity` of that number and the unit as written (`$`, `cm`) |
    | `7.50\\%` | `Percent` of that number |
    | `- \\frac{3}{6}` | `Product` of the numbers -1 and 3 and `Power(6, -1)` |
    | `4.2\\,\\times\\,10^{3}` | `Product` of 4.2 (one place) and `Power(10, 3)` |
    | `T\\,=\\,42` | `Relation(("=",), (Name("T"), Number(42)))` |
    | `forty-two` | `Number(42)`; its tokens are of the kind `word`, so that words and digits can be told apart |

    Returns:
        The reading, or None where the content is in no notation that is known here, or larger than an answer is.
    """
    text = bare(content)
    try:
        tokens = tuple(tokenize(text))
        value = read_numeral(" ".join(token.text for token in tokens if token.text not in "{}"))
        tree = parse(text) if value is None else Number(value)
    except (UnreadableError, TooLargeError):
        return None
    return Reading(tree, tokens)
