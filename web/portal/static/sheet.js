// A body's sheet, made for the keyboard: each cell saves by itself, Enter goes from row to row.
// Without this file every row has a button that saves it.
(() => {
  const rows = document.getElementById("rows");
  if (!rows) return;
  const CELLS = "form[data-saves] input:not([type=hidden]):not([type=checkbox])";
  const waiting = new WeakMap();  // the last save of each row: a row's saves go one after the other

  // Forms of one row have one version: each takes over what the last of them was told.
  function refresh(row, answer) {
    const shown = row.querySelector(".row-state");
    shown.replaceWith(answer);
    for (const form of row.querySelectorAll("form[data-saves]")) {
      if (answer.dataset.version) form.elements.version.value = answer.dataset.version;
    }
  }

  async function save(form, cell) {
    const row = form.closest(".sheet-row");
    const response = await fetch(form.action, {
      method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(new FormData(form)),
    });
    if (response.status === 401) { document.dispatchEvent(new CustomEvent("session-ended")); return; }
    const part = document.createRange().createContextualFragment(await response.text());
    const answer = part.querySelector(".row-state");
    if (!answer) { document.getElementById("part-failed").hidden = false; return; }
    form.elements.key.value = answer.dataset.key;
    cell?.toggleAttribute("aria-invalid", false);
    if (!response.ok) cell?.setAttribute("aria-invalid", "true");
    refresh(row, answer);
    if (response.ok) document.body.dispatchEvent(new CustomEvent("row-saved"));
  }

  function queue(form, cell) {
    const row = form.closest(".sheet-row");
    const before = waiting.get(row) ?? Promise.resolve();
    const now = before.then(() => save(form, cell)).catch(() => {
      document.getElementById("part-failed").hidden = false;
    });
    waiting.set(row, now);
    rows.dataset.saving = String(Number(rows.dataset.saving ?? 0) + 1);
    now.then(() => { rows.dataset.saving = String(Number(rows.dataset.saving) - 1); });
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

  rows.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (form) queue(form, event.target);
  });
  rows.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-saves]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    queue(form);
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
  // Whoever locks waits until the last cell is saved.
  document.querySelectorAll("[data-step]").forEach((button) => {
    button.form.addEventListener("submit", (event) => {
      if (Number(rows.dataset.saving ?? 0) === 0) return;
      event.preventDefault();
      event.stopPropagation();
      new MutationObserver((_, watch) => {
        if (Number(rows.dataset.saving) > 0) return;
        watch.disconnect();
        button.form.requestSubmit();
      }).observe(rows, { attributes: true, attributeFilter: ["data-saving"] });
    });
  });
})();
