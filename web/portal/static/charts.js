// Bars drawn from the table beside them, so that both always say the same. The axis starts at 0.
(() => {
  const charts = new Map();

  function read(box) {
    const column = box.dataset.chartColumn;
    return [...document.querySelectorAll(`#${box.dataset.chartTable} tbody tr`)].map((row) => {
      const cell = row.querySelector(`[data-column="${column}"]`);
      const text = cell?.dataset.text ?? "";
      const value = cell?.dataset.value === "" ? null : Number(cell?.dataset.value);
      return { name: row.querySelector("th").textContent.trim(), value, text };
    });
  }

  function draw(box) {
    const rows = read(box).reverse();
    const table = document.getElementById(box.dataset.chartTable);
    const beside = table.getBoundingClientRect().left > box.getBoundingClientRect().right;
    const height = beside ? table.tBodies[0].offsetHeight + 26 : rows.length * 40 + 34;
    box.style.height = `${Math.max(height, rows.length * 36)}px`;
    let chart = charts.get(box);
    chart?.resize();
    if (!chart) {
      chart = echarts.init(box);
      charts.set(box, chart);
    }
    const narrow = box.clientWidth < 420;
    const font = "Inter Variable, sans-serif";
    chart.setOption({
      animationDuration: 300,
      textStyle: { fontFamily: font },
      grid: { left: narrow ? 136 : 190, right: 56, top: 0, bottom: 26 },
      xAxis: { type: "value", min: 0, max: 100, axisLabel: { color: "#56627a" }, splitLine: { lineStyle: { color: "#e8edf5" } } },
      yAxis: {
        type: "category", data: rows.map((row) => row.name), axisTick: { show: false }, axisLine: { show: false },
        axisLabel: { color: "#26324a", width: narrow ? 128 : 182, overflow: "break", fontSize: narrow ? 10.5 : 11.5, lineHeight: 13 },
      },
      series: [{
        type: "bar", barMaxWidth: 18, showBackground: true,
        backgroundStyle: { color: "#f1f4f9", borderRadius: 4 },
        itemStyle: { color: box.dataset.chartColumn === "satisfaction" ? "#0d9488" : "#1660c4", borderRadius: 4 },
        label: { show: true, position: "right", color: "#14213a", fontWeight: 600, formatter: (item) => rows[item.dataIndex].text },
        data: rows.map((row) => row.value ?? 0),
      }],
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
