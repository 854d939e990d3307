// Warns two minutes before the session ends; then hands typed text to the server, which keeps it as
// a draft for its owner, and empties the page.
const WARNING = 120;
const MARGIN = 3;
const bar = document.querySelector("[data-session]");
const words = bar?.querySelector("[role=status]");
const stay = bar?.querySelector("form");
const channel = new BroadcastChannel("session");
let end;
let clock;

function typedIn() {
  const changed = (control) => "defaultValue" in control && control.type !== "hidden" && control.value !== control.defaultValue;
  return [...document.querySelectorAll("form[data-once]")].find((form) => [...form.elements].some(changed));
}

async function post(url, form) {
  const answer = await fetch(url, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
  return answer.ok ? (await answer.json()).seconds : 0;
}

const last = (seconds) => {
  end = Date.now() + seconds * 1000;
  bar.hidden = true;
  words.textContent = "";
  clearInterval(clock);
  clock = setInterval(look, 1000);
};

function empty(kept, item) {
  const main = document.querySelector("main");
  const content = bar.querySelector("template").content;
  for (const other of document.querySelectorAll("body > :not(.bar)")) if (other !== main) other.remove();
  document.querySelector(".nav")?.remove();
  document.title = document.title.replace(/^.* – /, "");
  main.className = "";
  main.replaceChildren(content);
  const back = main.querySelector("a");
  if (item) back.search = `?item=${item}`;
  if (kept) back.search += back.search ? "&restored=1" : "?restored=1";
  main.focus();
  document.dispatchEvent(new Event("emptied"));
}

async function finish() {
  clearInterval(clock);
  const form = typedIn();
  const item = form?.action.match?.(/items\/([^/]+)/)?.[1];
  const seconds = form ? await post(stay.action + (item ? `?item=${item}` : ""), form).catch(() => 0) : 0;
  if (seconds) last(seconds);
  else empty(form, item);
}

function look() {
  const left = (end - Date.now()) / 1000;
  if (left <= -MARGIN) finish();
  else if (left <= WARNING && bar.hidden) {
    bar.hidden = false;
    words.textContent = words.dataset.text;
  }
}

stay?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const seconds = await post(stay.action, stay).catch(() => 0);
  if (!seconds) stay.submit();
  else {
    last(seconds);
    channel.postMessage(seconds);
  }
});
document.addEventListener("ended", () => {
  clearInterval(clock);
  empty(false);
});
if (bar) {
  channel.addEventListener("message", (event) => last(event.data));
  last(Number(bar.dataset.session));
  channel.postMessage(Number(bar.dataset.session));
}
