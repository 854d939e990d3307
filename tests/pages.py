"""Reads an HTML answer as a visitor would: its title, headings, forms and text."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

VOID_TEXT = {"script", "style", "template", "svg"}
BUTTONS = {"submit", "button", "reset", "image"}


@dataclass(slots=True)
class Form:
    """One form with what a browser would send for it untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    in_main: bool = False

    def filled(self, changes: dict[str, Any]) -> dict[str, list[Any]]:
        """What is sent after the changes; None leaves a field out, a list gives several values."""
        sent: dict[str, list[Any]] = {}
        for name, value in self.fields:
            if name not in changes:
                sent.setdefault(name, []).append(value)
        for name, value in changes.items():
            if value is not None:
                sent[name] = list(value) if isinstance(value, list) else [value]
        return sent


class Page(HTMLParser):
    """One parsed page; see the attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.title = ""
        self.headings: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline_scripts: list[str] = []
        self._text: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._area_text: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """The words on the page, white space made single."""
        return " ".join(" ".join(self._text).split())

    def form(self, action: str | None = None) -> Form:
        """The form posting to ``action`` (or to a path ending so); else the first in main."""
        posts = [form for form in self.forms if form.method == "post"]
        if action is not None:
            posts = [one for one in posts if urlsplit(one.action).path.endswith(action)]
        assert posts, f"no form posts to {action or 'anything'} on {self.title!r}"
        return next((form for form in posts if form.in_main), posts[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "script" and "src" not in given:
            self.inline_scripts.append(given.get("type", ""))
        if tag in {"h1", "h2", "h3"} and "template" not in self._open:
            self.headings.append((tag, ""))
        if tag == "form":
            self._form = Form(
                given.get("action", ""),
                given.get("method", "get").lower(),
                in_main="main" in self._open,
            )
            self.forms.append(self._form)
        self._start_control(tag, given)

    def _start_control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select, self._options = (name, "multiple" in given), []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area, self._area_text = name, []

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in BUTTONS:
            return
        if kind in {"checkbox", "radio"}:
            self._offer(name, given.get("value", "on") if "checked" in given else None, given)
        elif kind != "file":
            self._offer(name, given.get("value", ""), given)
        else:
            self._offer(name, None, given)

    def _offer(self, name: str, value: str | None, given: dict[str, str]) -> None:
        form = self._form
        if "form" in given:
            wanted = [index for index, (tag, had) in enumerate(self.tags) if tag == "form" and had.get("id") == given["form"]]  # fmt: skip
            position = [index for index, (tag, _) in enumerate(self.tags) if tag == "form"]
            form = self.forms[position.index(wanted[0])] if wanted else None
        if form is None or not name or "disabled" in given:
            return
        form.names.add(name)
        if value is not None:
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            self._end_select()
        elif tag == "textarea" and self._area is not None:
            self._offer(self._area, "".join(self._area_text).removeprefix("\n"), {})
            self._area = None

    def _end_select(self) -> None:
        assert self._select is not None
        name, multiple = self._select
        chosen = [value for value, selected in self._options if selected]
        if not chosen and self._options and not multiple:
            chosen = [self._options[0][0]]
        for value in chosen:
            self._offer(name, value, {})
        if not chosen:
            self._offer(name, None, {})
        self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area_text.append(data)
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        in_heading = {"h1", "h2", "h3"} & set(self._open)
        if self.headings and in_heading and "template" not in self._open:
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)
        if not VOID_TEXT & set(self._open):
            self._text.append(data)


def faults(page: Page) -> list[str]:
    """What no page of ours may have, whichever it is."""
    found = []
    tops = [text for tag, text in page.headings if tag == "h1"]
    if len(tops) != 1 or not tops[0].strip():
        found.append(f"exactly one h1 with words, not {tops}")
    if not page.title.strip():
        found.append("a title")
    if not any(tag == "html" and given.get("lang") in {"nl", "en"} for tag, given in page.tags):
        found.append("a language on <html>")
    twice = {one for one, times in Counter(page.ids).items() if times > 1}
    if twice:
        found.append(f"ids that stand once, not {sorted(twice)}")
    if any(kind != "application/json" for kind in page.inline_scripts):
        found.append("no inline script")
    for tag, given in page.tags:
        found += _tag_faults(tag, given)
    found += [
        f"a csrf_token in the form that posts to {form.action}"
        for form in page.forms
        if form.method == "post" and "csrf_token" not in form.names
    ]
    return found


def _tag_faults(tag: str, given: dict[str, str]) -> list[str]:
    found = []
    if "style" in given:
        found.append(f"no style attribute on <{tag}>")
    if any(name.startswith("on") for name in given):
        found.append(f"no event attribute on <{tag}>")
    if tag != "a":
        found += [
            f"nothing from elsewhere: <{tag} {name}={given[name]!r}>"
            for name in ("src", "srcset", "href", "action", "formaction", "data")
            if given.get(name, "").strip().lower().startswith(("http:", "https:", "//", "data:"))
        ]
    return found
