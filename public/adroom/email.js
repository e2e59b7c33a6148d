// An email as people see it: the preview (pictures where this machine draws them, else a closed frame), its files, a test.

import { Problem, call } from "./api.js";
import { changed } from "./live.js";
import { count, sentence } from "./words.js";

const VIEWS = [["desktop", "Monitor", "Desktop", 680], ["phone", "Smartphone", "Phone", 390], ["dark", "Moon", "Dark", 680]];
const SERVICES = [["liquid", "Liquid"], ["handlebars", "Handlebars"], ["mailchimp", "Mailchimp"]];
/** Gmail hides what comes after; the rules know the same figure. */
const CLIPPED_AT = 102;

export function emails({ React, h, useData, useAct, useKept, Button, Icon, Trouble, Bones, Line, Text, Field }) {
  const { useEffect, useRef, useState } = React;

  /** The HTML itself, drawn by the browser. The frame runs no scripts, has no origin, and loads nothing from elsewhere. */
  function Framed({ title, html, width, dark }) {
    const box = useRef(null);
    const [room, setRoom] = useState(640);
    useEffect(() => {
      const watch = new ResizeObserver(([entry]) => setRoom(entry.contentRect.width));
      watch.observe(box.current);
      return () => watch.disconnect();
    }, []);
    const scale = Math.min(1, room / width);
    const style = { width, height: 540 / scale, transform: `scale(${scale})`, left: Math.max(0, (room - width * scale) / 2), colorScheme: dark ? "dark" : "light" };
    return h("div", { className: "adr-framebox", ref: box }, h("iframe", { className: "adr-frame", style, sandbox: "", title, srcDoc: html, referrerPolicy: "no-referrer" }));
  }

  /** A picture of it; `onFail` when it cannot be drawn. */
  function Drawn({ title, src, onFail }) {
    const [ready, setReady] = useState(false);
    useEffect(() => setReady(false), [src]);
    return h("div", { className: "adr-drawn", "aria-busy": !ready || undefined }, !ready && h(Bones, { lines: 5, label: "Drawing the email" }),
      h("img", { src, alt: title, hidden: !ready, onLoad: () => setReady(true), onError: onFail }));
  }

  function EmailPreview({ view }) {
    const [look, setLook] = useKept(`email-look:${view.id}`, "desktop");
    const [person, setPerson] = useKept(`email-person:${view.id}`, 0);
    const [undrawn, setUndrawn] = useState(null);
    const data = useData(`/assets/${view.id}/email?person=${person}`, ["assets"]);
    const seen = data.data;
    if (!seen) return data.problem ? h(Trouble, { problem: data.problem, retry: data.reload }) : h(Bones, { lines: 6 });
    const [, , word, width] = VIEWS.find(([name]) => name === look) || VIEWS[0];
    const src = `/api/assets/${view.id}/email/picture?view=${look}&person=${person}&v=${view.contentHash}`;
    const title = `Preview of ${seen.subject || view.title}, ${word.toLowerCase()}`;
    const pictures = seen.pictures && undrawn !== src;
    return h(React.Fragment, null,
      h("div", { className: "adr-row adr-wide" },
        h("div", { className: "adr-row", role: "group", "aria-label": "Shown as" }, VIEWS.map(([name, icon, label]) => h("button", { key: name, type: "button", className: "adr-choice", "aria-pressed": look === name, onClick: () => setLook(name) }, h(Icon, { name: icon, size: 14 }), label))),
        h("label", { className: "adr-row adr-quiet" }, "As somebody ", h("select", { className: "adr-input adr-short", value: person, onChange: (e) => setPerson(Number(e.target.value)) }, seen.people.map((who, at) => h("option", { key: at, value: at }, who))))),
      h("div", { className: "adr-inboxline" }, h("strong", null, seen.subject || "No subject"), h("span", { className: "adr-quiet" }, seen.preheader)),
      pictures ? h(Drawn, { title, src, onFail: () => setUndrawn(src) }) : h(Framed, { title, html: seen.html, width, dark: look === "dark" }),
      h("p", { className: "adr-facts" }, h(Line, { items: [`${Math.max(1, Math.round(seen.bytes / 1000))} KB of ${CLIPPED_AT}`, "Pictures from elsewhere are left out here", !seen.pictures && "Drawn by this browser"] })),
      h(Problems, { found: seen.problems }),
      h(Service, { view, onView: data.reload }),
      seen.mail && h(Try, { view, person }));
  }

  function Problems({ found }) {
    if (!found.length) return h("p", { className: "adr-hush" }, h(Icon, { name: "CircleCheck" }), "Merge tags, layout and size are in order, for every branch and sample person.");
    return h("details", { className: "adr-item", open: found.some((one) => one.severity === "critical") },
      h("summary", null, count(found.length, "thing", "things"), " to look at in merge tags, layout and size"),
      h("ul", { className: "adr-findings" }, found.map((one, i) => h("li", { key: i, className: "adr-finding" }, h("p", null, h("strong", null, `${sentence(one.severity)}: `), one.message), one.fix && h("p", { className: "adr-quiet" }, h(Icon, { name: "Wrench", size: 14 }), " ", one.fix)))));
  }

  /** Which service's merge tags it has; another one writes a new version. */
  function Service({ view, onView }) {
    const { busy, problem, act } = useAct();
    const now = view.content?.mergeDialect || "liquid";
    const choose = async (dialect) => {
      if (dialect === now) return;
      const next = await act(dialect, ({ key }) => call("POST", `/assets/${view.id}/email/dialect`, { contentHash: view.contentHash, dialect }, { key }));
      if (!next) return;
      changed("assets", "inbox");
      onView();
    };
    return h("div", null, h("div", { className: "adr-row", role: "group", "aria-label": "Merge tags" }, h("span", { className: "adr-quiet" }, "Merge tags for"), SERVICES.map(([name, label]) => h("button", { key: name, type: "button", className: "adr-choice", "aria-pressed": name === now, disabled: Boolean(busy), onClick: () => choose(name) }, label))), h(Trouble, { problem }));
  }

  /** One test to an address that is typed here. */
  function Try({ view, person }) {
    const [to, setTo] = useKept("email-test-to", "");
    const [sent, setSent] = useState("");
    const { busy, problem, act } = useAct();
    const send = async () => {
      setSent("");
      const told = await act("test", ({ key }) => call("POST", `/assets/${view.id}/email/test`, { to, person }, { key }));
      if (told) setSent(told.sentence);
    };
    return h("div", { className: "adr-row adr-try" }, h(Field, { label: "Send a test to" }, (field) => h(Text, { ...field, type: "email", value: to, onChange: setTo, autoComplete: "email" })),
      h(Button, { icon: "Send", busy: busy === "test", disabled: !to.trim(), onClick: send }, "Send"), sent && h("p", { role: "status" }, sent), h(Trouble, { problem }));
  }

  const FILES = [["html", "HTML"], ["eml", ".eml"], ["text", "Plain text"], ["mjml", "MJML"]];
  /** Links to its files; the server names them and says when it must not be taken out. */
  const EmailFiles = ({ id }) => FILES.map(([format, label]) => h("a", { key: format, className: "adr-btn adr-btn-link", href: `/api/assets/${id}/email/file?format=${format}`, download: "" }, h(Icon, { name: "Download" }), h("span", null, label)));

  return { EmailPreview, EmailFiles, call, Problem };
}
