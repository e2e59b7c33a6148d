// What is sent while the chat connects is kept and sent once, when it can be; until then a line says so.
// The chat itself would leave the words in the box without a word.

const LOOK = 50; // milliseconds
const PATIENCE = 20_000;
const SOON = "Connecting. This is sent in a moment …";
const LATE = "Adroom cannot be reached just now. Your words stay here; they are sent when it is back.";

const line = Object.assign(document.createElement("p"), { id: "adroom-waits", className: "adr-atcomposer", hidden: true });
line.setAttribute("role", "status");
let timer = null;

const box = () => document.querySelector("#chat-input");
const button = () => document.querySelector("#chat-submit");
/** The chosen command, which stands below the box. */
const command = () => document.querySelector("#message-composer .command-button")?.id ?? "";
/** The words and the chosen command. */
const words = () => command() + (box()?.textContent ?? "").trim();

function done() {
  clearInterval(timer);
  timer = null;
  line.hidden = true;
}

/** Look until it can be sent; whoever writes on has changed their mind and presses again. */
function keep(kept, since) {
  if (words() !== kept || document.querySelector("#stop-button")) return done();
  if (button()?.disabled === false) {
    done();
    button().click();
    return;
  }
  const text = performance.now() - since < PATIENCE ? SOON : LATE;
  if (line.textContent !== text) line.textContent = text;
  line.hidden = false;
}

function pressed(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !box()?.contains(event.target)) return;
  const choosing = document.querySelector(".command-item, [cmdk-item]"); // Enter takes a command from the menu
  if (choosing || timer || !words() || button()?.disabled !== true) return;
  const [kept, since] = [words(), performance.now()];
  timer = setInterval(() => keep(kept, since), LOOK);
}

/** Beside the composer, where the chat has put it anew. */
export function placeWaits() {
  const composer = document.querySelector("#message-composer");
  if (composer && line.parentNode !== composer) composer.append(line);
}

export function watchSending() {
  document.addEventListener("keydown", pressed, true);
}
