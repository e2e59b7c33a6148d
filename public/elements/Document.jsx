// The document in the side panel: read it first, then edit, compare, comment, see sources and history.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bones, Button, Chip, Comments, Decision, DocumentForm, Empty, Icon, Line, Loaded, Markdown, Tabs, Trouble, When, changed, download, fileName, useAct, useData, useKept, usePanel, usePanelTitle, withoutEmptyRows, standing, words } = kit;

function author(view) {
  const model = view.model ? ` (${view.model === 'offline' ? 'offline writer' : view.model})` : '';
  return `${words.agentName(view.createdBy) || 'somebody'}${model}`;
}

function Read({ view }) {
  return view.markdown ? <Markdown text={view.markdown} /> : <Empty icon="FileText">This document is empty.</Empty>;
}

/** A saved edit is the next version; what is typed is kept while the panel is closed. */
function Edit({ view, onSaved }) {
  const [typed, setTyped] = useKept(`edit:${view.id}`, null);
  const { busy, problem, act, clear } = useAct();
  const save = async () => {
    const next = await act('save', ({ key }) => api.put(`/artifacts/${view.id}`, { data: withoutEmptyRows(typed), contentHash: view.contentHash }, { key }));
    if (!next) return;
    setTyped(null);
    changed('artifacts', 'inbox');
    onSaved(next);
  };
  const fields = (problem?.fields || []).map((one) => ({ path: one.path || one.field, message: one.message }));
  return (
    <div className="adr-edit">
      <p className="adr-hint">Saving makes v{view.latestVersion + 1}. {view.status === 'approved' && 'It has to be approved again, and what was built on it is flagged.'}</p>
      <DocumentForm value={typed ?? view.data} schema={view.schema} onChange={(data) => { clear(); setTyped(data); }} problems={fields} />
      <div className="adr-stick">
        {problem && <Trouble problem={problem} retry={problem.status === 409 ? () => changed('artifacts') : undefined} label="Show newest" />}
        {fields.length > 0 && <ul className="adr-error">{fields.map((one, i) => <li key={i}>{words.sentence(one.path.split('.').pop())}: {one.message}</li>)}</ul>}
        <div className="adr-row">
          <Button kind="primary" icon="Check" busy={Boolean(busy)} disabled={typed === null} onClick={save}>Save as v{view.latestVersion + 1}</Button>
          <Button disabled={typed === null} onClick={() => setTyped(null)}>Discard</Button>
          {typed === null ? <span className="adr-quiet">Nothing changed yet</span> : <span className="adr-quiet">Not saved yet</span>}
        </div>
      </div>
    </div>
  );
}

const OPS = { '=': null, equal: null, '+': 'ins', insert: 'ins', add: 'ins', '-': 'del', delete: 'del', remove: 'del' };
const plainly = (value) => (value === null || value === undefined ? '' : typeof value === 'object' ? Object.values(value).filter((v) => typeof v === 'string').join(' · ') || words.count(Object.keys(value).length, 'entry', 'entries') : String(value));

function Change({ change }) {
  const drawn = change.words?.length
    ? change.words.map(([op, text], i) => { const Tag = OPS[op] || 'span'; return <Tag key={i}>{text}</Tag>; })
    : <>{change.before !== null && change.before !== undefined && <del>{plainly(change.before)}</del>} {change.after !== null && change.after !== undefined && <ins>{plainly(change.after)}</ins>}</>;
  const tone = { added: 'green', removed: 'red' }[change.kind] || 'blue';
  return <li><p className="adr-split"><strong>{change.label || words.sentence(change.path.split('.').pop())}</strong><Chip tone={tone} icon={{ added: 'Plus', removed: 'Minus' }[change.kind] || 'PencilLine'}>{words.sentence(change.kind)}</Chip></p><p className="adr-words">{drawn}</p></li>;
}

function Compare({ view, versions }) {
  const others = versions.filter((v) => v.id !== view.id);
  const before = others.filter((v) => v.version < view.version).sort((a, b) => b.version - a.version)[0];
  const [against, setAgainst] = useKept(`against:${view.id}`, (before || others[0])?.id);
  const diff = useData(against ? `/artifacts/${view.id}/diff?against=${against}` : null);
  if (!others.length) return <Empty icon="GitCompare">There is only one version so far.</Empty>;
  return (
    <>
      <div className="adr-row" role="group" aria-label="Compare with">
        <span className="adr-quiet">v{view.version} compared with</span>
        {others.map((v) => <button key={v.id} type="button" className="adr-choice" aria-pressed={against === v.id} onClick={() => setAgainst(v.id)}>v{v.version}</button>)}
      </div>
      <Loaded from={diff} lines={4}>
        {({ changes }) => (changes.length ? <ul className="adr-changes">{changes.map((change, i) => <Change key={i} change={change} />)}</ul> : <Empty icon="Check">Nothing differs.</Empty>)}
      </Loaded>
    </>
  );
}

