// A card that is dropped on a column presses the button of its own menu that leads there.
let dragged = null;

document.addEventListener("dragstart", (event) => { dragged = event.target.closest(".board-card"); });
document.addEventListener("dragend", () => { dragged = null; });
document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest(".board-column")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = event.target.closest(".board-column");
  if (!dragged || !column) return;
  event.preventDefault();
  const own = dragged.closest(".board-column") === column;
  const button = dragged.querySelector(`[data-to="${column.dataset.status}"]`);
  document.getElementById("move-refused").hidden = own || Boolean(button);
  button?.click();
});

// One menu at a time; Escape closes it and goes back to the card.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".card-menu[open]")) return;
  document.querySelectorAll(".card-menu[open]").forEach((menu) => { if (menu !== event.target) menu.open = false; });
}, true);
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".card-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
