// The asset in the side panel: the article or the email as it will look, and what the critics found, word for word.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Chip, Claims, Comments, ContentScore, Decision, EmailFiles, EmailPreview, Empty, Icon, Line, Loaded, Markdown, PieceSteps, ProposalOf, Published, Tabs, Trouble, Unchecked, When, changed, download, fileName, standing, useAct, useData, usePanel, usePanelTitle, words } = kit;

const failing = (view) => (view.findings || []).flatMap((report) => report.checks.filter((check) => !check.passed).map((check) => ({ ...check, reviewer: report.reviewer })));

function Preview({ view, marks }) {
  const content = view.content || {};
  const others = content.subjects || content.variants || [];
  const action = content.callToAction;
  return (
    <>
      <dl className="adr-mailhead">
        <dt>Subject</dt><dd><strong>{content.subject || view.title}</strong></dd>
        <dt>Preheader</dt><dd>{content.preheader || <span className="adr-quiet">none</span>}</dd>
        {others.length > 0 && <><dt>Other subjects</dt><dd><ul>{others.map((v, i) => <li key={i}>{typeof v === 'string' ? v : v.subject}</li>)}</ul></dd></>}
      </dl>
      {view.html ? <EmailPreview view={view} /> : (
        <div className="adr-mail">
          <Markdown text={content.bodyMarkdown || view.markdown || view.text} marks={marks} />
          {action && !String(content.bodyMarkdown || '').includes(typeof action === 'string' ? action : action.label) && <p><span className="adr-mailaction">{typeof action === 'string' ? action : action.label}</span></p>}
        </div>
      )}
    </>
  );
}

const WHO = { originality: 'Compared with the swipe library', preflight: 'Checked by rule' };

/** One finding: what, where, why, how to mend it; a mend that is certain is one click. */
/** Findings of one rule that say the same of several places: the first, with the others behind it. One that can be mended by itself stays alone. */
function gathered(checks) {
  const groups = new Map();
  for (const check of checks) {
    const alone = typeof check.mend === 'string' || !check.where?.text;
    const key = alone ? `${check.reviewer} ${check.id}` : [check.reviewer, check.rule, check.evidence, check.fix].join('\n');
    groups.set(key, [...(groups.get(key) || []), check]);
  }
  return [...groups.values()];
}

const Where = ({ where }) => <p className="adr-where"><mark>{where.text.length > 240 ? `${where.text.slice(0, 240)} …` : where.text}</mark> <span className="adr-quiet">in {words.sentence(where.part.replace(/\./g, ' ')).toLowerCase()}</span></p>;

function Finding({ check, more, view, onMend, busy }) {
  const openPanel = usePanel();
  const swipeId = check.reviewer === 'originality' && /^swipe-/.test(check.id) ? check.id.slice(6) : null;
  const certain = check.reviewer === 'preflight' && typeof check.mend === 'string' && !finished(view);
  return (
    <li className={`adr-finding adr-${words.severityTone(check.severity)}`}>
      <p className="adr-split"><strong>{check.rule}</strong><Chip tone={words.severityTone(check.severity)} icon={check.severity === 'critical' ? 'OctagonAlert' : check.severity === 'info' ? 'Info' : 'TriangleAlert'}>{words.sentence(check.severity)}</Chip></p>
      {check.where?.text && <Where where={check.where} />}
      {more.length > 0 && <details><summary className="adr-quiet">{words.count(more.length, 'more place')}</summary>{more.map((one) => <Where key={one.id} where={one.where} />)}</details>}
      {check.evidence && <p className="adr-quiet">{check.evidence}</p>}
      {check.fix && <p><Icon name="Wrench" size={14} /> {check.fix}</p>}
      <div className="adr-row">
        <p className="adr-quiet">{WHO[check.reviewer] || `${words.sentence(check.reviewer)} critic`}</p>
        {certain && <Button icon="Wand" busy={busy === check.id} onClick={() => onMend(check)} title={check.mend ? `Becomes: ${check.mend}` : 'Is taken out'}>Apply</Button>}
        {swipeId && <Button kind="link" icon="PanelRightOpen" onClick={() => openPanel('Swipe', { swipeId })}>Open the ad</Button>}
      </div>
    </li>
  );
}

function Findings({ view, reload }) {
  const { busy, problem, act } = useAct();
  const open = failing(view).sort((a, b) => words.SEVERITIES.indexOf(a.severity) - words.SEVERITIES.indexOf(b.severity));
  const passed = (view.findings || []).flatMap((report) => report.checks.filter((check) => check.passed));
  if (!view.findings?.length) return <Empty icon="ListChecks">The critics have not read this version yet.</Empty>;
  const mend = async (check) => {
    const next = await act(check.id, ({ key }) => api.post('/tools/apply_mend', { assetId: view.id, contentHash: view.contentHash, checks: [check.id] }, { key }));
    if (next) (reload(), changed('assets', 'inbox', 'claims'));
  };
  return (
    <>
      <div className="adr-row">{view.findings.map((report) => <Chip key={report.reviewer} value={report.verdict}>{words.sentence(report.reviewer)}: {words.status(report.verdict).word.toLowerCase()}{report.scored ? `, ${report.score} of 10` : ''}</Chip>)}</div>
      <Trouble problem={problem} retry={problem?.status === 409 ? reload : null} label="Show newest" />
      {open.length ? words.SEVERITIES.filter((severity) => open.some((check) => check.severity === severity)).map((severity) => {
        const mine = open.filter((check) => check.severity === severity);
        return (
          <section key={severity} aria-label={`${severity} findings`}>
            <p className="adr-label">{words.count(mine.length, `${severity} finding`)}</p>
            <ul className="adr-findings">{gathered(mine).map(([check, ...more]) => <Finding key={`${check.reviewer}${check.id}`} check={check} more={more} view={view} onMend={mend} busy={busy} />)}</ul>
          </section>
        );
      }) : <Empty icon="CircleCheck">Nothing to mend.</Empty>}
      {passed.length > 0 && <details className="adr-item"><summary>{words.count(passed.length, 'rule')} kept</summary><ul className="adr-rows">{passed.map((check, i) => <li key={i}><Icon name="Check" className="adr-okay" /><span>{check.rule}</span></li>)}</ul></details>}
      <Unchecked view={view} />
    </>
  );
}

