// One run, live: who is at work, which step, what it costs, and the gate it waits at. It catches up by itself.
import React, { useCallback, useEffect, useRef, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, follow, kit: makeKit, timeline } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bar, Button, Card, Chip, Gate, Icon, Line, Loaded, Trouble, When, useAct, useData, useKept, usePanel, useTick, words, changed } = kit;

const ACTIVE = new Set(['queued', 'running', 'waiting']);
const STEP_ICONS = { completed: 'CircleCheck', running: 'Loader', failed: 'CircleX', waiting: 'CirclePause', skipped: 'ChevronRight' };

/** Follow the run's events while it is active; the run itself is fetched anew, at most about three times a second. */
function useRun(runId) {
  const run = useData(`/runs/${runId}`, ['runs']);
  const [link, setLink] = useState({ live: true, said: '', at: '', doing: {} });
  const timer = useRef(null);
  const reload = run.reload;
  const soon = useCallback(() => {
    if (timer.current) return;
    timer.current = setTimeout(() => { timer.current = null; reload(); }, 300);
  }, [reload]);
  const active = ACTIVE.has(run.data?.status);
  useEffect(() => {
    if (!active) return undefined;
    const stop = follow(runId, (event) => {
      if (event.type === 'link') setLink((old) => ({ ...old, live: event.live }));
      if (event.type === 'delta') setLink((old) => ({ ...old, said: (old.said + (event.text || event.data?.text || '')).slice(-280) }));
      else {
        if (event.type === 'progress' && event.data?.of) setLink((old) => ({ ...old, at: `${event.data.done} of ${event.data.of}` }));
        if (event.type.startsWith('step_')) setLink((old) => ({ ...old, at: '' }));
        if (event.type === 'agent_started' && event.data?.doing) setLink((old) => ({ ...old, said: '', doing: { agent: event.agent, text: event.data.doing } }));
        if (event.type === 'agent_completed') setLink((old) => ({ ...old, said: '', doing: {} }));
        soon();
      }
    }, run.data?.lastSeq || 0);
    return () => { stop(); clearTimeout(timer.current); timer.current = null; };
  }, [runId, active]);
  return { ...run, link, active };
}

/** Of a long list only what is near: the last done, what is at work, the next ones. The rest is one line, to be opened. */
function near(steps, over) {
  if (over) return { before: steps.length, shown: [], after: 0 };
  if (steps.length <= 9) return { before: 0, shown: steps, after: 0 };
  const done = steps.findIndex((step) => !['completed', 'skipped'].includes(step.status));
  const from = Math.max(0, (done < 0 ? steps.length : done) - 2);
  const shown = steps.slice(from, from + 6);
  return { before: from, shown, after: steps.length - from - shown.length };
}

function Steps({ run, at }) {
  const [all, setAll] = useKept(`steps:${run.id}`, false);
  const steps = run.steps || [];
  const cut = near(steps, run.status === 'completed');
  const toggle = (text, open) => <li className="adr-more"><Button kind="link" icon={open ? 'ChevronDown' : 'ChevronRight'} aria-expanded={open} onClick={() => setAll(!open)}>{text}</Button></li>;
  if (!steps.length) return null;
  return (
    <ol className="adr-steps">
      {all && (cut.before || cut.after) ? toggle('Fewer steps', true) : null}
      {!all && cut.before > 0 && toggle(`${words.count(cut.before, 'step')} done`, false)}
      {(all ? steps : cut.shown).map((step, i) => {
        const taken = step.startedAt && (step.finishedAt || step.status === 'running') ? words.secondsBetween(step.startedAt, step.finishedAt) : null;
        return (
          <li key={i} data-state={step.status}>
            <Icon name={STEP_ICONS[step.status] || 'Circle'} className={step.status === 'running' ? 'adr-turn' : ''} />
            <span>{words.sentence(step.name)}<span className="adr-sr"> ({words.status(step.status).word})</span>{(step.detail || (step.status === 'running' && at)) && <em> · {step.detail || at}</em>}</span>
            <span className="adr-quiet">{[words.agentName(step.agent), taken !== null && words.duration(taken)].filter(Boolean).join(' · ')}</span>
          </li>
        );
      })}
      {!all && cut.after > 0 && toggle(`${words.count(cut.after, 'step')} to come`, false)}
    </ol>
  );
}

function EventLog({ runId, seq }) {
  const log = useData(`/runs/${runId}/timeline`);
  useEffect(() => { log.reload(); }, [seq]);
  return (
    <Loaded from={log} lines={3}>
      {({ items }) => (
        <ol className="adr-log" tabIndex={0} aria-label="Event log">
          {items.length ? items.map((e) => (
            <li key={e.seq}><time dateTime={e.at}>{words.clock(e.at)}</time><span>{timeline.happened(e)}</span><span className="adr-quiet">{words.agentName(e.agent)}</span></li>
          )) : <li>Nothing has happened yet.</li>}
        </ol>
      )}
    </Loaded>
  );
}

