// Markdown as React elements. No HTML passes, no image is fetched, links go to http(s) and mail only, colons stay colons.

const SAFE_LINK = /^(https?:\/\/|mailto:)/i;
const DEEPEST = 24;
const INLINE = new RegExp(
  [
    "(`+)([\\s\\S]*?[^`])\\1(?!`)", // 1,2 code
    "!\\[([^\\]]{0,1000})\\]\\(([^)\\s]{0,2000})[^)]{0,500}\\)", // 3,4 image
    "\\[([^\\]]{1,1000})\\]\\(([^)\\s]{1,2000})[^)]{0,500}\\)", // 5,6 link
    "\\*\\*(\\S(?:[\\s\\S]{0,2000}?\\S)?)\\*\\*", // 7 bold
    "(?<![\\w*])\\*(\\S(?:[^*]{0,2000}?\\S)?)\\*(?![\\w*])", // 8 italic
    "(?<!\\w)_(\\S(?:[^_]{0,2000}?\\S)?)_(?!\\w)", // 9 italic
    "\\\\([\\\\`*_{}\\[\\]()#+\\-.!|<>~])", // 10 escaped
    "\\[((?:voc|swipe|doc|document|asset|source):[\\w-]{4,})\\]", // 11 where a quote or a fact comes from
  ].join("|"),
  "g",
);

/**
 * @param {object} React the page's React
 * @param {string} text
 * @param {string[]} marks exact words to highlight wherever they appear
 */
