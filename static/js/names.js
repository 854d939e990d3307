// Offers who may be named behind @: a listbox under a line, worked with the keys of a combobox.
const fold = (text) => text.normalize("NFD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

export function offerNames(field, list) {
  const all = [...list.children];
  const shown = () => all.filter((one) => !one.hidden);
  const named = () => /(?:^|\s)@(\S*)$/.exec(field.value.slice(0, field.selectionStart))?.[1];
  let at = 0;

  function mark(index) {
    const options = shown();
    at = (index + options.length) % options.length;
    for (const one of all) one.ariaSelected = one === options[at];
    field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function open(yes) {
    list.hidden = !yes;
    field.ariaExpanded = Boolean(yes);
    if (yes) mark(0);
    else field.removeAttribute("aria-activedescendant");
  }

  function look() {
    const said = fold(named() ?? "");
    const keys = (one) => one.dataset.keys.split(" ");
    for (const one of all) one.hidden = !keys(one).some((key) => key.startsWith(said));
    const [first, second] = shown();
    open(named() !== undefined && first && (second || !keys(first).includes(said)));
  }

  function take() {
    const end = field.selectionStart;
    field.setRangeText(`${shown()[at].dataset.sign} `, end - named().length, end, "end");
    field.dispatchEvent(new Event("input"));
  }

  const keys = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Home: () => mark(0), End: () => mark(-1), Enter: take, Tab: take, Escape: () => open(false) };
  field.addEventListener("keydown", (event) => {
    if (event.shiftKey || event.isComposing) return;
    if (list.hidden) return event.key === "ArrowDown" && look();
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  field.addEventListener("input", look);
  field.addEventListener("blur", () => open(false));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    mark(shown().indexOf(option));
    take();
  });
}
