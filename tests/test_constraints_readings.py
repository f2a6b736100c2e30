"""How a careful reader takes each sentence: small replies that obey it, and some that only look as if they did."""

from typing import Any

import pytest

from mathif.constraints import judge, parse

REQUEST = {"prompt_to_repeat": "Ann has 3 pens, and $n+1$ cups.\nHow many are there?"}
REPEATED = "Ann has 3 pens, and $n+1$ cups. How many are there?"
ENDING = {"end_phrase": "I hope this helps!"}
NOTE = {"phrase": "Note"}
UNIT = {"unit": "seats"}

READINGS: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    (
        "combination:repeat_prompt",
        REQUEST,
        [
            REPEATED + " There are $\\boxed{4}$.",
            REPEATED.replace("$n+1$", "\\(n + 1\\)") + "\n\nFour.",
            f"**{REPEATED}**\n\nFour.",
            REPEATED.replace(" ", "\u00a0") + " $\\boxed{4}$",
            f"> {REPEATED}\n\nFour.",
        ],
        [
            REPEATED.replace(" ", "") + "\n\nFour.",
            REPEATED.replace("3 pens", "3pens") + "\n\nFour.",
            REPEATED.replace("pens", "pencils") + " Four.",
            REPEATED.replace(",", "") + " Four.",
            REPEATED + ".",
            REPEATED + " <!-- four -->",
            f"Sure! {REPEATED} Four.",
        ],
    ),
    (
        "startend:end_checker",
        ENDING,
        [
            "It is 4. I hope this helps!",
            "It is 4. \\text{I hope this helps!}",
            "It is 4. *I hope\nthis helps!*",
            "“It is 4. I\u00a0hope this helps!”",
            "It is 4. I hope this helps! <!-- or not -->",
        ],
        [
            "I hope this helps! It is 4.",
            "It is 4. i hope this helps!",
            "<!-- I hope this helps! -->",
            "It is 4. I hope this helps!!",
        ],
    ),
    (
        "startend:start_phrase",
        NOTE,
        ["Note: it is 4.", "NOTE it is 4.", "**Note** it is 4.", "# Note\nIt is 4.", "\\textbf{Note} it is 4."],
        [
            "Notebooks are 4.",
            "Note-taking is 4.",
            "Note's end is 4.",
            "A note: it is 4.",
            "<!-- Note --> It is 4.",
            "Not e: 4.",
        ],
    ),
    (
        "startend:start_phrase",
        {"phrase": "Here's a hint: look"},
        ["Here’s  a hint:\nlook at 4.", "here's a\u00a0hint: look"],
        ["Heres a hint: look", "Here's a hint; look", "Here's a hint: looking"],
    ),
    (
        "startend:quotation",
        {},
        [
            '**"Six sevens are $\\boxed{42}$."**',
            '"The board is 5" long, so $\\boxed{5}$."',
            '"\nHe says "yes" and writes $\\boxed{5}$.\n"',
            '<!-- a --> "It is $\\boxed{5}$."',
        ],
        [
            '"The sum is 5" and "the product is $\\boxed{6}$"',
            '"Yes" and "no"',
            '"It is 5." So $\\boxed{5}$.',
            '"..."',
            '" <!-- words --> "',
        ],
    ),
    (
        "answer:first",
        {},
        [
            "# $\\boxed{42}$\n\nSix sevens.",
            "\\begin{equation}\\boxed{42}\\end{equation}\n\nSix sevens.",
            "$\\boxed{42}$\\\\\nSix sevens.",
            "<!-- a -->\n**$\\boxed{42}$.**\n$6 \\cdot 7 = 42$",
            "> $\\displaystyle \\boxed{42}$\n\nSix sevens.",
        ],
        [
            "$\\boxed{42}$\n<!-- x -->",
            "$\\boxed{42}$\n\n---",
            "$\\boxed{42}$\n\n$\\boxed{42}$",
            "$n = \\boxed{42}$\nSix sevens.",
            "$\\boxed{42}$ seats\nSix sevens.",
            "Answer:\n$\\boxed{42}$\nSix sevens.",
        ],
    ),
    (
        "answer:last_line",
        {},
        [
            "Six sevens.\n\n> $\\boxed{42}$",
            "Six sevens.\n\n$\\boxed{42}$\\",
            "Six sevens.\n\n- **$\\boxed{42}$**.",
            "Six sevens.\n\\begin{align*}\n\\boxed{42}\n\\end{align*}",
            "Six sevens.\n$\\boxed{42}$\n<!-- x -->\n",
        ],
        [
            "Six sevens: $\\boxed{42}$",
            "Six.\n$n = \\boxed{42}$",
            "Six.\n$\\boxed{42}$ seats",
            "Six.\n$\\boxed{42}$\n\nDone.",
        ],
    ),
    (
        "answer:confidence",
        {},
        [
            "$\\boxed{42}$\nConfidence: 95%",
            "$\\boxed{42}$\n\n- Confidence: 95%",
            "$\\boxed{42}$\n\n### Confidence: $95\\%$",
            "$\\boxed{42}$\n\n**Confidence:** 0 %.",
            "$\\boxed{42}$\n\\textbf{Confidence: 100\\%}",
        ],
        [
            "$\\boxed{42}$\nConfidence: 007%",
            "$\\boxed{42}$\nConfidence: 95.5%",
            "$\\boxed{42}$\nConfidence: 101%",
            "$\\boxed{42}$\nConfidence: high",
            "$\\boxed{42}$\nMy confidence: 95%",
            "$\\boxed{42}$\n<!-- Confidence: 95% -->",
            "$\\boxed{42}$ Confidence: 95%",
        ],
    ),
    (
        "answer:unit",
        UNIT,
        [
            "It is $\\boxed{42}\\text{ seats}$.",
            "It is \\[\\boxed{42} \\text{ seats}\\]",
            "It is $\\boxed{42}$ $\\text{seats}$.",
            "It is $$\\boxed{42}\\ \\mathrm{seats}$$",
            "It is **$\\boxed{42}$ seats**.",
            "It is $$\\boxed{42}$$\nseats.",
            "It is $\\boxed{42\\text{ Seats}}$.",
        ],
        [
            "It is $\\boxed{42}$. Seats are nice.",
            "It is $\\boxed{42}$\n\nseats",
            "It is $\\boxed{42}$ red seats.",
            "It is $\\boxed{42}$ <!-- seats -->.",
            "It is $\\boxed{42}$ seatses.",
            "The seats: $\\boxed{42}$",
        ],
    ),
]
CASES = [
    (kind, args, text, obeys)
    for kind, args, good, bad in READINGS
    for obeys, found in ((True, good), (False, bad))
    for text in found
]


@pytest.mark.parametrize(("kind", "args", "text", "obeys"), CASES)
def test_a_reply_obeys_what_a_careful_reader_takes_the_sentence_to_say(
    kind: str, args: dict[str, Any], text: str, obeys: bool
) -> None:
    verdict = judge(parse(kind, args), text)
    assert verdict.passed == obeys, verdict.reason
