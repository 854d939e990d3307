// Writes down while people talk: the server says how a line reads and saves it. What cannot be sent
// waits in memory alone and goes in order.
import { offerNames } from "./names.js";
import { parse, swap } from "./parts.js";

const SIGN = /^\s*\/([a-z])(?:\s+|$)/i;

const form = document.querySelector("[data-capture]");
const { line: field, sign } = form.elements;
const { one, more, away, out, never, echo } = form.dataset;
const [waiting, reads, said] = form.querySelectorAll("[data-part]");
const usual = sign.value;
const idle = reads.innerHTML;
const queue = [];
let words = "";
let busy, turn, again;

const show = (html) => reads.replaceChildren(...parse(html).body.childNodes);

// Gives how a line reads, or the page the server answers with.
async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.headers.get("Content-Type").includes("json")) return answer.json();
  return { answer, fresh: parse(await answer.text()) };
}

async function read(mine) {
  const body = new FormData(form);
  body.delete("submit_key");
  const { html } = await post(echo, body);
  if (html && turn === mine) show(html);
}

function typed() {
  turn = clearTimeout(turn);
  for (const old of reads.querySelectorAll("input")) old.remove();
  sign.value = SIGN.exec(field.value)?.[1].toLowerCase();
  if (!field.value.trim()) show(idle);
  else turn = setTimeout(() => read(turn).catch(() => {}), 250);
}

function fill(text) {
  field.value = text;
  sign.value = usual;
  typed();
  field.focus();
}

function draw(all = words) {
  const rest = queue.filter((line) => all || line.html);
  const [voice, link, list] = waiting.children;
  const label = `${(rest[1] ? more : one).replace("{n}", rest.length)}. ${words}`;
  if (voice.textContent !== label) voice.textContent = label;
  link.hidden = words !== out;
  list.textContent = link.hidden || form.isConnected ? rest.map((line) => line.text).join("\n") : "";
  waiting.hidden = !rest.length;
}

// Who signed in again has other tokens.
async function renew() {
  const html = await (await fetch(location.href)).text();
  const token = parse(html).querySelector("[name=csrf_token]").value;
  for (const old of document.querySelectorAll("[name=csrf_token]")) old.value = token;
  for (const line of queue) line.body.set("csrf_token", token);
}

// Saves a line or keeps its question; gives the words why it waits.
async function send(line) {
  if (words === out) await renew();
  const { html, answer, fresh } = await post(form.action, line.body);
  if (answer?.status > 500) return words || away;
  if (answer?.status < 401 && !answer.url.includes(line.key)) return out;
  line.html = html || (!answer.ok && `<p class=asks>${never}`);
  if (line.html) return "";
  queue.splice(queue.indexOf(line), 1);
  swap(fresh, "#vastgelegd, #volgorde");
  said.textContent = fresh.querySelector("main > .banner")?.textContent.trim();
  document.dispatchEvent(new Event("refreshed"));
  return "";
}

async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(again);
  const slow = setTimeout(draw, 1000, true);
  for (let line; (line = queue.find((other) => !other.html)); ) {
    words = await send(line).catch(() => words || away);
    if (words) break;
  }
  clearTimeout(slow);
  if (words) again = setTimeout(flush, 4000);
  busy = false;
  if (form.isConnected && queue[0]?.html && !field.value.trim()) {
    const line = queue.shift();
    fill(line.text);
    turn = clearTimeout(turn);
    show(line.html);
  }
  draw();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  const body = new FormData(form);
  const key = crypto.randomUUID();
  body.set("submit_key", key);
  body.set("seen", text);
  if (text.trim()) queue.push({ key, body, text });
  fill("");
  draw();
  flush();
});
form.addEventListener("change", (event) => {
  if (event.target.name === "sign") fill(`/${sign.value} ${field.value.replace(SIGN, "")}`);
});
field.addEventListener("input", typed);
addEventListener("online", flush);
addEventListener("beforeunload", (event) => queue.length && event.preventDefault());
// The session ended: what waits shows and goes once its writer is back.
document.addEventListener("emptied", () => {
  words = out;
  draw();
  document.querySelector("main").append(waiting);
  flush();
});
offerNames(field, form.querySelector("[role=listbox]"));
if (field.value) typed();
