// Keeps the numbers on the screen in the room current; without JavaScript a link counts again.
const counts = document.querySelector("[data-counts]");

async function count() {
  try {
    const answer = await fetch(counts.dataset.counts);
    if (!answer.ok) return;
    const numbers = await answer.json();
    for (const place of counts.querySelectorAll("[data-count]")) {
      place.textContent = numbers[place.dataset.count];
    }
  } catch {
    // No connection for a moment: the last numbers stay.
  }
}

setInterval(count, 5000);
