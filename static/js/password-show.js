// Lets people read what they type in a password field; hides it again before sending.
export function showPasswords(page) {
  for (const button of page.querySelectorAll("[data-show]")) {
    const field = page.getElementById(button.dataset.show);
    const words = button.textContent;
    const show = (visible) => {
      field.type = visible ? "text" : "password";
      button.setAttribute("aria-pressed", visible);
      button.textContent = visible ? button.dataset.hide : words;
    };
    button.hidden = false;
    button.addEventListener("click", () => show(field.type === "password"));
    field.form?.addEventListener("submit", () => show(false));
  }
}
