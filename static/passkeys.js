// Asks the browser for a passkey and sends what it made with the form. Without this module, or
// without WebAuthn, the page shows the other way instead.

const form = document.querySelector("[data-passkey]");
const trouble = document.querySelector("[data-trouble]");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON, for browsers before 2025.
function parsed(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  }
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((known) => ({
      ...known,
      id: bytes(known.id),
    })),
  };
}

// The same for toJSON(), which password managers also leave out.
function asJSON(credential) {
  try {
    return credential.toJSON();
  } catch {
    const { response } = credential;
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      },
    };
  }
}

function say(name) {
  const sentences = [...trouble.querySelectorAll("[data-problem]")];
  const found =
    sentences.find((one) => one.dataset.problem === name) ??
    sentences.find((one) => one.dataset.problem === "Other");
  for (const one of sentences) one.hidden = one !== found;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
}

async function add(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  trouble.hidden = true;
  try {
    const options = JSON.parse(document.getElementById("options").textContent);
    const credential = await navigator.credentials.create({ publicKey: parsed(options) });
    form.elements.credential.value = JSON.stringify(asJSON(credential));
    form.submit();
  } catch (problem) {
    say(problem.name);
    button.disabled = false;
  }
}

if (form && window.PublicKeyCredential && navigator.credentials) {
  form.hidden = false;
  document.querySelector("[data-other-way]").hidden = true;
  form.addEventListener("submit", add);
} else if (form) {
  say("NoWebAuthn");
}
