// English is in the page itself; this is German, by the same names.
const GERMAN = {
  title: "Switchboard: erster Benutzer",
  heading: "Der erste Benutzer",
  about: "Dieser Benutzer betreibt die Plattform: Mandanten, und wer sie verwaltet. Der Link gilt einmal.",
  name: "Name",
  password: "Passwort, mindestens 12 Zeichen",
  make: "Benutzer anlegen",
  done: "Fertig.",
  portal: "Im Portal anmelden, ohne Mandanten.",
  incomplete: "Der Link ist nicht vollständig: Kopieren Sie ihn ganz, mit allem nach dem #.",
  silent: "Das Gateway antwortet nicht. Versuchen Sie es noch einmal.",
  slower: "Zu viele Versuche. Warten Sie einen Augenblick.",
  refused: "Das wurde nicht angenommen.",
  "name?": "Der Name passt nicht: 2 bis 128 Zeichen.",
  "password?": "Das Passwort passt nicht: 12 bis 256 Zeichen, und nicht der Name.",
  "token?": "Dieser Link wurde benutzt oder ist abgelaufen.",
};
const ENGLISH = {
  incomplete: "The link is not complete: copy all of it, with everything after the #.",
  silent: "The gateway does not answer. Try again.",
  slower: "Too many attempts. Wait a moment.",
  refused: "This was not accepted.",
  "name?": "The name does not do: 2 to 128 characters.",
  "password?": "The password does not do: 12 to 256 characters, and not the name.",
  "token?": "This link was used or has expired.",
};

const isGerman = navigator.language.toLowerCase().startsWith("de");
const words = isGerman ? GERMAN : ENGLISH;
if (isGerman) {
  document.documentElement.lang = "de";
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = words[element.dataset.say];
}

// The secret stands behind `#`; it is sent once, with the form, and to nobody else.
const token = location.hash.slice(1);
const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
history.replaceState(null, "", location.pathname);
if (!token) status.textContent = words.incomplete;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  try {
    const answer = await fetch("/api/v1/setup", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, ...fields }),
    });
    if (answer.ok) {
      form.remove();
      status.textContent = "";
      document.querySelector("#done").hidden = false;
      return;
    }
    const refused = ((await answer.json()).fields ?? []).map(({ field }) => words[`${field}?`]).filter(Boolean);
    status.textContent = answer.status === 429 ? words.slower : refused.join(" ") || words.refused;
  } catch {
    status.textContent = words.silent;
  }
});
