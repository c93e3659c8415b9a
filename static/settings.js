// The choice of the one asked first follows the switches, and unsaved changes are marked.
// Without this module the page works the same: the server checks and says what does not fit.

const form = document.querySelector("form.factors");
const switches = [...(form?.querySelectorAll("input.switch") ?? [])];
const first = form?.querySelector("fieldset.first");
const radios = [...(first?.querySelectorAll("input[type=radio]") ?? [])];
const savedFirst = first?.dataset.now;

const isOn = (slug) => switches.some((s) => s.id === `id_${slug}` && s.checked);
const radioOf = (value) => radios.find((radio) => radio.value === value);

function followSwitches() {
  if (!first) return;
  const able = radios.filter((radio) => radio.value !== "ask" && isOn(radio.value));
  // With one factor on there is nothing to choose; the server knows what follows from it.
  const needed = able.length > 1;
  for (const radio of radios) {
    radio.disabled = !needed || !(radio.value === "ask" || able.includes(radio));
    radio.closest("label").hidden = radio.disabled;
  }
  first.hidden = !needed;
  const chosen = radios.find((radio) => radio.checked);
  if (needed && (!chosen || chosen.disabled)) {
    const before = radioOf(savedFirst);
    (before && !before.disabled ? before : radioOf("ask")).checked = true;
  }
}

function markChanges() {
  const changed =
    switches.some((s) => s.checked !== (s.dataset.saved === "on")) ||
    radios.some((radio) => radio.checked && !radio.disabled && radio.value !== savedFirst);
  form.querySelector(".bar")?.classList.toggle("bar--changed", changed);
  form.querySelector("[data-when=changed]")?.toggleAttribute("hidden", !changed);
  for (const s of switches) {
    const state = s.closest(".factor").querySelector(".state");
    const moved = s.checked !== (s.dataset.saved === "on");
    state.textContent = moved ? state.dataset.unsaved : state.dataset.saved;
    state.classList.toggle("state--unsaved", moved);
  }
}

function refresh() {
  followSwitches();
  markChanges();
}

form?.addEventListener("change", refresh);
// The browser puts back what was chosen when the person comes back to the page.
addEventListener("pageshow", () => form && refresh());
