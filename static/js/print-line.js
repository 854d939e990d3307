// Says on paper when it was printed, and has that written down.
const line = document.querySelector("form.print-line");
if (line) addEventListener("beforeprint", () => {
  line.querySelector("time").textContent = new Date().toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/Amsterdam" });
  navigator.sendBeacon(line.action, new FormData(line));
});
