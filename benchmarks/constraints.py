"""Measure how fast constraints are judged, against the plain way: seeded langdetect, nltk and regular expressions.

Usage: python benchmarks/constraints.py REPLIES.jsonl [REPLIES.jsonl …]

A line is one reply (`reply` or `response`). Each reply is judged on three constraints, drawn with its line number as
the seed from the kinds of MathIF in the shares in which its 420 items use them; all ways get the same ones. nltk is
used where it and its data are installed, else the kind that needs it is left out.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import langdetect
from profiles import read_rows
from tabulate import tabulate

from mathif.constraints import KINDS, Constraint, judge
from mathif.records import Problem, Profile

Judge = Callable[[Constraint, str], bool]
REPEATS = 3
SHARES = {
    "keywords:frequency": 121,
    "keywords:existence": 107,
    "punctuation:no_comma": 89,
    "keywords:forbidden_words": 77,
    "detectable_format:number_highlighted_sections": 69,
    "length_constraint_checkers:number_words": 56,
    "combination:repeat_prompt": 55,
    "startend:quotation": 51,
    "change_case:english_lowercase": 43,
    "detectable_format:number_bullet_lists": 41,
    "change_case:capital_word_frequency": 34,
    "change_case:english_capital": 27,
    "startend:end_checker": 27,
    "detectable_format:multiple_sections": 23,
    "language:response_language": 20,
}
PROBLEM = Problem("p", "How many apples are left?", "5", "core")


def main(paths: Sequence[str]) -> None:
    """Print seconds per 1,000 replies for every way, over all kinds and for each."""
    replies = [str(row.get("reply") or row.get("response")) for path in paths for row in read_rows(Path(path))]
    work = [(reply, draw(number)) for number, reply in enumerate(replies)]
    ways: dict[str, Judge] = {
        "mathif": lambda constraint, text: judge(constraint, text).passed,
        "upstream": lambda constraint, text: judge(constraint, text, Profile.UPSTREAM).passed,
        "plain": plain,
    }
    if not has_nltk():
        work = [(text, [one for one in asked if "capital_word" not in one.kind]) for text, asked in work]
    print(f"{len(replies)} replies of {sum(map(len, replies)) / len(replies):.0f} characters, three constraints each")
    table = [("all", [seconds(way, work) for way in ways.values()])]
    for kind in sorted({one.kind for _, asked in work for one in asked}):
        mine = [(text, [one for one in asked if one.kind == kind]) for text, asked in work]
        mine = [(text, asked) for text, asked in mine if asked]
        table.append((kind, [seconds(way, mine) for way in ways.values()]))
    rows = [[kind, *times, times[2] / times[0], times[2] / times[1]] for kind, times in table]
    headers = ["s per 1,000 replies", *ways, "plain : mathif", "plain : upstream"]
    print(tabulate(rows, headers=headers, tablefmt="github", floatfmt=("", ".4f", ".4f", ".4f", ".2f", ".2f")))


def draw(seed: int) -> list[Constraint]:
    """Draw three constraints in MathIF's shares; the language is one that a reply may well be in."""
    rng = Random(seed)
    kinds = rng.choices(list(SHARES), weights=list(SHARES.values()), k=3)
    drawn = [KINDS[kind].draw(rng, PROBLEM) for kind in kinds]
    return [constraint for constraint in drawn if constraint is not None]


def seconds(way: Judge, work: Sequence[tuple[str, Sequence[Constraint]]]) -> float:
    """Return the best time of `REPEATS` for 1,000 replies; nothing is remembered from one time to the next."""
    best = float("inf")
    for repeat in range(REPEATS + 1):
        fresh = [(text + "\n" * (repeat + 1), asked) for text, asked in work]
        start = time.process_time()
        for text, asked in fresh:
            for constraint in asked:
                way(constraint, text)
        if repeat:  # the first time loads the models
            best = min(best, time.process_time() - start)
    return best / len(work) * 1e3


@cache
def has_nltk() -> bool:
    """Tell whether nltk and its sentence model are installed."""
    try:
        return capitals("ONE. Two.") == 1
    except (ImportError, LookupError):
        return False


def plain(constraint: Constraint, text: str) -> bool:
    """Judge by what the sentence of the kind suggests first."""
    langdetect.DetectorFactory.seed = 0
    rule = PLAIN[constraint.kind]
    return bool(text.strip()) and bool(rule(constraint, text))


def said(constraint: Any, text: str, language: str) -> bool:
    """Ask langdetect."""
    try:
        return str(langdetect.detect(text)) == language
    except langdetect.LangDetectException:
        return True


def capitals(text: str) -> int:
    """Count words in capitals with nltk."""
    words: list[str] = import_module("nltk").word_tokenize(text)
    return sum(word.isupper() for word in words)


def bound(relation: str, count: int, number: int) -> bool:
    """Compare as the relation says."""
    return count < number if relation == "less than" else count >= number


PLAIN: dict[str, Callable[[Any, str], bool]] = {
    "keywords:frequency": lambda c, t: bound(c.relation, len(re.findall(c.keyword, t, re.I)), c.frequency),
    "keywords:existence": lambda c, t: all(re.search(word, t, re.I) for word in c.keywords),
    "keywords:forbidden_words": lambda c, t: not any(re.search(rf"\b{w}\b", t, re.I) for w in c.forbidden_words),
    "punctuation:no_comma": lambda c, t: not re.search(",", t),
    "detectable_format:number_highlighted_sections": lambda c, t: (
        len([h for h in re.findall(r"\*[^\n\*]*\*", t) if h.strip("*").strip()])
        + len([h for h in re.findall(r"\*\*[^\n\*]*\*\*", t) if h[2:-2].strip()])
        >= c.num_highlights
    ),
    "length_constraint_checkers:number_words": lambda c, t: bound(c.relation, len(re.findall(r"\w+", t)), c.num_words),
    "combination:repeat_prompt": lambda c, t: t.strip().lower().startswith(c.prompt_to_repeat.strip().lower()),
    "startend:quotation": lambda c, t: len(t.strip()) > 1 and t.strip()[0] == '"' == t.strip()[-1],
    "startend:end_checker": lambda c, t: t.strip().strip('"').lower().endswith(c.end_phrase.strip().lower()),
    "change_case:english_lowercase": lambda c, t: t.islower() and said(c, t, "en"),
    "change_case:english_capital": lambda c, t: t.isupper() and said(c, t, "en"),
    "change_case:capital_word_frequency": lambda c, t: bound(c.capital_relation, capitals(t), c.capital_frequency),
    "detectable_format:number_bullet_lists": lambda c, t: (
        len(re.findall(r"^\s*\*[^\*].*$", t, re.M)) + len(re.findall(r"^\s*-.*$", t, re.M)) == c.num_bullets
    ),
    "detectable_format:multiple_sections": lambda c, t: (
        len(re.split(rf"\s?{c.section_spliter}\s?\d+\s?", t)) - 1 >= c.num_sections
    ),
    "language:response_language": lambda c, t: said(c, t, c.language),
}


if __name__ == "__main__":
    main(sys.argv[1:])
