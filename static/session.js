// Says two minutes before a session ends by itself that it will. It asks nothing by itself, so it
// keeps nobody signed in; only the button does. Without it, the sign-in page says what happened.

const WARNING = 2 * 60 * 1000;
const EVERY = 5000;
const KEPT = 10000;
const box = document.querySelector("[data-session]");
const otherTabs = new BroadcastChannel("session");
let ends = Date.now() + box.dataset.seconds * 1000;
let said = "";
let before = null;

function say(name) {
  if (name === said) return;
  said = name;
  const words = name ? document.getElementById(`session-${name}`).content.cloneNode(true) : "";
  box.replaceChildren(words);
}

// By the clock and not by a timer: a computer that slept wakes up to the truth.
function look() {
  const left = ends - Date.now();
  if (left <= 0) say("over");
  else if (left > WARNING && said !== "kept") say("");
  else if (left <= WARNING && said !== "failed") say("soon");
}

async function stay() {
  try {
    const answer = await fetch(box.dataset.session, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") ends = Date.now();
    else ends = Date.now() + (await answer.json()).seconds * 1000;
  } catch {
    // The network, or the portal: what was said before is still true.
  }
  say(ends - Date.now() > WARNING ? "kept" : "failed");
  look();
  setTimeout(() => said === "kept" && say(""), KEPT);
  otherTabs.postMessage(ends);
  before?.focus();
}

otherTabs.addEventListener("message", ({ data }) => {
  ends = Math.max(ends, data);
  look();
});
box.addEventListener("click", ({ target }) => target.closest("button") && stay());
document.addEventListener("focusin", ({ target }) => {
  if (!box.contains(target)) before = target;
});
otherTabs.postMessage(ends);
setInterval(look, EVERY);
look();
