// A button that copies the key and says so. The clipboard needs a secure page; without one, or
// without this module, the key is there to be read and selected.

const button = document.querySelector("[data-copy]");
const said = document.querySelector("[data-copied]");

if (button && said && navigator.clipboard) {
  button.closest("[hidden]").hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
}
