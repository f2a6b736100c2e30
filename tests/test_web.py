"""Laws of the look: what is put into a page is text, only its own style and script can run, and colours can be read."""

import base64
import hashlib
import json
import re
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

import mathif
from mathif import web
from mathif.shelf import ShelvedRun
from mathif.shelf import page as shelf_page
from mathif.web.tokens import css

TEXT = ("ink", "dim", "link", "good", "bad", "hacc", "sacc", "acc", "joint", "thinking", "plain", "floor")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("screen", [web.LIGHT, web.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "soft"])
def test_every_colour_of_text_can_be_read(screen: dict[str, str], ground: str) -> None:
    behind = luminance(screen[ground])
    for token in TEXT:
        light, dark = sorted((luminance(screen[token]), behind), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, token


def test_a_light_and_a_dark_screen_have_the_same_tokens() -> None:
    assert list(web.LIGHT) == list(web.DARK)
    with pytest.raises(KeyError):
        web.shade("blue-ish")


def test_no_style_sheet_or_script_names_a_colour_that_there_is_not() -> None:
    known = set(web.LIGHT) | {"edge"}
    for path in Path(mathif.__file__).parent.rglob("*"):
        if path.suffix in (".css", ".js", ".html") and path.parent.name in ("web", "page", "board"):
            own = set(re.findall(r"(--[a-z0-9-]+)\s*:", path.read_text()))
            used = {name for name in re.findall(r"var\((--[a-z0-9-]+)", path.read_text()) if name not in own}
            assert {name[2:] for name in used} <= known, path
    assert "@media screen and (prefers-color-scheme:dark)" in css()


@given(st.text())
def test_what_is_packed_comes_back(text: str) -> None:
    held = web.packed([text])
    assert json.loads(zlib.decompress(base64.b64decode(held))) == [text]
    assert not set(held) & set("<>&\"'")


def test_what_is_put_into_a_page_is_text() -> None:
    html = web.document("web/base.html", title="<i>") + shelf_page([ShelvedRun(folder="&", state="<u>")], '<b>"')
    assert not re.findall("<(?:b|i|u)>", html)
    assert "&lt;u&gt;" in html
    assert "&lt;b&gt;&#34;" in html


def test_a_name_that_a_page_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        web.render("web/base.html")


def test_a_page_runs_nothing_but_what_its_policy_names() -> None:
    html = web.document("web/base.html")
    assert html.startswith("<!doctype html>")
    assert "unsafe-inline" not in html
    for tag, policy in (("style", "style-src"), ("script", "script-src")):
        held = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert held is not None
        digest = base64.b64encode(hashlib.sha256(held[1].encode()).digest()).decode()
        assert f"{policy} 'sha256-{digest}'" in html
    assert html == web.document("web/base.html")
