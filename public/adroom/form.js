// Fields: single ones for the intake, and a whole form made from a document's own data (no raw JSON for people).

import { sentence } from "./words.js";

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const NAMES = ["name", "title", "label", "claim", "channel", "pattern", "text", "id"];
const isReference = (key) => key === "id" || /Ids?$/.test(key);

/** A message that was written to follow its field's name, as a sentence of its own. */
const opened = (message) => message.charAt(0).toUpperCase() + message.slice(1);

/** The part of a JSON schema that describes a value: references followed, "or null" dropped. */
function part(schema, root) {
  let at = schema;
  for (let depth = 0; at && depth < 8; depth += 1) {
    if (at.$ref) at = at.$ref.split("/").slice(1).reduce((found, step) => found?.[step], root);
    else if (at.anyOf) at = at.anyOf.find((one) => one.type !== "null");
    else if (at.allOf?.length === 1) at = at.allOf[0];
    else return at;
  }
  return at;
}

/** An empty value of a schema's shape, for "Add". */
function blank(schema, root, name, number) {
  const at = part(schema, root);
  if (!at || at.type === "string") return "";
  if (at.type === "array") return [];
  if (at.type === "boolean") return false;
  if (at.type === "number" || at.type === "integer") return null;
  return Object.fromEntries(Object.entries(at.properties || {}).map(([key, child]) => {
    if (key === "id") return [key, `${name}-${number}`];
    if (child.default !== undefined) return [key, child.default];
    return [key, (child.anyOf || []).some((one) => one.type === "null") ? null : blank(child, root, name, number)];
  }));
}

/** An empty value of another value's shape, where no schema is at hand. */
function emptied(like, name, number) {
  if (Array.isArray(like)) return [];
  if (!isObject(like)) return typeof like === "boolean" ? false : typeof like === "number" ? null : "";
  return Object.fromEntries(Object.entries(like).map(([key, value]) => [key, key === "id" ? `${name}-${number}` : emptied(value, name, number)]));
}

