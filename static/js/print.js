// Turns the sentence that says how a page prints into a button that prints it.
const sentence = document.querySelector(".print-it");
const button = document.createElement("button");
button.type = "button";
button.className = sentence.dataset.buttonClass ?? "";
button.textContent = sentence.dataset.button;
button.addEventListener("click", () => window.print());
sentence.replaceChildren(button);
