// The button waits until the app shows its next code, and the seconds are counted down. Without
// this module the page says how many they were, and the server takes no test before.

const counting = document.querySelector("[data-counting]");
const button = document.querySelector("[data-start]");

if (counting && button) {
  const left = counting.querySelector("[data-left]");
  const said = document.querySelector("[data-said]");
  const until = Date.now() + Number(counting.dataset.counting) * 1000;
  document.querySelector("[data-words]").hidden = true;
  counting.hidden = false;
  button.disabled = true;

  const count = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    // Each number is seen, but only the end is read out.
    left.textContent = Math.max(seconds, 0);
    if (seconds > 0) return setTimeout(count, 250);
    counting.hidden = true;
    button.disabled = false;
    said.textContent = said.dataset.ready;
  };
  count();
}
