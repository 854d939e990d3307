"""A keyboard and the eye that follows its focus; it never touches a mouse."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST_TABS = 150
# What has the focus, what it is called, and whether any of it can be seen: on the screen, with
# nothing over it, and with a ring around it (2.4.7 and 2.4.11 of WCAG 2.2).
FOCUSED = """() => {
  const one = document.activeElement;
  const words = (node) => node ? node.textContent.replace(/\\s+/g, " ").trim() : "";
  const labels = [...(one.labels ?? [])].map(words).join(" ");
  const legend = one.type === "radio" ? "" : words(one.closest("fieldset")?.querySelector("legend"));
  const name = one.getAttribute("aria-label") || labels || words(one) || legend;
  // A control that is drawn in the picture of its label is seen there.
  const box = one.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(
    ([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one) && top.closest("header, .strip, .session") === one.closest("header, .strip, .session"));
  });
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { name, seen, ring, tag: one.tagName, type: one.type ?? "", body: one === document.body };
}"""


@dataclass(slots=True)
class Keys:
    """Somebody who has no mouse, in front of a page."""

    page: Page

    def focused(self) -> dict[str, Any]:
        """What has the focus."""
        return self.page.evaluate(FOCUSED)

    def assert_seen(self) -> None:
        """Who looks at the screen sees where the focus is."""
        now = self.focused()
        assert now["seen"], f"the focus on {now['name']!r} is not to be seen at {self.page.url}"
        assert now["ring"], f"no ring around {now['name']!r} at {self.page.url}"

    def assert_on_summary(self) -> None:
        """A form that came back has the focus on what is wrong."""
        assert self.page.title().startswith("Fout: ")
        assert self.page.evaluate("document.activeElement.matches('[data-errors]')")

    def reach(self, name: str, within: str = "*") -> None:
        """Tab until the focus is on what is called so; every stop on the way has to be seen."""
        tried = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            now = self.focused()
            if now["body"]:
                continue
            tried.append(now["name"])
            self.assert_seen()
            if name in now["name"] and self.page.evaluate(
                "(within) => document.activeElement.matches(within)", within
            ):
                return
        raise AssertionError(f"no Tab reaches {name!r} at {self.page.url}: {tried}")

    def press_on(self, name: str) -> None:
        """Go to a link or a button, press Enter and wait for the page it leads to."""
        self.reach(name, "a, button")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, name: str) -> None:
        """Go to a fold and open it."""
        self.reach(name, "summary")
        self.page.keyboard.press("Space")

    def choose(self, name: str) -> None:
        """Tab into the group of choices and walk to one with the arrow keys."""
        if self.focused()["type"] != "radio":
            self.reach("", within="input[type=radio]")
        for _ in range(20):
            if name in self.focused()["name"] and self.page.evaluate(
                "document.activeElement.checked"
            ):
                return
            alone = self.page.evaluate(
                "document.querySelectorAll(`[name='${document.activeElement.name}']`).length === 1"
            )
            self.page.keyboard.press("Space" if alone else "ArrowDown")
            self.assert_seen()
        raise AssertionError(f"no choice is called {name!r}")

    def type_in(self, name: str, text: str) -> None:
        """Go to a field and type."""
        self.reach(name, within="input, textarea")
        self.page.keyboard.type(text)
