// What was agreed on the spot waits in memory alone for a connection; it goes in order.
import { parse, swap } from "./parts.js";

const queue = [];
const bar = document.querySelector("#rij");
const { one, more, away, out, never } = bar.dataset;
const form = () => document.querySelector("[data-acute]");
const { action } = form();
const blank = form().cloneNode(true);
const typed = () => form()?.elements.agreements.value;
let why;
let busy;

function draw() {
  const [count, words, list] = bar.querySelectorAll("p");
  bar.hidden = !queue[0];
  count.textContent = (queue[1] ? more : one).replace("{n}", queue.length);
  words.textContent = why;
  list.textContent = form() && why !== out && queue.map((body) => body.get("agreements")).join("\n\n");
}

// Gives why it waits.
async function send(body) {
  if (why === out) {
    const html = await (await fetch(action)).text();
    const { value } = parse(html).querySelector("[name=csrf_token]");
    for (const each of queue) each.set("csrf_token", value);
  }
  const answer = await fetch(action, { body, method: "POST" });
  if (answer.status > 499) return away;
  const fresh = parse(await answer.text());
  const theirs = fresh.querySelector("[data-acute]");
  if (!theirs) return out;
  if (!answer.ok && typed() !== "") return never;
  if (!answer.ok) form().replaceWith(theirs);
  queue.shift();
  swap(fresh, "#gemeld");
}

async function flush() {
  if (busy) return;
  busy = true;
  do {
    why = queue[0] && (await send(queue[0]).catch(() => why || away));
    draw();
  } while (queue[0] && !why);
  busy = false;
}

addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  queue.push(new FormData(form()));
  const { csrf_token } = form().elements;
  form().replaceWith(blank.cloneNode(true));
  form().reset();
  form().elements.csrf_token.value = csrf_token.value;
  form().querySelector("[type=submit]").focus();
  form().elements.submit_key.value = crypto.randomUUID();
  draw();
  flush();
});
document.addEventListener("emptied", () => {
  document.querySelector("main").append(bar);
  draw();
});
addEventListener("online", flush);
setInterval(flush, 5000);
addEventListener("beforeunload", (event) => {
  if (queue[0] || typed()) event.preventDefault();
});
