// What a run did and when: a lane for each step and gate, and the whole of it played again event by event.
import React, { useEffect, useMemo, useRef, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { allEvents, happened, lanes, scale, agentsIn } = window.adroom.timeline;
const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Empty, Icon, Line, Loaded, Trouble, useData, useKept, usePanel, usePanelTitle, words } = kit;

const SPEEDS = [1, 4, 16];
const TONES = { completed: 'green', running: 'indigo', waiting: 'amber', failed: 'red', stopped: 'grey' };
const OVER = new Set(['completed', 'failed', 'cancelled']);

/** All events of the run, read anew when its log has grown. */
function useEvents(runId, seq) {
  const [state, setState] = useState({ items: null, more: false, problem: null });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let wanted = true;
    allEvents(runId).then(
      (log) => wanted && setState({ ...log, problem: null }),
      (problem) => { if (!(problem instanceof window.adroom.Problem)) throw problem; if (wanted) setState((old) => ({ ...old, problem })); },
    );
    return () => { wanted = false; };
  }, [runId, seq, again]);
  return { ...state, reload: () => setAgain((n) => n + 1) };
}

function Lane({ lane, place, now }) {
  const first = lane.spans[0];
  const last = lane.spans.at(-1);
  const tone = TONES[lane.state] || 'grey';
  const taken = lane.spans.reduce((sum, span) => sum + ((span.to ?? now) - span.from), 0) / 1000;
  const told = `${words.sentence(lane.name)}: ${words.status(lane.state).word.toLowerCase()}, ${words.clock(first?.from)} to ${last?.to ? words.clock(last.to) : 'now'}, ${words.duration(taken)}`;
  return (
    <li className="adr-lane" title={told}>
      <span className="adr-lane-name">{words.sentence(lane.name)}<span className="adr-sr"> ({words.status(lane.state).word})</span></span>
      <span className="adr-lane-line" aria-hidden="true">
        {lane.spans.map((span, i) => {
          const from = place(span.from);
          const to = place(span.to ?? now);
          return <i key={i} className={`adr-${span.kind === 'waiting' ? 'amber' : TONES[span.state] || tone}`} style={{ left: `${from * 100}%`, width: `max(4px, ${(to - from) * 100}%)` }} />;
        })}
      </span>
      <span className="adr-quiet adr-lane-time">{[words.agentName(lane.agent), words.duration(taken)].filter(Boolean).join(' · ')}</span>
    </li>
  );
}

/** Play, pause, and a slider over the events. `at`: how many have happened. */
function Player({ count, at, setAt }) {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useKept('replay:speed', 4);
  const timer = useRef(null);
  useEffect(() => {
    if (!playing) return undefined;
    timer.current = setInterval(() => setAt((old) => Math.min(count, old + 1)), 1600 / speed);
    return () => clearInterval(timer.current);
  }, [playing, speed, count]);
  useEffect(() => { if (at >= count) setPlaying(false); }, [at, count]);
  const play = () => {
    if (!playing && at >= count) setAt(0);
    setPlaying(!playing);
  };
  return (
    <div className="adr-player">
      <Button icon={playing ? 'Pause' : 'Play'} onClick={play}>{playing ? 'Pause' : at >= count ? 'Replay' : 'Play'}</Button>
      <input type="range" min={0} max={count} value={at} aria-label="Event" aria-valuetext={`Event ${at} of ${count}`} onChange={(e) => { setPlaying(false); setAt(Number(e.target.value)); }} />
      <span className="adr-quiet">{at} of {count}</span>
      <div className="adr-choices" role="group" aria-label="Speed">{SPEEDS.map((one) => <button key={one} type="button" className="adr-choice" aria-pressed={speed === one} onClick={() => setSpeed(one)}>{one}×</button>)}</div>
    </div>
  );
}

