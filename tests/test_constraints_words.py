"""Laws of prose, words and language, and of the kinds that count them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif.constraints import judge, parse
from mathif.constraints.format import bullets, emphasis
from mathif.constraints.language import LANGUAGES, READ_CHARS, UNDETERMINED, identify, read, words_of
from mathif.constraints.length import Relation, compare, excludes, includes, not_in_a_row
from mathif.constraints.mixture import is_wholly_in
from mathif.constraints.phrases import PHRASES
from mathif.constraints.words import View, occurrences, view, words
from mathif.records import Profile, Span
from tests.test_constraints import texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"The answer is $\boxed{5}$.", "The answer is"),
        (r"It is \boxed{\text{even}} here", "It is here"),
        (r"Shouted \BOXED{\FRAC{1}{2}} box", "Shouted box"),
        (r"Nested \boxed{a_{\{1\}} + \boxed{2}} box", "Nested box"),
        (r"Open \boxed{5 stays", "Open 5 stays"),
        (r"It costs $5 and $7 more", "It costs 5 and 7 more"),
        (r"It costs \$5 and \$7 more", "It costs 5 and 7 more"),
        (r"Let $ x + y $ be so", "Let be so"),
        (r"We get \[ a = b \] and \( c \) here", "We get and here"),
        ("See $$a\n= b$$ above", "See above"),
        (r"So \begin{align*} x &= 1 \\ y &= 2 \end{align*} holds", "So holds"),
        (r"A \textbf{bold} word", "A bold word"),
        ("Unclosed $x stays, as does $", "Unclosed x stays as does"),
        ("don't x-axis 1,000 3.14", "don't x-axis 1,000 3.14"),
        ("六と七を掛けると四十二、データ", "六 と 七 を 掛 けると 四十 二 データ"),
        ("คำตอบคือห้า x答え", "คำตอบ คือห้า x 答 え"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        (r"So $x > 0 \text{ if } y \in \mathrm{seats}, \mathrm{d}x$ holds", "So if seats holds"),
        (r"$\boxed{\text{even}} \text{ marbles}$ \textbf{left}", "marbles left"),
        (r"$\phantom{\text{hidden}} x$ seen", "seen"),
        ("<!-- hidden\nwords -->\nseen <!-- not --> here", "seen here"),
        ('[//]: # (hidden)\nseen [here](https://a.org/hidden "not")', "seen here"),
        ("<span hidden>not</span> seen <b>here</b><br>and <i class='not'>there</i>", "seen here and there"),
        ("[0,1](x) is $a<b$ and b > c", "0,1 x is and b c"),
        ("> *quoted*\n> __words__\n# Heading ##\n- `coded`", "quoted words Heading coded"),
        ("```python\nprint(x) # $y$\n```\nseen", "print x y seen"),
        ("for**war**d and ver\u200bi\u00adfy and (**b**).", "forward and verify and b"),
        ("wе ｖｅｒｉｆｙ 𝐭𝐡𝐚𝐭", "we verify that"),
        ("&nbsp; a&#8203;b", "ab"),
    ],
)
def test_prose_is_what_is_no_mathematics_no_box_and_no_command(text: str, found: str) -> None:
    assert [word.group() for word in words(text)] == found.split()


@given(texts)
def test_every_view_keeps_the_length_and_the_lines(text: str) -> None:
    seen = View(text)
    for other in (seen.prose, seen.opaque, seen.folded, seen.shown, seen.speech):
        assert len(other) == len(text)
        assert [place for place, letter in enumerate(other) if letter == "\n"] == [
            place for place, letter in enumerate(text) if letter == "\n"
        ]


@given(texts)
def test_boxes_are_apart_and_balanced_and_hidden(text: str) -> None:
    end = 0
    for box in view(text).boxes:
        assert box.start >= end
        end = box.end
        assert text[box.start : box.end].endswith("}")
        assert not view(text).prose[box.start : box.end].strip()


@given(texts, st.sampled_from(["$x$", r"\boxed{7}", r"\(y\)"]))
def test_mathematics_in_front_changes_no_word(text: str, formula: str) -> None:
    assert [word.group() for word in words(f"{formula} \n\n" + text)] == [word.group() for word in words(text)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"Find \(x\) with \[x+1=3.\]", "Find $x$ with $$x+1=3.$$"),
        (r"So $\boxed{42}$. \text{I hope this helps!}", r"So $\boxed{42}$. I hope this helps!"),
        ('**"Six sevens"**', '"Six sevens"'),
        ("> Good `question`!", "Good question!"),
        (r"`\(x\)` is $\text{if}$", r"\(x\) is $\text{if}$"),
    ],
)
def test_what_is_shown_has_formulas_but_no_marks(text: str, shown: str) -> None:
    assert view(text).shown.split() == shown.split()


@given(texts)
def test_the_same_text_in_quotes_or_behind_a_comment_has_the_same_words(text: str) -> None:
    plain = [word.group() for word in words(text)]
    assert [word.group() for word in words(f"<!-- well, then -->\n\n{text}")] == plain


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("win", "The twin wins.", 0),
        ("win", "Win-win, _win_!", 3),
        ("so so", "Also so so", 1),
        ("as we see", "as\n we  see", 1),
        ("ılık", "Su ılık", 1),
        ("İs", "İS İs", 2),
        ("答え", "この答えは", 1),
        ("C++", "In C++ we", 1),
        ("text", r"\text{a}", 0),
        ("good question", "Good **question**!", 1),
        ("war", "for**war**d", 0),
        ("verify", "<!-- verify --> ver**ify** v\u200berify", 2),
        ("we", "wе $\\text{we get}$", 2),
    ],
)
def test_occurrences_are_whole_words_in_any_case(phrase: str, text: str, count: int) -> None:
    assert len(list(occurrences(phrase, text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("*a* **b** ***c*** _d_ __e__", 5),
        ("**a *b* c**", 1),
        ("2*3*4 and snake_case_name", 0),
        ("* a\n* b\n", 0),
        ("*a\nb*", 1),
        ("*a\n\nb*", 0),
        ("$a*b$ and $c*d$", 0),
        ("**$x$**", 1),
        ("** a **", 0),
        ("****", 0),
        ("*a", 0),
    ],
)
def test_highlights_are_markdown_emphasis(text: str, count: int) -> None:
    assert len(list(emphasis(text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("* a\n- b\n+ c", 3),
        ("* a\n  * b", 2),
        ("---\n* * *\n***", 0),
        ("-5\n**a** b\n*a* b", 0),
        ("$$\n- x\n$$", 0),
        ("* $x$", 1),
        ("*\n-\n", 0),
        ("1. a", 0),
    ],
)
def test_bullets_are_list_items(text: str, count: int) -> None:
    assert len(list(bullets(text))) == count


COUNTED = [
    ("keywords:frequency", "frequency", "relation", {"keyword": "so"}),
    ("length_constraint_checkers:number_words", "num_words", "relation", {}),
    ("change_case:capital_word_frequency", "capital_frequency", "capital_relation", {}),
    ("detectable_format:number_highlighted_sections", "num_highlights", "", {}),
]


@pytest.mark.parametrize("profile", ["holds", "holds_upstream"])
@pytest.mark.parametrize(("kind", "number", "relation", "rest"), COUNTED)
@given(text=texts, least=st.integers(1, 6))
def test_at_least_n_implies_at_least_one_less_and_less_than_is_its_negation(
    kind: str, number: str, relation: str, rest: dict[str, str], profile: str, text: str, least: int
) -> None:
    def passes(bound: str, count: int) -> bool:
        args = {**rest, number: count, **({relation: bound} if relation else {})}
        return bool(getattr(parse(kind, args), profile)(text).passed)

    assert passes("at least", least - 1) or not passes("at least", least)
    if relation:
        assert passes("less than", least) != passes("at least", least)


@given(texts)
def test_the_content_of_the_box_decides_no_verdict_on_prose(text: str) -> None:
    for kind in ("punctuation:no_comma", "change_case:english_lowercase", "change_case:english_capital"):
        plain, loud = (judge(parse(kind, {}), f"{text}\n\n$\\boxed{{{box}}}$").passed for box in ("5", "A, b"))
        assert plain == loud


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_benchmark_language_is_identified_in_any_case(code: str) -> None:
    assert identify(f"{PHRASES[code]} $\\boxed{{\\text{{five}}}}$") == code
    assert identify(PHRASES[code].upper()) == code
    demand = parse("language:response_language", {"language": code})
    assert all(judge(demand, f"{PHRASES[code]} $\\boxed{{5}}$", profile).passed for profile in Profile)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("so x is 5", "en"),
        ("answer is $5$", "en"),
        ("Total: 5", "en"),
        ("donc x = 5", "fr"),
        ("somit ist x = 5", "de"),
        ("उत्तर हो", "ne"),
        ("ответ: 5", "ru"),
    ],
)
def test_a_few_common_words_tell_the_language(text: str, code: str) -> None:
    assert identify(text) == code


@pytest.mark.parametrize(
    "text", ["", "5", "x = y + z", r"$\boxed{\text{the answer is five}}$", "!?", "\ud800\x00", "अ"]
)
def test_a_text_without_words_is_in_no_language(text: str) -> None:
    assert identify(text) == UNDETERMINED


def test_a_text_in_two_scripts_of_one_weight_is_in_no_language() -> None:
    assert identify(PHRASES["en"] + ". " + PHRASES["hi"]) == UNDETERMINED


def test_chinese_is_not_japanese() -> None:
    assert identify("所以这个问题的答案是五") == "zh"


def test_language_is_the_same_from_any_thread_and_order() -> None:
    asked = [f"{phrase} {number}" for number in range(3) for phrase in PHRASES.values()]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(identify, reversed(asked))) == [identify(text) for text in reversed(asked)]


@given(texts | st.sampled_from(list(PHRASES.values())), st.sampled_from(sorted(LANGUAGES)))
def test_a_text_is_wholly_in_no_language_but_the_one_that_most_of_it_is_in(text: str, code: str) -> None:
    # Of a few words several languages may be possible, and Punjabi is written in two scripts.
    if is_wholly_in(text, code) and len(words_of(read(text))) > 6:
        assert identify(text) == code or code == "pa"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_in_another_language_breaks_a_text_wherever_it_stands_and_a_name_does_not(code: str) -> None:
    foreign = f"{PHRASES['de' if code == 'en' else 'en']}. " * 2
    text = f"{PHRASES[code]}. " * 30
    middle = text.index(". ", len(text) // 2) + 2
    assert is_wholly_in(text, code)
    assert is_wholly_in(f"{text[:middle]}Tom Brown: {text[middle:]}", code)
    for place in (0, middle, len(text)):
        assert not is_wholly_in(text[:place] + foreign + text[place:], code)


def test_language_shows_within_what_is_read() -> None:
    assert identify(PHRASES["de"] * 1000) == "de"
    assert len(PHRASES["de"] * 1000) > READ_CHARS


BOUNDS = st.tuples(st.sampled_from(["less than", "at least"]), st.integers(1, 30))


def within(count: int, bound: tuple[Relation, int]) -> bool:
    return count >= bound[1] if bound[0] == "at least" else count < bound[1]


@given(BOUNDS, BOUNDS)
def test_bounds_exclude_and_include_each_other_where_the_counts_that_obey_them_do(
    a: tuple[Relation, int], b: tuple[Relation, int]
) -> None:
    obey_a, obey_b = ({count for count in range(99) if within(count, bound)} for bound in (a, b))
    assert excludes(a, b) is excludes(b, a) is obey_a.isdisjoint(obey_b)
    if a[0] == b[0]:
        assert includes(a, b) is (obey_a <= obey_b)
    else:
        assert not includes(a, b)


@given(st.integers(0, 40), BOUNDS)
def test_a_count_is_held_to_its_bound_with_what_shows_it(count: int, bound: tuple[Relation, int]) -> None:
    relation, threshold = bound
    spans = [Span(2 * place, 2 * place + 1) for place in range(count)]
    verdict = compare(iter(spans), relation, threshold, "words")
    assert verdict.passed is within(count, bound)
    if relation == "less than" and not verdict.passed:
        assert list(verdict.evidence) == [spans[threshold - 1]]
        assert verdict.reason == f"words at least {threshold} times, expected less than {threshold}"
    else:
        assert list(verdict.evidence) == spans[: min(threshold, 20)]
        assert verdict.passed or verdict.reason == f"words {count} times, expected at least {threshold}"


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("so so so", ["so"]),
        ("So, so; SO!", ["So"]),
        ("so then so", ["so", "so"]),
        ("so very so so", ["so", "so"]),
        ("", []),
    ],
)
def test_a_word_that_repeats_itself_at_once_is_counted_once(text: str, counted: list[str]) -> None:
    found = [Span(*word.span()) for word in words(text) if word[0].casefold() == "so"]
    assert [text[word.start : word.end] for word in not_in_a_row(found, text)] == counted


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("relation", ["at least", "less than"])
def test_one_word_in_capitals_is_a_word_and_more_are_words(number: int, relation: str) -> None:
    demand = parse("change_case:capital_word_frequency", {"capital_frequency": number, "capital_relation": relation})
    noun = "word" if number == 1 else "words"
    bound = relation.replace("less", "fewer")
    for wording in demand.wordings():
        assert f"{bound} {number} {noun} " in wording or (relation == "less than" and number == 1)
