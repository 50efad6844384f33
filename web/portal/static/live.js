// One event stream for all tabs of a browser: the tab that holds the lock listens and tells the others. Where there
// are no locks (plain http), the tabs that can be seen listen: a browser has six connections to a server for all.
(() => {
  const REFRESH = 400;       // ms between two refreshes of the figures; the last change is never lost
  const LATER = 600;         // ms after a notification
  const PATIENCE = 5000;     // ms of "connecting" before it is called lost
  const ANNOUNCE = 15000;    // ms between two sentences for screen readers
  const mark = document.getElementById("live");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("nhip-live") : null;
  let lastRefresh = 0, waiting = null, lastSaid = 0;

  // The department's clock, wherever the browser stands.
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

  function say(state) {
    mark.dataset.state = state;
    document.getElementById("live-state").textContent = mark.dataset[state];
    if (state === "live") touch();
  }

  function touch() {
    const now = clock.format(new Date());
    document.getElementById("live-time").textContent = now;
    return now;
  }

  function refresh() {
    const wait = lastRefresh + REFRESH - Date.now();
    if (waiting) return;
    if (wait > 0) { waiting = setTimeout(() => { waiting = null; refresh(); }, wait); return; }
    lastRefresh = Date.now();
    document.body.dispatchEvent(new CustomEvent("index-changed"));
    const now = touch();
    if (Date.now() - lastSaid > ANNOUNCE) {
      lastSaid = Date.now();
      const announcer = document.getElementById("announcer");
      announcer.textContent = announcer.dataset.said.replace("{time}", now);
    }
  }

  function handle({ kind, data }) {
    if (kind === "state") {
      const first = data === "live" && mark.dataset.state === "connecting" && !leads;
      say(data);
      if (first) refresh();
    }
    if (kind === "index") { say("live"); refresh(); }
    if (kind === "told") document.body.dispatchEvent(new CustomEvent("told", { detail: data }));
    if (kind === "unread") { touch(); document.body.dispatchEvent(new CustomEvent("unread")); }
    if (kind === "ask" && leads) tell({ kind: "state", data: mark.dataset.state });
  }

  let leads = false;
  function tell(message) { channel?.postMessage(message); }
  function spread(message) { handle(message); tell(message); }

  function listen() {
    leads = true;
    const stream = new EventSource("/live");
    current = stream;
    setTimeout(() => { if (mark.dataset.state === "connecting") spread({ kind: "state", data: "lost" }); }, PATIENCE);
    // What moved between this page's figures and the stream's first word was told to nobody here.
    let wasLost = true;
    stream.addEventListener("up", (event) => {
      if (event.data !== "reporting") return;
      spread({ kind: "state", data: "live" });
      if (wasLost) { spread({ kind: "index" }); spread({ kind: "unread" }); }
      wasLost = false;
    });
    stream.addEventListener("down", (event) => {
      if (event.data !== "reporting") return;
      wasLost = true;
      spread({ kind: "state", data: "lost" });
    });
    for (const moved of ["index_changed", "answers_counted", "steering_moved", "ranking_published"])
      stream.addEventListener(moved, () => spread({ kind: "index" }));
    stream.addEventListener("reset", () => { spread({ kind: "index" }); spread({ kind: "unread" }); });
    // What is worth a notification may move a counter that is no index: how many wait, are overdue.
    // Later, because an index that moves comes just behind its notification and must not wait.
    stream.addEventListener("notification", (event) => {
      spread({ kind: "unread" });
      spread({ kind: "told", data: JSON.parse(event.data).notification });
      setTimeout(() => spread({ kind: "index" }), LATER);
    });
    stream.addEventListener("unread", () => spread({ kind: "unread" }));
    stream.onerror = () => {
      wasLost = true;
      spread({ kind: "state", data: "lost" });
      if (stream.readyState !== EventSource.CLOSED) return;
      handle({ kind: "unread" });  // asks for a part of the page: that says whether the session has ended
      setTimeout(() => { if (current === stream) listen(); }, 10000);  // the browser gave up
    };
  }

  let current = null;
  function followWhileSeen() {
    current?.close();
    current = null;
    leads = false;
    if (!document.hidden) listen();
  }

  channel?.addEventListener("message", (event) => handle(event.data));
  // Locks exist only on https and localhost.
  if (channel && navigator.locks) {
    navigator.locks.request("nhip-live", () => { listen(); return new Promise(() => {}); });
    tell({ kind: "ask" });
  } else {
    document.addEventListener("visibilitychange", followWhileSeen);
    followWhileSeen();
  }
})();
