// Saves each vote as it is chosen; without JavaScript, or when that fails, the button saves them all.
for (const form of document.querySelectorAll("[data-saves-itself]")) {
  const status = form.querySelector("[role=status]");
  form.addEventListener("change", async ({ target }) => {
    const vote = new FormData();
    vote.set(target.name, target.value);
    vote.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    status.textContent = gettext("Saving …");
    try {
      const answer = await fetch(form.action, { method: "POST", body: vote, redirect: "manual" });
      // A saved vote is answered by the way to the next page, which nobody follows here.
      if (answer.type === "opaqueredirect") {
        status.textContent = gettext("Saved.");
      } else {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        status.textContent = page.querySelector(".notice")?.textContent ?? gettext("Not saved. Press the button to try again.");
      }
    } catch {
      status.textContent = gettext("Not saved: no connection. Press the button to try again.");
    }
  });
}
