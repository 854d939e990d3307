// Moves focus to the list of faults, and from a line in it to the control it names.
const box = document.querySelector("[data-errors]");
box?.focus();
box?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
  target.scrollIntoView({ block: "center" });
  control.focus({ preventScroll: true });
});
