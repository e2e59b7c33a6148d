// All that waits for a decision of mine, oldest first: filtered, opened, decided one by one, or several pieces at once.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Empty, Icon, Line, Loaded, Note, Trouble, When, changed, useAct, useData, useKept, usePanel, useSay, words } = kit;

const SUBJECTS = { artifact: ['FileText', 'Document'], asset: ['Newspaper', 'Asset'], run: ['Workflow', null], budget: ['Wallet', null], plan: ['ListChecks', null] };
const SHOWN = 8;
const NO_FILTER = { kind: '', clientId: '', channel: '', status: '', score: '' };
const SCORES = { low: ['Below 6 of 10', 'scoreTo=5.9'], middle: ['6 to 8 of 10', 'scoreFrom=6&scoreTo=8'], high: ['Above 8 of 10', 'scoreFrom=8.1'] };
const STATUSES = ['draft', 'polishing', 'qa_passed', 'approved', 'rejected'];
const told = () => changed('inbox', 'artifacts', 'assets', 'runs', 'budgets');

const query = ({ score, ...rest }) => ['limit=100', ...Object.entries(rest).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`), SCORES[score]?.[1]].filter(Boolean).join('&');

function Choice({ label, value, options, onChange }) {
  return (
    <label>{label}
      <select className="adr-input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">All</option>
        {options.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

function Filters({ filter, setFilter }) {
  const clients = useData('/clients?limit=100', ['clients']);
  const set = (name) => (value) => setFilter({ ...filter, [name]: value });
  return (
    <div className="adr-filters" role="group" aria-label="Show only">
      <Choice label="What" value={filter.kind} onChange={set('kind')} options={[['asset', 'Assets'], ['artifact', 'Documents'], ['budget', 'Budgets'], ['run', 'Runs']]} />
      <Choice label="Client" value={filter.clientId} onChange={set('clientId')} options={(clients.data?.items || []).map((client) => [client.id, client.name])} />
      <Choice label="Channel" value={filter.channel} onChange={set('channel')} options={['blog', 'email', 'meta', 'google_search', 'google_display', 'linkedin', 'tiktok'].map((one) => [one, words.sentence(one)])} />
      <Choice label="Status" value={filter.status} onChange={set('status')} options={STATUSES.map((one) => [one, words.status(one).word])} />
      <Choice label="Score" value={filter.score} onChange={set('score')} options={Object.entries(SCORES).map(([id, [name]]) => [id, name])} />
    </div>
  );
}

function Held({ item }) {
  return (
    <>
      {item.openClaims > 0 && <Chip tone="amber" icon="TriangleAlert">{words.count(item.openClaims, 'claim')} open</Chip>}
      {item.criticalFindings > 0 && <Chip tone="red" icon="OctagonAlert">{item.criticalFindings} critical</Chip>}
    </>
  );
}

function Score({ item }) {
  return item.shownScore ? <Chip tone="violet" icon="Gauge">{words.sentence(item.shownScore.words)}</Chip> : null;
}

const ASKED = {
  changes_requested: ['What should be different?', 'The next version answers this note.', 'Send back'],
  rejected: ['Why is it rejected?', 'The next version answers this note.', 'Reject'],
  comment: ['Your comment', 'It stays beside the piece.', 'Comment'],
};

function Waiting({ item, picked, onPick }) {
  const openPanel = usePanel();
  const say = useSay();
  const { busy, problem, act } = useAct();
  const [asking, setAsking] = useKept(`inbox:${item.approvalId}`, null);
  const [kind, panel] = SUBJECTS[item.subjectType] || ['Circle', null];
  const icon = item.channel === 'email' ? 'Mail' : kind;
  const decide = (decision, notes) => act(decision, ({ key }) => api.post(`/approvals/${item.approvalId}/decision`, { decision, contentHash: item.contentHash || '', ...(notes ? { notes } : {}) }, { key }));
  const comment = (body) => act('comment', ({ key }) => api.post(`/${item.subjectType === 'asset' ? 'assets' : 'artifacts'}/${item.subjectId}/comments`, { body }, { key }));
  const send = async (text, done) => {
    if (!(await (asking === 'comment' ? comment(text) : decide(asking, text)))) return;
    done();
    setAsking(null);
    changed('comments');
    told();
  };
  const open = () => {
    if (panel) openPanel(panel, panel === 'Asset' ? { assetId: item.subjectId, ...(item.openClaims ? { tab: 'claims' } : {}) } : { artifactId: item.subjectId });
    else if (item.runId) openPanel('RunCard', { runId: item.runId });
    else say('Show the budget', '/budget');
  };
  const ask = (way, icon, label) => <Button icon={icon} kind={way === 'rejected' ? 'danger' : 'quiet'} aria-label={`${label}: ${item.title}`} title={label} aria-expanded={asking === way} onClick={() => setAsking(asking === way ? null : way)} />;
  return (
    <li className="adr-stacked">
      {onPick && <input type="checkbox" className="adr-choose" checked={picked} onChange={onPick} aria-label={`Choose ${item.title}`} />}
      <Icon name={icon} size={18} />
      <div>
        <p><strong>{item.title}</strong></p>
        <p className="adr-facts"><Line items={[words.sentence(item.gate) === item.title ? null : words.sentence(item.gate), item.clientName, item.channel && words.sentence(item.channel), item.version ? `v${item.version}` : null, <When at={item.requestedAt} before="asked " />]} /></p>
        <div className="adr-row"><Score item={item} /><Held item={item} /></div>
      </div>
      <div className="adr-row">
        <Button icon="PanelRightOpen" onClick={open}>Open</Button>
        {panel && ask('comment', 'MessageSquarePlus', 'Comment')}
        {panel && ask('changes_requested', 'MessageSquare', 'Request changes')}
        {panel && ask('rejected', 'X', 'Reject')}
        {panel && <Button kind="primary" icon="Check" busy={busy === 'approved'} onClick={async () => (await decide('approved')) && told()} aria-label={`Approve ${item.title}`}>Approve</Button>}
      </div>
      {(asking || problem) && (
        <div className="adr-below">
          <Trouble problem={problem} retry={problem?.status === 409 && !problem.reasons?.length ? told : null} label="Show newest" />
          {asking && <Note id={`inbox-${item.approvalId}-${asking}`} key={asking} label={ASKED[asking][0]} hint={ASKED[asking][1]} send={ASKED[asking][2]} busy={Boolean(busy)} onCancel={() => setAsking(null)} onSend={send} />}
        </div>
      )}
    </li>
  );
}

/** Several pieces at once; each answers for itself, and those that could not be decided on say why. */
function Bulk({ chosen, onDone }) {
  const { busy, problem, act } = useAct();
  const [asking, setAsking] = useState(null);
  const [left, setLeft] = useState([]);
  const decide = async (decision, notes) => {
    const pieces = chosen.map((item) => ({ assetId: item.subjectId, contentHash: item.contentHash }));
    const answer = await act(decision, ({ key }) => api.post('/assets/decisions', { pieces, decision, ...(notes ? { notes } : {}) }, { key }));
    if (!answer) return false;
    setLeft(answer.items.filter((one) => !one.done));
    setAsking(null);
    onDone(answer.items.filter((one) => one.done).map((one) => one.assetId));
    told();
    return true;
  };
  if (!chosen.length && !left.length) return null;
  return (
    <div className="adr-bulk">
      {chosen.length > 0 && (
        <div className="adr-row" role="group" aria-label="Decide on those chosen">
          <strong>{words.count(chosen.length, 'asset')} chosen</strong>
          <Button kind="primary" icon="Check" busy={busy === 'approved'} onClick={() => decide('approved')}>Approve all</Button>
          <Button icon="MessageSquare" aria-expanded={asking === 'changes_requested'} onClick={() => setAsking('changes_requested')}>Request changes</Button>
          <Button kind="danger" icon="X" aria-expanded={asking === 'rejected'} onClick={() => setAsking('rejected')}>Reject all</Button>
        </div>
      )}
      {asking && <Note id={`bulk-${asking}`} key={asking} label={ASKED[asking][0]} hint={ASKED[asking][1]} send={ASKED[asking][2]} busy={Boolean(busy)} onCancel={() => setAsking(null)} onSend={async (text, done) => (await decide(asking, text)) && done()} />}
      <Trouble problem={problem} />
      {left.length > 0 && (
        <div role="status">
          <p className="adr-label">{words.count(left.length, 'asset')} could not be decided on:</p>
          <ul className="adr-rows">{left.map((one) => <li key={one.assetId}><Icon name="TriangleAlert" /><span><strong>{one.title || 'A piece'}</strong>: {one.reasons.length ? one.reasons.join(' ') : one.problem}</span></li>)}</ul>
        </div>
      )}
    </div>
  );
}

function Inbox() {
  const [filter, setFilter] = useKept('inbox:filter', NO_FILTER);
  const filtered = Object.values(filter).some(Boolean);
  const inbox = useData(`/inbox?${query(filter)}`, ['inbox']);
  const [all, setAll] = useState(false);
  const [picked, setPicked] = useState([]);
  const [filtering, setFiltering] = useState(filtered);
  return (
    <Loaded from={inbox} lines={4}>
      {({ items }) => {
        const shown = all ? items : items.slice(0, SHOWN);
        const assets = shown.filter((item) => item.subjectType === 'asset');
        const chosen = assets.filter((item) => picked.includes(item.subjectId));
        const pick = (id) => setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
        return (
          <Card icon="Inbox" title="Inbox" sub={items.length ? `${words.count(items.length, 'decision')} to make` : filtered ? 'Nothing of this kind' : 'All decided'}
            chip={<Button kind="bare" icon="ListFilter" aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>Filter</Button>}>
            {filtering && <Filters filter={filter} setFilter={setFilter} />}
            {assets.length > 1 && <label className="adr-tick"><input type="checkbox" checked={chosen.length === assets.length} onChange={() => setPicked(chosen.length === assets.length ? [] : assets.map((item) => item.subjectId))} />Choose all {words.count(assets.length, 'asset')}</label>}
            <Bulk chosen={chosen} onDone={(ids) => setPicked((old) => old.filter((id) => !ids.includes(id)))} />
            {items.length ? <ul className="adr-waiting">{shown.map((item) => <Waiting key={item.approvalId} item={item} picked={picked.includes(item.subjectId)} onPick={item.subjectType === 'asset' ? () => pick(item.subjectId) : null} />)}</ul>
              : <Empty icon="CircleCheck" action={filtered ? <Button onClick={() => setFilter(NO_FILTER)}>Show everything</Button> : null}>{filtered ? 'Nothing that waits fits these filters.' : 'Nothing waits for you. Documents, assets and budgets that need your word appear here.'}</Empty>}
            {items.length > SHOWN && !all && <Button onClick={() => setAll(true)}>Show {items.length - SHOWN} more</Button>}
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('Inbox', Inbox, { props, sendUserMessage });
