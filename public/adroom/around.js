// What is added around the chat's own parts: who says each message, who is at work, and the line at the foot.
// The chat draws its parts anew when it likes; whatever was added is put back then.

import { Problem } from "./api.js";
import { changed, healthLine, on } from "./live.js";
import { placeWaits, watchSending } from "./sending.js";
import { placeWayIn, watchWayIn } from "./way_in.js";

const WAIT = 500; // milliseconds: what is faster is not worth a word

const line = Object.assign(document.createElement("p"), { id: "adroom-line" });
const work = Object.assign(document.createElement("p"), { id: "adroom-work", className: "adr-atcomposer", hidden: true });
work.setAttribute("role", "status");
let due = false;
let timer = null;

/** One quiet line: version, build, model at work; where the chat has its own footnote, or below the welcome page. */
function placeLine() {
  const welcome = document.querySelector("#welcome-screen");
  const home = document.querySelector(".watermark") || welcome;
  if (!home) return line.remove();
  if (line.parentNode !== home) home.append(line);
  line.classList.toggle("adr-atfoot", home === welcome);
}

function placeWork() {
  const composer = document.querySelector("#message-composer");
  if (composer && work.parentNode !== composer) composer.append(work);
}

/** The chat shows a picture only; a name is read faster, and by everybody. */
function nameSpeakers() {
  for (const picture of document.querySelectorAll(".ai-message > span img[alt^='Avatar for ']")) {
    const message = picture.closest(".ai-message");
    const words = message.querySelector(":scope > div");
    const name = picture.alt.slice("Avatar for ".length);
    if (words && words.dataset.speaker !== name) words.dataset.speaker = name;
  }
}

/** Marks what the style sheet would otherwise have to look for (`:has`), at a price for every change on the page. */
function mark(name, wanted) {
  const found = new Set(wanted.filter(Boolean));
  for (const element of document.querySelectorAll(`[${name}]`)) if (!found.delete(element)) element.removeAttribute(name);
  for (const element of found) element.setAttribute(name, "");
}

function markParts() {
  const panel = document.querySelector("#side-view-content");
  mark("data-adr-panel", [panel?.closest("aside")?.parentElement, panel?.closest("[role=dialog]")]);
  mark("data-adr-cards", Array.from(document.querySelectorAll(".ai-message .inline-custom"), (card) => card.closest(".ai-message")));
  const said = document.querySelectorAll("[data-step-type=user_message] .bg-accent > div > .message-content:empty");
  mark("data-adr-empty", Array.from(said, (words) => words.closest(".bg-accent")));
}

function place() {
  due = false;
  placeLine();
  placeWork();
  placeWaits();
  placeWayIn();
  nameSpeakers();
  markParts();
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(place);
}

/** "Planner: reading the intake …", from assistant/chat/answering.py; an empty one means that nobody is at work. */
function showWork({ agent, doing }) {
  clearTimeout(timer);
  if (!agent) {
    work.hidden = true;
    return;
  }
  const text = `${agent}: ${doing} …`;
  if (!work.hidden) work.textContent = text;
  else timer = setTimeout(() => Object.assign(work, { textContent: text, hidden: false }), WAIT);
}

// The chat hands what the server tells the page on as a message to the window.
window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window || origin !== location.origin || !data?.adroom) return;
  if (typeof data.adroom.agent === "string") showWork(data.adroom);
  if (Array.isArray(data.adroom.changed)) changed(...data.adroom.changed);
});

async function fill() {
  try {
    line.textContent = await healthLine();
    line.title = "Product, build and the model at work";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    line.textContent = "Adroom · not reachable";
  }
}

export function start() {
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["alt"] });
  soon();
  watchSending();
  watchWayIn();
  fill();
  on("health", fill);
}
