// Deciding about a document, an asset or a gate: Approve, Request changes, Reject, or why that is not possible any more.

import { post } from "./api.js";
import { changed } from "./live.js";
import { duration } from "./words.js";

const DECIDED = { approved: "Approved", rejected: "Rejected", changes_requested: "Changes requested" };
const DONE = new Set(["approved", "published"]);
const OVER = new Set(["archived"]);

export function decisions({ React, h, useAct, useData, useKept, useSay, Button, Trouble, Icon, When }) {
  const { useEffect, useRef } = React;

  /** A note for Request changes or Reject, sent with Ctrl+Enter. Half-typed notes are kept. */
  function Note({ id, label, hint, send, busy, onSend, onCancel, quiet }) {
    const [text, setText] = useKept(`note:${id}`, "");
    const field = useRef(null);
    useEffect(() => {
      if (!quiet) field.current?.focus({ preventScroll: true });
    }, []);
    const submit = () => text.trim() && onSend(text.trim(), () => setText(""));
    const onKeyDown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
      if (event.key === "Escape") onCancel?.();
    };
    return h("div", { className: "adr-note" },
      h("label", { htmlFor: `note-${id}` }, label),
      h("textarea", { id: `note-${id}`, ref: field, rows: 3, value: text, placeholder: hint, onChange: (e) => setText(e.target.value), onKeyDown }),
      h("div", { className: "adr-row" }, h(Button, { kind: "primary", busy, disabled: !text.trim(), onClick: submit }, send), onCancel && h(Button, { onClick: onCancel }, "Cancel")));
  }

  /** What a decision opened up, as the next step. */
  function Unlocked({ step }) {
    const say = useSay();
    if (!step) return null;
    return h(Button, { kind: "primary", icon: "ChevronRight", onClick: () => say(step.label, step.command) }, step.label);
  }

  function Verdict({ view }) {
    const verdict = DONE.has(view.status) ? "approved" : view.decision?.decision || view.status;
    const name = view.decision?.decidedByName || view.approvedByName;
    const at = view.decision?.decidedAt || view.approvedAt || view.publishedAt;
    const tone = verdict === "approved" ? "green" : verdict === "rejected" ? "red" : "amber";
    const word = view.status === "published" ? "Published" : DECIDED[verdict] || verdict;
    return h("div", { className: `adr-verdict adr-${tone}` }, h(Icon, { name: verdict === "approved" ? "CircleCheck" : verdict === "rejected" ? "CircleX" : "MessageSquare" }),
      h("div", null, h("p", null, h("strong", null, word), name ? ` by ${name}` : "", at ? h(React.Fragment, null, " · ", h(When, { at })) : null), view.decision?.notes && h("q", null, view.decision.notes)));
  }

  /**
   * @param {"artifacts"|"assets"} kind
   * @param view the card's truth, as fetched
   * @param onView called with the view after a decision
   * @param onNewest shows the newest version instead
   */
  function Decision({ kind, view, onView, onNewest, reload }) {
    const { busy, problem, act, clear } = useAct();
    const [asking, setAsking] = useKept(`asking:${kind}:${view.id}`, null);
    const newest = view.latestId && view.latestId !== view.id;

    async function decide(decision, notes) {
      const next = await act(decision, ({ key }) => post(`/${kind}/${view.id}/decision`, { decision, contentHash: view.contentHash, ...(notes ? { notes } : {}) }, { key }));
      if (!next) return false;
      setAsking(null);
      if (next.id) onView(next);
      changed(kind, "inbox", "runs");
      return true;
    }
    useEffect(() => {
      if (problem?.status === 409) reload();
    }, [problem]);
    const again = () => {
      clear();
      reload();
    };
    return h("div", { className: "adr-decide" }, options(), h(Trouble, { problem, retry: problem?.status === 409 ? null : again }));

    function options() {
      if (newest || OVER.has(view.status)) return h("div", { className: "adr-verdict adr-grey" }, h(Icon, { name: "History" }),
        h("div", null, h("p", null, newest ? `v${view.latestVersion} is newer. This version can no longer be decided.` : "Archived. It can no longer be decided.")), newest && h(Button, { onClick: onNewest }, `Show v${view.latestVersion}`));
      if (DONE.has(view.status)) return h("div", { className: "adr-row adr-wide" }, h(Verdict, { view }), h(Unlocked, { step: view.unlocked }));
      const flagged = view.status === "flagged_for_review";
      if (view.decision && !flagged) return h(Verdict, { view });
      if (!view.mayDecide) return h("p", { className: "adr-hush" }, h(Icon, { name: "Clock" }), view.waitingFor || "Waits for somebody who may decide this.");
      return h("div", { className: "adr-decide" },
        h("div", { className: "adr-row", role: "group", "aria-label": "Decide" },
          h(Button, { kind: "primary", icon: "Check", busy: busy === "approved", disabled: Boolean(busy), onClick: () => decide("approved") }, flagged ? "Approve as it is" : "Approve"),
          h(Button, { icon: "MessageSquare", "aria-expanded": asking === "changes_requested", disabled: Boolean(busy), onClick: () => setAsking(asking === "changes_requested" ? null : "changes_requested") }, flagged ? "Have it rebuilt" : "Request changes"),
          h(Button, { kind: "danger", icon: "X", "aria-expanded": asking === "rejected", disabled: Boolean(busy), onClick: () => setAsking(asking === "rejected" ? null : "rejected") }, "Reject")),
        asking && h(Note, { id: `${kind}-${view.id}-${asking}`, key: asking, busy: Boolean(busy), onCancel: () => setAsking(null),
          label: asking === "rejected" ? "Why is it rejected?" : "What should be different?", hint: "The next version answers this note.", send: asking === "rejected" ? "Reject" : "Send back",
          onSend: async (text, done) => (await decide(asking, text)) && done() }));
    }
  }

  /** The word that stands on a card: a newer version and a decision say more than the stored status. */
  function standing(view) {
    if (view.latestId && view.latestId !== view.id) return "outdated";
    const settled = DONE.has(view.status) || view.status === "flagged_for_review";
    return (!settled && view.decision?.decision) || view.status;
  }

  const GATES = {
    budget: (limit) => [limit === null ? null : { label: "Raise by $2 and go on", kind: "primary", icon: "Plus", body: { decision: "approved", raiseTo: (Number(limit) + 2).toFixed(2) } }, { label: "Stop here", icon: "Square", body: { decision: "rejected" } }].filter(Boolean),
    retry: () => [{ label: "Try again", kind: "primary", icon: "RotateCcw", body: { decision: "approved" } }, { label: "Stop here", icon: "Square", body: { decision: "rejected" } }],
    "stopped part": () => [{ label: "Resume it", kind: "primary", icon: "Play", body: { decision: "approved" } }, { label: "Go on without it", icon: "SkipForward", body: { decision: "rejected" } }],
  };

  /** The buttons of a gate that a run waits at; for documents and assets also the note. */
  function Gate({ waiting, runId, onDecided, onOpen }) {
    // a budget's question names its scope; the limit that is reached stands in the budgets
    const budgets = useData(waiting.gate.split("#")[0] === "budget" ? `/budgets?runId=${runId}` : null, ["budgets"]);
    const reached = (budgets.data?.scopes || []).find((scope) => scope.scopeId === waiting.subjectId && (waiting.contentHash || "").includes(scope.scope));
    const limit = reached?.limit ?? null;
    const { busy, problem, act } = useAct();
    const [asking, setAsking] = useKept(`asking:gate:${waiting.approvalId}`, null);
    const plain = [{ label: "Approve", kind: "primary", icon: "Check", body: { decision: "approved" } }, { label: "Request changes", icon: "MessageSquare", note: "changes_requested" }, { label: "Reject", kind: "danger", icon: "X", note: "rejected" }];
    const choices = GATES[waiting.gate.split("#")[0]]?.(limit) || plain;

    async function decide(body) {
      const result = await act(JSON.stringify(body), ({ key }) => post(`/approvals/${waiting.approvalId}/decision`, { ...body, contentHash: waiting.contentHash || "" }, { key }));
      if (!result) return false;
      setAsking(null);
      changed("inbox", "runs", "artifacts", "assets", "budgets");
      onDecided();
      return true;
    }
    const may = waiting.mayDecide !== false;
    return h("div", { className: "adr-decide adr-gate" },
      h("p", { className: "adr-hush" }, h(Icon, { name: "CirclePause" }), h("span", null, waiting.sentence || "Waits for a decision.", waiting.who?.length ? ` For: ${waiting.who.join(", ")}.` : "", waiting.since && Date.now() - new Date(waiting.since) > 90e3 ? ` Since ${duration((Date.now() - new Date(waiting.since)) / 1000)}.` : "")),
      h("div", { className: "adr-row", role: "group", "aria-label": "Decide" },
        onOpen && h(Button, { kind: may ? "quiet" : "primary", icon: "PanelRightOpen", onClick: onOpen }, "Open"),
        may && choices.map((choice) => h(Button, { key: choice.label, kind: choice.kind, icon: choice.icon, disabled: Boolean(busy), busy: choice.body && busy === JSON.stringify(choice.body), "aria-expanded": choice.note ? asking === choice.note : undefined, onClick: () => (choice.note ? setAsking(asking === choice.note ? null : choice.note) : decide(choice.body)) }, choice.label))),
      asking && h(Note, { id: `gate-${waiting.approvalId}-${asking}`, key: asking, busy: Boolean(busy), onCancel: () => setAsking(null), label: asking === "rejected" ? "Why is it rejected?" : "What should be different?", hint: "The next version answers this note.", send: asking === "rejected" ? "Reject" : "Send back", onSend: async (notes, done) => (await decide({ decision: asking, notes })) && done() }),
      h(Trouble, { problem, retry: onDecided, label: "Show newest" }));
  }

  return { Note, Unlocked, Verdict, Decision, Gate, standing };
}
