// Comments on a document or an asset: read, add, resolve. Open ones are read by whoever writes the next version.

import { post } from "./api.js";
import { changed } from "./live.js";
import { agentName } from "./words.js";

export function comments({ h, useAct, useData, Button, Chip, Empty, Loaded, Note, Trouble, When, React }) {
  /** @param {"artifacts"|"assets"} kind */
  function Comments({ kind, id }) {
    const list = useData(`/${kind}/${id}/comments`, ["comments"]);
    const { busy, problem, act } = useAct();
    const told = () => changed("comments", kind);
    async function add(body, done) {
      if (!(await act("add", ({ key }) => post(`/${kind}/${id}/comments`, { body }, { key })))) return;
      done();
      told();
    }
    const resolve = async (comment) => (await act(comment, ({ key }) => post(`/comments/${comment}/resolve`, {}, { key }))) && told();
    const one = (comment) => h("li", { key: comment.id, "data-resolved": Boolean(comment.resolvedAt) },
      h("p", { className: "adr-split" }, h("span", null, h("strong", null, agentName(comment.authorName)), " ", h(When, { at: comment.createdAt })),
        comment.resolvedAt ? h(Chip, { tone: "green", icon: "Check" }, "Resolved") : h(Button, { kind: "link", icon: "Check", busy: busy === comment.id, onClick: () => resolve(comment.id) }, "Resolve")),
      h("p", { className: "adr-pre" }, comment.body));
    return h(Loaded, { from: list }, ({ items }) => h(React.Fragment, null,
      items.length ? h("ul", { className: "adr-comments" }, items.map(one)) : h(Empty, { icon: "MessageSquare" }, "No comments yet. Open ones are read by whoever writes the next version."),
      h(Note, { id: `comment-${id}`, label: "Add a comment", hint: "The next version answers open comments.", send: "Comment", busy: busy === "add", onSend: add, quiet: true }),
      h(Trouble, { problem })));
  }

  return { Comments };
}
