// Proposed edits as a diff that is taken hunk by hunk: each can be ticked, all or none at once, words that go struck out.

import { get, post } from "./api.js";
import { changed } from "./live.js";

const PARTS = { title: "Title", metaDescription: "Description", slug: "Address", subject: "Subject", preheader: "Preheader" };

const FILES = { markdown: "Markdown", html: "HTML", docx: "Word" };
const FINISHED = new Set(["approved", "published"]);

export function hunks({ React, h, words, useAct, useData, useKept, useSay, Bar, Button, Chip, Empty, Icon, Line, Loaded, Trouble }) {
  /** What stays, goes and comes; read out with words, not by colour alone. */
  const Spans = ({ spans }) =>
    h("p", { className: "adr-hunktext" }, spans.map((span, i) =>
      span.op === "same" ? h("span", { key: i }, span.text)
        : h(span.op === "added" ? "ins" : "del", { key: i }, h("span", { className: "adr-sr" }, span.op === "added" ? " added: " : " removed: "), span.text)));

  function Hunk({ hunk, picked, may, onPick }) {
    const id = `hunk-${hunk.id}`;
    return h("li", { className: `adr-hunk ${picked ? "adr-picked" : ""}` },
      h("label", { htmlFor: id, className: "adr-hunkpick" },
        may && h("input", { id, type: "checkbox", checked: picked, onChange: (e) => onPick(hunk.id, e.target.checked) }),
        h("span", { className: "adr-quiet" }, h(Line, { items: [PARTS[hunk.part] || hunk.heading, hunk.why] }))),
      h(Spans, { spans: hunk.spans }));
  }

  function Scores({ account }) {
    if (account.scoreBefore === null || account.scoreAfter === null) return null;
    const moved = account.groups.filter((group) => group.before !== group.after);
    return h("div", { className: "adr-hunkscores" },
      h("p", null, h("span", { className: "adr-strong" }, `Content score ${account.scoreBefore} → ${account.scoreAfter}`), " with all changes"),
      moved.length > 0 && h("p", { className: "adr-facts" }, h(Line, { items: moved.map((group) => `${words.sentence(group.name)} ${group.before ?? "–"} → ${group.after ?? "–"}`) })));
  }

  function LeftOut({ items }) {
    if (!items.length) return null;
    return h("details", { className: "adr-item" }, h("summary", null, `${words.count(items.length, "change")} left out, to keep what is said true`),
      h("ul", { className: "adr-rows" }, items.map((one, i) => h("li", { key: i }, h("span", null, h("q", null, one.text), " ", h("span", { className: "adr-quiet" }, one.why))))));
  }

  /** The proposal with its buttons. `onTaken` is told the piece as it is afterwards. */
  function Proposal({ view, reload, onTaken }) {
    const all = view.hunks.map((hunk) => hunk.id);
    const [picked, setPicked] = useKept(`hunks:${view.id}`, all);
    const { busy, problem, act } = useAct();
    const chosen = picked.filter((id) => all.includes(id));
    const pick = (id, on) => setPicked((old) => (on ? [...new Set([...old, id])] : old.filter((one) => one !== id)));
    async function settle(name, path, body) {
      const asset = await act(name, ({ key }) => post(path, body, { key }));
      if (!asset) return;
      changed("assets", "inbox");
      reload();
      onTaken?.(asset);
    }
    if (view.status !== "open") return h("div", null, h(Chip, { value: view.status === "taken" ? "approved" : "archived" }, view.status === "taken" ? `${view.taken.length} of ${all.length} taken` : "Let go"), h(List, { view, picked: view.taken, may: false }));
    return h("div", { className: "adr-hunks" },
      h(Scores, { account: view.account }),
      !view.current && h("p", { className: "adr-hush" }, h(Icon, { name: "TriangleAlert" }), h("span", null, `The piece was changed after v${view.assetVersion}. Have these made again.`)),
      view.mayTake && h("div", { className: "adr-row", role: "group", "aria-label": "Choose" },
        h("button", { type: "button", className: "adr-choice", "aria-pressed": chosen.length === all.length, onClick: () => setPicked(all) }, "All"),
        h("button", { type: "button", className: "adr-choice", "aria-pressed": chosen.length === 0, onClick: () => setPicked([]) }, "None"),
        h("span", { className: "adr-quiet", role: "status" }, `${chosen.length} of ${words.count(all.length, "change")} chosen`)),
      h(List, { view, picked: chosen, may: view.mayTake, onPick: pick }),
      h(LeftOut, { items: view.account.leftOut }),
      view.mayTake && h("div", { className: "adr-row adr-hunkfoot" },
        h(Button, { kind: "primary", icon: "Check", busy: busy === "take", disabled: Boolean(busy) || !chosen.length, onClick: () => settle("take", `/proposals/${view.id}/take`, { hunks: chosen }) }, `Take ${chosen.length === all.length ? "all" : chosen.length}`),
        h(Button, { icon: "X", busy: busy === "dismiss", disabled: Boolean(busy), onClick: () => settle("dismiss", `/proposals/${view.id}/dismiss`, {}) }, "Let go")),
      h(Trouble, { problem, retry: reload, label: "Show newest" }));
  }

  const List = ({ view, picked, may, onPick }) =>
    view.hunks.length ? h("ul", { className: "adr-hunklist" }, view.hunks.map((hunk) => h(Hunk, { key: hunk.id, hunk, may, picked: picked.includes(hunk.id), onPick })))
      : h(Empty, { icon: "CircleCheck" }, "Nothing to change.");

  /** The newest open proposal of a piece, in its panel. */
  function ProposalOf({ assetId, onTaken }) {
    const found = useData(`/assets/${assetId}/proposal`, ["assets"]);
    return h(Loaded, { from: found, lines: 6 }, ({ proposal }) =>
      proposal ? h(Proposal, { view: proposal, reload: found.reload, onTaken }) : h(Empty, { icon: "CircleCheck" }, "No changes are proposed for this piece."));
  }

  /** The content score with its groups behind a fold: what each lost, and why. */
  function ContentScore({ view }) {
    const score = view.seo?.score;
    if (!score || typeof score.total !== "number") return null;
    const tone = score.total >= 80 ? "green" : score.total >= 60 ? "amber" : "red";
    return h("details", { className: "adr-item" },
      h("summary", null, h("span", { className: "adr-strong" }, `Content score ${score.total} of 100`), h("span", { className: "adr-quiet" }, ` ${{ green: "good", amber: "fair", red: "weak" }[tone]}`)),
      h("div", { className: "adr-groups" }, score.groups.map((group) => h(React.Fragment, { key: group.name },
        h("span", null, words.sentence(group.name)),
        h(Bar, { value: group.score, max: 100, label: `${group.name}: ${group.score} of 100`, tone: group.score >= 80 ? "green" : group.score >= 60 ? "amber" : "red" }),
        h("span", { className: "adr-strong" }, group.score),
        group.why?.length ? h("span", { className: "adr-why" }, group.why.join(" ")) : null))));
  }

  /** The rules that could not be looked at, behind a fold: which, and why, one line a reason. */
  function Unchecked({ view }) {
    const left = (view.findings || []).flatMap((report) => report.unchecked || []);
    if (!left.length) return null;
    const reasons = [...new Set(left.map((one) => one.why))];
    return h("details", { className: "adr-item" },
      h("summary", null, `${words.count(left.length, "rule")} not checked`),
      h("ul", { className: "adr-rows" }, reasons.map((why) => h("li", { key: why },
        h("span", null, h("span", { className: "adr-strong" }, `${why.charAt(0).toUpperCase()}${why.slice(1)}: `),
          left.filter((one) => one.why === why).map((one) => one.rule.replace(/\.$/, "")).join("; "))))));
  }

  /** Polish, Optimise, Export: what can be done with an article or a landing page beside deciding. */
  function PieceSteps({ view }) {
    const say = useSay();
    const { busy, problem, act } = useAct();
    const [open, setOpen] = useKept(`export:${view.id}`, false);
    const page = ["blog_post", "landing_page"].includes(view.format);
    if (!page) return null;
    const save = (format) => act(format, () => saveFile(`/assets/${view.id}/export?format=${format}`));
    return h(React.Fragment, null,
      h(Button, { kind: "link", icon: "Sparkle", onClick: () => say("Polish", `/polish ${view.id}`) }, "Polish"),
      h(Button, { kind: "link", icon: "Gauge", onClick: () => say("Optimise", `/optimize ${view.id}`) }, "Optimise"),
      h(Button, { kind: "link", icon: "Download", "aria-expanded": open, onClick: () => setOpen(!open) }, "Export"),
      open && h("span", { className: "adr-row", role: "group", "aria-label": FINISHED.has(view.status) ? "Export as" : "Export the draft as" },
        !FINISHED.has(view.status) && h("span", { className: "adr-quiet" }, "Draft:"),
        Object.entries(FILES).map(([format, name]) => h("button", { key: format, type: "button", className: "adr-choice", disabled: Boolean(busy), onClick: () => save(format) }, name))),
      h(Trouble, { problem }));
  }

  /** Where it was sent. */
  function Published({ view }) {
    const there = view.publication;
    if (!there) return null;
    if (there.state !== "live") return h("p", { className: "adr-hush" }, h(Icon, { name: "TriangleAlert" }), h("span", null, `It is on its way to WordPress, as a draft there. ${view.mayPublish ? "Publish again to finish." : "Creative, legal, a partner or an admin can publish it again to finish."}`));
    const older = there.version < view.version ? ` (v${there.version})` : "";
    const where = h("p", { className: "adr-facts" }, `On WordPress${older}: `, there.url ? h("a", { href: there.url, target: "_blank", rel: "noreferrer" }, there.url) : "live");
    return there.lost ? h(React.Fragment, null, where, h("p", { className: "adr-hush" }, h(Icon, { name: "TriangleAlert" }), h("span", null, there.lost))) : where;
  }

  return { Proposal, ProposalOf, ContentScore, Unchecked, PieceSteps, Published };
}

/** Fetch a file of our own and hand it to the person under its name. */
export async function saveFile(path) {
  const response = await fetch(`/api${path}`, { credentials: "same-origin" });
  if (!response.ok) return get(path); // answers with the problem
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") || "");
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: named ? decodeURIComponent(named[1]) : "piece" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return true;
}
