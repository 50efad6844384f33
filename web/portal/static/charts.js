// Pictures drawn from the table beside them, so that both always say the same. Axes start at 0 and end at 100.
(() => {
  const charts = new Map();

  const FONT = "Inter Variable, sans-serif";
  const COLOURS = ["#1660c4", "#0d9488", "#b45309", "#7c3aed"];
  const rowsOf = (box) => [...document.querySelectorAll(`#${box.dataset.chartTable} tbody tr`)];
  const number = (cell) => (!cell || (cell.dataset.value ?? "") === "" ? null : Number(cell.dataset.value));
  const named = (row) => {
    const head = row.querySelector("th");
    return (head.dataset.name ?? head.textContent).replace(/\s+/g, " ").trim();
  };

  function draw(box) {
    const kinds = { line, bars };
    (kinds[box.dataset.chartKind] ?? bars)(box);
    drawn.add(box);
  }

  // Only what is new grows: a chart that is drawn again, for another size, font or figure, does not start over.
  const drawn = new WeakSet();
  const growing = (box) => (drawn.has(box) ? 0 : 300);

  function chartOf(box) {
    let chart = charts.get(box);
    chart?.resize();
    if (!chart) {
      chart = echarts.init(box);
      charts.set(box, chart);
    }
    return chart;
  }

  // One bar a row; or one for each of several columns, each labelled with its number: colour never says it alone.
  function bars(box) {
    const rows = rowsOf(box).reverse();
    const columns = (box.dataset.chartColumns ?? box.dataset.chartColumn).split(" ");
    const table = document.getElementById(box.dataset.chartTable);
    const beside = table.getBoundingClientRect().left > box.getBoundingClientRect().right;
    const each = columns.length > 1 ? 14 + 20 * columns.length : 36;
    const height = beside ? table.tBodies[0].offsetHeight + 26 : rows.length * (each + 4) + 34;
    box.style.height = `${Math.max(height, rows.length * each)}px`;
    const narrow = box.clientWidth < 420;
    const cell = (row, column) => row.querySelector(`[data-column="${column}"]`);
    const said = (row, column, place) => (columns.length > 1 ? `${place + 1}: ` : "") + (cell(row, column)?.dataset.text ?? "");
    const animationDuration = growing(box);
    chartOf(box).setOption({
      animationDuration,
      textStyle: { fontFamily: FONT },
      grid: { left: narrow ? 136 : 190, right: columns.length > 1 ? 78 : 56, top: 0, bottom: 26 },
      xAxis: { type: "value", min: 0, max: 100, axisLabel: { color: "#56627a" }, splitLine: { lineStyle: { color: "#e8edf5" } } },
      yAxis: {
        type: "category", data: rows.map(named), axisTick: { show: false }, axisLine: { show: false },
        axisLabel: { color: "#26324a", width: narrow ? 128 : 182, overflow: "break", fontSize: narrow ? 10.5 : 11.5, lineHeight: 13 },
      },
      series: columns.map((column, place) => ({
        type: "bar", barMaxWidth: 18, showBackground: true,
        backgroundStyle: { color: "#f1f4f9", borderRadius: 4 },
        itemStyle: { color: column === "satisfaction" ? COLOURS[1] : COLOURS[place % COLOURS.length], borderRadius: 4 },
        label: { show: true, position: "right", color: "#14213a", fontWeight: 600, formatter: (item) => said(rows[item.dataIndex], column, place) },
        data: rows.map((row) => number(cell(row, column)) ?? 0),
      })),
    });
  }

  // A figure over time. It keeps a value until the next one, so the line goes in steps; the target is a dashed line.
  // Within an hour, as answers are told to the hour, points stand side by side instead of on one another.
  function line(box) {
    const rows = rowsOf(box);
    const values = rows.map((row) => number(row.querySelector("[data-column]")));
    const times = rows.map((row) => new Date(row.dataset.at));
    const from = times[0], to = times[times.length - 1];
    const even = to - from < 3600 * 1000;
    const zone = { timeZone: "Asia/Ho_Chi_Minh" };
    const day = new Intl.DateTimeFormat("vi", { ...zone, day: "2-digit", month: "2-digit" });
    const time = new Intl.DateTimeFormat("vi", { ...zone, hour: "2-digit", minute: "2-digit" });
    const axis = even
      ? { type: "category", data: times.map((at) => time.format(at)), boundaryGap: false }
      : { type: "time", min: from, max: to, splitNumber: box.clientWidth < 420 ? 2 : 5 };
    const format = (at) => (to - from < 2 * 24 * 3600 * 1000 ? time : day).format(new Date(at));
    const points = values.map((value, place) => (even ? value : [times[place], value]));
    const target = box.dataset.chartTarget ? Number(box.dataset.chartTarget) : null;
    box.style.height = "16rem";
    const animationDuration = growing(box);
    chartOf(box).setOption({
      animationDuration,
      textStyle: { fontFamily: FONT },
      grid: { left: 40, right: 28, top: 26, bottom: 26 },
      xAxis: { ...axis, axisLabel: { color: "#56627a", hideOverlap: true, ...(even ? {} : { formatter: format }) } },
      yAxis: { type: "value", min: 0, max: 100, axisLabel: { color: "#56627a" }, splitLine: { lineStyle: { color: "#e8edf5" } } },
      series: [
        {
          type: "line", step: "end", symbol: points.length > 20 ? "none" : "circle", symbolSize: 6, lineStyle: { width: 2 },
          itemStyle: { color: COLOURS[0] }, data: points,
        },
        ...(target === null ? [] : [{
          type: "line", symbol: "none", lineStyle: { type: "dashed", width: 1.5 }, itemStyle: { color: "#a01d13" },
          endLabel: {
            show: true, align: "right", verticalAlign: "bottom", offset: [-6, -4], color: "#a01d13", fontWeight: 600,
            formatter: () => box.dataset.chartTargetText,
          },
          data: points.map((_, place) => (even ? target : [times[place], target])),
        }]),
      ],
    });
  }

  function drawAll() { document.querySelectorAll("[data-chart-table]").forEach(draw); }

  document.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-chart-choice]");
    if (!choice) return;
    const box = document.getElementById(choice.dataset.chartChoice);
    box.dataset.chartColumn = event.target.value;
    draw(box);
  });
  document.addEventListener("htmx:after:swap", drawAll);
  window.addEventListener("resize", () => charts.forEach((_, box) => draw(box)));
  // Labels are measured once they are laid out: with another font than the one shown they are cut. `ready` alone is
  // not enough, for a font that nothing on the page has asked for yet is not waited for.
  const fonts = ["400 12px", "600 12px"].map((font) => document.fonts?.load(`${font} "Inter Variable"`, document.title));
  Promise.allSettled(fonts).then(() => document.fonts?.ready).then(drawAll);
  // Of a copy: what is put back into a map while it is gone through is visited again, without end.
  document.fonts?.addEventListener("loadingdone", () => [...charts].forEach(([box, chart]) => {
    chart.dispose();
    charts.delete(box);
    draw(box);
  }));
})();
