// The browser's part of a passkey: create or get, then send the result with the form.
const form = document.querySelector("form[data-ceremony]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  try {
    const options = JSON.parse(form.dataset.options);
    const credential =
      form.dataset.ceremony === "create"
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (problem) {
    status.textContent = `The browser says: ${problem.name}`;
  }
});
