"""What a page holds, read back out of its HTML."""

import base64
import json
import re
import zlib
from html import unescape
from typing import Any


def unpacked(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text)))


def catalogue(html: str) -> dict[str, Any]:
    """What the list of replies shows."""
    [held] = re.findall(r'<script type="text/plain" id="index">([^<]*)<', html)
    found: dict[str, Any] = unpacked(held)
    return found


def replies_of(html: str) -> list[dict[str, Any]]:
    """The replies packed into a page."""
    chunks = re.findall(r'<script type="text/plain" class="chunk">([^<]*)<', html)
    return [reply for chunk in chunks for reply in unpacked(chunk)]


def headings(html: str) -> list[str]:
    """The sections and folds of a page, in their order."""
    return [unescape(one) for one in re.findall(r"<(?:h2|summary)>(.*?)</(?:h2|summary)>", html)]


def titles(html: str) -> list[str]:
    """The titles of the pictures of a page."""
    return [unescape(one) for one in re.findall(r"<figcaption><h\d>(.*?)</h\d>", html)]
