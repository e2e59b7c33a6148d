// The cards' shared ground: `window.adroom`. Loaded as a module before the chat's own script.

import { Problem, answers, call, download, fileName, get, kept, post, put, toProblem, upload } from "./adroom/api.js";
import { start } from "./adroom/around.js";
import { kit } from "./adroom/kit.js";
import { howLong, query } from "./adroom/library.js";
import { changed, follow, on } from "./adroom/live.js";
import { excerpt, render } from "./adroom/markdown.js";
import * as timeline from "./adroom/timeline.js";
import * as words from "./adroom/words.js";

window.adroom = { api: { call, get, post, put, upload }, Problem, toProblem, answers, kept, on, changed, follow, words, markdown: { render, excerpt }, download, fileName, howLong, query, kit, timeline };

if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
