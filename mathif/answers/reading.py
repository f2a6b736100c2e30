r"""What stands in a box, as this room reads it: the tree of the answer and the tokens that spell it.

A room of its own because a demand on the *form* of an answer must accept every spelling that the grader reads as that
form, and so asks the grader's own parser instead of patterns of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from mathif.answers.numerals import read_numeral
from mathif.answers.parse import parse
from mathif.answers.spelling import bare
from mathif.answers.tokens import Token, tokenize
from mathif.answers.tree import Node, TooLargeError, UnreadableError


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

    tree: Node
    tokens: tuple[Token, ...]


def read_answer(content: str) -> Reading | None:
    r"""Read the content of a box, with commas between digits as thousands.

    The same words, numbers and signs give the same reading in every spelling: `$`, `\\displaystyle`, `\\,`, `\\left`,
    `{,}`, Unicode signs and digits, `\\dfrac` and `\\text` do not matter. Examples of trees:

    | content | tree |
    |---|---|
    | `7.50` | `num` with the value 15/2 and 2 places |
    | `\\$7.50`, `7.50 \\; \\text{cm}` | `quantity` of that `num` and the unit as written (`$`, `cm`) |
    | `7.50\\%` | `percent` of that `num` |
    | `- \\frac{3}{6}` | `mul` of -1, 3 and the `pow` of 6 and -1 |
    | `4.2\\,\\times\\,10^{3}` | `mul` of 4.2 (one place) and the `pow` of 10 and 3 |
    | `T\\,=\\,42` | `rel` with the signs `("=",)`, the `sym` T and the `num` 42 |
    | `forty-two` | `num` 42; its tokens are of the kind `word`, so that words and digits can be told apart |

    Returns:
        The reading, or None where the content is in no notation that is known here, or larger than an answer is.
    """
    text = bare(content)
    try:
        tokens = tuple(tokenize(text))
        value = read_numeral(" ".join(token.text for token in tokens if token.text not in "{}"))
        tree = parse(text) if value is None else Node("num", (value, None))
    except (UnreadableError, TooLargeError):
        return None
    return Reading(tree, tokens)
