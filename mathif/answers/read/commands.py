"""The vocabulary of answers: which commands and words mean something, and which only look.

A room of its own because it is a table and the lexer is a program.
"""

FUNCTIONS = {
    "abs", "arccos", "arccosh", "arccot", "arccsc", "arcsec", "arcsin", "arcsinh", "arctan", "arctanh", "arg", "cbrt",
    "ceil", "cis", "cos", "cosh", "cot", "coth", "csc", "csch", "det", "erf", "exp", "factorial", "floor", "gamma",
    "gcd", "im", "lcm", "lg", "ln", "log", "max", "min", "re", "sec", "sech", "sgn", "sin", "sinh", "sqrt", "tan",
    "tanh",
}  # fmt: skip
"""Names of functions, as commands and as plain words."""
CONNECTIVES = {
    "and", "or", "und", "oder", "et", "ou", "и", "или", "і", "або", "và", "och", "og",
    "atau", "এবং", "ও", "বা", "অথবা", "और", "या", "तथा", "आणि", "किंवा", "અને", "અથવા", "ਅਤੇ", "ਜਾਂ", "మరియు", "లేదా",
    "ಮತ್ತು", "ಅಥವಾ", "மற்றும்", "அல்லது", "र", "اور", "یا", "و", "أو", "และ", "หรือ", "和", "或", "と", "그리고", "또는",
}  # fmt: skip
"""Words that separate the items of a list."""
SPACING = {
    "allowbreak", "enskip", "enspace", "hfill", "linebreak", "medspace", "newline", "nobreakspace", "noindent",
    "par", "qquad", "quad", "space", "thickspace", "thinspace",
}  # fmt: skip
"""Commands that are only space."""
DROPPED = {
    "angle", "measuredangle", "triangle",
    "Big", "Bigg", "Biggl", "Biggr", "Bigl", "Bigm", "Bigr", "Large", "bf", "big", "bigg", "biggl", "biggr", "bigl",
    "bigm", "bigr", "boldmath", "boxed", "cal", "centering", "displaylimits", "displaystyle", "ensuremath", "fbox",
    "hphantom", "huge", "it", "large", "left", "limits", "mathbin", "mathclose", "mathop", "mathopen", "mathord",
    "mathrel", "mathstrut", "middle", "nolimits", "nonumber", "normalsize", "notag", "null", "right", "rm",
    "scriptstyle", "sf", "small", "strut", "textstyle", "tt",
}  # fmt: skip
"""Commands that change the look and not the meaning."""
TEXTUAL = {
    "SI", "emph", "hbox", "makebox", "mbox", "si", "text", "textbf", "textit", "textmd", "textnormal",
    "textrm", "textsc", "textsf", "textsl", "texttt", "textup", "uline", "underline", "unit",
}  # fmt: skip
"""Commands whose argument is plain text."""
ROMAN = {
    "bm", "boldsymbol", "mathbf", "mathcal", "mathfrak", "mathit", "mathnormal", "mathrm", "mathscr", "mathsf",
    "mathtt", "operatorname", "pmb",
}  # fmt: skip
"""Commands that set letters in another face."""
RENAMED = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sfrac": "frac", "nicefrac": "frac", "dbinom": "binom",
    "tbinom": "binom", "arcctg": "arccot", "ctg": "cot", "tg": "tan", "arctg": "arctan", "cosec": "csc",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "overrightarrow": "vec", "widehat": "hat", "widetilde": "tilde",
    "operatorname*": "operatorname", "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
    "varsigma": "sigma", "varkappa": "kappa", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "arsinh": "arcsinh", "arcosh": "arccosh",
    "artanh": "arctanh", "sign": "sgn",
}  # fmt: skip
"""Commands that are another spelling of a known one."""
FUNCTION_NAMES = {name: meant for name, meant in RENAMED.items() if meant in FUNCTIONS and len(name) > 2} | {
    "tg": "tan"
}
"""Other spellings of functions that count in plain letters too; `th` and the like are no functions there."""
WORDS = FUNCTIONS | set(FUNCTION_NAMES) | {
    "and", "inf", "infinity", "infty", "is", "nan", "no", "not", "or", "pct", "percent", "pi", "yes",
}  # fmt: skip
"""Runs of letters that are one word even in mathematics."""
SIGNS = {
    "lt": "<", "gt": ">", "le": "<=", "leq": "<=", "leqslant": "<=", "leqq": "<=", "ge": ">=", "geq": ">=",
    "geqslant": ">=", "geqq": ">=", "ne": "!=", "neq": "!=", "times": "*", "cdot": "*", "ast": "*", "cdotp": "*",
    "bullet": "*", "div": "/", "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[", "rbrack": "]", "vert": "|",
    "mid": "|", "lvert": "|", "rvert": "|", "Vert": "||", "lVert": "||", "rVert": "||", "colon": ":",
    "approx": "~=", "simeq": "~=", "thickapprox": "~=", "doteq": "~=", "equiv": "==", "cong": "==", "pm": "+-",
    "mp": "-+", "cup": "cup", "bigcup": "cup", "cap": "cap", "bigcap": "cap", "setminus": "setminus",
    "backslash": "setminus", "in": "in", "notin": "notin", "to": "->", "rightarrow": "->", "longrightarrow": "->",
    "Rightarrow": "=>", "implies": "=>", "Longrightarrow": "=>", "iff": "<=>", "Leftrightarrow": "<=>",
    "langle": "langle", "rangle": "rangle", "lparen": "(", "rparen": ")", "land": "and", "wedge": "wedge",
    "lor": "or", "vee": "or", "propto": "propto", "sim": "~", "subset": "subset", "subseteq": "subset",
    "prime": "'", "slash": "/", "bmod": "mod", "pmod": "mod", "mod": "mod", "pod": "mod", "backprime": "'",
    "leftarrow": "<-",
    "oplus": "oplus", "otimes": "otimes", "perp": "perp", "parallel": "parallel", "ldots": "...", "dots": "...",
    "cdots": "...", "dotsc": "...", "dotsb": "...", "dotsm": "...", "dotso": "...",
}  # fmt: skip
"""Commands that are a sign, and the sign."""
MEANT = FUNCTIONS | {
    "Im", "Re", "bar", "begin", "binom", "choose", "circ", "color", "dagger", "ddot", "deg", "degree",
    "dim", "dollar", "dot", "ell", "emptyset", "end", "euro", "exists", "forall", "frac",
    "hat", "hbar", "hspace", "iint", "infty", "int", "ker", "label", "lceil", "lfloor", "lim", "mathbb",
    "nabla", "odot", "oint", "over", "overbrace", "overline", "overset", "partial", "percent", "permil", "phantom",
    "pi", "pounds", "prod", "rceil", "rfloor", "sqrt", "stackrel", "star", "sum", "tag", "textdegree", "textdollar",
    "tilde", "underbrace", "underset", "varnothing", "vec", "vspace",
}  # fmt: skip
"""Commands with a meaning that the parser knows."""
GREEK = {
    "Delta", "Gamma", "Lambda", "Omega", "Phi", "Pi", "Psi", "Sigma", "Theta", "Upsilon", "Xi", "aleph", "alpha",
    "beta", "chi", "dagger", "delta", "ell", "epsilon", "eta", "gamma", "hbar", "imath", "iota", "jmath", "kappa",
    "lambda", "mu", "nabla", "nu", "odot", "omega", "omicron", "partial", "phi", "psi", "rho", "sigma", "star",
    "tau", "theta", "upsilon", "xi", "zeta",
}  # fmt: skip
"""Commands that are letters."""
LETTERS = {"top": "T", "intercal": "T"}
"""Commands that stand for a letter: the mark of a transposed matrix."""
KNOWN = MEANT | GREEK | set(SIGNS) | set(RENAMED) | TEXTUAL | ROMAN | SPACING | DROPPED | set(LETTERS)
"""Every command that has a spelling of its own here."""
CURRENCY = {
    "textdollar": "$", "dollar": "$", "euro": "€", "pounds": "£", "textdegree": "circ", "degree": "circ",
    "percent": "%",
}  # fmt: skip
"""Commands for units, and the unit."""
