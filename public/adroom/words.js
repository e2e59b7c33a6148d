// The words and figures people read: statuses, times, money, names. One vocabulary for all cards.

/** Status or state -> the word shown, its tone (see adroom.css) and its icon; a word always goes with the colour. */
export const STATUS = {
  draft: ["Draft", "blue", "PencilLine"],
  revised: ["Revised, to be approved", "blue", "PencilLine"],
  approved: ["Approved", "green", "CircleCheck"],
  flagged_for_review: ["Flagged", "amber", "TriangleAlert"],
  archived: ["Archived", "grey", "Archive"],
  outdated: ["Outdated", "grey", "History"],
  rejected: ["Rejected", "red", "CircleX"],
  changes_requested: ["Changes requested", "amber", "MessageSquare"],
  researching: ["Researching", "violet", "Search"],
  polishing: ["Polishing", "amber", "Sparkles"],
  qa_passed: ["Checks passed", "green", "ListChecks"],
  published: ["Published", "green", "CircleCheck"],
  scheduled: ["Scheduled", "green", "CalendarCheck"],
  queued: ["Queued", "grey", "Clock"],
  running: ["Working", "indigo", "Loader"],
  waiting: ["Waiting", "amber", "CirclePause"],
  completed: ["Done", "green", "CircleCheck"],
  failed: ["Failed", "red", "CircleX"],
  cancelled: ["Cancelled", "grey", "CircleX"],
  stopped: ["Stopped", "grey", "Square"],
  skipped: ["Skipped", "grey", "ChevronRight"],
  pending: ["To do", "grey", "Circle"],
  ready: ["Ready", "green", "CircleDot"],
  busy: ["Busy", "amber", "Loader"],
  error: ["Error", "red", "CircleAlert"],
  pass: ["Pass", "green", "CircleCheck"],
  needs_changes: ["Needs changes", "amber", "TriangleAlert"],
  fail: ["Fail", "red", "CircleX"],
  planning: ["Planning", "violet", "Target"],
  active: ["Active", "green", "CircleDot"],
  paused: ["Paused", "grey", "CirclePause"],
};

/** The same for what comes in: where an import stands. */
export const IMPORT_STATUS = {
  preview: ["Not imported yet", "blue", "Eye"],
  running: ["Importing", "indigo", "Loader"],
  completed: ["Imported", "green", "CircleCheck"],
  stopped: ["Stopped", "grey", "Square"],
  failed: ["Failed", "red", "CircleX"],
  expired: ["Expired", "grey", "Clock"],
};

/** @returns {{word: string, tone: string, icon: string}} never fails on a status it does not know */
export function status(value) {
  const [word, tone, icon] = STATUS[value] || [sentence(value || "unknown"), "grey", "Circle"];
  return { word, tone, icon };
}

const SEVERITY_TONE = { critical: "red", major: "amber", minor: "blue", info: "grey" };
export const SEVERITIES = Object.keys(SEVERITY_TONE);
export const severityTone = (severity) => SEVERITY_TONE[severity] || "grey";

/** "toneOfVoice" or "tone_of_voice" -> "Tone of voice" */
export function sentence(key) {
  const words = String(key).replace(/_/g, " ").replace(/([a-z0-9])([A-Z])/g, "$1 $2").trim();
  const short = { aov: "AOV", ltv: "LTV", icp: "ICP", icps: "ICPs", kpis: "KPIs", url: "URL", id: "ID", cvr: "CVR", epc: "EPC", evp: "EVP", seo: "SEO", cmo: "CMO" };
  const lower = words.toLowerCase().split(/\s+/).map((word) => short[word] || word).join(" ");
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** "seo_writer" -> "SEO writer"; a name that is one already stays */
export const agentName = (id) => (!id ? "" : /^[a-z0-9_]+$/.test(id) ? sentence(id) : id);

/** Money is text or number on the wire, in dollars; small amounts keep the digits that matter. */
export function money(amount, currency = "USD") {
  if (amount === null || amount === undefined || amount === "") return "–";
  const value = Number(amount);
  const digits = Math.abs(value) < 0.1 && Math.abs(value * 100 - Math.round(value * 100)) > 1e-9 ? 3 : 2;
  return new Intl.NumberFormat("en-US", { style: "currency", currency, minimumFractionDigits: digits === 3 ? 3 : 2, maximumFractionDigits: digits }).format(value);
}

export const count = (n, one, many) => `${new Intl.NumberFormat("en-US").format(n)} ${n === 1 ? one : many || one + "s"}`;

/** Seconds -> "8 s", "1 min 20 s", "2 h 5 min"; never broken over two lines */
export const duration = (seconds) => spell(seconds).replace(/ /g, "\u00a0");

function spell(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(Number(seconds))) return "–";
  const s = Math.max(0, Math.round(Number(seconds)));
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 && s < 600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.round(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return count(Math.round(s / 86400), "day");
}

export const secondsBetween = (from, to) => (new Date(to || Date.now()) - new Date(from)) / 1000;

/** "just now", "4 min ago", "yesterday, 14:02", "3 Mar, 14:02" */
export function ago(at) {
  if (!at) return "";
  const then = new Date(at);
  const s = (Date.now() - then) / 1000;
  if (s < 45) return "just now";
  if (s < 3600) return `${Math.max(1, Math.round(s / 60))} min ago`;
  const clock = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return `today, ${clock}`;
  if (then.toDateString() === new Date(Date.now() - 86400e3).toDateString()) return `yesterday, ${clock}`;
  const sameYear = then.getFullYear() === new Date().getFullYear();
  return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) })}, ${clock}`;
}

export const exactly = (at) => (at ? new Date(at).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" }) : "");
export const clock = (at) => (at ? new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" }) : "");

/** "2024-03-07" -> "7 Mar 2024" */
export const day = (date) => (date ? new Date(`${String(date).slice(0, 10)}T12:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" }) : "");
/** "pt" -> "Portuguese"; what is no language code stays */
export function language(code) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code) || code;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return code;
  }
}
