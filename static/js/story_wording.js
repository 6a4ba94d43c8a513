// The published wording starts as a copy of the words as told and follows them until somebody edits it. A button
// copies them again, and takes that back. Without this, an emptied wording is a copy when the form is saved.

const told = document.getElementById("id_text");
const wording = document.getElementById("id_published_text");

if (told && wording) {
  let follows = wording.value === "" || wording.value === told.value;
  let before = null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  const status = document.createElement("span");
  status.className = "quiet";
  status.setAttribute("role", "status");
  const row = document.createElement("p");
  row.className = "copying";
  row.append(button, " ", status);
  wording.closest(".flex-container").after(row);

  function label() {
    button.textContent = before === null ? gettext("Copy the words as told again") : gettext("Bring back the wording");
  }

  told.addEventListener("input", () => {
    if (follows) wording.value = told.value;
  });
  wording.addEventListener("input", () => {
    follows = wording.value === told.value;
    before = null;
    label();
    status.textContent = "";
  });
  button.addEventListener("click", () => {
    if (before === null) {
      before = wording.value;
      wording.value = told.value;
      status.textContent = gettext("Copied. Take out names and whatever gives a person away.");
    } else {
      wording.value = before;
      before = null;
      status.textContent = gettext("The wording is as it was.");
    }
    follows = wording.value === told.value;
    label();
  });
  label();
}
