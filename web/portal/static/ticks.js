// Ticks of a list: how many, and all of them at once. Without this file each is ticked by itself.
const ticks = () => [...document.querySelectorAll("input[name=chosen]")];

function count() {
  const said = document.getElementById("ticked");
  if (!said) return;
  const boxes = ticks();
  const chosen = boxes.filter((box) => box.checked).length;
  const whole = document.getElementById("tick-whole")?.checked;
  said.textContent = chosen && !whole ? said.dataset.some.replace("{n}", chosen) : said.dataset.none;
  said.hidden = Boolean(whole);
  said.closest("form").classList.toggle("on", chosen > 0 || Boolean(whole));
  const all = document.getElementById("tick-all");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.id === "tick-all") ticks().forEach((box) => { box.checked = event.target.checked; });
  if (["tick-all", "tick-whole"].includes(event.target.id) || event.target.name === "chosen") count();
});
// Enter on a tick goes on to what to do with them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "chosen") return;
  event.preventDefault();
  document.getElementById("bulk-act").focus();
});
document.addEventListener("htmx:after:swap", count);
window.addEventListener("pageshow", count);
