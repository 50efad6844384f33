// Menus and forms. Every page works without this file; it makes some things quicker.
document.documentElement.classList.add("js");

document.addEventListener("click", (event) => {
  const toggle = event.target.closest(".side-toggle");
  if (toggle) {
    const open = document.getElementById("menu").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  }
  if (event.target.closest("[data-print]")) window.print();
  const bell = document.getElementById("bell");
  if (bell?.open && !bell.contains(event.target)) bell.open = false;
});

document.addEventListener("keydown", (event) => {
  const bell = document.getElementById("bell");
  if (event.key === "Escape" && bell?.open) {
    bell.open = false;
    bell.querySelector("summary").focus();
  }
});

// `toggle` does not bubble: the bell asks for its list each time it opens.
document.addEventListener("toggle", (event) => {
  if (event.target.id === "bell" && event.target.open) htmx.trigger("#bell-list", "bell-opened");
}, true);

document.addEventListener("change", (event) => {
  const chosen = event.target.dataset.picker && document.getElementById(event.target.dataset.picker);
  if (chosen && event.target.files.length) {
    chosen.value = [...event.target.files].map((file) => file.name).join(", ");
  }
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// A range and a number that show the same value.
document.addEventListener("input", (event) => {
  const twin = event.target.dataset.twin && document.getElementById(event.target.dataset.twin);
  if (twin) twin.value = event.target.value;
});

// A second click sends nothing; the hidden key makes it harmless even where this does not run.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// After a refusal the reader lands on what was refused.
document.getElementById("problem")?.focus();
