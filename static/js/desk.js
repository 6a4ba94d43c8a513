// Django's autocomplete makes boxes to type in that have no name of their own: they take that of their field.

function nameSearchBox(box) {
  const container = box.closest(".selection")?.parentElement ?? document.querySelector(".select2-container--open");
  const label = container?.previousElementSibling?.labels?.[0];
  if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
}

const BOX = ".select2-search__field:not([aria-label])";
document.addEventListener("focusin", (event) => event.target.matches(BOX) && nameSearchBox(event.target));
window.addEventListener("load", () => document.querySelectorAll(BOX).forEach(nameSearchBox));