const finished = (view) => ['approved', 'published'].includes(view.status);

function Exports({ view }) {
  const held = ['flagged_for_review', 'rejected'].includes(view.status);
  const name = (ending) => fileName(`${view.title}${finished(view) ? '' : ' draft'}`, ending);
  if (held) return <p className="adr-hush"><Icon name="TriangleAlert" />{words.status(view.status).word}: it cannot be exported until it is approved.</p>;
  const files = [
    view.markdown && view.channel !== 'email' && ['Markdown', 'md', view.markdown, 'text/markdown;charset=utf-8'],
    view.html && view.channel !== 'email' && ['HTML', 'html', view.html, 'text/html;charset=utf-8'],
    view.text && !(view.channel === 'email' && view.html) && ['Plain text', 'txt', view.text, 'text/plain;charset=utf-8'],
  ].filter(Boolean);
  return (
    <div className="adr-row adr-links">
      {!finished(view) && <span className="adr-quiet">Draft:</span>}
      {view.channel === 'email' && view.html && <EmailFiles id={view.id} />}
      {files.map(([label, ending, text, type]) => <Button key={label} kind="link" icon="Download" onClick={() => download(name(ending), text, type)}>{label}</Button>)}
    </div>
  );
}

function Whole({ asset, view, first }) {
  const email = view.channel === 'email';
  const page = ['blog_post', 'landing_page'].includes(view.format);
  const open = failing(view);
  const marks = open.map((check) => check.where?.text).filter((text) => text?.length > 3);
  const [tab, setTab] = useState(first || 'read');
  usePanelTitle(view.title?.slice(0, 120));
  const tabs = [{ id: 'read', title: email ? 'Preview' : 'Read' }, ...(email && view.text ? [{ id: 'text', title: 'Plain text' }] : []), { id: 'findings', title: 'Findings', count: open.length }, { id: 'claims', title: 'Claims' }, ...(view.proposalId || first === 'proposal' ? [{ id: 'proposal', title: 'Proposed changes' }] : []), ...(view.uses?.length ? [{ id: 'uses', title: 'Written from', count: view.uses.length }] : []), { id: 'comments', title: 'Comments', count: view.openComments }];
  return (
    <article className="adr-panel" aria-label={view.title}>
      <header className="adr-panelhead">
        <div className="adr-row adr-wide">
          <p className="adr-facts"><Line items={[view.clientName, view.campaignName, `v${view.version}`, view.wordCount ? words.count(view.wordCount, 'word') : null, view.shownScore?.words, view.agent && `by ${words.agentName(view.agent)}${view.model === 'offline' ? ' (offline writer)' : ''}`, <When at={view.createdAt || view.updatedAt} />]} /></p>
          <Chip value={standing(view)} />
        </div>
      </header>
      <Tabs tabs={tabs} value={tab} onChange={setTab} label="Views of the asset" />
      <div className="adr-panelbody" role="tabpanel" aria-label={tabs.find((one) => one.id === tab)?.title}>
        {tab === 'read' && email && <Preview view={view} marks={marks} />}
        {tab === 'read' && !email && (<Markdown text={view.markdown || view.text} marks={marks} />)}
        {tab === 'text' && <pre className="adr-plaintext" tabIndex={0}>{view.text}</pre>}
        {tab === 'findings' && <ContentScore view={view} />}
        {tab === 'findings' && <Findings view={view} reload={asset.reload} />}
        {tab === 'claims' && <Claims view={view} />}
        {tab === 'proposal' && <ProposalOf assetId={view.id} onTaken={asset.set} />}
        {tab === 'uses' && <Uses uses={view.uses} />}
        {tab === 'comments' && <Comments kind="assets" id={view.id} />}
      </div>
      <footer className="adr-stick">
        <Decision kind="assets" view={view} onView={asset.set} reload={asset.reload} onNewest={asset.reload} />
        <Published view={view} />
        {page ? <div className="adr-row adr-links"><PieceSteps view={view} /></div> : <Exports view={view} />}
      </footer>
    </article>
  );
}

/** The customers' words and the example ads that the writer names. */
function Uses({ uses }) {
  const openPanel = usePanel();
  return (
    <ul className="adr-quotes">
      {uses.map((one) => (
        <li key={one.id} className="adr-quote">
          <blockquote>{one.text}</blockquote>
          <p className="adr-facts"><Icon name={one.kind === 'quote' ? 'MessagesSquare' : 'Images'} size={13} /> {one.kind === 'quote' ? 'A customer’s words' : 'The structure of an ad'}, {one.whose}</p>
          {one.kind === 'ad' && <div className="adr-row"><Button kind="link" icon="PanelRightOpen" onClick={() => openPanel('Swipe', { swipeId: one.id })}>Open the ad</Button></div>}
        </li>
      ))}
    </ul>
  );
}

function Asset({ assetId, tab }) {
  const asset = useData(`/assets/${assetId}`, ['assets']);
  return <Loaded from={asset} lines={8}>{(view) => <Whole asset={asset} view={view} first={tab} />}</Loaded>;
}

export default kit.element('Asset', Asset, { props, sendUserMessage });
