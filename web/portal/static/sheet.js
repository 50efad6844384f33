// A body's sheet, made for the keyboard: each cell saves by itself, Enter goes from row to row.
// Without this file every row has a button that saves it.
(() => {
  const rows = document.getElementById("rows");
  if (!rows) return;
  const CELLS = "form[data-saves] input:not([type=hidden]):not([type=checkbox])";
  const waiting = new WeakMap();  // the last save of each row: a row's saves go one after the other
  const unsaved = new Map();  // forms with something typed that is not stored, and its last cell
  const going = new Set();

  // Forms of one row have one version: each takes over what the last of them was told.
  function refresh(row, answer) {
    const shown = row.querySelector(".row-state");
    shown.replaceWith(answer);
    for (const form of row.querySelectorAll("form[data-saves]")) {
      if (answer.dataset.version) form.elements.version.value = answer.dataset.version;
    }
  }

  function written(form) {
    const cells = [...form.querySelectorAll("input:not([type=hidden])")];
    return cells.map((cell) => (cell.type === "checkbox" ? cell.checked : cell.value)).join("\n");
  }

  // A numerator without its denominator gives no points: the service stores neither.
  function half(form) {
    const { done, due } = form.elements;
    return done && (!done.value.trim() !== !due.value.trim());
  }

  async function save(form, cell) {
    const row = form.closest(".sheet-row");
    const sent = written(form);
    const response = await fetch(form.action, {
      method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(new FormData(form)),
    });
    if (response.status === 401) { document.dispatchEvent(new CustomEvent("session-ended")); return; }
    const part = document.createRange().createContextualFragment(await response.text());
    const answer = part.querySelector(".row-state");
    if (!answer) { document.getElementById("part-failed").hidden = false; return; }
    form.elements.key.value = answer.dataset.key;
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    if (!response.ok) cell?.setAttribute("aria-invalid", "true");
    refresh(row, answer);
    if (!response.ok) return;
    if (sent === written(form) && !half(form)) {
      unsaved.delete(form);
      for (const each of form.querySelectorAll("input")) each.defaultValue = each.value;  // no form of the page loses it
    }
    row.dispatchEvent(new CustomEvent("row-saved", { bubbles: true }));
  }

  function queue(form, cell) {
    const row = form.closest(".sheet-row");
    unsaved.set(form, cell);
    const before = waiting.get(row) ?? Promise.resolve();
    const now = before.then(() => save(form, cell)).catch(() => {
      document.getElementById("part-failed").hidden = false;
    });
    waiting.set(row, now);
    going.add(now);
    rows.dataset.saving = String(going.size);
    now.then(() => { going.delete(now); rows.dataset.saving = String(going.size); });
  }

  // The first cell of the next row that has one; the cell itself when there is none.
  function neighbour(cell, step) {
    const all = [...rows.querySelectorAll(".sheet-row")].filter((row) => row.querySelector(CELLS));
    const there = all[all.indexOf(cell.closest(".sheet-row")) + step];
    return there?.querySelector(CELLS) ?? (step > 0 ? document.querySelector("[data-step]") : cell);
  }

  function takeOver(form) {
    for (const cell of form.querySelectorAll("[data-own]")) if (!cell.value) cell.value = cell.dataset.own;
  }

  // Whatever is typed is stored, or the first cell that is not has the word.
  async function settle() {
    await Promise.all(going);
    for (const [form, cell] of unsaved) queue(form, cell);
    await Promise.all(going);
  }

  function pointAt([form, cell]) {
    const row = form.closest(".sheet-row");
    const said = document.getElementById("not-stored");
    const link = said.querySelector("a");
    link.href = `#${row.id}`;
    link.textContent = row.querySelector("h3").textContent.trim();
    said.hidden = false;
    const { done, due } = form.elements;
    const wrong = half(form) ? [done, due].find((each) => !each.value.trim()) : cell ?? form.querySelector("input:not([type=hidden])");
    wrong.setAttribute("aria-invalid", "true");
    wrong.focus();
  }

  rows.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (form) unsaved.set(form, event.target);
  });
  rows.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (form) queue(form, event.target);
  });
  rows.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    queue(form, unsaved.get(form));
  });
  rows.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(CELLS) || event.ctrlKey) return;
    event.preventDefault();
    const cell = event.target;
    if (!event.shiftKey && cell.dataset.own && !cell.value) {
      takeOver(cell.form);
      queue(cell.form, cell);
    }
    const next = neighbour(cell, event.shiftKey ? -1 : 1);
    next?.focus();
    next?.select?.();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) document.querySelector("[data-step]")?.focus();
  });
  // Whoever locks goes on once everything is stored; what is refused keeps them at its row.
  document.querySelectorAll("[data-step]").forEach((link) => {
    link.addEventListener("click", async (event) => {
      if (!going.size && !unsaved.size) return;
      event.preventDefault();
      await settle();
      const [first] = unsaved;
      if (first) pointAt(first);
      else location.assign(link.href);
    });
  });
  // A row whose evidence was changed: what it lacks, how much proves it, and what is left to offer.
  document.addEventListener("htmx:after:swap", () => {
    for (const now of rows.querySelectorAll(".row-details .row-now")) {
      const row = now.closest(".sheet-row");
      refresh(row, now.querySelector(".row-state"));
      row.querySelector(".row-proof").replaceWith(now.querySelector(".row-proof"));
      now.remove();
      row.dispatchEvent(new CustomEvent("row-saved", { bubbles: true }));
    }
  });
})();
