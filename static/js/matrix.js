// One Tab stop for the whole matrix; the arrow keys walk through its cells.
const rowsOf = (table) => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("a.cell")]).filter((row) => row.length);

function stopAt(table, cell) {
  for (const other of rowsOf(table).flat()) other.tabIndex = other === cell ? 0 : -1;
}

const ready = () => {
  for (const table of document.querySelectorAll("[data-matrix]")) {
    const first = rowsOf(table)[0]?.[0];
    if (!first) continue;
    stopAt(table, first);
    table.parentElement.removeAttribute("tabindex");
  }
};
document.addEventListener("focusin", (event) => {
  if (event.target.matches("a.cell")) stopAt(event.target.closest("table"), event.target);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("a.cell") || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = rowsOf(event.target.closest("table"));
  const y = rows.findIndex((row) => row.includes(event.target));
  const x = rows[y].indexOf(event.target);
  const to = { ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1], ArrowDown: [y + 1, x], ArrowUp: [y - 1, x], Home: [y, 0], End: [y, rows[y].length - 1] }[event.key];
  if (!to) return;
  event.preventDefault();
  rows[to[0]]?.[to[1]]?.focus();
});
document.addEventListener("refreshed", ready);
ready();
