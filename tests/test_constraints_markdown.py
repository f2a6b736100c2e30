"""Blocks, code and emphasis are those of a CommonMark library, on texts made of every mark."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mathif.constraints.markdown import MOST_LINES, MOST_MARKS, blocks, emphasis, inline
from mathif.constraints.words import view

ORACLE = MarkdownIt("commonmark")
PIECES = (
    *("a", "word ", "é", ".", "(", "* ", "- ", "+ ", "1. ", "2) ", "42. ", "# ", "## ", "#", "> ", "\n", "\n", "\n\n"),
    *("  ", "    ", "```", "```\n", "~~~\n", "`", "``", "*", "**", "_", "__", "***", "---\n", "===\n", "\\", "***\n"),
)
markdown_texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
LEAVES = {"fence": "code", "code_block": "code", "hr": "rule", "list_item_open": "item"}


def told(text: str) -> Counter[str]:
    """Return how many blocks and inlines of each sort the library finds."""
    found: Counter[str] = Counter()
    for token in ORACLE.parse(text):
        if token.type in LEAVES:
            found[LEAVES[token.type]] += 1
        if token.type == "heading_open" and token.markup[0] == "#":
            found["heading"] += 1
        for child in token.children or ():
            if child.type in ("em_open", "strong_open"):
                found["emphasis"] += 1
            if child.type == "code_inline":
                found["span"] += 1
    return found


def seen(text: str) -> Counter[str]:
    """Return the same of this project."""
    found = blocks(text)
    code, _ = inline(text, found.runs)
    return +Counter(
        code=len(found.code),
        rule=len(found.rules),
        item=len(found.items),
        heading=len(found.headings),
        emphasis=len(view(text).emphasis),
        span=len(code),
    )


@given(markdown_texts)
@example("1. a\n\n       b\n2. c\n   - d\n> e\nlazy\n42. f")
@example("- a\n\n  ```\n  # b\n  ```\n- c")
@example("***a** b* **c*d** ****e**** *f**")
@example("a\n=\n***\n- ***\n```\n```\n")
def test_blocks_and_emphasis_are_those_of_a_commonmark_library(text: str) -> None:
    assert seen(text) == told(text)


@given(st.text(alphabet="ab *_\n.(é中文", max_size=30))
def test_delimiters_flank_as_in_a_commonmark_library(text: str) -> None:
    if not any(mark in text for mark in (".", "(")):
        assert seen(text)["emphasis"] == told(text)["emphasis"]


@pytest.mark.parametrize(
    "text",
    [
        "答案是**五**，所以**总和**为五。",
        "คำตอบคือ**ห้า**และ**ห้า** ",
        "답은 **다섯**이고 **합**은",
        "Die **Summe**n und **Produkt**e.",
        "**答案：**五 和 **「总和」**六",
    ],
)
def test_emphasis_stands_beside_letters_of_any_script(text: str) -> None:
    assert len(view(text).emphasis) == 2


@pytest.mark.parametrize(
    "text", ["2*3*4", "a*b*c", "(a+1)*(b+1)*2", "snake_case_name", "`*a*`", "$a*b$ $c*d$", r"\*a\*"]
)
def test_what_multiplies_or_is_code_emphasizes_nothing(text: str) -> None:
    assert not view(text).emphasis


def test_what_lies_beyond_the_bounds_is_plain_text() -> None:
    assert len(blocks("- a\n" * (MOST_LINES + 5)).items) == MOST_LINES
    text = "*a* " * (MOST_MARKS + 5)
    assert len(emphasis(text, blocks(text).runs)) == MOST_MARKS // 2


def test_a_comment_hides_lines_and_what_stands_behind_it_is_read() -> None:
    found = blocks("<!-- # a\n* b -->*c*\n# d")
    assert not found.items
    assert [text.inner for text in found.headings] == [(22, 23)]
    assert len(view("<!-- # a\n* b -->*c*").emphasis) == 1
