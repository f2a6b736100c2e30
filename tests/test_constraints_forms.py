"""The forms of a boxed answer: every spelling that the answer grader reads as the form obeys, and nothing else."""

import pytest

from mathif.constraints import judge, parse

FORMS = {
    "answer:decimal": (
        {"places": 2},
        [
            *("7.50", "-7.50", "−7.50", "+7.50", r"\$7.50", r"-\$7.50", r"\text{\$}7.50", "€7.50", r"1{,}234.50"),
            *(r"7.50\%", "7.50 %", r"7.50^\circ", r"7.50^{\circ}", "7.50°", r"7.50~\text{cm}", r"7.50 \; \text{cm}"),
            *(r"\mathbf{7.50}", r"\text{7.50}", r"\displaystyle 7.50", r"\left(7.50\right)", r"\textcolor{red}{7.50}"),
            *("x = 7.50", r"x \approx 7.50", r"\text{Total} = 7.50", r"7.50\,\mathrm{cm}^2", "7.50.", r"\;7.50\,"),
        ],
        [
            *("7.5", "7.500", "7", "007.50", "7.50e0", "7,50", r"7.50 \times 10^0", r"7.50 \cdot 1", r"\frac{15}{2}"),
            *(
                "7.50 + 0",
                "7.50 = 7.5",
                r"7.5\phantom{0}",
                r"\phantom{7.50}",
                "seven point five",
                "7.50...",
                r"\pm 7.50",
            ),
            *("7.50, 8.50", "7.50 or 8", "(7.50, 8.50)", "7.50x", r"\sqrt{7.50}", "", "7 .50"),
        ],
    ),
    "answer:fraction": (
        {"denominator": 6},
        [
            *(
                r"\frac{3}{6}",
                r"\frac36",
                r"\frac3{6}",
                r"\frac {3} {6}",
                r"\cfrac{3}{6}",
                r"\tfrac{3}{6}",
                "3/6",
                "3⁄6",
            ),
            *(
                r"- \frac{3}{6}",
                r"-\frac36",
                r"\frac{-3}{6}",
                r"−\frac{3}{6}",
                "{3}/{6}",
                r"\displaystyle\frac{252}{6}",
            ),
            *(
                r"\frac{1{,}512}{6}",
                r"-\dfrac{1\,512}{6}",
                r"\frac{3}{6}\text{ cm}",
                r"x=\frac{3}{6}",
                r"\$\frac{3}{6}",
            ),
        ],
        [
            *(
                r"\frac12",
                "0.5",
                "42",
                r"\frac12=\frac36",
                r"\frac{3}{6} = 0.5",
                r"\frac{3}{6}+0",
                r"2\frac{1}{6}",
                "3:6",
            ),
            *(r"3\cdot6^{-1}", r"\frac{3.0}{6}", r"\frac{03}{6}", r"\frac{6}{3}", r"\frac{\frac{6}{2}}{6}"),
            *(
                r"\phantom{\frac{3}{6}}",
                r"\frac{x}{6}",
                r"\frac{1+2}{6}",
                r"\frac{3}{-6}",
                r"\frac36 \text{ or } \frac12",
            ),
        ],
    ),
    "answer:scientific": (
        {},
        [
            *(r"4.2\times10^{3}", r"4.2\,\times\,10^{3}", r"−4.2 \times 10^{3}", "4.2 × 10^3", r"4.2\cdot10^{-3}"),
            *("4.2×10⁻³", "4.2 x 10^3", "5·10^3", r"4.2\times{10}^{3}", r"x=4.2\times10^3", r"4.2 \times 10^{+3}"),
            *(
                r"4.2\times10^{3}\text{ m}",
                r"4.2\times 10^{3}\,\mathrm{m/s}",
                r"\mathbf{4.2\times10^3}",
                r"\$4.2\times10^3",
            ),
        ],
        [
            *("42", "4.2e3", r"42\times10^2", r"0.42\times10^4", r"4200=4.2\times10^3", r"10^{3}\times4.2", "10^3"),
            *(
                r"4.2\times10^{3}+0",
                r"4.2\times10^{x}",
                r"4.2\times100",
                r"4.2\times2^3",
                r"04.2\times10^3",
                r"0\times10^3",
            ),
        ],
    ),
    "answer:words": (
        {},
        [
            *(r"\text{forty-two}", "forty two", "Forty-Two", "FORTY-TWO", r"\text{forty–two}", r"\textit{forty-two}"),
            *(r"\textrm{forty-two}", r"\text{forty-two.}", r"\text{a hundred}", r"\text{one hundred and five}"),
            *(r"\text{one thousand, nine hundred eighty-three}", r"\text{forty-two dollars}", r"\text{minus seven}"),
            *(r"\text{forty-two}\text{ marbles}", r"\text{three hundred and five days}", r"\text{forty-two}\%"),
        ],
        [
            *("42", r"\text{forty-two (42)}", r"\text{twenty two one}", r"\text{two four}", r"\text{seventy-twelve}"),
            *(
                r"\frac{84}{2}",
                r"\text{even}",
                r"\text{forty-2}",
                r"\text{vierzig}",
                r"\text{forty}+\text{two}",
                "XLII",
            ),
            *(r"\phantom{\text{forty-two}}", r"\text{hundred hundred}", r"\text{forty-two} = 42", r"\text{dollars}"),
        ],
    ),
    "answer:equation": (
        {"name": "T"},
        [
            *("T=42", r"\text{T} = 42", r"\,T = 42", r"T\,=\,42", r"\displaystyle T = \frac{1}{2}", r"\mathbf{T}=42"),
            *(r"\mathrm{T}=42", r"T = 6\cdot 7 = 42", r"T\;=\;42\text{ cm}", "$T = 42$", "{T} = 42", r"T = (1,2)"),
        ],
        [
            *("42", "t=42", r"T\approx42", "2T=84", "T=", r"T =\,", "X = T = 42", "T_1 = 42", "T = ?", r"T \le 42"),
            *(r"\text{Total} = 42", r"T = \phantom{42}", r"\phantom{T = 42}", "f(T) = 42", "T' = 42"),
        ],
    ),
}
CASES = [
    (kind, args, box, obeys)
    for kind, (args, good, bad) in FORMS.items()
    for obeys, boxes in ((True, good), (False, bad))
    for box in boxes
]


@pytest.mark.parametrize(("kind", "args", "box", "obeys"), CASES)
def test_a_form_is_a_form_in_every_spelling(kind: str, args: dict[str, object], box: str, obeys: bool) -> None:
    assert judge(parse(kind, args), f"It is $\\boxed{{{box}}}$.").passed == obeys
