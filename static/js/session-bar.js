// Warns two minutes before the session ends, and empties the page when it has ended.
const WARNING = 120;

export function warnBeforeEnd(page) {
  const bar = page.querySelector("[data-session]");
  if (!bar) return;
  const words = bar.querySelector("[role=status]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let end;

  const last = (seconds) => {
    end = Date.now() + seconds * 1000;
    bar.hidden = true;
    words.textContent = "";
  };
  const blank = () => {
    clearInterval(clock);
    const main = page.querySelector("main");
    for (const other of page.querySelectorAll("body > :not(.bar)")) if (other !== main) other.remove();
    page.querySelector(".nav")?.remove();
    page.title = page.title.replace(/^.* – /, "");
    main.replaceChildren(bar.querySelector("template").content);
    main.focus();
  };
  const look = () => {
    const left = (end - Date.now()) / 1000;
    if (left <= 0) blank();
    else if (left <= WARNING && bar.hidden) {
      bar.hidden = false;
      words.textContent = words.dataset.text;
    }
  };

  bar.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const { seconds } = await answer.json();
      last(seconds);
      channel?.postMessage(seconds);
    } catch {
      form.submit();
    }
  });
  channel?.addEventListener("message", (event) => last(event.data));
  last(Number(bar.dataset.session));
  channel?.postMessage(Number(bar.dataset.session));
  const clock = setInterval(look, 1000);
  page.addEventListener("visibilitychange", look);
}