export function render(React, text, marks = []) {
  const h = React.createElement;
  const wanted = marks.filter(Boolean);
  let depth = 0;

  /** Text may nest what it likes; beyond DEEPEST it is shown as it stands. */
  function within(draw, otherwise) {
    if (depth >= DEEPEST) return otherwise;
    depth += 1;
    const drawn = draw();
    depth -= 1;
    return drawn;
  }

  function plain(words, key) {
    if (!wanted.length) return words;
    const escaped = wanted.map((mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return words.split(new RegExp(`(${escaped.join("|")})`)).map((part, i) => (wanted.includes(part) ? h("mark", { key: `${key}m${i}` }, part) : part));
  }

  const inline = (words, key = "i") => within(() => spans(words, key), words);

  function spans(words, key) {
    const out = [];
    let from = 0;
    for (const found of words.matchAll(INLINE)) {
      if (found.index > from) out.push(plain(words.slice(from, found.index), `${key}${from}`));
      out.push(span(found, `${key}${found.index}`));
      from = found.index + found[0].length;
    }
    if (from < words.length) out.push(plain(words.slice(from), `${key}${from}`));
    return out;
  }

  function span(found, key) {
    const [whole, , code, alt, source, label, address, bold, italic, slanted, escaped, origin] = found;
    if (code !== undefined) return h("code", { key }, code.trim());
    if (alt !== undefined) return h("span", { key, className: "adr-noimage" }, `Image: ${alt || "no description"} (${source || "no address"})`);
    if (label !== undefined) return SAFE_LINK.test(address) ? h("a", { key, href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, inline(label, key)) : h("span", { key }, whole);
    if (bold !== undefined) return h("strong", { key }, inline(bold, key));
    if (italic !== undefined || slanted !== undefined) return h("em", { key }, inline(italic ?? slanted, key));
    if (origin !== undefined) return h("sup", { key, className: "adr-cite", title: origin }, "source");
    return escaped;
  }

  return h("div", { className: "adr-md" }, blocks(String(text ?? "").replace(/\r\n?/g, "\n").split("\n"), "b"));

  function blocks(lines, key) {
    return within(() => parted(lines, key), h("p", { key }, lines.join("\n")));
  }

  function parted(lines, key) {
    const out = [];
    let at = 0;
    while (at < lines.length) {
      const [element, next] = block(lines, at, `${key}-${at}`);
      if (element) out.push(element);
      at = next;
    }
    return out;
  }

  function block(lines, at, key) {
    const line = lines[at];
    if (!line.trim()) return [null, at + 1];
    const fence = line.match(/^\s*(```+|~~~+)/);
    if (fence) return fenced(lines, at, fence[1], key);
    const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
    if (heading) return [h(`h${Math.min(6, heading[1].length + 1)}`, { key, "data-level": heading[1].length }, inline(heading[2], key)), at + 1];
    if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [h("hr", { key }), at + 1];
    if (/^\s*>/.test(line)) return quote(lines, at, key);
    if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) return list(lines, at, key);
    if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] || "")) return table(lines, at, key);
    return paragraph(lines, at, key);
  }

  function fenced(lines, at, mark, key) {
    let end = at + 1;
    while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
    return [h("pre", { key, tabIndex: 0 }, h("code", null, lines.slice(at + 1, end).join("\n"))), end + 1];
  }

  function quote(lines, at, key) {
    let end = at;
    while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
    return [h("blockquote", { key }, blocks(lines.slice(at, end).map((l) => l.replace(/^\s*>\s?/, "")), key)), end];
  }

  function list(lines, at, key) {
    const ordered = /^\s*\d+[.)]/.test(lines[at]);
    const indent = lines[at].match(/^\s*/)[0].length;
    const items = [];
    let end = at;
    while (end < lines.length) {
      const start = lines[end].match(/^(\s*)([-*+]|\d+[.)])\s+(.*)$/);
      if (start && start[1].length <= indent + 1) {
        if (/\d/.test(start[2]) !== ordered) break;
        items.push([start[3]]);
      } else if (items.length && lines[end].trim() && (/^\s{2,}/.test(lines[end]) || start)) items[items.length - 1].push(lines[end].replace(/^\s{1,4}/, ""));
      else if (!lines[end].trim() && /^\s*([-*+]|\d+[.)])\s+/.test(lines[end + 1] || "")) items[items.length - 1]?.push("");
      else break;
      end += 1;
    }
    const drawn = items.map((item, i) => h("li", { key: i }, inline(item[0], `${key}${i}`), blocks(item.slice(1), `${key}${i}`)));
    return [h(ordered ? "ol" : "ul", { key }, drawn), end];
  }

  function table(lines, at, key) {
    const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
    let end = at + 2;
    while (end < lines.length && lines[end].includes("|")) end += 1;
    const head = h("thead", null, h("tr", null, cells(lines[at]).map((cell, i) => h("th", { key: i, scope: "col" }, inline(cell, `${key}h${i}`)))));
    const body = lines.slice(at + 2, end).map((line, r) => h("tr", { key: r }, cells(line).map((cell, i) => h("td", { key: i }, inline(cell, `${key}${r}c${i}`)))));
    return [h("div", { key, className: "adr-table", tabIndex: 0 }, h("table", null, head, h("tbody", null, body))), end];
  }

  function paragraph(lines, at, key) {
    let end = at + 1;
    while (end < lines.length && lines[end].trim() && !/^(#{1,6}\s|\s*>|\s*([-*+]|\d+[.)])\s+|\s*(```|~~~))/.test(lines[end])) end += 1;
    return [h("p", { key }, inline(lines.slice(at, end).join("\n"), key)), end];
  }
}

/** The first words of a document as plain text, for a card. */
export function excerpt(text, length = 240) {
  const lines = String(text ?? "").split("\n").map((line) => line.trim()).filter((line) => line && !/^(#|>|\||```|---)/.test(line));
  const prose = lines.filter((line) => !/^([-*+]|\d+[.)])\s/.test(line));
  const first = prose.length ? prose.join(" ") : lines.map((line) => line.replace(/^([-*+]|\d+[.)])\s+/, "")).join(" · ");
  const words = first.replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\[([^\]]+)\]\([^)]*\)/g, "$1").replace(/\\([\\`*_{}[\]()#+\-.!|<>~])|[*`]|(?<!\w)_|_(?!\w)/g, "$1").replace(/^[-+]\s+/, "");
  return words.length > length ? `${words.slice(0, length).replace(/\s+\S*$/, "")} …` : words;
}
