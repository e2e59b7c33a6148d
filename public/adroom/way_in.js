// Back where one was, with the words that stood in the box: after a reload, and after signing in anew.
// The chat's login forgets which conversation was open; a page that is open longer than its sign-in lasts says so.

const KEPT = "adroom-was-here"; // of this tab alone
const LOOK = 3_000; // milliseconds
const OPENING = 30_000;

const line = Object.assign(document.createElement("p"), { id: "adroom-signed-out", className: "adr-atcomposer", hidden: true });
line.setAttribute("role", "status");
line.append("You are signed out. Nothing here is lost: ", Object.assign(document.createElement("a"), { href: "/login", target: "_blank", textContent: "sign in in a new tab" }), ", then go on.");

const box = () => document.querySelector("#chat-input");
const isThread = (path) => path.startsWith("/thread/");
let here = null;
let leaving = false;
let words = "";
let was = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
let timer = null;

function keep(next) {
  was = next;
  if (was) sessionStorage.setItem(KEPT, JSON.stringify(was));
  else sessionStorage.removeItem(KEPT);
}

/** Where one is, noted as long as it is a conversation or has words in its box: the login comes without a goodbye. */
function note() {
  const written = box()?.value.trim() ?? "";
  if (box() && (written || isThread(location.pathname))) here = { path: location.pathname, words: written };
}

function leave() {
  note();
  if (here?.path === location.pathname) keep(here);
}

/** The chat draws its box anew while it opens a conversation: words are put back until somebody writes or sends. */
function restore() {
  if (!words || !box() || box().value) return;
  // past the chat's own setter, which would take it for known already
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), words);
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

function wrote(event) {
  if (event.isTrusted) words = "";
  note();
}

function sends(event) {
  if (event.key === "Enter" || event.target.closest?.("#chat-submit")) words = "";
}

/** Once the chat is drawn: words into the box where they were left; after a login, to the conversation first. */
function comeBack() {
  if (location.pathname === "/login") {
    if (!was?.login && (was ?? here)) keep({ ...(was ?? here), login: true });
  } else if (was && box() && !leaving) {
    const { path, login } = was;
    const elsewhere = login && location.pathname === "/" && isThread(path);
    if (location.pathname === path) {
      words = was.words;
      setTimeout(() => (words = ""), OPENING);
    }
    keep(elsewhere ? { path, words: was.words } : null); // there it is tried once: a conversation that is gone leads back here
    leaving = elsewhere;
    if (leaving) location.replace(path);
  }
  restore();
  note();
}

/** While the chat's connection is refused: is it because nobody is signed in? */
async function look() {
  if (document.hidden) return;
  try {
    const { status } = await fetch("/user", { credentials: "same-origin" });
    line.hidden = status !== 401;
  } catch {
    line.hidden = true; // the server is away, which the chat says itself
  }
}

export function placeWayIn() {
  comeBack();
  const composer = document.querySelector("#message-composer");
  if (composer && line.parentNode !== composer) composer.append(line);
  const refused = Boolean(document.querySelector("#session-error"));
  if (refused && !timer) {
    timer = setInterval(look, LOOK);
    look();
  } else if (!refused && timer) {
    clearInterval(timer);
    timer = null;
    line.hidden = true;
  }
}

export function watchWayIn() {
  if (!was && isThread(location.pathname)) keep({ path: location.pathname, words: "" });
  document.addEventListener("input", wrote, true);
  for (const way of ["keydown", "click"]) document.addEventListener(way, sends, true);
  window.addEventListener("pagehide", leave);
}
