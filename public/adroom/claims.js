// The claims of an asset beside its text: a click on a sentence shows what carries it, and who answers for it if nothing does.

import { post } from "./api.js";
import { changed } from "./live.js";
import * as words from "./words.js";

const STANDS = {
  supported: ["Supported", "green", "CircleCheck"],
  accepted: ["Accepted by name", "violet", "UserCheck"],
  unsupported: ["Unsupported", "amber", "TriangleAlert"],
  contradicted: ["Contradicted", "red", "OctagonAlert"],
  opinion: ["Opinion", "grey", "MessageCircle"],
};
const FROM = { voc: "A customer’s words", document: "Document", source: "Opened page", canon: "Client canon", offer: "Offer", intake: "Intake" };

/** How a claim stands: accepted by name goes before unsupported. */
export const standsAs = (claim) => (claim.acceptedBy && !claim.blocks && ["unsupported", "contradicted"].includes(claim.status) ? "accepted" : claim.status);

/** Markdown's marks taken away, for text that is shown as it is read. */
const bare = (text) => text.replace(/^\s*(#{1,6}|[-*+]|>)\s+/, "").replace(/\]\([^)]*\)/g, "").replace(/\[voc:[^\]]*\]|\*\*|[[\]`]|(?<!\w)_|_(?!\w)/g, "").replace(/\s*\|\s*/g, "  ");

/** The lines of a part, each cut where a claim begins and ends. @returns {{key: number, pieces: {text: string, claim?: object}[], claims: object[]}[]} */
export function cut(text, claims) {
  const lines = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    const here = claims.filter((claim) => claim.start < end && claim.end > at);
    const pieces = [];
    let from = at;
    for (const claim of here) {
      const start = Math.max(claim.start, from);
      if (start > from) pieces.push({ text: text.slice(from, start) });
      from = Math.max(from, Math.min(claim.end, end));
      if (from > start) pieces.push({ text: text.slice(start, from), claim });
    }
    if (from < end) pieces.push({ text: text.slice(from, end) });
    if (line.trim() && !/^[\s|:>-]+$/.test(line)) lines.push({ key: at, pieces, heading: /^\s*#{1,6}\s/.test(line), claims: here.filter((claim) => claim.start >= at) });
    at = end + 1;
  }
  return lines;
}

export function claims(kit) {
  const { React, h, useAct, useData, useKept, Button, Chip, Empty, Icon, Loaded, Note, Trouble, When } = kit;
  const { useState } = React;

  const told = () => changed("claims", "assets", "inbox");
  const Stand = ({ claim }) => {
    const [word, tone, icon] = STANDS[standsAs(claim)];
    return h(Chip, { tone, icon }, word);
  };

  /** One sentence, to be clicked; colour and line under it say how it stands, and so does its name. */
  function Sentence({ piece, open, onOpen }) {
    const [word, tone] = STANDS[standsAs(piece.claim)];
    // a real button is a block of its own, and would tear the line apart
    const onKeyDown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onOpen(); } };
    return h("span", { role: "button", tabIndex: 0, className: `adr-claim adr-${tone}`, "aria-expanded": open, title: `${words.sentence(piece.claim.kind)}: ${word.toLowerCase()}`, onClick: onOpen, onKeyDown },
      bare(piece.text), h("span", { className: "adr-sr" }, ` (${words.sentence(piece.claim.kind)}, ${word.toLowerCase()})`));
  }

  function Evidence({ one, onUse, busy }) {
    return h("li", { className: "adr-quote" },
      h("blockquote", null, one.quote),
      h("div", { className: "adr-row adr-wide" },
        h("p", { className: "adr-facts" }, `${FROM[one.kind] || words.sentence(one.kind)}: ${one.title}`, one.addedBy ? ` · added by ${words.agentName(one.addedBy)}` : "", one.expiresOn ? ` · until ${words.day(one.expiresOn)}` : ""),
        onUse && h(Button, { icon: "Plus", busy, onClick: onUse }, "Use as evidence")));
  }

  /** Search on file, and put what is found to the claim. */
  function Search({ assetId, claim, onDone }) {
    const [asked, setAsked] = useState(claim.text.slice(0, 300));
    const [sent, setSent] = useState("");
    const found = useData(sent ? `/assets/${assetId}/evidence?q=${encodeURIComponent(sent)}` : null);
    const { busy, problem, act } = useAct();
    const use = async (one) => {
      const next = await act(one.quote, ({ key }) => post(`/claims/${claim.id}/evidence`, { kind: one.kind, id: one.id, quote: one.quote }, { key }));
      if (next) onDone();
    };
    const submit = (event) => {
      event.preventDefault();
      setSent(asked.trim());
    };
    return h("div", { className: "adr-note" },
      h("form", { className: "adr-note", onSubmit: submit }, h("label", { htmlFor: `ev-${claim.id}` }, "Look for words on file"),
        h("input", { id: `ev-${claim.id}`, className: "adr-input", value: asked, maxLength: 1000, onChange: (e) => setAsked(e.target.value) }),
        h("div", { className: "adr-row" }, h(Button, { icon: "Search", type: "submit", disabled: !asked.trim() }, "Search"))),
      h(Trouble, { problem: problem || found.problem }),
      sent && found.data && (found.data.items.length ? h("ul", { className: "adr-quotes" }, found.data.items.map((one, i) => h(Evidence, { key: i, one, busy: busy === one.quote, onUse: () => use(one) })))
        : h("p", { className: "adr-quiet" }, "Nothing on file shares these words.")));
  }

  /** An entitled person's word, with what they rely on and until when. */
  function Accept({ id, send, onCancel, busy, label }) {
    const [until, setUntil] = useState("");
    return h("div", { className: "adr-note" },
      h("label", { className: "adr-label", htmlFor: `until-${id}` }, "Holds until (empty: no end)"),
      h("input", { id: `until-${id}`, className: "adr-input", type: "date", value: until, onChange: (e) => setUntil(e.target.value) }),
      h(Note, { id: `accept-${id}`, label, hint: "What you rely on. It is kept with your name.", send: "Accept by name", busy, onCancel, quiet: true, onSend: (text, done) => send(text, until || null, done) }));
  }

  function Detail({ claim, ledger, onClose }) {
    const [way, setWay] = useState(null);
    const { busy, problem, act } = useAct();
    const open = ["unsupported", "contradicted"].includes(claim.status);
    const settle = (body, done) => act("settle", ({ key }) => post(`/claims/${claim.id}/acceptance`, body, { key })).then((next) => {
      if (!next) return;
      done?.();
      setWay(null);
      told();
    });
    return h("section", { className: `adr-claimcard adr-${STANDS[standsAs(claim)][1]}`, "aria-label": "About this sentence" },
      h("div", { className: "adr-split" }, h("p", null, h("strong", null, words.sentence(claim.kind))), h("div", { className: "adr-row" }, h(Stand, { claim }), h(Button, { kind: "bare", icon: "X", "aria-label": "Close", onClick: onClose }))),
      claim.reason && h("p", null, claim.reason),
      claim.namedBy && h("p", { className: "adr-facts" }, `Named by ${claim.namedBy}; the rules alone do not see it.`),
      claim.acceptedBy && h("p", { className: "adr-facts" }, h("span", null, `Accepted by ${claim.acceptedBy} `, h(When, { at: claim.acceptedAt }), claim.expiresOn ? `, until ${words.day(claim.expiresOn)}` : "", ": ", h("q", null, claim.acceptedNote))),
      claim.evidence.length > 0 && h("div", null, h("p", { className: "adr-label" }, claim.status === "supported" ? "Evidence" : "What comes near"), h("ul", { className: "adr-quotes" }, claim.evidence.map((one, i) => h(Evidence, { key: i, one })))),
      claim.kind !== "general" && h("div", { className: "adr-row" },
        open && h(Button, { icon: "Search", "aria-expanded": way === "find", onClick: () => setWay(way === "find" ? null : "find") }, "Add evidence"),
        open && ledger.mayAccept && !claim.acceptedBy && h(Button, { icon: "UserCheck", "aria-expanded": way === "accept", onClick: () => setWay(way === "accept" ? null : "accept") }, "Accept by name"),
        claim.acceptedBy && ledger.mayAccept && h(Button, { icon: "RotateCcw", busy: busy === "settle", onClick: () => settle({ accepted: false }) }, "Take the acceptance back")),
      open && !ledger.mayAccept && h("p", { className: "adr-quiet" }, "Legal, a partner or an admin can accept it by name."),
      way === "find" && h(Search, { assetId: ledger.assetId, claim, onDone: () => (setWay(null), told()) }),
      way === "accept" && h(Accept, { id: claim.id, busy: busy === "settle", label: "Why may this be said?", onCancel: () => setWay(null), send: (note, expiresOn, done) => settle({ note, expiresOn }, done) }),
      h(Trouble, { problem }));
  }

  function Finding({ finding, ledger }) {
    const [asking, setAsking] = useState(false);
    const { busy, problem, act } = useAct();
    const send = async (note, done) => {
      const next = await act("accept", ({ key }) => post(`/assets/${ledger.assetId}/findings/${encodeURIComponent(finding.id)}/acceptance`, { contentHash: ledger.contentHash, note }, { key }));
      if (!next) return;
      done();
      told();
    };
    return h("li", { className: "adr-finding adr-red" }, h("p", null, h(Icon, { name: "OctagonAlert", size: 14 }), " ", finding.sentence),
      ledger.mayAccept && h("div", { className: "adr-row" }, h(Button, { icon: "UserCheck", "aria-expanded": asking, onClick: () => setAsking(!asking) }, "Accept by name")),
      asking && h(Note, { id: `finding-${finding.id}`, label: "Why may this stay?", hint: "What you rely on. It holds for this version only.", send: "Accept by name", busy: busy === "accept", onCancel: () => setAsking(false), onSend: send }),
      h(Trouble, { problem }));
  }

  function Ledger({ ledger, from }) {
    const [chosen, setChosen] = useKept(`claim:${ledger.assetId}:${ledger.version}`, null);
    const [only, setOnly] = useState(null);
    const { busy, problem, act } = useAct();
    const again = async () => {
      const next = await act("check", ({ key }) => post(`/assets/${ledger.assetId}/claims/check`, {}, { key }));
      if (next) (from.set(next), told());
    };
    const shown = (claim) => !only || standsAs(claim) === only;
    const tally = Object.keys(STANDS).map((name) => [name, ledger.counts[name]]).filter(([, n]) => n);
    return h(React.Fragment, null,
      h("div", { className: "adr-row", role: "group", "aria-label": "Show only" },
        tally.map(([name, n]) => h("button", { key: name, type: "button", className: `adr-choice adr-${STANDS[name][1]}`, "aria-pressed": only === name, onClick: () => setOnly(only === name ? null : name) }, h(Icon, { name: STANDS[name][2], size: 14 }), `${n} ${STANDS[name][0].toLowerCase()}`)),
        h(Button, { kind: "link", icon: "RotateCcw", busy: busy === "check", onClick: again }, "Check again")),
      h(Trouble, { problem }),
      ledger.blocking.length > 0 ? h("p", { className: "adr-flag" }, h(Icon, { name: "TriangleAlert" }), h("span", null, `${words.count(ledger.blocking.length, "sentence")} or finding${ledger.blocking.length === 1 ? "" : "s"} in the way of approval. Click a sentence: add evidence, change it, or have it accepted by name.`))
        : h("p", { className: "adr-done" }, h(Icon, { name: "CircleCheck" }), "No claim stands in the way of approval."),
      ledger.unread && h("p", { className: "adr-flag" }, h(Icon, { name: "TriangleAlert" }), h("span", null, `Only the rules have read this version for claims. ${ledger.unread} “Check again” asks once more.`)),
      ledger.readBy && h("p", { className: "adr-quiet" }, `Read by the rules and by ${ledger.readBy}.`),
      ledger.findings.length > 0 && h("ul", { className: "adr-findings" }, ledger.findings.map((finding) => h(Finding, { key: finding.id, finding, ledger }))),
      !ledger.items.length && h(Empty, { icon: "ListChecks" }, "Nothing in this text claims a fact."),
      h("div", { className: "adr-claims" }, ledger.parts.map((part) => {
        const mine = ledger.items.filter((claim) => claim.part === part.name && shown(claim));
        if (!mine.length && (only || part.name !== "body")) return null;
        return h("section", { key: part.name, "aria-label": words.sentence(part.name) }, part.name !== "body" && h("p", { className: "adr-label" }, words.sentence(part.name.replace(/\./g, " "))),
          cut(part.text, mine).map((line) => h(React.Fragment, { key: line.key },
            h("p", { className: line.heading ? "adr-claimhead" : undefined }, line.pieces.map((piece, i) => (piece.claim ? h(Sentence, { key: i, piece, open: chosen === piece.claim.id, onOpen: () => setChosen(chosen === piece.claim.id ? null : piece.claim.id) }) : h("span", { key: i }, bare(piece.text))))),
            line.claims.filter((claim) => claim.id === chosen).map((claim) => h(Detail, { key: claim.id, claim, ledger, onClose: () => setChosen(null) })))));
      })));
  }

  /** The ledger of one asset's present version. */
  function Claims({ view }) {
    const from = useData(`/assets/${view.id}/claims`, ["claims", "assets"]);
    return h(Loaded, { from, lines: 6 }, (ledger) => h(Ledger, { ledger, from }));
  }

  return { Claims };
}
