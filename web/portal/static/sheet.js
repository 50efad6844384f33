// A body's sheet, made for the keyboard: each cell saves by itself, Enter goes from row to row.
// Without this file every row has a button that saves it.
(() => {
  const rows = document.getElementById("rows");
  if (!rows) return;
  const CELLS = "form[data-saves] input:not([type=hidden]):not([type=checkbox])";
  const waiting = new WeakMap();  // the last save of each row: a row's saves go one after the other
  const unsaved = new Map();  // forms with something typed that is not stored, and its last cell
  const going = new Set();
  const refused = new Set();  // of those, what the last save did not store
  const contested = new Map();  // rows of which somebody else changed the same cell, and the form

  const cellsOf = (form) => [...form.querySelectorAll("input:not([type=hidden])")];
  const formsOf = (row) => [...row.querySelectorAll("form[data-saves]")];
  const ticks = (cell) => cell.type === "checkbox";
  const now = (cell) => (ticks(cell) ? (cell.checked ? "1" : "") : cell.value);
  const before = (cell) => (ticks(cell) ? (cell.defaultChecked ? "1" : "") : cell.defaultValue);

  function write(cell, text) {
    if (ticks(cell)) cell.checked = Boolean(text);
    else cell.value = text;
  }

  function store(cell, text) {  // what is typed over it differs, and no form of the page loses it
    if (ticks(cell)) cell.defaultChecked = Boolean(text);
    else cell.defaultValue = text;
  }

  // Forms of one row have one version: each takes over what the last of them was told. Where somebody else stored
  // something meanwhile, a form with a text of its own keeps its version: it is asked about when it is saved.
  function refresh(row, answer) {
    const shown = row.querySelector(".row-state");
    const held = shown.contains(document.activeElement);
    const others = answer.dataset.cells && JSON.parse(answer.dataset.cells);
    const both = (answer.dataset.both ?? "").split(" ");  // two texts, of which one is chosen first
    for (const form of formsOf(row)) {
      for (const cell of cellsOf(form)) {
        if (!others || !(cell.name in others) || both.includes(cell.name) || now(cell) !== before(cell)) continue;
        store(cell, others[cell.name]);
        write(cell, others[cell.name]);
      }
      const mixed = others && cellsOf(form).some((cell) => now(cell) !== before(cell));
      if (answer.dataset.version && !mixed) form.elements.version.value = answer.dataset.version;
    }
    shown.replaceWith(answer);
    if (held) row.querySelector(CELLS)?.focus();
  }

  // A numerator without its denominator gives no points: the service stores neither.
  function half(form) {
    const { done, due } = form.elements;
    return done && (!done.value.trim() !== !due.value.trim());
  }

  async function save(form, cell) {
    const row = form.closest(".sheet-row");
    const sent = new Map(cellsOf(form).map((each) => [each, now(each)]));
    const whole = !half(form);
    const body = new URLSearchParams(new FormData(form));
    for (const each of sent.keys()) body.append(`was_${each.name}`, before(each));
    refused.add(form);
    const response = await fetch(form.action, { method: "POST", headers: { "HX-Request": "true" }, body });
    if (response.status === 401) { document.dispatchEvent(new CustomEvent("session-ended")); return; }
    const part = document.createRange().createContextualFragment(await response.text());
    const answer = part.querySelector(".row-state");
    if (!answer) { document.getElementById("part-failed").hidden = false; return; }
    form.elements.key.value = answer.dataset.key;
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    if (!response.ok) cell?.setAttribute("aria-invalid", "true");
    contested.delete(row);
    if (answer.querySelector("[data-take]")) contested.set(row, form);
    if (response.ok) {
      refused.delete(form);
      if (whole) sent.forEach((text, each) => store(each, text));
      if (whole && [...sent].every(([each, text]) => now(each) === text)) unsaved.delete(form);
    }
    refresh(row, answer);
    if (!response.ok) return;
    document.getElementById("session-ended").hidden = true;
    row.dispatchEvent(new CustomEvent("row-saved", { bubbles: true }));
  }

  function queue(form, cell) {
    const row = form.closest(".sheet-row");
    unsaved.set(form, cell);
    const earlier = waiting.get(row) ?? Promise.resolve();
    const saving = earlier.then(() => save(form, cell)).catch(() => {
      document.getElementById("part-failed").hidden = false;
    });
    waiting.set(row, saving);
    going.add(saving);
    rows.dataset.saving = String(going.size);
    saving.then(() => { going.delete(saving); rows.dataset.saving = String(going.size); });
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
    } else if (refused.has(cell.form) && !going.size && !contested.has(cell.closest(".sheet-row"))) {
      queue(cell.form, cell);  // what is typed has not changed since: nothing else would send it again
    }
    const next = neighbour(cell, event.shiftKey ? -1 : 1);
    next?.focus();
    next?.select?.();
  });
  // Of two texts for one cell the second person chooses: theirs goes in its place, or gives way.
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const row = button.closest(".sheet-row");
    const form = contested.get(row);
    const stored = JSON.parse(button.closest(".row-state").dataset.cells);
    const cells = cellsOf(form).filter((cell) => cell.name in stored);
    const first = cells.find((cell) => now(cell) !== before(cell)) ?? cells[0];
    for (const cell of cells) {
      const mine = now(cell);
      store(cell, stored[cell.name]);
      write(cell, button.dataset.take === "mine" ? mine : stored[cell.name]);
    }
    first.focus();
    queue(form, first);
  });
  // Who signed in anew in another tab comes back to what was typed: it is sent again.
  window.addEventListener("focus", () => {
    if (document.getElementById("session-ended").hidden) return;
    for (const form of [...refused]) queue(form, unsaved.get(form));
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
