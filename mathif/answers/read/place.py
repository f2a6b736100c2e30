r"""Where the answer of a final text stands: its last box, or the sentence that names it.

A room of its own because the place of an answer is a rule about prose, and what the answer means is not.
The rule, in order (`docs/answers.md` says the same to users):

1. The last box wins: `\boxed{…}` or `\fbox{…}`, in any case of letters, with spaces allowed before the brace. Of
   nested boxes the outermost counts. A box that never closes is no box. A whole line behind the last box that gives the
   answer and nothing else (`**Answer: D**`) wins over it.
2. Without a box, the last line that *names* the answer counts: `answer: …`, `the answer is …`, `final answer …`,
   Markdown emphasis allowed. What follows must be the answer and nothing else, up to the end of its sentence.
3. Nothing else is an answer. A stray number never is.

Where the prompt wants the answer between tags (ReasonIF's `<answer>…</answer>`), what stands between the last two comes
before all of this, and a final text of one line, whose tags the splitter took off, after it.

Every function here is linear in the length of the text. Rule 2 looks at its last 100,000 characters only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mathif.records import Span

# Boxes and braces, so that both can be paired; what a backslash escapes is neither.
_BOX = re.compile(r"\\{1,2}(?:boxed|fbox|framebox)\s*(\{)|\\.|[{}]", re.IGNORECASE | re.DOTALL)
_COMMAND = re.compile(r"\\(?:boxed|fbox|framebox)", re.IGNORECASE)
# A minus sign between the start of a side and the box is the sign of the answer.
_MINUS = re.compile(r"(?:^|[=$:(\[\n]|\\[(\[])\s*[-−]\s*\\{1,2}(?:boxed|fbox)\s*\{$", re.IGNORECASE)
# TeX boxes one character without braces; models mean the whole number.
_BARE_BOX = re.compile(r"\\(?:boxed|fbox)[ \t]*([0-9][0-9.,]*|[A-Za-z](?![A-Za-z]))", re.IGNORECASE)
# What joins boxes to a list: marks alone, or a comma or connective on one line.
_JOINT = re.compile(r"[\s$,;&.]*|[^\n]*(?:,|\b(?:and|or)\b)[^\n]*", re.IGNORECASE)
# A word; a command of LaTeX is none.
_GAP_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]+")
_LONGEST_JOINT = 40
_MOST_WORDS_IN_A_JOINT = 5
_MOST_WORDS_OF_AN_ANSWER = 2
_TIGHT = re.compile(
    # What may stand between two boxes that are alternatives: delimiters, signs, a connective, a name with `=`.
    r"(?:[\s$,;&.:(){}\[\]|/*_]|\\[()\[\],;:! ]|\\(?:q?quad|text\w*|mathrm|left|right)(?![a-z])"
    r"|(?<![A-Za-z])(?:and|or|und|oder|et|ou|y|o|e|и|или|এবং|और|या)(?![A-Za-z])|(?<![A-Za-z])[A-Za-z]\w?\s*=)*",
    re.IGNORECASE,
)
_ANSWER = (
    r"(?:final\s+answer|answer|correct\s+(?:option|choice)|\bans(?=\s*[:=])|উত্তর|उत्तर|जवाब|الجواب|الإجابة|答案|回答|答え|答|정답|답변|답|ответ|відповідь|отговор"
    r"|respuesta|réponse|antwort|antwoord|resposta|risposta|odpowiedź|svaret|svar|vastaus|cevap|yanıt|jawaban|jawapan|jibu"
    r"|răspuns|đáp\s+án|đáp\s+số|câu\s+trả\s+lời|คำตอบ|απάντηση|جواب|پاسخ|תשובה|ಉತ್ತರ|જવાબ|ઉત્તર|ਉੱਤਰ|ਜਵਾਬ|సమాధానం|జవాబు"
    r"|விடை|பதில்|ഉത്തരം)"
    # In Romance languages the adjective stands behind.
    r"(?:\s+(?:final[ea]?|corre(?:ct[ea]?|t[ao]|tta)))?"
)
_ANSWER_WORD = re.compile(_ANSWER)
_IS = (
    r"(?::|：|=|\b(?:would|should|must|will)\s+be\b|是|为|為|は|는|은|\bis\b|\bwas\b|\bes\b|\best\b|\bist\b|\blautet\b|\bbeträgt\b|\bé\b|\bè\b|\bjest\b|\bto\b|\bär\b|\ber\b|"
    r"\badalah\b|\blà\b|है|হল|হলো|คือ|هي|هو|است|היא|este|\bon\b|\bni\b|\bе\b)"
)
# The word for answer, emphasis, `to the question …`, and a verb or sign that says that the answer follows.
_NAMED = re.compile(
    rf"(?<!this )(?<!your )(?<!that ){_ANSWER}"
    rf"[*_`]{{0,4}}(?:\s+to\s+(?:(?!answer)[^.\n:]){{1,80}}?)?[ \t]*{_IS}+[ \t]*:?\}}?",
    re.IGNORECASE,
)
_NAMING_LINE = re.compile(
    # A whole line that gives the answer and nothing else, behind the last box: `**Answer: D**`.
    rf"^[ \t>#*_]*(?:the\s+)?(?:correct\s+)?{_ANSWER}[*_]{{0,3}}[ \t]*[:：][ \t*_]*(\S[^\n]{{0,40}}?)[ \t.*_]*$",
    re.IGNORECASE | re.MULTILINE,
)
# The verb that stands behind the answer where sentences end in their verb.
_COPULA_BEHIND = re.compile(r"\s*(?:입니다|이다|です|である|となります|になります|है|हैं|হয়|است|आहे|છે|ਹੈ|ఉంది)$")
# A heading, or a line of its own (`Final answer`), that says that the answer follows.
_HEADING = re.compile(
    r"^[ \t]*(?:(?:#{1,6}[ \t]*|\*\*)(?:the[ \t]+)?(?:final[ \t]+)?answer(?:\*\*)?|final[ \t]+answer)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_ANSWERS = {"correct", "incorrect", "right", "wrong", "as follows", "see above", "as above", "above"}
_MOST_NAMED = 20
SENTENCE_END = re.compile(
    # The end of a sentence is no full stop behind a title or an abbreviation.
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bProf)(?<!\bSt)(?<!\bvs)(?<!\bNo)(?<!\bapprox)(?<!\bi\.e)(?<!\be\.g)"
    r"[.!?。।](?=\s|[*_]+(?:\s|$)|$)"
)
_NAMED_WITHIN = 100_000
_LONGEST_NAMED = 500
_MOST_BOXES_IN_A_RUN = 100


@dataclass(frozen=True, slots=True)
class Extracted:
    r"""An answer as it stands in the text.

    Attributes:
        text: the answer, verbatim but for a minus sign taken in from before the box.
        span: where it stands in the final text.
        boxed: whether it stood in a box.
        run: the answers of all boxes that end the text as one list (`\\boxed{1}, \\boxed{2}`), the last one being
            `text`; a single one where the last box stands alone.
        beside: the answers of the boxes right before the last one, with nothing but `and`, `or` or a sign between:
            alternatives to it, unless they are the same.
    """

    text: str
    span: Span
    boxed: bool
    run: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def extract(final: str, tag: str = "") -> Extracted | None:
    """Find the answer in a final text by the rule of this module.

    Args:
        final: any text of any length; the thinking must have been cut off before.
        tag: name of the tag that the prompt wants the answer in, "" for none.

    Returns:
        The answer with its place, or None where the text names none.
    """
    if not tag:
        return _untagged(final)
    end = final.rfind(f"</{tag}>")
    start = final.rfind(f"<{tag}>", 0, max(end, 0))
    if start >= 0:
        return _inside(final, Span(start + len(f"<{tag}>"), end))
    line = final.strip()
    return _untagged(final) or (_inside(final, Span(0, len(final))) if "\n" not in line else None)


def _inside(final: str, span: Span) -> Extracted | None:
    """Return the answer that a part of the text is, the last box in it or all of it; None where it is blank or long."""
    boxes = [box for box in _boxes(final) if span.start <= box.start and box.end <= span.end]
    text = final[span.start : span.end].strip()
    start = final.find(text, span.start)
    place = boxes[-1] if boxes else Span(start, start + len(text))
    answer = _signed(final, place) if boxes else text
    return Extracted(answer, place, bool(boxes), (answer,)) if answer and len(text) <= _LONGEST_NAMED else None


def _untagged(final: str) -> Extracted | None:
    spans = _boxes(final)
    if not spans:
        return _named(final)
    last = spans[-1]
    if (line := _line_behind(final, last.end)) is not None:
        return line
    run = _run(final, spans)
    return Extracted(run[-1], last, True, run, _beside(final, spans))


def _line_behind(final: str, end: int) -> Extracted | None:
    """Return what a line behind the last box gives as the answer, None where no line gives one."""
    if not _ANSWER_WORD.search(final[max(end, len(final) - _NAMED_WITHIN) :].lower()):
        return None
    for match in reversed(list(_NAMING_LINE.finditer(final, max(end, len(final) - _NAMED_WITHIN)))):
        text = match[1]
        if len(_GAP_WORD.findall(text)) <= _MOST_WORDS_OF_AN_ANSWER and text.casefold() not in _NO_ANSWERS:
            return Extracted(text, Span(*match.span(1)), False, (text,))
    return None


def named_answer(text: str) -> str | None:
    """Return what the last sentence that names an answer says, None where no sentence does."""
    named = _named(text)
    return None if named is None else named.text


def _boxes(final: str) -> list[Span]:
    """Return the insides of all closed outermost boxes, in order of their ends."""
    first = _COMMAND.search(final)
    if first is None:
        return []
    stack: list[int] = []
    spans: list[Span] = []
    escaped: list[Span] = []
    for match in _BOX.finditer(final, first.start()):
        sign = match.group()
        if match.group(1):
            stack.append(match.end())
        elif sign == "{":
            stack.append(-1)
        elif sign == "}" and stack:
            start = stack.pop()
            if start >= 0:
                while spans and spans[-1].start >= start:
                    spans.pop()
                spans.append(Span(start, match.start()))
        elif sign == r"\}" and stack and stack[-1] >= 0:
            escaped = [Span(stack[-1], match.start())]
    return spans or escaped or [Span(*match.span(1)) for match in _BARE_BOX.finditer(final)][-1:]


def _run(final: str, spans: list[Span]) -> tuple[str, ...]:
    """Return the answers of the last box and of those before it with nothing but commas and "and" between."""
    run = [_signed(final, spans[-1])]
    for before, after in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        opening = final.rfind("\\", before.end, after.start)
        gap = final[before.end + 1 : opening]
        wordy = len(gap) > _LONGEST_JOINT or len(_GAP_WORD.findall(gap)) > _MOST_WORDS_IN_A_JOINT
        if wordy or len(run) >= _MOST_BOXES_IN_A_RUN or not _JOINT.fullmatch(gap):
            break
        run.append(_signed(final, before))
    return tuple(reversed(run))


def _beside(final: str, spans: list[Span]) -> tuple[str, ...]:
    """Return the answers of the boxes before the last one that stand right beside it."""
    others: list[str] = []
    for before, after in zip(reversed(spans[:-1]), reversed(spans[1:]), strict=True):
        gap = final[before.end + 1 : final.rfind("\\", before.end, after.start)]
        if len(gap) > _LONGEST_JOINT or len(others) >= _MOST_BOXES_IN_A_RUN or not _TIGHT.fullmatch(gap):
            break
        others.append(_signed(final, before))
    return tuple(others)


def _signed(final: str, span: Span) -> str:
    r"""Return the inside of a box, with a minus sign before it that is the sign of a whole side (`x = -\boxed{5}`)."""
    before = final[max(0, span.start - 40) : span.start]
    inside = final[span.start : span.end]
    return f"-{inside}" if _MINUS.search(before) else inside


def _named(final: str) -> Extracted | None:
    """Return what the last naming line says, or None."""
    begin = max(0, len(final) - _NAMED_WITHIN)
    if not _ANSWER_WORD.search(final[begin:].lower()):
        return None
    starts = [match.end() for pattern in (_NAMED, _HEADING) for match in pattern.finditer(final, begin)]
    for start in sorted(starts, reverse=True)[:_MOST_NAMED]:
        span = _sentence(final, start)
        text = _COPULA_BEHIND.sub("", final[span.start : span.end])
        span = Span(span.start, span.start + len(text))
        if text and text.casefold() not in _NO_ANSWERS:
            return Extracted(text, span, False, (text,))
    return None


def _sentence(final: str, start: int) -> Span:
    """Return the span of the sentence that begins at `start`, without emphasis and full stop."""
    while start < len(final) and final[start] in " \t*_`\n":
        start += 1
    line_end = final.find("\n", start)
    end = min(line_end if line_end >= 0 else len(final), start + _LONGEST_NAMED)
    stop = SENTENCE_END.search(final, start, end)
    end = stop.start() if stop else end
    while end > start and final[end - 1] in " \t*_`.\r":
        end -= 1
    return Span(start, end)
