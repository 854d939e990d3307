// Menus close with Escape or a click elsewhere; links with data-dialog open their dialog in place.
const menus = () => document.querySelectorAll(".menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  const dialog = document.getElementById(event.target.closest("[data-dialog]")?.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  dialog.showModal();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