export function forms({ React, h, Button, Icon }) {
  const { useId, useRef, useEffect } = React;

  /** Label, help, the field itself, and what is wrong with it, tied together for screen readers. */
  function Field({ label, help, required, errors = [], warnings = [], group, children }) {
    const id = useId();
    const said = [help && `${id}-help`, errors.length && `${id}-error`, warnings.length && `${id}-warning`].filter(Boolean).join(" ") || undefined;
    const inner = children({ id, "aria-describedby": said, "aria-invalid": errors.length ? true : undefined, "aria-required": required || undefined });
    const title = h(React.Fragment, null, label, required && h("span", { className: "adr-required", title: "Required" }, " *"));
    return h("div", { className: `adr-field ${errors.length ? "adr-bad" : ""}`, role: group ? "group" : undefined, "aria-labelledby": group ? `${id}-label` : undefined },
      group ? h("span", { className: "adr-label", id: `${id}-label` }, title) : h("label", { className: "adr-label", htmlFor: id }, title),
      help && h("p", { className: "adr-help", id: `${id}-help` }, help), inner,
      errors.length ? h("p", { className: "adr-error", id: `${id}-error` }, h(Icon, { name: "CircleAlert", size: 14 }), errors.map(opened).join(" ")) : null,
      warnings.length ? h("p", { className: "adr-warning", id: `${id}-warning` }, h(Icon, { name: "TriangleAlert", size: 14 }), warnings.map(opened).join(" ")) : null);
  }

  /** A text that grows with what is in it. */
  function LongText({ value, onChange, rows = 2, ...rest }) {
    const field = useRef(null);
    useEffect(() => {
      const box = field.current;
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight + 2, 480)}px`;
    }, [value]);
    return h("textarea", { ...rest, ref: field, rows, className: "adr-input", value: value ?? "", onChange: (e) => onChange(e.target.value) });
  }

  const Text = ({ value, onChange, type = "text", ...rest }) => h("input", { ...rest, type, className: "adr-input", value: value ?? "", onChange: (e) => onChange(e.target.value) });

  /** Several short answers, one row each. Enter adds a row, Backspace in an empty one removes it. */
  function ListInput({ value, onChange, label, placeholder, id, ...rest }) {
    const rows = value?.length ? value : [""];
    const box = useRef(null);
    const focus = (at) => requestAnimationFrame(() => box.current?.querySelectorAll("textarea, input")[at]?.focus());
    const set = (at, text) => onChange(rows.map((row, i) => (i === at ? text : row)));
    const add = (at) => {
      onChange([...rows.slice(0, at + 1), "", ...rows.slice(at + 1)]);
      focus(at + 1);
    };
    const remove = (at) => {
      onChange(rows.filter((_, i) => i !== at));
      focus(Math.max(0, at - 1));
    };
    const onPaste = (at) => (event) => {
      const lines = event.clipboardData.getData("text").split(/\n+/).map((line) => line.replace(/^\s*[-*•]\s*/, "").trim()).filter(Boolean);
      if (lines.length < 2) return;
      event.preventDefault();
      onChange([...rows.slice(0, at), ...(rows[at] ? [rows[at]] : []), ...lines, ...rows.slice(at + 1)]);
    };
    const onKeyDown = (at) => (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        add(at);
      } else if (event.key === "Backspace" && !rows[at] && rows.length > 1) {
        event.preventDefault();
        remove(at);
      }
    };
    return h("div", { className: "adr-list", ref: box },
      rows.map((row, at) => h("div", { className: "adr-listrow", key: at },
        h(LongText, { ...rest, rows: 1, id: at ? undefined : id, "aria-label": `${label}, ${at + 1}`, value: row, placeholder: at ? undefined : placeholder, onChange: (text) => set(at, text), onKeyDown: onKeyDown(at), onPaste: onPaste(at) }),
        rows.length > 1 || row ? h(Button, { icon: "X", kind: "bare", "aria-label": `Remove ${label.toLowerCase()} ${at + 1}`, onClick: () => remove(at) }) : null)),
      h(Button, { icon: "Plus", kind: "bare", disabled: !rows[rows.length - 1], onClick: () => add(rows.length - 1) }, "Add"));
  }

  /** One of a few, as buttons. Pressing the chosen one again clears it unless it must be answered. */
  function Choice({ value, options, onChange, label, required }) {
    return h("div", { className: "adr-choices", role: "group", "aria-label": label }, options.map((option) => h("button", { key: option.value, type: "button", className: "adr-choice", "aria-pressed": value === option.value, onClick: () => onChange(value === option.value && !required ? null : option.value) }, option.label)));
  }

  function Choices({ value = [], options, onChange, label }) {
    const flip = (one) => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
    return h("div", { className: "adr-choices", role: "group", "aria-label": label }, options.map((option) => h("button", { key: option.value, type: "button", className: "adr-choice", "aria-pressed": value.includes(option.value), onClick: () => flip(option.value) }, value.includes(option.value) && h(Icon, { name: "Check", size: 14 }), option.label)));
  }

  const Tick = ({ value, onChange, label, ...rest }) => h("label", { className: "adr-tick" }, h("input", { ...rest, type: "checkbox", checked: Boolean(value), onChange: (e) => onChange(e.target.checked) }), h("span", null, label));

  /** Any JSON value as fields. `schema` (the type's JSON schema) is optional and makes empty parts editable too. */
  function AnyField({ name, value, onChange, schema, root, errorsAt, path, depth = 0 }) {
    const label = sentence(name);
    const shape = part(schema, root);
    const errors = errorsAt(path);
    if (name === "id" || name === "clientId") return null;
    if (isReference(name) && name !== "evidenceIds" && !Array.isArray(value)) return value ? h("p", { className: "adr-ref" }, `${label}: `, h("code", null, String(value))) : null;
    if (Array.isArray(value) || shape?.type === "array") return h(AnyList, { name, label, value: value || [], onChange, schema: shape?.items, root, errorsAt, path, depth });
    if (isObject(value)) return h("fieldset", { className: `adr-group adr-depth${Math.min(depth, 3)}` }, h("legend", null, label), h(AnyObject, { value, onChange, schema: shape, root, errorsAt, path, depth: depth + 1 }));
    if (typeof value === "boolean" || shape?.type === "boolean") return h(Tick, { value, onChange, label });
    const options = shape?.enum?.map((one) => ({ value: one, label: sentence(one) }));
    if (options) return h(Field, { label, errors, group: true }, () => h(Choice, { value, options, onChange, label }));
    const numeric = typeof value === "number" || ["number", "integer"].includes(shape?.type);
    const long = !numeric && (String(value ?? "").length > 70 || String(value ?? "").includes("\n"));
    const set = numeric ? (text) => onChange(text === "" ? null : Number(text)) : (text) => onChange(text === "" && value === null ? null : text);
    return h(Field, { label, help: shape?.description, errors }, (tied) => (long ? h(LongText, { ...tied, value, onChange: set, rows: 3 }) : h(Text, { ...tied, value, onChange: set, type: numeric ? "number" : "text", step: numeric ? "any" : undefined })));
  }

  function AnyObject({ value, onChange, schema, ...rest }) {
    const keys = [...new Set([...Object.keys(schema?.properties || {}), ...Object.keys(value)])];
    return keys.map((key) => h(AnyField, { ...rest, key, name: key, value: value[key] ?? null, schema: schema?.properties?.[key], path: rest.path ? `${rest.path}.${key}` : key, onChange: (next) => onChange({ ...value, [key]: next }) }));
  }

  function AnyList({ name, label, value, onChange, schema, root, errorsAt, path, depth }) {
    const shape = part(schema, root);
    const ofObjects = value.some(isObject) || shape?.type === "object";
    if (!ofObjects) return h(Field, { label, errors: errorsAt(path), group: true }, (tied) => h(ListInput, { ...tied, value: value.map(String), label, onChange: (rows) => onChange(rows.filter((row, i) => row || i < rows.length)) }));
    const single = sentence(name).replace(/ies$/, "y").replace(/s$/, "");
    const add = () => onChange([...value, shape ? blank(shape, root, name, value.length + 1) : emptied(value[0], name, value.length + 1)]);
    const title = (item) => NAMES.map((key) => item[key]).find((text) => typeof text === "string" && text) || single;
    return h("fieldset", { className: `adr-group adr-depth${Math.min(depth, 3)}` }, h("legend", null, label),
      value.map((item, at) => h("details", { key: at, className: "adr-item", open: value.length === 1 || !item[NAMES.find((key) => key in item)] },
        h("summary", null, h("span", null, title(item))),
        h(AnyObject, { value: item, schema: shape, root, errorsAt, path: `${path}.${at}`, depth: depth + 1, onChange: (next) => onChange(value.map((old, i) => (i === at ? next : old))) }),
        h(Button, { icon: "Trash2", kind: "danger", onClick: () => onChange(value.filter((_, i) => i !== at)) }, `Remove this ${single.toLowerCase()}`))),
      shape || value.length ? h(Button, { icon: "Plus", onClick: add }, `Add ${single.toLowerCase()}`) : h("p", { className: "adr-help" }, "None yet. Ask for the first one in the chat."));
  }

  /** Lists keep an empty row while one is typed; what is sent has none. */
  function withoutEmptyRows(value) {
    if (Array.isArray(value)) return value.filter((row) => row !== "").map(withoutEmptyRows);
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutEmptyRows(child)]));
    return value;
  }

  /** @param {{path: string, message: string}[]} problems as the API names them */
  function DocumentForm({ value, onChange, schema, problems = [] }) {
    const errorsAt = (path) => problems.filter((one) => (one.path || one.field) === path).map((one) => one.message);
    return h("div", { className: "adr-form" }, h(AnyObject, { value, onChange, schema: part(schema, schema), root: schema, errorsAt, path: "" }));
  }

  return { Field, Text, LongText, ListInput, Choice, Choices, Tick, DocumentForm, withoutEmptyRows };
}
