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
            "It is 4. $\\text{I hope this helps!}$",
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
    (
        "keywords:existence",
        {"keywords": ["verify", "hence"]},
        ["We verify it; hence $\\boxed{4}$.", "Hence, verify it: $\\boxed{4}$", "$\\text{hence}$ we *verify* that."],
        [
            "Keywords:\nverify, hence.\nIt is $\\boxed{4}$.",
            "Verify hence\n\nIt is $\\boxed{4}$.",
            "It is 4. <!-- verify hence -->",
            "We ver\u200bified, hence 4.",
            "`hence` we go on.",
        ],
    ),
    (
        "keywords:frequency",
        {"keyword": "verify", "frequency": 3, "relation": "at least"},
        ["Verify this, verify that and verify it.", "Verify. Now verify. Then verify."],
        ["Verify verify verify.", "Verify, verify: verify!", "verify this <!-- verify verify -->"],
    ),
    (
        "keywords:frequency",
        {"keyword": "so", "frequency": 2, "relation": "less than"},
        ["So it is 4.", "Also sofas.", "So <!-- so --> it is."],
        ["So so.", "So it is *so*.", "$\\text{so so}$ it is"],
    ),
    (
        "change_case:capital_word_frequency",
        {"capital_frequency": 3, "capital_relation": "at least"},
        ["FIRST THEN DONE is $\\boxed{4}$.", "$\\text{FIRST THEN DONE}$ it is.", "NOTE this, NOTE that, NOTE it."],
        ["NOTE NOTE NOTE it is.", "Parts II, III and IV.", "I, A, X and Y.", "<!-- FIRST THEN DONE --> no"],
    ),
    (
        "lexical:method",
        {"use": "cases", "avoid": "equation"},
        ["$\\text{by cases}$ $\\boxed{5}$", "By cases, no equations. $\\boxed{5}$"],
        ["By cases: $\\text{the equation is}$ 5", "<!-- cases --> 5", "By *case*s… an equation"],
    ),
    (
        "lexical:address_reader",
        {"count": 2},
        ["You add, and you get 5.", "You, and only you, add."],
        ["You you add.", "$\\text{we get}$ so you and you: 5", "Your sum is yours.", "You <!-- you --> add."],
    ),
    (
        "lexical:spelled_numbers",
        {"count": 2},
        ["Half of a dozen is a third.", "One hundred and five and seven.", "Six, seven."],
        [
            "No one but someone, and one.",
            "One hundred and five.",
            "Twenty-one.",
            "One one one.",
            "Six seven 8.",
            "The one that one sees.",
            "<!-- six seven --> five",
        ],
    ),
    (
        "lexical:named_variable",
        {"symbol": "t", "count": 2},
        ["Let $t$ be so; then $t = 4$.", "\\[t + t = 4\\]", "$2t\\cdot\\mathbf{t}$"],
        [
            "$$\\begin{matrix}1&2\\end{matrix}$$ is 5",
            "$$\\textit{that is it}$$",
            "`$t$` `$t$`",
            "$t$ $t$",
            "$that$ is",
            "$\\text{t t}$ t t",
            "<!-- $t + t$ --> $t$",
            "$\\phantom{t+t}$",
        ],
    ),
    (
        "punctuation:no_latex",
        {},
        ["It costs $5, so **$\\boxed{42}$**.", "It costs $5, so it is $\\boxed{42}$."],
        ["It costs $5, so **$x$** is $\\boxed{42}$.", "So $A^*$ and $\\boxed{42}$."],
    ),
    (
        "lexical:between_words",
        {"word": "um"},
        ["six\u00a0um seven"],
        ["six\u00a0times um seven"],
    ),
    (
        "punctuation:questions",
        {"count": 2},
        [
            "What is it? Why?",
            "Is it $x$? Or is it $\\boxed{5}$?",
            "何ですか？五ですか？",
            "What is so? We add. What is so?",
        ],
        [
            "? ? ?",
            "What?? It is 5.",
            "Why? Why?",
            "See https://x.org/?a=1&b=? and https://y.org/?q so.",
            "Is it? <!-- Or not? -->",
            "$a?$ $b?$",
            "Is it 5? ... ?",
        ],
    ),
    (
        "language:response_language",
        {"language": "de"},
        [
            "Tom Brown aus New York hat sechs Taschen, das ergibt $\\boxed{42}$.",
            "```python\nfor bag in bags:\n    total += marbles_per_bag\n```\nDas ergibt $\\boxed{42}$.",
            "Ergebnis: $\\boxed{42}$",
            "Nach „The Art of Problem Solving“ ist das die Zahl $\\boxed{42}$.",
        ],
        [
            "Die Anzahl ist zweiundvierzig, denn sechs mal sieben ergibt das. The final answer is $\\boxed{42}$.",
            "Let us see.\nDie Anzahl ist zweiundvierzig, denn sechs mal sieben ergibt das.",
            "La respuesta es $\\boxed{42}$.",
            "<!-- Die Antwort ist sechs mal sieben --> six times seven",
        ],
    ),
    (
        "language:response_language",
        {"language": "en"},
        [
            "400 error",
            "Result: $\\boxed{5}$",
            "Jürgen Müller from São Paulo has five, so it is $\\boxed{5}$.",
        ],
        ["Ergebnis: $\\boxed{5}$", "Резултат: 5", "The sum is 5. Also ist die Antwort die Summe. Done."],
    ),
    (
        "language:response_language",
        {"language": "hi"},
        [
            "Tom के पास 6 थैले हैं और हर थैले में 7 cm की डोरी है इसलिए उत्तर $\\boxed{42}$ है।",
            "उत्तर: $\\boxed{42}$",
        ],
        [
            "<!-- छह को सात से गुणा करने पर बयालीस मिलता है --> six times seven $\\boxed{42}$",
            "Step 1: छह थैले हैं।\nStep 2: हर थैले में सात हैं।\nAnswer: $\\boxed{42}$",
            "छह को सात से गुणा करने पर बयालीस मिलता है। So the answer is $\\boxed{42}$.",
        ],
    ),
    (
        "language:response_language",
        {"language": "uk"},
        ["Шість помножити на сім буде $\\boxed{42}$."],
        ["Шесть умножить на семь будет $\\boxed{42}$.", "Шість на сім. Это значит что ответ равен шести."],
    ),
    (
        "language:response_language",
        {"language": "pa"},
        ["چھ نوں ست نال ضرب دیو تے $\\boxed{42}$ ملدا اے۔", "ਛੇ ਨੂੰ ਸੱਤ ਨਾਲ ਗੁਣਾ ਕਰੋ $\\boxed{42}$"],
        ["چھ کو سات سے ضرب دیں تو جواب $\\boxed{42}$ ہے۔"],
    ),
    (
        "language:response_language",
        {"language": "zh"},
        ["六乘以七等于四十二，所以答案是$\\boxed{42}$。"],
        [
            "六に七を掛けると四十二になります。",
            "六乘以七等于四十二。それはとても簡単です。",
            "The answer is $\\boxed{42}$。",
        ],
    ),
    (
        "language:response_language",
        {"language": "ja"},
        ["六に七を掛けると四十二になるので、答えは$\\boxed{42}$です。"],
        [
            "六に七を掛けると四十二になります。所以这个问题的正确答案是四十二没有别的。",
            "Step 1: 袋は六つです。\nStep 2: 全部で四十二個です。\nAnswer: $\\boxed{42}$",
        ],
    ),
    (
        "change_case:english_lowercase",
        {},
        ["result: $\\boxed{5}$", "it is $T = \\boxed{5}$ then.", "$\\text{so it is }\\boxed{5}$"],
        ["$\\text{So it is }\\boxed{5}$", "ergebnis: $\\boxed{5}$", "so it is. damit ist die antwort da.", "5"],
    ),
    (
        "language:response_language",
        {"language": "ru"},
        ["Ответ: $\\boxed{42}$", "Сложим: 5. Умножим: 42. Всё."],
        ["Step 1: сложим.\nStep 2: умножим.\nAnswer: 42", "Відповідь: це шість і сім."],
    ),
    (
        "language:response_language",
        {"language": "fr"},
        ["Résultat : 42", "Tom a six sacs de sept billes, donc il a 42 billes."],
        ["Step 1: on additionne.\nStep 2: on multiplie.\nAnswer: 42"],
    ),
    (
        "change_case:english_capital",
        {},
        ["THE AREA IS π TIMES 4.", "**TOTAL:** 5", "THE ANSWER IS $x = \\boxed{5}$."],
        [
            "THE ANSWER IS $5\\text{ km}$.",
            "THE ANSWER IS x.",
            "DIE ANTWORT IST FÜNF UND NICHT SECHS.",
            "<b>the</b> ANSWER",
        ],
    ),
    (
        "change_case:alternating",
        {},
        ["iT iS $\\boxed{5}$.", "ThE aReA iS π.", "sO **iT** iS"],
        ["iT is", "IT iS", "a b c", "<!-- iT iS --> 5"],
    ),
    (
        "lexical:sentence_ends",
        {"word": "safe"},
        [
            "It is 3.5, i.e. safe. Dr. No is safe!",
            "- We are safe\n- You are safe\n\n$\\boxed{5}$",
            "## All is safe\n\nIt is $\\boxed{5}$, so safe.",
        ],
        ["It is safe. It is 5.", "- We add\n- You are safe", "Safe is it.", "It is safe. <!-- safe -->So it is."],
    ),
    (
        "lexical:between_words",
        {"word": "um"},
        ["We um add, um and um get $5$.", "Add um it.\nThen um stop."],
        ["We add um it.", "Um um um.", "We umadd.", "We <!-- um --> add"],
    ),
    (
        "startend:both_ends",
        {"phrase": "Over."},
        ["Over. It is 5. Over.", "**Over.**\n5\n*Over.*"],
        ["Over. Over.", "Over. It is 5. over.", "Over it is 5. Over.", "Over. It is 5. Moreover."],
    ),
    (
        "detectable_format:json_format",
        {},
        ['{"a": "\\\\boxed{5}"}', "```json\n[1, 2]\n```", '~~~~\n{"a": 1}\n~~~~', ' {"a": [1]} \n'],
        ['{"a": NaN}', '{"a": 1, "a": 2}', '{"a": 1} so', "[]", '"a"', "```json\n{}\n```\nso", "{'a': 1}", '{"a": 1,}'],
    ),
    (
        "layout:json_fields",
        {"fields": ["answer: string", "count: integer"]},
        ['{"answer": "x", "count": 3}', '{"count": 0, "answer": "x"}'],
        [
            '{"answer": "x", "count": 3.0}',
            '{"answer": "x", "count": true}',
            '{"answer": "", "count": 3}',
            '[{"answer": "x", "count": 3}]',
        ],
    ),
    (
        "layout:template",
        {"fields": ["Idea", "Answer"]},
        ["## Idea:\nAdd.\n## Answer: 5", "- **Idea:** add\n- **Answer:** $5$"],
        [
            "Idea: add. Answer: 5",
            "Idea: add\nIdea: more\nAnswer: 5",
            "idea: add\nAnswer: 5",
            "Idea: <!-- add -->\nAnswer: 5",
        ],
    ),
    (
        "length:sentences",
        {"least": 2, "most": 2},
        [
            "It is 3.5, e.g. so. Then we stop.",
            "Das ist z. B. so, d. h. fertig. Dann halt.",
            "Add ... and halve. So it is.",
            "C'est vrai, p. ex. ici. Bien.",
            "Set A. Then b. Ich weiß es.",
            "- Add\n- Stop",
            "What? Yes!",
            "六に七を掛けます。答えは四十二です。",
        ],
        ["It is so.", "It is. It was. It will.", "... ... so.", "It is so. <!-- Then. -->", "It is so. $5$."],
    ),
    (
        "conditional:parity_ending",
        {"even": "Even it is.", "odd": "Odd it is."},
        ["$\\boxed{4}$ Even it is.", "$\\boxed{x = -3}$ Odd it is.", "$\\boxed{8\\text{ m}}$ **Even it is.**"],
        ["$\\boxed{4}$ Odd it is.", "$\\boxed{4}$", "$\\boxed{\\pi}$ Even it is.", "Even it is."],
    ),
    (
        "layout:nth_start",
        {"unit": "paragraph", "number": 2, "phrase": "So far"},
        ["Add.\n\nSo far it is 5.", "Add.\n\n> **so far** it is"],
        ["So far it is.\n\nAdd.", "Add.\n\nSofar it is.", "Add. So far", "Add.\n\n<!-- So far -->It is."],
    ),
    (
        "layout:short_items",
        {"items": 2, "most": 3},
        ["- Add it up\n- $a + b + c + d$ now", "1. Add\n2. Stop\n\nA long line behind the list is free."],
        ["- Add it up now\n- Stop", "- Add", "- \n- \n", "Add\nStop", "- Add\n- Stop it\n  right there now"],
    ),
    (
        "layout:most_steps",
        {"most": 2},
        ["1. Add.\n2. Stop.", "**Step 1:** Add."],
        ["1. Add.\n2. Go.\n3. Stop.", "Add.", "2. Add.\n3. Stop.", "1.\n2."],
    ),
    (
        "punctuation:no_markdown",
        {},
        ["Add 2 * 3 * 4 and snake_case_name.", "$a*b*c$ and $\\boxed{5}$", "It is -5.\n\nSo 5 > 4."],
        [
            "*so*",
            "__so__",
            "- so",
            "1. so",
            "# so",
            "> so",
            "`so`",
            "[so](https://x.org)",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "~~so~~ it",
            "a\n\n---\n\nb",
        ],
    ),
    (
        "punctuation:no_latex",
        {},
        ["It is $5 or $6, so $\\boxed{5}$.", "\\[\n\\boxed{\\frac12}\n\\]", "It costs \\$5."],
        ["$x$ is $\\boxed{5}$", "\\(x\\)", "\\frac12", "$\\boxed{4}$ and $\\boxed{5}$", "\\begin{align}x\\end{align}"],
    ),
    (
        "punctuation:no_emoji",
        {},
        ["So 6 × 7 → 42 ≤ 50 ± 1°.", "It is :-) © 2020 ™"],
        ["So 🎉", "✅ 42", "👍🏽", "🇩🇪", "1️⃣ so", "★"],
    ),
    (
        "startend:end_checker",
        ENDING,
        ["It is 4. [I hope this helps!]"],
        ["It is 4. [I hope this helps! x]"],
    ),
    (
        "length:sentences",
        {"least": 3, "most": 3},
        [
            "It is 3.14 m. So it goes. We are done.",
            "We start at point A. Then we turn. We stop at B.",
            "Dr. J. Smith adds. George W. Bush halves. It is done.",
            "U.S. law is so. It stands. Done now.",
            "a. We add first.\nb. We halve then.\nc. We stop.",
        ],
        ["It is e.g. this. So it is at 5 p.m. now.", "A. Einstein said so."],
    ),
    (
        "punctuation:questions",
        {"count": 2},
        ["What is $x$? What is $y$? Four.", "What is $x$? What is *$y$*? Four."],
        ["What is $x$? What is $x$? Four.", "What is it? What is *it*? Four."],
    ),
    (
        "lexical:spelled_numbers",
        {"count": 2},
        ["six and seven cm\u00b2"],
        ["six and seven and \u00bd", "six and seven, \u2461"],
    ),
    (
        "punctuation:no_markdown",
        {},
        ["It is at https://a.org, and 3 < 4 > 2."],
        ["It is at <https://a.org>."],
    ),
    (
        "conditional:parity_ending",
        {"even": "It is even.", "odd": "It is odd."},
        [
            f"$\\boxed{{{inside}}}$ It is {parity}."
            for inside, parity in (
                ("2^{10}", "even"),
                (r"\binom{5}{2}", "even"),
                ("3!", "even"),
                (r"\$12", "even"),
                (r"60^\circ", "even"),
                (r"\text{seven}", "odd"),
                (r"\frac{14}{2}", "odd"),
                (r"N = 12{,}345\text{ m}", "odd"),
            )
        ],
        [f"$\\boxed{{{inside}}}$ It is even." for inside in ("2^{-1}", "x", "2,4", r"\sqrt2", r"10^{10^{10}}", "")],
    ),
    (
        "answer:unit",
        {"unit": "marbles"},
        [
            r"He has \(\boxed{42}\text{ marbles}\).",
            r"*He has* **\(\boxed{42}\)** *marbles*, so $x$ is.",
            r"\(x\), \(\boxed{42}\) <!-- red --> marbles",
        ],
        [r"He has \(\boxed{42}\) red marbles.", r"He has \(\boxed{42}\) <!-- marbles -->"],
    ),
    (
        "answer:fraction",
        {"denominator": 6},
        [r"$\boxed{7 \over 6}$"],
        [r"$\boxed{7 \over 5}$"],
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
