// Keeps "0 van 1500 tekens" up to date; says it aloud only after typing stops near the limit.
export function countCharacters(page) {
  for (const line of page.querySelectorAll("[data-count]")) {
    const field = page.getElementById(line.dataset.count);
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
}