function Log({ items, at, agent }) {
  const box = useRef(null);
  const shown = items.map((event, i) => ({ event, i })).filter(({ event }) => !agent || event.agent === agent);
  const current = shown.filter(({ i }) => i < at).at(-1);
  useEffect(() => {
    const line = box.current?.querySelector('[aria-current]');
    if (line) box.current.scrollTop = line.offsetTop - box.current.offsetTop - box.current.clientHeight / 2;
  }, [at, agent]);
  return (
    <ol className="adr-log adr-film" tabIndex={0} aria-label="What happened" ref={box}>
      {shown.map(({ event, i }) => (
        <li key={event.seq} data-past={i < at || undefined} aria-current={current?.i === i ? 'step' : undefined}>
          <time dateTime={event.at}>{words.clock(event.at)}</time><span>{happened(event)}</span><span className="adr-quiet">{words.agentName(event.agent)}</span>
        </li>
      ))}
    </ol>
  );
}

function Film({ run, items, more }) {
  const [at, setAt] = useState(items.length);
  const [agent, setAgent] = useState('');
  const seen = useRef(items.length);
  useEffect(() => {  // whoever watched the end goes on watching it
    setAt((old) => (old >= seen.current ? items.length : old));
    seen.current = items.length;
  }, [items.length]);
  const place = useMemo(() => scale(items), [items]);
  const all = useMemo(() => lanes(items), [items]);
  const there = useMemo(() => new Map(lanes(items, at).map((lane) => [lane.name, lane])), [items, at]);
  const now = Date.parse(items[Math.max(0, at - 1)].at);
  const done = [...there.values()].filter((lane) => lane.state === 'completed').length;
  const agents = agentsIn(items);
  return (
    <>
      <Player count={items.length} at={at} setAt={setAt} />
      <p className="adr-facts adr-split" role="status">
        <span>{at ? happened(items[at - 1]) : 'Before it began'}</span>
        <span>{done} of {words.count(all.length, 'step')} done</span>
      </p>
      <ol className="adr-lanes" aria-label="Steps over time">
        {all.map((lane) => <Lane key={lane.name} lane={there.get(lane.name) || { ...lane, state: 'pending', spans: [] }} place={place} now={now} />)}
      </ol>
      {agents.length > 1 && (
        <div className="adr-choices" role="group" aria-label="Whose events">
          {['', ...agents].map((one) => <button key={one} type="button" className="adr-choice" aria-pressed={agent === one} onClick={() => setAgent(one)}>{one ? words.agentName(one) : 'Everybody'}</button>)}
        </div>
      )}
      <Log items={items} at={at} agent={agent} />
      <p className="adr-hush"><Icon name="Clock" />Long waits are drawn shorter than they were.{more ? ' Of a very long run the beginning is shown.' : ''}{OVER.has(run.status) ? '' : ' It is not over yet: what happens next is added.'}</p>
    </>
  );
}

function RunTimeline({ runId }) {
  const run = useData(`/runs/${runId}`, ['runs']);
  const log = useEvents(runId, run.data?.lastSeq);
  const openPanel = usePanel();
  usePanelTitle(run.data && `Timeline: ${run.data.title}`);
  return (
    <Loaded from={run} lines={6}>
      {(view) => (
        <Card
          icon="ChartGantt" title={view.title} label={`Timeline: ${view.title}`} chip={<Chip value={view.status} />}
          sub={<Line items={[view.clientName, view.campaignName, view.startedAt && words.duration(words.secondsBetween(view.startedAt, view.finishedAt)), words.money(view.spend)]} />}
          foot={<Button kind="link" icon="ChevronLeft" onClick={() => openPanel('RunCard', { runId })}>The run</Button>}
        >
          <Trouble problem={log.problem} retry={log.reload} />
          {log.items && !log.items.length && <Empty icon="Workflow">Nothing has happened yet.</Empty>}
          {log.items?.length > 0 && <Film run={view} items={log.items} more={log.more} />}
        </Card>
      )}
    </Loaded>
  );
}

export default kit.element('RunTimeline', RunTimeline, { props, sendUserMessage });
