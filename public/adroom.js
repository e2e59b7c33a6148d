// The cards' shared ground: `window.adroom`. Loaded as a module before the chat's own script.

import { Problem, answers, call, download, fileName, get, kept, post, put, toProblem } from "./adroom/api.js";
import { kit } from "./adroom/kit.js";
import { changed, follow, healthLine, on } from "./adroom/live.js";
import { excerpt, render } from "./adroom/markdown.js";
import * as words from "./adroom/words.js";

window.adroom = { api: { call, get, post, put }, Problem, toProblem, answers, kept, on, changed, follow, words, markdown: { render, excerpt }, download, fileName, kit };

// One quiet line: version, build, model at work. It stands where the chat has its own footnote, or at the foot of the
// welcome page, and is put back when the chat draws that anew.
const line = Object.assign(document.createElement("p"), { id: "adroom-line" });
let due = false;

function place() {
  due = false;
  const footnote = document.querySelector(".watermark");
  const welcome = document.querySelector("#welcome-screen");
  const home = footnote || welcome;
  if (!home) return line.remove();
  if (line.parentNode !== home) home.append(line);
  line.classList.toggle("adr-atfoot", home === welcome);
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(place);
}

async function fill() {
  try {
    line.textContent = await healthLine();
    line.title = "Product, build and the model at work";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    line.textContent = "Adroom · not reachable";
  }
}

function start() {
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  soon();
  fill();
  on("health", fill);
}

if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
