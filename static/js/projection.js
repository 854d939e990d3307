// The screen in the room: asks what is shown, lets clocks run; dark on F8, its button and silence.
import { parse } from "./parts.js";

const room = document.querySelector("main");
const form = document.querySelector("form");
let tag = "";
let heard = Date.now();
let since = heard;
let turn = 0;
let untold = false;

function dark() {
  turn += 1;
  tag = "";
  for (const one of room.querySelectorAll("[data-shown]")) one.remove();
}

const ask = (url, more) => fetch(url, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(4000), ...more });

async function tell() {
  const answer = await ask(form.action, { method: "POST", body: new FormData(form) });
  untold = answer.type !== "opaqueredirect";
}

async function look() {
  if (untold) return tell();
  const mine = turn;
  const answer = await ask(location.href, { headers: { "If-None-Match": tag } });
  if (answer.type === "opaqueredirect") {
    dark();
    location.reload();
  }
  const text = answer.ok ? await answer.text() : "";
  if (answer.ok || answer.status === 304) heard = Date.now();
  if (!text || mine !== turn) return;
  room.replaceChildren(...parse(text).querySelector("main").children);
  tag = answer.headers.get("ETag");
  since = Date.now();
}

function tick() {
  if (Date.now() - heard > 5000) dark();
  const passed = Date.now() - since;
  const clock = room.querySelector("[data-clock]");
  const now = new Date(+clock.dataset.clock + passed);
  const time = now.toLocaleTimeString("nl", { timeZone: "Europe/Amsterdam", timeStyle: "short" });
  clock.textContent = document.documentElement.lang === "nl" ? time.replace(":", ".") : time;
  const left = room.querySelector("[data-left]");
  if (!left) return;
  const seconds = left.dataset.left - ("paused" in left.dataset ? 0 : Math.floor(passed / 1000));
  const rest = Math.max(seconds, 0);
  left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, 0)}`;
  const over = room.querySelector("[data-over]");
  over.hidden = seconds > -60;
  over.textContent = over.dataset.over.replace("#", Math.floor(-seconds / 60));
}

function blank(event) {
  if (event.type === "keydown" && event.key !== "F8") return;
  event.preventDefault();
  untold = true;
  dark();
  tell().catch(() => {});
}

async function go() {
  await look().catch(() => {});
  setTimeout(go, 350);
}

addEventListener("keydown", blank);
form.addEventListener("submit", blank);
setInterval(tick, 250);
go();
