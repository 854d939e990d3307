// Answers read as pages, and parts of them put in the place of ours; the focus stays where it was.
const CONTROLS = "a, button, summary";

export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

export function swap(fresh, parts) {
  for (const old of document.querySelectorAll(parts)) {
    const now = fresh.getElementById(old.id);
    const at = [...old.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
    if (now) old.replaceWith(document.adoptNode(now));
    now?.querySelectorAll(CONTROLS)[at]?.focus();
  }
}
