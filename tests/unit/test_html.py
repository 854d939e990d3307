"""What people type becomes paragraphs and lists, never a tag, a script or a strange link."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from bleach.sanitizer import Cleaner
from hypothesis import given
from hypothesis import strategies as st

from app.infra.html import render_markdown

ALLOWED = {"a", "blockquote", "br", "em", "li", "ol", "p", "strong", "ul"}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_little_markdown_is_understood() -> None:
    html = render_markdown("Kort *nu* en **straks**\nregel\n\n- een\n- twee\n\n1. drie\n\n> vraag")
    for part in (
        "<em>nu</em>",
        "<strong>straks</strong>",
        "<br>",
        "<li>een</li>",
        "<ol>",
        "<blockquote>",
    ):
        assert part in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Kop", "<p># Kop</p>"),
        ("a\n---\nb", "<p>a<br>\n---<br>\nb</p>"),
        ("`code`", "<p>`code`</p>"),
        ("{{7*7}}", "<p>{{7*7}}</p>"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
    ],
)
def test_everything_else_shows_as_typed(text: str, shown: str) -> None:
    assert render_markdown(text).strip() == shown


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example)",
    "[x](/sign-out)",
    "[x](\\\\evil.example)",
    "![x](http://evil.example/x.png)",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example"onmouseover="alert(1))',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<style>@import'//evil.example'</style>",
    "%253Cscript%253E",
    "&amp;lt;script&amp;gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><input name=a>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_tag_attribute_or_link_gets_through(text: str) -> None:
    for tag, attributes in Tags(render_markdown(text)).found:
        assert tag in ALLOWED
        assert set(attributes) <= {"href"}
        assert re.match("(https?:|mailto:)", attributes.get("href") or "https:")


def test_links_keep_http_and_mail() -> None:
    html = render_markdown("[x](https://a.example) <mailto:a@b.example> [y](HTTP://b.example)")
    assert html.count("href=") == 3


@given(st.text(max_size=400))
def test_any_text_gives_only_allowed_tags_and_cleaning_again_changes_nothing(text: str) -> None:
    html = render_markdown(text)
    assert {tag for tag, _ in Tags(html).found} <= ALLOWED
    cleaner = Cleaner(
        tags=ALLOWED, attributes={"a": ["href"]}, protocols={"http", "https", "mailto"}
    )
    assert cleaner.clean(html) == html


@pytest.mark.parametrize("part", ["*", "[", "<", "> ", "- a\n", "![[", "[a](", "**a ", "`", "&"])
def test_fifty_thousand_characters_do_not_stall(part: str) -> None:
    started = time.perf_counter()
    render_markdown((part * 50_000)[:50_000])
    assert time.perf_counter() - started < 5
