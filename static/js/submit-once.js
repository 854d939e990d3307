// Stops a second submit while the first is under way; the server's idempotency key is the real guard.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (form.ariaBusy === "true") event.preventDefault();
  form.ariaBusy = "true";
});
// A page kept by the Back button may show what its reader may no longer see: ask the server again.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
