// The secret stands behind `#`; it is sent once, with the form, and to nobody else.
const token = location.hash.slice(1);
const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
history.replaceState(null, "", location.pathname);
if (!token) {
  status.textContent = "The link is not complete: copy all of it, with everything after the #.";
}

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
      status.innerHTML = 'Done. Now <a href="/portal/">sign in to the portal</a>, without a tenant.';
      return;
    }
    const problem = await answer.json();
    const reasons = (problem.fields ?? []).map((field) => `${field.field}: ${field.message ?? field.rule?.code}`);
    status.textContent = [problem.detail ?? problem.title, ...reasons].join(" ");
  } catch {
    status.textContent = "The gateway does not answer. Try again.";
  }
});
