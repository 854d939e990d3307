// One Tab stop for the whole matrix; the arrow keys walk through its cells.
export function walkMatrix(page) {
  for (const table of page.querySelectorAll("[data-matrix]")) {
    const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("a.cell")]).filter((row) => row.length);
    if (!rows.length) continue;
    const stop = (cell) => { for (const other of rows.flat()) other.tabIndex = other === cell ? 0 : -1; };
    stop(rows[0][0]);
    table.parentElement.removeAttribute("tabindex");
    table.addEventListener("focusin", (event) => { if (event.target.matches("a.cell")) stop(event.target); });
    table.addEventListener("keydown", (event) => {
      const y = rows.findIndex((row) => row.includes(event.target));
      if (y < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      const x = rows[y].indexOf(event.target);
      const to = { ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1], ArrowDown: [y + 1, x], ArrowUp: [y - 1, x], Home: [y, 0], End: [y, rows[y].length - 1] }[event.key];
      if (!to) return;
      event.preventDefault();
      rows[to[0]]?.[to[1]]?.focus();
    });
  }
}
