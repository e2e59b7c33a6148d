// The whole room in one card: agents and what each does, what waits for me, campaigns, documents and assets, runs, money.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Bar, Button, Card, Chip, Empty, Line, Loaded, useData, usePanel, useSay, useTick, words } = kit;

function Tile({ title, action, children, wide }) {
  return <section className={`adr-tile ${wide ? 'adr-span' : ''}`} aria-label={title}><p className="adr-split"><strong>{title}</strong>{action}</p>{children}</section>;
}

function Agents({ agents }) {
  const openPanel = usePanel();
  return (
    <ul className="adr-agents">{agents.map((agent) => (
      <li key={agent.id}>
        <img src={`/avatars/${encodeURIComponent(agent.id)}`} alt="" width="28" height="28" />
        <div><p><strong>{agent.name}</strong></p><p className="adr-facts">{agent.doing || 'free'}</p></div>
        {agent.runId && <Button kind="link" onClick={() => openPanel('RunCard', { runId: agent.runId })} aria-label={`Open the run of ${agent.name}`}>Run</Button>}
        <Chip value={agent.state} />
      </li>
    ))}</ul>
  );
}

function ByStatus({ counts, empty }) {
  const known = Object.entries(counts || {}).filter(([, n]) => n > 0);
  if (!known.length) return <p className="adr-facts">{empty}</p>;
  return <div className="adr-row">{known.map(([status, n]) => <Chip key={status} value={status}>{n} {words.status(status).word.toLowerCase()}</Chip>)}</div>;
}

function Campaigns({ campaigns }) {
  if (!campaigns.length) return <p className="adr-facts">No campaign yet. /campaign makes one.</p>;
  return (
    <table className="adr-plain"><thead><tr><th scope="col">Campaign</th><th scope="col">Status</th><th scope="col" className="adr-num">Spend</th></tr></thead>
      <tbody>{campaigns.map((c) => <tr key={c.id}><td><strong>{c.name}</strong><br /><span className="adr-quiet">{c.clientName}</span></td><td><Chip value={c.status} /></td><td className="adr-num">{words.money(c.spend)}</td></tr>)}</tbody></table>
  );
}

function Runs({ runs }) {
  const openPanel = usePanel();
  if (!runs.length) return <p className="adr-facts">Nothing is running.</p>;
  return (
    <ul className="adr-rows">{runs.map((run) => (
      <li key={run.id}><span><strong>{run.title}</strong> <span className="adr-quiet"><Line items={[run.clientName, run.startedAt && words.duration(words.secondsBetween(run.startedAt, run.finishedAt)), words.money(run.spend)]} /></span></span><Chip value={run.status} /><Button kind="link" onClick={() => openPanel('RunCard', { runId: run.id })} aria-label={`Open ${run.title}`}>Open</Button></li>
    ))}</ul>
  );
}

function CommandCentre() {
  const room = useData('/dashboard', ['runs', 'inbox', 'artifacts', 'assets', 'budgets', 'clients']);
  const say = useSay();
  useTick((room.data?.runs || []).some((run) => run.status === 'running'), 5);
  return (
    <Loaded from={room} lines={8}>
      {(view) => {
        const busy = view.agents.filter((agent) => agent.state === 'busy').length;
        const budget = view.budget || {};
        return (
          <Card icon="LayoutDashboard" title="Command centre" sub={<Line items={[`${busy} of ${view.agents.length} agents busy`, view.waiting ? `${words.count(view.waiting, 'decision')} waiting` : 'nothing waits']} />}>
            <div className="adr-tiles">
              <Tile title="Waits for you" action={view.waiting > 0 && <Button kind="link" onClick={() => say('What waits for me?', '/inbox')}>Inbox</Button>}><p className="adr-big">{view.waiting >= 200 ? '200+' : view.waiting}</p></Tile>
              <Tile title="Budget" action={<Button kind="link" onClick={() => say('Show the budget', '/budget')}>Details</Button>}>
                <p className="adr-big">{words.money(budget.spent)}</p>
                {Number(budget.limit) > 0 && <><Bar value={Number(budget.spent) + Number(budget.reserved || 0)} max={Number(budget.limit)} warnAt={budget.warnAt} label="Budget used" /><p className="adr-facts">{words.money(budget.left)} left of {words.money(budget.limit)}</p></>}
              </Tile>
              <Tile title="Documents"><ByStatus counts={view.artifactsByStatus} empty="None yet. /intake starts the first." /></Tile>
              <Tile title="Assets"><ByStatus counts={view.assetsByStatus} empty="None yet. /write or /create-email makes one." /></Tile>
              <Tile title="Agents" wide><Agents agents={view.agents} /></Tile>
              <Tile title="Runs" wide action={<Button kind="link" onClick={() => say('Show the runs', '/runs')}>All</Button>}><Runs runs={view.runs} /></Tile>
              <Tile title="Campaigns" wide>{view.campaigns ? <Campaigns campaigns={view.campaigns} /> : <Empty icon="Flag">No campaign yet.</Empty>}</Tile>
            </div>
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('CommandCentre', CommandCentre, { props, sendUserMessage });
