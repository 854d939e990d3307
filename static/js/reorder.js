// Moves agenda items by button or dragging. The server decides the new order and times: the answer
// page is fetched and its lists replace ours, so that nothing is worked out twice.
import { parse, swap } from "./parts.js";

const live = document.querySelector("[data-agenda-live]");
const list = () => document.querySelector("[data-agenda]");
const items = () => [...list().querySelectorAll(":scope > [data-item]")];
const find = (id) => items().find((item) => item.dataset.item === id);
let dragged = null;
let busy = false;

const ready = () => {
  list().dataset.ready = "";
  for (const item of items()) item.draggable = Boolean(item.querySelector("[data-move]"));
};

async function send(form, name, value) {
  const body = new FormData(form);
  body.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body });
  const fresh = parse(await answer.text());
  if (!answer.ok || !fresh.querySelector("[data-agenda]")) throw new Error("no list in the answer");
  swap(fresh, "[data-refresh]");
  document.dispatchEvent(new Event("refreshed"));
}

function tell(id) {
  const item = find(id);
  const all = items();
  item.classList.add("moved");
  const words = { item: item.dataset.name, place: all.indexOf(item) + 1, total: all.length, time: item.dataset.time };
  live.textContent = list().dataset.say.replace(/\{(\w+)\}/g, (_, key) => words[key]);
}

async function move(item, name, value) {
  if (busy) return;
  busy = true;
  const form = item.querySelector("[data-move]");
  try {
    await send(form, name, value);
    tell(item.dataset.item);
    find(item.dataset.item).querySelector(`button[value=${name === "direction" ? value : "up"}]`).focus();
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    form.submit();
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-move]")) return;
  const button = event.submitter;
  event.preventDefault();
  if (button.ariaDisabled === "true") {
    live.textContent = list().dataset[button.value === "up" ? "first" : "last"];
  } else {
    move(button.closest("[data-item]"), "direction", button.value);
  }
});

const over = (event) => dragged && event.target.closest("[data-agenda] > [data-item]");
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-agenda] > [data-item]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", ""); // Firefox drags nothing without data
  dragged.classList.add("dragging");
});
document.addEventListener("dragover", (event) => {
  const item = over(event);
  if (!item) return;
  event.preventDefault();
  const all = items();
  for (const other of all) other.classList.toggle("target", other === item && other !== dragged);
  item.classList.toggle("after", all.indexOf(item) > all.indexOf(dragged));
});
document.addEventListener("drop", (event) => {
  const item = over(event);
  if (!item) return;
  event.preventDefault();
  if (item !== dragged) move(dragged, "position", items().indexOf(item) + 1);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  for (const item of items()) item.classList.remove("target", "after", "dragging");
  dragged = null;
});
if (live) {
  document.addEventListener("refreshed", ready);
  ready();
}
