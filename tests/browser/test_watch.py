"""The browser tests would notice: a policy broken, a script at fault, something from elsewhere."""

import pytest

BREAKS = [
    ("const s = document.createElement('script'); s.textContent = '1'; document.body.append(s)", "script"),
    ("document.querySelector('h1').setAttribute('style', 'color: red')", "style"),
    ("const i = new Image(); i.src = 'http://127.0.0.2:9/x.svg'; document.body.append(i)", "127.0.0.2"),
    ("setTimeout(() => { throw new Error('planted') })", "planted"),
    ("console.error('planted')", "planted"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "word"), BREAKS)
def test_a_broken_page_is_noticed(visit, script: str, word: str):
    visitor = visit()
    page = visitor.go("/no-such-page")
    visitor.assert_content()
    page.evaluate(script)
    page.wait_for_timeout(100)
    assert [one for one in visitor.complaints if word in one]
    visitor.complaints.clear()


def test_an_answer_of_refusal_is_an_ordinary_page(visit):
    visitor = visit()
    visitor.go("/no-such-page")
    visitor.assert_content()
    visitor.assert_accessible()
