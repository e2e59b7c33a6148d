// A run's log read as lanes (one a step or gate) and as a film: where everything stood after each event.

import { get } from "./api.js";
import * as words from "./words.js";

const SAID = {
  run_started: () => "Started", run_completed: () => "Finished", run_failed: (e) => `Failed${e.data?.error ? `: ${e.data.error}` : ""}`,
  run_stopped: () => "Stopped", run_resumed: () => "Resumed", run_interrupted: () => "Interrupted", step_started: (e) => `${words.sentence(e.step)} begins`,
  step_completed: (e) => `${words.sentence(e.step)} done`, step_failed: (e) => `${words.sentence(e.step)} did not work${e.data?.error ? `: ${e.data.error}` : ""}`,
  progress: (e) => e.data?.sentence || e.data?.text || `${words.sentence(e.step || "progress")}: ${e.data?.done ?? "?"} of ${e.data?.of ?? "?"}`,
  message: (e) => e.data?.text || "A message", document: (e) => `Wrote ${e.data?.title || "a document"}`, asset: (e) => `Wrote ${e.data?.title || "an asset"}`,
  approval_requested: (e) => `Asked for a decision: ${words.sentence(e.data?.gate || "approval")}`, approval_decided: (e) => `Decided: ${words.status(e.data?.decision).word}`,
  budget_warning: () => "Most of the budget is used", budget_reached: () => "The budget is used up",
  agent_started: (e) => `${words.agentName(e.agent)} begins${e.data?.doing ? `: ${e.data.doing}` : ""}`, agent_completed: (e) => `${words.agentName(e.agent)} is done`,
};

/** What happened, as one sentence. */
export const happened = (event) => event.sentence || (SAID[event.type] ? SAID[event.type](event) : words.sentence(event.type));

const MOST_EVENTS = 5_000;

/** Every event of a run, in order; `more` is true when it has more than are shown. */
export async function allEvents(runId) {
  const items = [];
  let cursor = 0;
  while (items.length < MOST_EVENTS) {
    const page = await get(`/runs/${runId}/timeline?limit=200&cursor=${cursor}`);
    items.push(...page.items);
    if (!page.nextCursor) return { items, more: false };
    cursor = page.nextCursor;
  }
  return { items, more: true };
}

const BEGINS = { step_started: "running", approval_requested: "waiting" };
const ENDS = { step_completed: "completed", approval_decided: "completed", step_failed: "failed" };
const ALL_END = { run_stopped: "stopped", run_interrupted: "stopped", run_failed: "failed" };

/** Lanes of the first `count` events: [{name, agent, state, spans: [{from, to (null: still open), state}]}], in the order of their beginning. */
export function lanes(events, count = events.length) {
  const found = new Map();
  const lane = (event) => {
    if (!found.has(event.step)) found.set(event.step, { name: event.step, agent: null, state: "pending", spans: [] });
    return found.get(event.step);
  };
  for (const event of events.slice(0, count)) {
    const at = Date.parse(event.at);
    if (ALL_END[event.type]) {
      for (const one of found.values()) close(one, at, ALL_END[event.type]);
    } else if (event.type === "run_resumed") {
      for (const one of found.values()) if (one.state === "stopped") open(one, at, one.spans.at(-1)?.kind || "running");
    } else if (event.step && BEGINS[event.type]) open(lane(event), at, BEGINS[event.type]);
    else if (event.step && ENDS[event.type]) close(lane(event), at, ENDS[event.type]);
    if (event.step && event.agent && found.has(event.step)) found.get(event.step).agent = event.agent;
  }
  return [...found.values()];
}

function open(lane, at, state) {
  if (["running", "waiting"].includes(lane.state)) return;
  lane.state = state;
  lane.spans.push({ from: at, to: null, state, kind: state });
}

function close(lane, at, state) {
  const last = lane.spans.at(-1);
  if (!last || last.to !== null) return;
  Object.assign(last, { to: at, state });
  lane.state = state;
}

/** Moments -> places from 0 to 1. Long gaps are drawn shorter (by their logarithm), so that a night's waiting leaves room for the work. */
export function scale(events) {
  const moments = [...new Set(events.map((event) => Date.parse(event.at)))].sort((a, b) => a - b);
  const places = new Map();
  let sum = 0;
  moments.forEach((at, i) => {
    if (i) sum += Math.log1p((at - moments[i - 1]) / 1000);
    places.set(at, sum);
  });
  return (at) => (sum ? (places.get(at) ?? sum) / sum : 0);
}

/** Everybody who said something, in the order of coming. */
export const agentsIn = (events) => [...new Set(events.map((event) => event.agent).filter(Boolean))];
