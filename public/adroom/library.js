// What the cards of the knowledge base share: an ad's picture, how an ad stands with its clients, filters, ratings.

import { sentence } from "./words.js";

const FORMAT_ICONS = { VIDEO: "Play", IMAGE: "Image", CAROUSEL: "GalleryHorizontal", DCO: "LayoutGrid" };

/** Filters and words -> a query string, empty ones left out. */
export const query = (given) => {
  const set = Object.entries(given).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false);
  return new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString();
};

/** "ran 61 days, still running" */
export function howLong({ daysActive, active, startDate }) {
  const days = daysActive ?? (startDate && active ? Math.max(1, Math.round((Date.now() - new Date(startDate)) / 86400e3)) : null);
  if (days === null || days === undefined) return active ? "running" : "";
  return `${active ? "running for" : "ran"} ${days === 1 ? "a day" : `${days} days`}`;
}

export function library({ React, h, Icon }) {
  const { useEffect, useRef, useState } = React;

  /**
   * An ad's picture, always from our own server, which fetches it when it is first asked for. Without one the ad's own
   * words stand on a plain ground: it is still told apart from its neighbours.
   */
  function Thumb({ swipe, large }) {
    const media = (swipe.media || []).find((one) => one.thumb) || (swipe.media || [])[0];
    const [failed, setFailed] = useState(null);
    const source = media?.thumb && failed !== media.thumb ? media.thumb : null;
    const hue = [...String(swipe.brand?.name || swipe.title || "")].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 6, 7);
    return h("div", { className: `adr-thumb adr-ground${hue}`, "data-large": large || undefined },
      source ? h("img", { src: source, alt: "", loading: "lazy", decoding: "async", onError: () => setFailed(source) })
        : h("span", { className: "adr-noimg" }, h(Icon, { name: FORMAT_ICONS[swipe.displayFormat] || "Megaphone", size: 22 }), h("span", null, swipe.brand?.name || swipe.title || "No picture")),
      swipe.displayFormat && h("span", { className: "adr-format" }, h(Icon, { name: FORMAT_ICONS[swipe.displayFormat] || "Megaphone", size: 12 }), sentence(swipe.displayFormat.toLowerCase()), media?.videoLength ? ` ${Math.round(media.videoLength)} s` : ""));
  }

  /** Stars for a rating of 1 to 5, the figure for any other; never stars alone. */
  function Rating({ value }) {
    if (value === null || value === undefined) return null;
    const n = Number(value);
    const label = `${n} of ${n <= 5 ? 5 : 10}`;
    if (n > 5) return h("span", { className: "adr-rating" }, label);
    return h("span", { className: "adr-rating", role: "img", "aria-label": `Rated ${label}`, title: label }, [1, 2, 3, 4, 5].map((at) => h(Icon, { key: at, name: "Star", size: 13, className: n >= at - 0.25 ? "adr-lit" : "" })));
  }

  /** A search field that asks after a short rest, and at once on Enter. */
  function SearchField({ value, onChange, label, placeholder }) {
    const [typed, setTyped] = useState(value);
    const timer = useRef(null);
    useEffect(() => setTyped(value), [value]);
    useEffect(() => () => clearTimeout(timer.current), []);
    const say = (text, wait) => {
      clearTimeout(timer.current);
      setTyped(text);
      if (wait) timer.current = setTimeout(() => onChange(text), 350);
      else onChange(text);
    };
    return h("div", { className: "adr-search" }, h(Icon, { name: "Search" }),
      h("input", { className: "adr-input", type: "search", "aria-label": label, placeholder, value: typed, maxLength: 300, onChange: (e) => say(e.target.value, true), onKeyDown: (e) => e.key === "Enter" && (e.preventDefault(), say(typed, false)) }));
  }

  /** One filter: any, or one of what there is, with how many. */
  function Filter({ label, value, options, onChange }) {
    if (!options?.length && !value) return null;
    const known = (options || []).some((one) => String(one.value) === String(value));
    return h("select", { className: "adr-select", "aria-label": label, value: value || "", "data-set": value ? true : undefined, onChange: (e) => onChange(e.target.value) },
      h("option", { value: "" }, label), !known && value ? h("option", { value }, sentence(String(value))) : null,
      (options || []).map((one) => h("option", { key: one.value, value: one.value }, `${one.label || sentence(String(one.value))}${one.n !== undefined ? ` (${one.n})` : ""}`)));
  }

  /** Keeps showing the last answer while the next one is on its way, so that nothing jumps. */
  function useLast(from) {
    const last = useRef(from.data);
    if (from.data !== undefined) last.current = from.data;
    return { data: last.current, waiting: from.data === undefined && !from.problem && last.current !== undefined };
  }

  /** What the search says about itself: that only words are searched, which name was meant. */
  function SearchNote({ found }) {
    const corrected = Object.entries(found.corrected || {});
    if (!found.note && !corrected.length) return null;
    return h("p", { className: "adr-hint" }, h(Icon, { name: "Info", size: 14 }), " ",
      corrected.map(([typed, meant]) => `“${typed}” was read as “${meant}”. `), found.note);
  }

  return { Thumb, Rating, SearchField, Filter, SearchNote, useLast };
}
