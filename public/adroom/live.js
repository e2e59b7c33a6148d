// News: between cards of this page, between tabs, and from runs over server-sent events.

import { get } from "./api.js";

const LISTENERS = new Map();
const TABS = "BroadcastChannel" in window ? new BroadcastChannel("adroom") : null;

/** Listen to a topic ("artifacts", "assets", "runs", "budgets", "clients", "inbox" …). @returns a function that stops it */
export function on(topic, listener) {
  if (!LISTENERS.has(topic)) LISTENERS.set(topic, new Set());
  LISTENERS.get(topic).add(listener);
  return () => LISTENERS.get(topic).delete(listener);
}

function deliver(topics) {
  const called = new Set();
  for (const topic of topics) for (const listener of LISTENERS.get(topic) || []) called.add(listener);
  for (const listener of called) listener();
}

/** Something changed: cards that show it fetch it anew, here and in this person's other tabs. */
export function changed(...topics) {
  deliver(topics);
  TABS?.postMessage(topics);
}
if (TABS) TABS.onmessage = ({ data }) => Array.isArray(data) && deliver(data);

let lastLook = Date.now();
function lookAgain() {
  if (document.visibilityState !== "visible" || Date.now() - lastLook < 5_000) return;
  lastLook = Date.now();
  deliver(LISTENERS.keys());
}
document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("focus", lookAgain);
window.addEventListener("online", lookAgain);

export const EVENTS = [
  "run_started", "step_started", "step_completed", "step_failed", "progress", "message", "document", "asset",
  "approval_requested", "approval_decided", "budget_warning", "budget_reached", "agent_started", "agent_completed",
  "run_stopped", "run_resumed", "run_interrupted", "run_completed", "run_failed",
];
const TOPICS = {
  document: ["artifacts"], asset: ["assets"], approval_requested: ["inbox", "artifacts", "assets"],
  approval_decided: ["inbox", "artifacts", "assets"], budget_warning: ["budgets"], budget_reached: ["budgets", "inbox"],
  run_completed: ["runs", "budgets"], run_failed: ["runs", "budgets"], run_stopped: ["runs"], run_resumed: ["runs"],
  run_interrupted: ["runs", "inbox"],
};
// A browser opens six connections to a host, over all its tabs: more streams than this would starve the page itself.
const MOST_STREAMS = 2;
const FOLLOWED = new Map();

/**
 * Follow one run from its first event on. Several cards share one stream; beyond MOST_STREAMS runs are asked for every few seconds instead.
 * It reconnects by itself and asks for what it missed (`?after=` the last seq); it pauses while the tab is hidden.
 * @param listener called with ({type, seq, at, agent, step, data}) and ({type: "delta", …}) and ({type: "link", live})
 * @param known the last seq whose news the cards have already: earlier events are told to the listener only
 * @returns a function that stops following
 */
export function follow(runId, listener, known = 0) {
  if (!FOLLOWED.has(runId)) FOLLOWED.set(runId, new Follower(runId, known));
  const follower = FOLLOWED.get(runId);
  follower.listeners.add(listener);
  follower.connect();
  return () => {
    follower.listeners.delete(listener);
    if (follower.listeners.size) return;
    follower.close();
    FOLLOWED.delete(runId);
    for (const other of FOLLOWED.values()) other.connect();
  };
}

class Follower {
  constructor(runId, known) {
    Object.assign(this, { runId, known, last: 0, listeners: new Set(), source: null, timer: null, wait: 1_000 });
  }

  tell(event) {
    for (const listener of this.listeners) listener(event);
  }

  connect() {
    if (this.source || document.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    const open = [...FOLLOWED.values()].filter((follower) => follower.source).length;
    if (open >= MOST_STREAMS) return this.ask();
    this.source = new EventSource(`/api/runs/${encodeURIComponent(this.runId)}/events?after=${this.last}`);
    this.source.onopen = () => {
      this.wait = 1_000;
      this.tell({ type: "link", live: true });
    };
    this.source.onerror = () => this.lost();
    for (const type of EVENTS) this.source.addEventListener(type, (message) => this.received(type, message));
    this.source.addEventListener("delta", (message) => this.tell({ ...JSON.parse(message.data), type: "delta" }));
  }

  received(type, message) {
    const event = { ...JSON.parse(message.data), type };
    const seq = Number(message.lastEventId || event.seq || 0);
    if (seq && seq <= this.last) return;
    this.last = seq || this.last;
    this.tell({ ...event, seq });
    if (TOPICS[type] && seq > this.known) changed(...TOPICS[type]);
  }

  lost() {
    this.close();
    this.tell({ type: "link", live: false });
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, 15_000);
  }

  ask() {
    this.tell({ type: "ask" });
    this.timer = setTimeout(() => this.connect(), 4_000);
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}

document.addEventListener("visibilitychange", () => {
  for (const follower of FOLLOWED.values()) {
    if (document.visibilityState === "hidden") follower.close();
    else follower.connect();
  }
});

/** Product, build and model at work, from /api/health, as one quiet line. */
export async function healthLine() {
  const health = await get("/health");
  const model = typeof health.model === "object" && health.model ? health.model.name || health.model.manager : health.model;
  const build = health.build || health.buildHash;
  return [["Adroom", health.version].filter(Boolean).join(" "), build && `build ${String(build).slice(0, 7)}`, health.offline ? "offline writer (no model key)" : model].filter(Boolean).join(" · ");
}
