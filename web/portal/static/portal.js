// Menus and forms. Every page works without this file; it makes some things quicker.
document.documentElement.classList.add("js");

document.addEventListener("click", (event) => {
  const toggle = event.target.closest(".side-toggle");
  if (toggle) {
    const open = document.getElementById("menu").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  }
  if (event.target.closest("[data-print]")) window.print();
  const open = document.querySelector(".bell[open]");
  if (open && !open.contains(event.target)) open.open = false;
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".bell[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
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
  if (!event.target.matches("[data-submits]")) return;
  sessionStorage.setItem("chosen-in", event.target.id);
  event.target.form.requestSubmit();
});

// The arrows of a keyboard choose one after the other: who chose that way goes on where they were.
const chosenIn = document.getElementById(sessionStorage.getItem("chosen-in") ?? "");
sessionStorage.removeItem("chosen-in");
if (chosenIn?.matches("[data-submits]")) chosenIn.focus();

// A value that is shown once is copied by a button, or selected where copying is not allowed.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copy);
  shown.select();
  try {
    await navigator.clipboard.writeText(shown.value);
    document.getElementById("copied").textContent = button.dataset.copied;
    button.firstChild.textContent = button.dataset.copied;
  } catch { shown.focus(); }
});

// A range and a number that show the same value; fields that belong to one choice of several.
document.addEventListener("input", (event) => {
  const choice = document.getElementById(event.target.closest("[data-chooses]")?.dataset.chooses);
  if (choice) choice.checked = true;
  const twin = event.target.dataset.twin && document.getElementById(event.target.dataset.twin);
  if (twin) twin.value = event.target.value;
});

// Of several forms of a page one is sent: what was typed into another would be gone.
const TYPED = "input:not([type=hidden], [type=file], [type=checkbox], [type=radio]), textarea";
const unsaved = (form) => [...form.elements].find((field) => field.matches(TYPED)
  && (field.value !== field.defaultValue || (field.value && form.querySelector("[aria-invalid=true]"))));
document.addEventListener("submit", (event) => {
  const main = document.getElementById("content");
  if (event.target.getAttribute("method") !== "post" || !main.contains(event.target) || event.target.hasAttribute("hx-post")) return;
  const other = [...main.querySelectorAll("form[method=post]:not([hx-post])")].filter((each) => each !== event.target).map(unsaved).find(Boolean);
  if (!other || confirm(main.dataset.unsaved)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  other.focus();
});

// A second click sends nothing; the hidden key makes it harmless even where this does not run. What is saved as a
// file leaves the page as it is (`data-stays`): its form can be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "stays" in (event.submitter?.dataset ?? {})) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// A part that was refused leaves what is there; only what somebody asked for is worth a word.
document.addEventListener("session-ended", () => { document.getElementById("session-ended").hidden = false; });
document.addEventListener("htmx:response:error", (event) => {
  const { response, sourceEvent } = event.detail.ctx;
  const asked = ["click", "submit", "change", "input", "bell-opened"].includes(sourceEvent?.type);
  if (asked && response.status !== 401) document.getElementById("part-failed").hidden = false;
});

// What had the focus may be gone with a part that came anew: the focus goes to what is wrong there, else stays near.
let wayUp = [];
document.addEventListener("htmx:before:swap", () => {
  wayUp = [];
  for (let each = document.activeElement; each && each !== document.body; each = each.parentElement) wayUp.push(each);
});
document.addEventListener("htmx:after:swap", () => {
  if (!wayUp.length || wayUp[0].isConnected || document.activeElement !== document.body) return;
  const left = wayUp.find((each) => each.isConnected);
  const near = left?.querySelector("[aria-invalid=true], #problem") ?? left?.closest("details")?.querySelector("summary") ?? left;
  if (near && !near.matches("a, button, input, select, textarea, summary, [tabindex]")) near.tabIndex = -1;
  near?.focus({ preventScroll: true });
});

// What somebody is told of while they look: a list they do not work in is loaded again, all else says that it is
// older. A digest is of assignments, many at once.
document.body.addEventListener("told", ({ detail }) => {
  const shown = document.querySelector("[data-follows]");
  const kind = detail?.subject_type === "digest" ? "assignment" : detail?.subject_type;
  if (!shown || ![kind, detail?.subject_id].includes(shown.dataset.follows)) return;
  const worked = scrollY > 0 || shown.contains(document.activeElement) || shown.querySelector(".bulk-bar.on");
  if (shown.hasAttribute("hx-get") && !worked) htmx.trigger(shown, "older");
  else document.getElementById("older").hidden = false;
});

const TYPED_INTO = "input:not([type=hidden]), textarea, select";
const NOT_FILLED = ["file", "submit", "button"];  // a button's value says what the button does

// Several forms of a page may have one address: what a form says by itself tells them apart.
function isFormOf(form, typed) {
  return [...form.querySelectorAll("input[type=hidden]:not([data-new])")].every((field) => {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    return ["key", "version"].includes(field.name) || !values.length || values.includes(field.value);
  });
}

// No script may put a file back: its input says which one is missing, as after a refusal.
function chooseAgain(form, name, file) {
  const again = form.querySelector(`[data-again="${name}"]`);
  if (!again) return;
  const said = again.querySelector("output");
  said.value = [said.value, file].filter(Boolean).join(", ");
  again.hidden = false;
  again.querySelectorAll("input").forEach((input) => { input.disabled = false; });
  const mark = again.querySelector("[type=hidden]");
  if (mark) mark.value = said.value;
}

// What could not be sent comes back into its form; where there is none, it is shown to be copied.
function refill(kept) {
  const typed = JSON.parse(kept.dataset.fields);
  const form = [...document.forms].find((each) => new URL(each.action).pathname === kept.dataset.action
    && each.querySelector(TYPED_INTO) && isFormOf(each, typed));
  if (!form) { document.getElementById("kept-text").open = true; kept.focus(); return; }
  for (const field of form.elements) {
    if (NOT_FILLED.includes(field.type)) continue;
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values.shift();
    if (field.dataset.twin) document.getElementById(field.dataset.twin).value = field.value;
  }
  for (const [name, file] of JSON.parse(kept.dataset.files)) chooseAgain(form, name, file);
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  form.querySelector(TYPED_INTO).focus();
}
const kept = document.getElementById("kept");
if (kept) refill(kept);

// After a refusal the reader lands on the first thing to correct, else on what was refused; after a
// question to the page, on its answer.
(document.querySelector("[aria-invalid=true]") ?? document.getElementById("problem")
  ?? document.querySelector("[data-answer]"))?.focus();

// What somebody was urged about: a dialog until it is closed, then the block that it is without a script.
// On the page that it leads to it is the block from the start: nothing stands before what one came to see.
const urged = document.getElementById("urged");
if (urged?.showModal && !urged.querySelector(`a[href="${location.pathname}"]`)) {
  urged.open = false;  // says nothing; close() would tell of it later
  urged.showModal();
  urged.addEventListener("close", () => urged.show());
}
