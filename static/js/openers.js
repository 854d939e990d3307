// Menus close with Escape or a click elsewhere; links with data-dialog open their dialog in place.
export function openers(page) {
  const menus = () => page.querySelectorAll(".menu[open]");
  page.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
    const dialog = page.getElementById(event.target.closest("[data-dialog]")?.dataset.dialog);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