function Sources({ view }) {
  const openPanel = usePanel();
  if (!view.builtFrom?.length) return <Empty icon="Layers">It stands on its own: nothing upstream was needed.</Empty>;
  return (
    <>
      <p className="adr-hint">If one of these changes, this document is flagged until somebody approves it again or has it rebuilt.</p>
      <ul className="adr-rows">{view.builtFrom.map((s) => (
        <li key={s.artifactId}><Icon name="FileText" /><span><strong>{s.typeTitle}</strong> v{s.version}</span><Button kind="link" onClick={() => openPanel('Document', { artifactId: s.artifactId })}>Open</Button></li>
      ))}</ul>
    </>
  );
}

function History({ view, versions, onShow }) {
  return (
    <ul className="adr-rows">{versions.map((v) => (
      <li key={v.id} aria-current={v.id === view.id || undefined}>
        <strong>v{v.version}</strong><span><Line items={[author(v), <When at={v.createdAt} />]} /></span><Chip value={v.status} />
        {v.id === view.id ? <span className="adr-quiet">shown</span> : <Button kind="link" onClick={() => onShow(v.id)}>Show</Button>}
      </li>
    ))}</ul>
  );
}

function Whole({ doc, view, tab, setTab, setShown }) {
  const versions = useData(`/artifacts/${view.id}/versions`, ['artifacts']);
  const all = versions.data?.items || [];
  const outdated = view.latestId && view.latestId !== view.id;
  usePanelTitle([view.typeTitle, view.campaignName || view.clientName].filter(Boolean).join(' · ').slice(0, 120));
  const tabs = [
    { id: 'read', title: 'Read' }, ...(outdated || view.status === 'archived' ? [] : [{ id: 'edit', title: 'Edit' }]), { id: 'diff', title: 'Changes' },
    { id: 'comments', title: 'Comments', count: view.openComments }, { id: 'sources', title: 'Sources' }, { id: 'history', title: 'History' },
  ];
  const at = tabs.some((one) => one.id === tab) ? tab : 'read';
  const saved = (next) => { setShown(next.id); setTab('read'); };
  return (
    <article className="adr-panel" aria-label={view.typeTitle}>
      <header className="adr-panelhead">
        <div className="adr-row adr-wide">
          <p className="adr-facts"><Line items={[view.clientName, `v${view.version}`, `by ${author(view)}`, <When at={view.createdAt} />]} /></p>
          <Chip value={standing(view)} />
        </div>
        {view.status === 'flagged_for_review' && <p className="adr-flag"><Icon name="TriangleAlert" />{view.flaggedReason || 'Something it was built from has changed.'}</p>}
      </header>
      <Tabs tabs={tabs} value={at} onChange={setTab} label="Views of the document" />
      <div className="adr-panelbody" role="tabpanel" aria-label={tabs.find((one) => one.id === at).title}>
        {at === 'read' && <Read view={view} />}
        {at === 'edit' && <Edit key={view.id} view={view} onSaved={saved} />}
        {at === 'diff' && (versions.data ? <Compare key={view.id} view={view} versions={all} /> : <Bones />)}
        {at === 'comments' && <Comments kind="artifacts" id={view.id} />}
        {at === 'sources' && <Sources view={view} />}
        {at === 'history' && <Loaded from={versions}>{() => <History view={view} versions={all} onShow={setShown} />}</Loaded>}
      </div>
      {at !== 'edit' && (
        <footer className="adr-stick">
          <Decision kind="artifacts" view={view} onView={doc.set} reload={doc.reload} onNewest={() => setShown(view.latestId)} />
          {at === 'read' && view.markdown && <Button kind="link" icon="Download" onClick={() => download(fileName(`${view.clientName} ${view.typeTitle} v${view.version}`, 'md'), view.markdown, 'text/markdown;charset=utf-8')}>Markdown</Button>}
        </footer>
      )}
    </article>
  );
}

function Document({ artifactId, tab: first }) {
  const [shown, setShown] = useState(artifactId);
  const [tab, setTab] = useState(first || 'read');
  const doc = useData(`/artifacts/${shown}`, ['artifacts']);
  return <Loaded from={doc} lines={8}>{(view) => <Whole doc={doc} view={view} tab={tab} setTab={setTab} setShown={setShown} />}</Loaded>;
}

export default kit.element('Document', Document, { props, sendUserMessage });
