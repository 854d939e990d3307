// Keeps "0 van 1500 tekens" up to date; says it aloud only after typing stops near the limit.
for (const line of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(line.dataset.count);
  const limit = Number(field.dataset.max);
  const voice = line.nextElementSibling;
  let wait;
  const update = () => {
    const used = field.value.length;
    line.textContent = line.textContent.replace(/\d+/, used);
    line.classList.toggle("over", used > limit);
    clearTimeout(wait);
    if (used > limit * 0.9) wait = setTimeout(() => { voice.textContent = line.textContent; }, 1000);
  };
  field.addEventListener("input", update);
  update();
}
