// What all cards are made of: hooks and small parts, built once on the page's own React.
// A card hands in its modules ({React, icons, recoil, chainlit}); the kit holds no copy of any library.

import { Problem, answers, download, fileName, get, kept, newKey } from "./api.js";
import { claims } from "./claims.js";
import { comments } from "./comments.js";
import { decisions } from "./decide.js";
import { emails } from "./email.js";
import { forms } from "./form.js";
import { hunks } from "./hunks.js";
import { library } from "./library.js";
import { changed, on } from "./live.js";
import { excerpt, render } from "./markdown.js";
import * as words from "./words.js";

let built = null;
const STABLE = new Map();

/** @returns the one kit of this page */
export function kit(modules) {
  if (!built) {
    built = parts(modules);
    Object.assign(built, decisions(built));
    Object.assign(built, forms(built));
    Object.assign(built, comments(built));
    Object.assign(built, claims(built));
    Object.assign(built, library(built));
    Object.assign(built, emails(built));
    Object.assign(built, hunks(built));
  }
  return built;
}

function parts({ React, icons, recoil, chainlit }) {
  const h = React.createElement;
  const { useCallback, useContext, useEffect, useMemo, useRef, useState } = React;
  const Room = React.createContext({ say: () => {} });

  /**
   * The default export of every card file. Chainlit evaluates a card's file again whenever anything around it is drawn
   * anew; a fresh component type would throw away focus and half-typed words, so the first one is kept.
   */
  function element(name, Component, { props, sendUserMessage }) {
    if (!STABLE.has(name)) STABLE.set(name, Component);
    // "/write How to …" is said as it stands; a bare command ("client") takes the label as its words
    const say = (label, command = "") => (command.startsWith("/") ? sendUserMessage(command) : sendUserMessage(label, command || undefined));
    return h(Room.Provider, { value: { say } }, h(Guard, { name }, h("div", { className: "adr", "data-card": name }, h(STABLE.get(name), props))));
  }

  class Guard extends React.Component {
    constructor(props) {
      super(props);
      this.state = { failed: false };
    }
    static getDerivedStateFromError() {
      return { failed: true };
    }
    componentDidCatch(error) {
      console.error(`Card ${this.props.name}:`, error);
    }
    render() {
      if (!this.state.failed) return this.props.children;
      return h("div", { className: "adr" }, h(Trouble, { problem: new Problem("This card could not be drawn. Nothing was lost."), retry: () => this.setState({ failed: false }) }));
    }
  }

  const useSay = () => useContext(Room).say;

  /** Fetch `/api` + path, again whenever one of the topics changes. `data` may be the last known answer while it loads. */
  function useData(path, topics = []) {
    const [state, setState] = useState({ path, data: path ? answers.read(path) : undefined, problem: null });
    const load = useCallback(async () => {
      if (!path) return;
      try {
        const data = await get(path);
        answers.write(path, data);
        setState({ path, data, problem: null });
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        setState((old) => ({ path, data: old.path === path ? old.data : undefined, problem }));
      }
    }, [path]);
    useEffect(() => {
      load();
      const stops = topics.map((topic) => on(topic, load));
      return () => stops.forEach((stop) => stop());
    }, [load, topics.join()]);
    const now = state.path === path ? state : { data: path ? answers.read(path) : undefined, problem: null };
    const set = useCallback((data) => {
      answers.write(path, data);
      setState({ path, data, problem: null });
    }, [path]);
    return { data: now.data, problem: now.problem, reload: load, set };
  }

  /** One change at a time. A repeat after a lost connection carries the same Idempotency-Key. */
  function useAct() {
    const [busy, setBusy] = useState(null);
    const [problem, setProblem] = useState(null);
    const keys = useRef({});
    const act = useCallback(async (name, change) => {
      setBusy(name);
      setProblem(null);
      keys.current[name] ||= newKey();
      try {
        const result = await change({ key: keys.current[name] });
        delete keys.current[name];
        return result ?? true;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status) delete keys.current[name];
        setProblem(error);
        return undefined;
      } finally {
        setBusy(null);
      }
    }, []);
    return { busy, problem, act, clear: () => setProblem(null) };
  }

  /** State that survives the card being drawn anew (a new message in the thread, the panel closed and opened). */
  function useKept(key, initial) {
    const [value, setValue] = useState(() => kept.read(key, initial));
    useEffect(() => setValue(kept.read(key, initial)), [key]);
    const set = useCallback((next) => setValue((old) => {
      const made = typeof next === "function" ? next(old) : next;
      kept.write(key, made);
      return made;
    }), [key]);
    return [value, set];
  }

  /** Draw again every few seconds while `active`, for times that run. */
  function useTick(active, seconds = 1) {
    const [, tick] = useState(0);
    useEffect(() => {
      if (!active) return undefined;
      const timer = setInterval(() => tick((n) => n + 1), seconds * 1000);
      return () => clearInterval(timer);
    }, [active, seconds]);
  }

  /** Opens the side panel with one element; it stays open when new messages arrive. */
  function usePanel() {
    const setElements = recoil.useSetRecoilState(chainlit.elementState);
    return useCallback((name, props) => {
      const id = `adroom-panel-${newKey()}`;
      setElements((old) => [...old.filter((e) => !String(e.id).startsWith("adroom-panel-")), { id, type: "custom", name, display: "side", props, forId: "", threadId: "", mime: "application/json" }]);
    }, [setElements]);
  }

  function usePanelTitle(title) {
    const setPanel = recoil.useSetRecoilState(chainlit.sideViewState);
    useEffect(() => {
      if (title) setPanel((old) => (old ? { ...old, title } : old));
    }, [title]);
  }

  const Icon = ({ name, size = 16, ...rest }) => h(icons[name] || icons.Circle, { size, "aria-hidden": true, ...rest });

  function Chip({ value, tone, icon, title, children }) {
    const known = words.status(value);
    return h("span", { className: `adr-chip adr-${tone || known.tone}`, title }, h(Icon, { name: icon || known.icon, size: 13, className: value === "running" ? "adr-turn" : "" }), children || known.word);
  }

  function Button({ kind = "quiet", icon, busy, children, ...rest }) {
    return h("button", { type: "button", ...rest, className: `adr-btn adr-btn-${kind} ${rest.className || ""}`, "aria-busy": busy || undefined, disabled: rest.disabled || busy },
      busy ? h(Icon, { name: "Loader", className: "adr-turn" }) : icon && h(Icon, { name: icon }), children !== undefined && h("span", null, children));
  }

  /** An error as one line, with the reasons and a way on. */
  function Trouble({ problem, retry, label = "Try again" }) {
    if (!problem) return null;
    return h("div", { className: "adr-trouble", role: "alert" }, h(Icon, { name: "CircleAlert" }),
      h("div", null, h("p", null, problem.message), problem.reasons?.length ? h("ul", null, problem.reasons.map((reason, i) => h("li", { key: i }, typeof reason === "string" ? reason : reason.message || reason.reason))) : null),
      retry && h(Button, { icon: "RotateCcw", onClick: retry }, label));
  }

  const Bones = ({ lines = 3, label = "Loading" }) => h("div", { className: "adr-card adr-bones", role: "status", "aria-label": label }, Array.from({ length: lines }, (_, i) => h("i", { key: i, style: { width: `${[62, 88, 74, 40][i % 4]}%` } })));

  /** Shows bones, trouble or the data; a failed refresh keeps what is known and says so. */
  function Loaded({ from, lines, children }) {
    if (from.data === undefined && from.problem) return h("div", { className: "adr-card" }, h(Trouble, { problem: from.problem, retry: from.reload }));
    if (from.data === undefined) return h(Bones, { lines });
    return h(React.Fragment, null, from.problem && h(Trouble, { problem: from.problem, retry: from.reload }), children(from.data));
  }

  function Card({ icon, tone = "indigo", title, sub, chip, label, className = "", children, foot }) {
    return h("section", { className: `adr-card ${className}`, "aria-label": label || (typeof title === "string" ? title : undefined) },
      h("header", { className: "adr-head" }, h("span", { className: `adr-badge adr-${tone}` }, h(Icon, { name: icon, size: 18 })),
        h("div", { className: "adr-title" }, h("h3", null, title), sub && h("p", { className: "adr-sub" }, sub)), chip),
      children, foot && h("footer", { className: "adr-foot" }, foot));
  }

  const When = ({ at, before = "" }) => (at ? h("time", { dateTime: at, title: words.exactly(at) }, `${before}${words.ago(at)}`) : null);
  /** Facts in one line, parted by dots; empty ones are left out. */
  const Line = ({ items, className = "" }) => h("span", { className: `adr-line ${className}` }, items.filter(Boolean).map((item, i) => h("span", { key: i }, item)));

  function Bar({ value, max, warnAt, label, tone }) {
    const share = max > 0 ? Math.min(1, value / max) : 0;
    const colour = tone || (share >= 1 ? "red" : warnAt && share >= warnAt ? "amber" : "indigo");
    return h("div", { className: `adr-bar adr-${colour}`, role: "progressbar", "aria-label": label, "aria-valuenow": Math.round(share * 100), "aria-valuemin": 0, "aria-valuemax": 100 },
      h("i", { style: { width: `${share * 100}%` } }), warnAt ? h("b", { style: { left: `${warnAt * 100}%` }, title: `Warning at ${Math.round(warnAt * 100)}%` }) : null);
  }

  const Markdown = ({ text, marks }) => useMemo(() => render(React, text, marks), [text, (marks || []).join("\n")]);

  /** Tabs by the book: arrow keys move, one tab stop, panels named by their tab. */
  function Tabs({ tabs, value, onChange, label }) {
    const box = useRef(null);
    const move = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = tabs.findIndex((tab) => tab.id === value);
      onChange(tabs[(at + step + tabs.length) % tabs.length].id);
      requestAnimationFrame(() => box.current?.querySelector("[aria-selected=true]")?.focus());
    };
    return h("div", { className: "adr-tabs", role: "tablist", "aria-label": label, onKeyDown: move, ref: box }, tabs.map((tab) => h("button", { key: tab.id, type: "button", role: "tab", "aria-selected": tab.id === value, tabIndex: tab.id === value ? 0 : -1, onClick: () => onChange(tab.id) }, tab.title, tab.count ? h("span", { className: "adr-count" }, tab.count) : null)));
  }

  const Empty = ({ icon, children, action }) => h("div", { className: "adr-empty" }, h(Icon, { name: icon, size: 22 }), h("p", null, children), action);

  return { React, h, icons, words, element, useSay, useData, useAct, useKept, useTick, usePanel, usePanelTitle, Icon, Chip, Button, Trouble, Bones, Loaded, Card, When, Line, Bar, Markdown, Tabs, Empty, excerpt, changed, on, download, fileName };
}
