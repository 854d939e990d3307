// The worksheet's clocks and its small acts: these change their part of the page and leave what
// is typed alone. Nothing here ends or opens an item.
import { parse, swap } from "./parts.js";

const PARTS = "#tempo,#verloop,#strook,#poort,#kop,#vastgelegd,#zaal,#aan-tafel";
const all = (of, act) => document.querySelectorAll(of).forEach(act);
const clock = (left) => `${Math.floor(Math.max(left, 0) / 60)}:${`${Math.max(left, 0) % 60}`.padStart(2, "0")}`;
const dot = document.documentElement.lang === "en" ? ":" : ".";
const hours = new Intl.DateTimeFormat("nl", { timeZone: "Europe/Amsterdam", timeStyle: "short" });
let began = Date.now();

function tick() {
  const passed = Math.floor((Date.now() - began) / 1000);
  const say = (of, n, end = 0) => {
    const { now = 0, none, one, more } = of.dataset;
    const at = (seconds) => hours.format((+now + seconds) * 1000).replace(":", dot);
    const words = n < 1 ? none : n < 2 ? one : more;
    return words.replace("{n}", n).replace("{now}", at(passed)).replace("{end}", at(end));
  };
  all("[data-left]", (one) => { one.textContent = clock(one.dataset.left - passed); });
  all("[data-timer]", (one) => {
    const { timer, total } = one.dataset;
    const left = timer - passed;
    one.firstChild.textContent = clock(left);
    one.nextElementSibling.firstChild.setAttribute("width", `${Math.min(100, Math.floor(100 - (100 * left) / total))}%`);
    if (left > 0) return;
    one.classList.add("over");
    one.lastChild.textContent = say(one, Math.floor(-left / 60));
  });
  all("[data-pace]", (one) => {
    const { ends, planned, grows } = one.dataset;
    const end = +ends + Math.max(0, passed - grows);
    one.textContent = say(one, Math.floor((end - planned) / 60), end);
  });
}

const goes = (page) => page.querySelector("[data-capture]")?.action;

// Ten seconds, longer for whoever is on the button.
const clear = (one) => (one.contains(document.activeElement) ? setTimeout(clear, 2000, one) : one.remove());
const start = () => all("[data-gone]", (one) => setTimeout(clear, 10_000, one));

function change(fresh) {
  swap(fresh, PARTS);
  began = Date.now();
  start();
}

addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest(PARTS)) return;
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  form.ariaBusy = null;
  if (!answer) return;
  if (!answer.ok) form.submit();
  else {
    const fresh = parse(await answer.text());
    // What is typed may not go to another item.
    if (new URL(answer.url).pathname !== location.pathname || goes(fresh) !== goes(document)) location = answer.url;
    else change(fresh);
  }
});
start();
setInterval(tick, 1000);
