// Follows a meeting or a print run: asks whether the reader's own part changed, fetches it anew and
// says what did; a part without an address is done.
import { parse } from "./parts.js";

const part = () => document.querySelector("[data-live]");
const voice = document.querySelector("[data-live-voice]");
let busy;

const says = () => [...document.querySelectorAll("[data-say]")].map((one) => one.dataset.say);

// Signed out, or no seat any more: what is on the screen is no longer for this reader.
async function ask(url, headers) {
  const answer = await fetch(url, { headers, cache: "no-store", redirect: "manual" });
  if (answer.type === "opaqueredirect") document.dispatchEvent(new Event("ended"));
  if (answer.status === 404) location.reload();
  return answer;
}

function show(fresh) {
  const before = says();
  const open = [...part().querySelectorAll("details[open]")].map((one) => one.closest("[id]").id);
  const focused = document.activeElement.closest("[data-live] section")?.id;
  part().replaceWith(document.adoptNode(fresh));
  const find = (id, what) => document.getElementById(id)?.querySelector(what);
  for (const id of open) find(id, "details")?.toggleAttribute("open", true);
  find(focused, "button, a, summary")?.focus();
  voice.textContent = says().filter((one) => !before.includes(one)).join(" ") || part().dataset.other;
}

async function look() {
  const { state, again, live, lost } = part()?.dataset ?? {};
  if (busy || document.hidden || !state) return;
  busy = true;
  try {
    if ((await ask(state, { "If-None-Match": `"${live}"` })).ok) {
      const html = await (await ask(again)).text();
      const fresh = parse(html).querySelector("[data-live]");
      if (fresh && part()) show(fresh);
    } else if (voice.textContent === lost) voice.textContent = "";
  } catch {
    if (part()) voice.textContent = lost;
  }
  busy = false;
}

if (part()) setInterval(look, part().dataset.every ?? 3000);
document.addEventListener("visibilitychange", look);
