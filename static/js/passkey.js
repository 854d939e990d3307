// Passkeys: fetches what is to be signed, has the device sign it, posts the answer. No script, no button.
const credential = window.PublicKeyCredential;
const forms = credential?.parseRequestOptionsFromJSON ? document.querySelectorAll("form[data-passkey]") : [];
for (const form of forms) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const body = new FormData(form);
      const asked = await (await fetch(form.dataset.passkey, { method: "POST", body })).json();
      const made = await (asked.rp
        ? navigator.credentials.create({ publicKey: credential.parseCreationOptionsFromJSON(asked) })
        : navigator.credentials.get({ publicKey: credential.parseRequestOptionsFromJSON(asked) }));
      form.elements.answer.value = JSON.stringify(made);
      form.submit();
    } catch {
      form.querySelector("[role=status]").textContent = form.dataset.failed;
    }
  });
}
