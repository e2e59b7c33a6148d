// What is running and what ran: state, time, spend; a run opens in the side panel.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Bar, Button, Card, Chip, Empty, Line, Loaded, useData, useKept, usePanel, useTick, words } = kit;

const ACTIVE = ['queued', 'running', 'waiting'];
const VIEWS = [{ value: 'all', label: 'All' }, { value: 'active', label: 'At work' }, { value: 'over', label: 'Finished' }];

function Row({ run }) {
  const openPanel = usePanel();
  const active = ACTIVE.includes(run.status);
  const taken = run.startedAt ? words.duration(words.secondsBetween(run.startedAt, run.finishedAt)) : null;
  return (
    <li>
      <div>
        <p className="adr-split"><strong>{run.title}</strong><Chip value={run.status} /></p>
        <p className="adr-facts"><Line items={[run.clientName, run.campaignName, taken, words.money(run.spend), run.waitingFor?.sentence || (run.status === 'failed' ? run.error : run.output?.sentence)]} /></p>
        {active && <Bar value={run.progress || 0} max={100} label={`Progress of ${run.title}`} tone={words.status(run.status).tone} />}
      </div>
      <Button icon="PanelRightOpen" onClick={() => openPanel('RunCard', { runId: run.id })} aria-label={`Open ${run.title}`}>Open</Button>
    </li>
  );
}

function RunList({ state, clientId }) {
  const query = [clientId && `clientId=${encodeURIComponent(clientId)}`, state && `state=${encodeURIComponent(state)}`, 'limit=50'].filter(Boolean).join('&');
  const runs = useData(`/runs?${query}`, ['runs', 'inbox']);
  const [view, setView] = useKept('runs:view', 'all');
  const busy = (runs.data?.items || []).some((run) => ACTIVE.includes(run.status));
  useTick(busy, 5);
  return (
    <Loaded from={runs} lines={4}>
      {({ items }) => {
        const shown = items.filter((run) => view === 'all' || ACTIVE.includes(run.status) === (view === 'active'));
        return (
          <Card icon="Workflow" title="Runs" sub={`${items.filter((run) => ACTIVE.includes(run.status)).length} at work, ${words.count(items.length, 'run')} shown`}>
            <div className="adr-choices" role="group" aria-label="Which runs">{VIEWS.map((one) => <button key={one.value} type="button" className="adr-choice" aria-pressed={view === one.value} onClick={() => setView(one.value)}>{one.label}</button>)}</div>
            {shown.length ? <ul className="adr-waiting">{shown.map((run) => <Row key={run.id} run={run} />)}</ul>
              : <Empty icon="Workflow">No runs here. Onboarding, strategy, articles and emails are runs: start one and it shows up.</Empty>}
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('RunList', RunList, { props, sendUserMessage });
