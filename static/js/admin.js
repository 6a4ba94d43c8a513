// Django's autocomplete makes boxes to type in, and choices, that have no name of their own: they take that of their field.

function nameSearchBox(box) {
  const container = box.closest(".selection")?.parentElement ?? document.querySelector(".select2-container--open");
  const label = container?.previousElementSibling?.labels?.[0];
  if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
}

function nameChoice(choice) {
  const field = choice.closest(".select2-container").previousElementSibling;
  const label = field?.labels?.[0];
  if (!label) return;
  label.id ||= `${field.id}_label`;
  const chosen = choice.querySelector(".select2-selection__rendered");
  chosen.setAttribute("aria-labelledby", label.id);
  choice.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
}

const NAMELESS = {
  ".select2-search__field:not([aria-label])": nameSearchBox,
  ".select2-selection--single[aria-labelledby^=select2]": nameChoice,
};

function nameAll() {
  for (const [selector, name] of Object.entries(NAMELESS)) document.querySelectorAll(selector).forEach(name);
}

window.django?.jQuery?.(nameAll); // after Django has made what is there from the start
document.addEventListener("focusin", nameAll); // what comes with a row that is added, or opens