function subline(run) {
  const elapsed = run.startedAt ? words.secondsBetween(run.startedAt, run.finishedAt) : null;
  const usual = run.usualSeconds ? `usually ${words.duration(run.usualSeconds)}` : null;
  return <Line items={[run.clientName, run.campaignName, elapsed !== null && words.duration(elapsed), usual]} />;
}

function Finished({ run }) {
  const openPanel = usePanel();
  const out = run.output || {};
  if (run.status === 'failed') return <p className="adr-flag adr-red"><Icon name="CircleX" />{run.error || 'It did not work. What was finished is kept.'}</p>;
  if (run.status !== 'completed') return run.finishedAt ? <p className="adr-hush"><Icon name="Square" />Ended <When at={run.finishedAt} />. What was finished is kept.</p> : null;
  return (
    <div className="adr-row adr-links">
      <span className="adr-done"><Icon name="CircleCheck" /><span>{out.sentence || 'Finished'} · <When at={run.finishedAt} /></span></span>
      {out.artifactId && <Button kind="link" icon="PanelRightOpen" onClick={() => openPanel('Document', { artifactId: out.artifactId })}>Open the document</Button>}
      {out.assetId && <Button kind="link" icon="PanelRightOpen" onClick={() => openPanel('Asset', { assetId: out.assetId })}>Open the result</Button>}
    </div>
  );
}

function opener(waiting, openPanel) {
  if (waiting?.subjectType === 'artifact') return () => openPanel('Document', { artifactId: waiting.subjectId });
  if (waiting?.subjectType === 'asset') return () => openPanel('Asset', { assetId: waiting.subjectId });
  return null;
}

function Controls({ run, set }) {
  const { busy, problem, act } = useAct();
  const send = async (what) => {
    const next = await act(what, ({ key }) => api.post(`/runs/${run.id}/${what}`, {}, { key }));
    if (!next) return;
    if (next.id) set(next);
    changed('runs', 'inbox');
  };
  const canStop = ACTIVE.has(run.status);
  const canResume = ['stopped', 'failed'].includes(run.status);
  return (
    <>
      {canStop && <Button icon="Square" busy={busy === 'stop'} onClick={() => send('stop')}>Stop</Button>}
      {canResume && <Button kind="primary" icon="Play" busy={busy === 'resume'} onClick={() => send('resume')}>Resume</Button>}
      <Trouble problem={problem} />
    </>
  );
}

function RunCard({ runId }) {
  const run = useRun(runId);
  const openPanel = usePanel();
  const [logOpen, setLogOpen] = useKept(`log:${runId}`, false);
  const working = run.data?.status === 'running';
  useTick(working && run.link.live);
  return (
    <Loaded from={run} lines={5}>
      {(view) => {
        const done = (view.steps || []).filter((s) => ['completed', 'skipped'].includes(s.status)).length;
        const agent = working && (run.link.doing.agent || (view.steps || []).find((s) => s.status === 'running')?.agent);
        return (
          <Card
            icon="Workflow" tone={words.status(view.status).tone} title={view.title} sub={subline(view)} label={`Run: ${view.title}`}
            className={working ? 'adr-working' : ''}
            chip={<Chip value={view.status}>{working && agent ? `${words.agentName(agent)} at work` : undefined}</Chip>}
            foot={
              <div className="adr-row adr-wide">
                <div className="adr-row"><Controls run={view} set={run.set} /></div>
                <div className="adr-row">
                  <Button kind="link" icon="ChartGantt" onClick={() => openPanel('RunTimeline', { runId })}>Timeline</Button>
                  <Button kind="link" icon={logOpen ? 'ChevronDown' : 'ChevronRight'} aria-expanded={logOpen} onClick={() => setLogOpen(!logOpen)}>Event log</Button>
                </div>
              </div>
            }
          >
            <div className="adr-progress">
              <Bar value={view.progress || 0} max={100} label="Progress" tone={words.status(view.status).tone} />
              <p className="adr-facts adr-split">
                <span>{view.progressText || (view.steps?.length && view.status !== 'completed' ? `Step ${Math.min(done + (run.active ? 1 : 0), view.steps.length)} of ${view.steps.length}` : '')}</span>
                <span>{words.money(view.spend)}{view.limit ? ` of ${words.money(view.limit)}` : ''}</span>
              </p>
            </div>
            <Steps run={view} at={run.link.at} />
            {working && run.link.doing.text && <p className="adr-hush" role="status"><Icon name="Bot" />{words.agentName(run.link.doing.agent)}: {run.link.doing.text}</p>}
            {working && run.link.said && <p className="adr-said" aria-hidden="true">{run.link.said}</p>}
            {view.waitingFor && view.status === 'waiting' && <Gate key={view.waitingFor.approvalId} waiting={view.waitingFor} runId={view.id} onDecided={run.reload} onOpen={opener(view.waitingFor, openPanel)} />}
            <Finished run={view} />
            {run.active && !run.link.live && <p className="adr-hush" role="status"><Icon name="CloudOff" />Connection lost. The run goes on; catching up …</p>}
            {logOpen && <EventLog runId={runId} seq={view.lastSeq} />}
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('RunCard', RunCard, { props, sendUserMessage });
