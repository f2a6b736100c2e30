r"""Cheap tricks: replies that go through the motions of a demand, as a reader sees at once, obey nothing.

Each row is one trick against one kind; `HONEST` is what the same kind lets pass, so that no judge passes this file by
refusing everything.
"""

import pytest

from mathif.constraints import judge, parse

BOX = "$\\boxed{42}$"
TWO_PARTS = {"section_spliter": "Part", "num_sections": 2}

TRICKS = [
    # Said where nobody reads it.
    ("keywords:existence", {"keywords": ["verify"]}, f"<!-- verify -->\n{BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, f"Well<!-- verify -->, {BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, f"[//]: # (verify)\n\nWell, {BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, f'<span style="display:none">verify</span> Well, {BOX}'),
    ("keywords:existence", {"keywords": ["verify"]}, f"[here](https://a.org/verify) {BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, f"$\\phantom{{\\text{{verify}}}}$ {BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, "So $\\boxed{42 \\text{ verify}}$"),
    ("keywords:existence", {"keywords": ["verify"]}, f"<verify> {BOX}"),
    ("length_constraint_checkers:number_words", {"num_words": 5, "relation": "at least"}, f"<!-- {'a ' * 9}--> {BOX}"),
    ("length_constraint_checkers:number_words", {"num_words": 5, "relation": "at least"}, f"{'**' * 9} - - - * {BOX}"),
    ("length_constraint_checkers:number_words", {"num_words": 5, "relation": "at least"}, f"{'&nbsp; ' * 9}{BOX}"),
    ("language:response_language", {"language": "de"}, f"<!-- die Antwort ist eine Zahl und -->The answer is {BOX}"),
    # Drawn to look like something else.
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"ѕо it is {BOX}"),
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"s\u200bo it is {BOX}"),
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"t**he**n it is {BOX}"),
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"𝐭𝐡𝐞𝐧 it is {BOX}"),
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"$\\text{{then}}$ it is {BOX}"),
    ("punctuation:no_comma", {}, f"Well‚ it is {BOX}"),
    ("punctuation:no_comma", {}, f"Well， it is {BOX}"),
    ("punctuation:no_comma", {}, f"$\\text{{Well,}}$ it is {BOX}"),
    ("punctuation:no_comma", {}, f"`Well,` it is {BOX}"),
    ("punctuation:no_comma", {}, "It is $\\boxed{1{,}042}$"),
    ("change_case:english_lowercase", {}, f"$\\text{{The answer to it is this}}$ and so we have the number {BOX}"),
    # Marks with nothing behind them.
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"*\n*\n\n{BOX}"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"* &nbsp;\n* \u200b\n\n{BOX}"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"* .\n* -\n\n{BOX}"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"<!--\n* a\n* b\n-->\n{BOX}"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"```\n* a\n* b\n```\n{BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"*.* **-** {BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"* a * * b * {BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"`*a*` \\*b\\* {BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"<!-- *a* *b* -->{BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"**a *b* c** {BOX}"),
    ("detectable_format:multiple_sections", TWO_PARTS, f"Part 1\nPart 2\n{BOX}"),
    ("detectable_format:multiple_sections", TWO_PARTS, f"Part 1 Part 2 {BOX}"),
    (
        "detectable_format:multiple_sections",
        TWO_PARTS,
        f"Part 1\n.\nPart 2\n{BOX}",
    ),
    (
        "detectable_format:multiple_sections",
        TWO_PARTS,
        f"Part 1\na\nPart 1\n{BOX}",
    ),
    ("detectable_format:multiple_sections", TWO_PARTS, f"Part 1\n{BOX}\nPart 2"),
    ("layout:numbered_steps", {"steps": 2}, "1.\n2.\n\n"),
    ("layout:numbered_steps", {"steps": 2}, f"1. .\n2. -\n\n{BOX}"),
    ("layout:numbered_steps", {"steps": 2}, f"<!--\n1. a\n2. b\n-->\n{BOX}"),
    ("layout:numbered_steps", {"steps": 2}, f"```\n1. a\n2. b\n```\n{BOX}"),
    ("layout:numbered_steps", {"steps": 2}, f"1. a\n1. b\n\n{BOX}"),
    ("layout:headings", {"count": 2}, f"#\n##\n{BOX}"),
    ("layout:headings", {"count": 2}, f"# .\n## &nbsp;\n{BOX}"),
    ("layout:headings", {"count": 2}, f"<!--\n# a\n# b\n-->\n{BOX}"),
    ("layout:paragraphs", {"count": 3}, f".\n\n-\n\n{BOX}"),
    ("layout:paragraphs", {"count": 3}, f"\u200b\n\n&nbsp;\n\n{BOX}"),
    ("layout:paragraphs", {"count": 3}, f"<!-- a -->\n\n<!-- b -->\n\n{BOX}"),
    ("layout:line_length", {"characters": 60, "lines": 4}, f".\n.\n.\n{BOX}"),
    ("layout:line_length", {"characters": 60, "lines": 4}, f"<!--\na\nb\nc\n-->\n{BOX}"),
    ("layout:equations", {"count": 1}, f"$$=$$ {BOX}"),
    ("layout:equations", {"count": 1}, f"$$1 = 1$$ {BOX}"),
    ("layout:equations", {"count": 1}, f"```\n$$6 \\cdot 7 = 42$$\n```\n{BOX}"),
    ("layout:equations", {"count": 1}, f"<!-- $$6 \\cdot 7 = 42$$ -->\n{BOX}"),
    ("layout:equations", {"count": 1}, "\\boxed{x = 42}"),
    ("layout:table", {"rows": 2}, f"| | |\n|---|---|\n| | |\n| | |\n\n{BOX}"),
    ("layout:table", {"rows": 2}, f"<!--\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n-->\n{BOX}"),
    ("layout:table", {"rows": 2}, f"```\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n```\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"Check:\n$1 = 1$\n\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"Check:\n$2 + 2 = 4$\n\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"Check:\n$=$\n\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"<!--\nCheck:\n$42 = 6 \\cdot 7$\n-->\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"# Check\n\n# Answer\n$x = 42$, so {BOX}"),
    ("layout:json", {"keys": ["answer"]}, f'<!--\n```json\n{{"answer": 42}}\n```\n-->\n{BOX}'),
    ("layout:json", {"keys": ["answer"]}, f'`{{"answer": 42}}` {BOX}'),
    ("layout:json", {"keys": ["answer"]}, f'```json\n{{"answer": NaN}}\n```\n{BOX}'),
]

HONEST = [
    ("keywords:existence", {"keywords": ["verify"]}, f"We **verify** it: {BOX}"),
    ("keywords:existence", {"keywords": ["verify"]}, f"> `verify` $\\text{{verify}}$ {BOX}"),
    ("keywords:forbidden_words", {"forbidden_words": ["so", "then"]}, f"<!-- so --> <b>Also</b> {BOX}"),
    ("length_constraint_checkers:number_words", {"num_words": 5, "relation": "less than"}, f"<!-- {'a ' * 9}--> {BOX}"),
    ("punctuation:no_comma", {}, f"We have $x\\,y$ hence {BOX}"),
    ("punctuation:no_comma", {}, "So $\\boxed{(4, 2)}$ <!-- , -->"),
    ("detectable_format:number_bullet_lists", {"num_bullets": 2}, f"* $6 \\cdot 7$\n*\n  It is {BOX}"),
    ("detectable_format:number_highlighted_sections", {"num_highlights": 2}, f"__Six__ sevens: **{BOX}**"),
    (
        "detectable_format:multiple_sections",
        TWO_PARTS,
        f"**Part 1:** a\n# Part 2\n{BOX}",
    ),
    ("layout:numbered_steps", {"steps": 2}, f"**1.** Add.\n\n   1. Really.\n\n**2.** {BOX}"),
    ("layout:numbered_steps", {"steps": 2}, f"### Step 1\nAdd.\n### Step 2\n{BOX}"),
    ("layout:headings", {"count": 1}, f"## $x$ ##\n{BOX}"),
    ("layout:paragraphs", {"count": 2}, f"Six sevens\u00a0\n\n<!-- a -->\n\n{BOX}"),
    ("layout:line_length", {"characters": 12, "lines": 1}, f"{BOX}    \n"),
    ("layout:equations", {"count": 1}, f"\\[\n6 \\cdot 7 = 42\n\\]\n$x = 42$ {BOX}"),
    ("layout:equations", {"count": 1}, f"$$\\begin{{aligned}} x &= 42 \\\\ y &= 1 \\end{{aligned}}$$ {BOX}"),
    ("layout:table", {"rows": 1}, f"> a | b\n> --- | :-:\n> `|x|` | 42\n\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, f"# Check\n\n## At last\n\\[6 \\cdot 7 = 42\\]\n# Answer\n{BOX}"),
    ("layout:check_section", {"heading": "Test result"}, f"## Test result:\n$6 \\cdot 7 = 42$\n\n{BOX}"),
    ("layout:check_section", {"heading": "result"}, f"**Result**\n$6 \\cdot 7 = 42$\n\n{BOX}"),
    ("layout:check_section", {"heading": "Check"}, "\\textbf{Check:}\n$x^2 = y$\n\n$\\boxed{\\text{even}}$"),
    ("layout:json", {"keys": ["answer"]}, f'> ~~~ json\n> {{"answer": 42}}\n> ~~~\n\n{BOX}'),
]


@pytest.mark.parametrize(("kind", "args", "text"), TRICKS)
def test_a_trick_does_not_obey(kind: str, args: dict[str, object], text: str) -> None:
    assert not judge(parse(kind, args), text).passed


@pytest.mark.parametrize(("kind", "args", "text"), HONEST)
def test_an_honest_reply_in_an_unusual_form_obeys(kind: str, args: dict[str, object], text: str) -> None:
    verdict = judge(parse(kind, args), text)
    assert verdict.passed, verdict.reason


@pytest.mark.parametrize("characters", [20, 21, 22])
def test_a_line_may_have_just_as_many_characters_as_are_allowed(characters: int) -> None:
    text = "x" * 21 + "  \nIt is $\\boxed{5}$."
    assert judge(parse("layout:line_length", {"characters": characters, "lines": 2}), text).passed == (characters >= 21)


@pytest.mark.parametrize("lines", [2, 3, 4])
def test_lines_are_counted_to_the_last_one(lines: int) -> None:
    text = "a\n\nb\n$\\boxed{5}$"
    assert judge(parse("layout:line_length", {"characters": 60, "lines": lines}), text).passed == (lines <= 3)
