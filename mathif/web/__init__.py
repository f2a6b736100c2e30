"""The look of every page: one environment of templates, one set of tokens, one way to lock a page up.

A page is one template that extends `web/base.html`. Whatever is put into it is escaped; its styles and scripts stand
inside it and are named by their digests in its content security policy, so that nothing else can run or load.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mathif.counting import counted
from mathif.web.tokens import DARK, LIGHT, css, shade

__all__ = ["DARK", "LIGHT", "document", "drawing", "packed", "render", "shade"]


def document(template: str, styles: Sequence[str] = (), scripts: Sequence[str] = (), **values: object) -> str:
    """Return a page as HTML.

    Args:
        template: name of a template that extends `web/base.html`, as its path inside of `mathif`.
        styles: style sheets that follow the tokens and `web/base.css`, named likewise.
        scripts: scripts that follow `web/base.js`, named likewise.
        values: what the template shows; text is escaped.
    """
    style = "".join([css(), *map(_read, ("web/base.css", *styles))])
    script = "".join(map(_read, ("web/base.js", *scripts)))
    return render(
        template,
        style=Markup(style),  # noqa: S704 - our own file
        style_digest=_digest(style),
        script=Markup(script),  # noqa: S704 - our own file
        script_digest=_digest(script),
        **values,
    )


def render(template: str, **values: object) -> str:
    """Return what a template makes of some values; a name that it knows and they lack is an error."""
    return _environment().get_template(template).render(values)


def drawing(svg: str) -> str:
    """Return a drawing of ours as the markup that it is; the one thing that templates do not escape."""
    return Markup(svg)  # noqa: S704 - drawn here from numbers


def packed(value: object) -> str:
    """Return plain JSON as a page holds it; `web.unpack` in `web/base.js` is the way back.

    A lone surrogate, which UTF-8 cannot hold, becomes an escape.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(errors="backslashreplace"))).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mathif", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["counted"] = counted
    return environment


def _read(name: str) -> str:
    return (files("mathif") / name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
