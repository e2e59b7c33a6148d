// One file on its way in: what it seems to be and which column is what, then progress, then what came in and what did not.
import React, { useEffect } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, follow, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bar, Button, Card, Chip, Choice, Field, Icon, Line, Loaded, Trouble, When, changed, useAct, useData, useKept, useSay, words } = kit;

const KINDS = { swipes: ['Images', 'ad'], voc: ['MessagesSquare', 'quote'], document: ['FileText', 'text'] };
const COUNTS = [['new', 'new', 'green'], ['changed', 'changed', 'blue'], ['unchanged', 'already here', 'grey'], ['merged', 'said twice, merged', 'violet'], ['rejected', 'left out', 'amber']];

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, by] = bytes < 1e6 ? ['KB', 1e3] : ['MB', 1e6];
  return `${(bytes / by).toLocaleString('en-US', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} ${unit}`;
}

/** Which column is what; a wrong guess is put right here before anything comes in. */
function Mapping({ view, busy, onChange }) {
  const { mapping = [], fields = [] } = view.preview || {};
  if (!mapping.length || !fields.length) return null;
  const choose = (column, field) => onChange({ mapping: Object.fromEntries(mapping.map((one) => [one.column, one.column === column ? field || null : one.field === field && field ? null : one.field])) });
  const missing = fields.filter((field) => field.required && !mapping.some((one) => one.field === field.name));
  return (
    <section aria-label="Columns">
      <p className="adr-label">Which column is what</p>
      <div className="adr-table">
        <table>
          <thead><tr><th>Column</th><th>Example</th><th>Is read as</th></tr></thead>
          <tbody>
            {mapping.map((one) => (
              <tr key={one.column}>
                <td><strong>{one.column}</strong></td>
                <td className="adr-quiet">{String(one.sample ?? '').slice(0, 80)}</td>
                <td>
                  <select className="adr-select" aria-label={`${one.column} is read as`} disabled={busy} value={one.field || ''} onChange={(e) => choose(one.column, e.target.value)}>
                    <option value="">Left out</option>
                    {fields.map((field) => <option key={field.name} value={field.name}>{field.label}</option>)}
                  </select>
                  {one.field && one.confidence !== null && one.confidence !== undefined && one.confidence < 0.6 && <span className="adr-warning"><Icon name="TriangleAlert" size={13} />a guess: please look</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missing.length > 0 && <p className="adr-error"><Icon name="CircleAlert" size={14} />Say which column is: {missing.map((field) => field.label).join(', ')}.</p>}
    </section>
  );
}

function Samples({ samples = [] }) {
  if (!samples.length) return null;
  return (
    <section aria-label="What comes in">
      <p className="adr-label">The first of what comes in</p>
      <ul className="adr-quotes">
        {samples.slice(0, 3).map((one, at) => (
          <li key={at} className="adr-quote">
            <blockquote>{String(one.text || one.body || one.title || '').slice(0, 280)}</blockquote>
            <p className="adr-facts"><Line items={[one.brand?.name || one.brand, one.title !== (one.text || one.body || one.title) && one.title, one.author || one.speaker, one.rating !== null && one.rating !== undefined && `rated ${one.rating}`, one.saidOn || one.startDate]} /></p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problems({ problems = [] }) {
  if (!problems.length) return null;
  return (
    <ul className="adr-rows" aria-label="Rows that would be left out">
      {problems.slice(0, 6).map((one, at) => <li key={at}><Icon name="TriangleAlert" size={15} /><span>{one.row ? `Row ${one.row}` : 'The file'}{one.field ? `, ${one.field}` : ''}: {one.reason}</span></li>)}
    </ul>
  );
}

function ForWhom({ view, busy, onChange }) {
  const clients = useData(view.kind === 'swipes' ? null : '/clients?limit=200', ['clients']);
  if (view.kind === 'swipes' || !clients.data) return null;
  return (
    <Field label="Whose customers are these?" required errors={view.clientId ? [] : ['choose the client']}>
      {(tied) => (
        <select {...tied} className="adr-select" disabled={busy} value={view.clientId || ''} onChange={(e) => onChange({ clientId: e.target.value })}>
          <option value="">Choose a client</option>
          {clients.data.items.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      )}
    </Field>
  );
}

function Preview({ view, set }) {
  const { busy, problem, act } = useAct();
  const change = async (what) => {
    const next = await act('change', ({ key }) => api.put(`/imports/${view.id}`, what, { key }));
    if (next) set(next);
  };
  const begin = async () => {
    const next = await act('start', ({ key }) => api.post(`/imports/${view.id}/start`, {}, { key }));
    if (next) { set(next); changed('imports', 'runs'); }
  };
  const others = view.alternatives || [];
  const { preview = {} } = view;
  const required = (preview.fields || []).filter((field) => field.required);
  const ready = (view.kind === 'swipes' || view.clientId) && required.every((field) => (preview.mapping || []).some((one) => one.field === field.name) || !(preview.mapping || []).length);
  return (
    <>
      {others.length > 0 && (
        <Field label="What is this file?" group>
          {() => <Choice required label="What is this file?" value={`${view.kind}/${view.format}`} options={[{ value: `${view.kind}/${view.format}`, label: view.formatTitle }, ...others.filter((one) => one.format !== view.format || one.kind !== view.kind).map((one) => ({ value: `${one.kind}/${one.format}`, label: one.title }))]} onChange={(value) => value && change({ kind: value.split('/')[0], format: value.split('/')[1] })} />}
        </Field>
      )}
      <ForWhom view={view} busy={Boolean(busy)} onChange={change} />
      <Mapping view={view} busy={Boolean(busy)} onChange={(options) => change({ options })} />
      <Samples samples={preview.samples} />
      <Problems problems={preview.problems} />
      <Trouble problem={problem} />
      <div className="adr-row"><Button kind="primary" icon="Download" busy={busy === 'start'} disabled={!ready} onClick={begin}>Import{preview.estimatedRows ? ` about ${words.count(preview.estimatedRows, KINDS[view.kind]?.[1] || 'row')}` : ''}</Button></div>
    </>
  );
}

function Tally({ counts }) {
  return (
    <ul className="adr-tally">
      {COUNTS.filter(([key]) => counts[key] > 0 || key === 'new').map(([key, label, tone]) => <li key={key} className={`adr-${tone}`}><strong>{Number(counts[key] || 0).toLocaleString('en-US')}</strong><span>{label}</span></li>)}
    </ul>
  );
}

function Rejected({ view }) {
  const [open, setOpen] = useKept(`rejects:${view.id}`, false);
  const rejects = useData(open ? `/imports/${view.id}/rejects?limit=50` : null, ['imports']);
  if (!view.counts.rejected) return null;
  return (
    <section aria-label="Rows left out">
      <div className="adr-row">
        <Button kind="link" icon={open ? 'ChevronDown' : 'ChevronRight'} aria-expanded={open} onClick={() => setOpen(!open)}>{words.count(view.counts.rejected, 'row')} left out, and why</Button>
        <a className="adr-btn adr-btn-link" href={`/api/imports/${view.id}/rejects.csv`} download><Icon name="FileDown" /><span>As a table (CSV)</span></a>
      </div>
      {open && (
        <Loaded from={rejects} lines={3}>
          {({ items }) => <ul className="adr-rows">{items.map((one, at) => <li key={at}><Icon name="TriangleAlert" size={15} /><span>Row {one.row}{one.field ? `, ${one.field}` : ''}: {one.reason}{one.excerpt ? <span className="adr-quiet"> “{one.excerpt.slice(0, 120)}”</span> : null}</span></li>)}</ul>}
        </Loaded>
      )}
    </section>
  );
}

function Working({ view, set }) {
  const { busy, problem, act } = useAct();
  const stop = async () => {
    if (await act('stop', ({ key }) => api.post(`/runs/${view.runId}/stop`, {}, { key }))) changed('imports', 'runs');
  };
  const goOn = async () => {
    const next = await act('start', ({ key }) => api.post(`/imports/${view.id}/start`, {}, { key }));
    if (next) { set(next); changed('imports', 'runs'); }
  };
  const running = view.status === 'running';
  return (
    <>
      <div className="adr-progress">
        <Bar value={view.position} max={view.total || Math.max(view.position, 1)} label="Progress" tone={words.IMPORT_STATUS[view.status][1]} />
        <p className="adr-facts">{view.total ? `${view.position.toLocaleString('en-US')} of about ${view.total.toLocaleString('en-US')} rows` : `${view.position.toLocaleString('en-US')} rows so far`}{running ? '' : '. What came in stays.'}</p>
      </div>
      <Tally counts={view.counts} />
      {view.error && <p className="adr-flag adr-red"><Icon name="CircleX" />{view.error}</p>}
      <Trouble problem={problem} />
      <div className="adr-row">
        {running && <Button icon="Square" busy={busy === 'stop'} onClick={stop}>Stop</Button>}
        {!running && view.runId && <Button kind="primary" icon="Play" busy={busy === 'start'} onClick={goOn}>Go on</Button>}
      </div>
    </>
  );
}

function Done({ view }) {
  const say = useSay();
  const nothing = !view.counts.new && !view.counts.changed;
  return (
    <>
      <Tally counts={view.counts} />
      {nothing && <p className="adr-hush"><Icon name="CircleCheck" />Everything in this file was already here.</p>}
      {view.counts.nearDuplicates > 0 && <p className="adr-hint"><Icon name="CopyCheck" size={14} /> {words.count(view.counts.nearDuplicates, 'pair')} of nearly the same text: kept, and linked to each other.</p>}
      <div className="adr-row">
        {view.kind === 'swipes' && <Button kind="primary" icon="Images" onClick={() => say('Show the swipe library', '/swipe')}>Show the library</Button>}
        {view.kind === 'voc' && <Button kind="primary" icon="MessagesSquare" onClick={() => say('Show the quotes', '/voc')}>Show the quotes</Button>}
      </div>
    </>
  );
}

function ImportCard({ importId }) {
  const found = useData(`/imports/${importId}`, ['imports', 'runs']);
  const running = found.data?.status === 'running';
  const { reload } = found;
  const runId = found.data?.runId;
  useEffect(() => {
    if (!running || !runId) return undefined;
    let timer = null;
    const soon = () => { timer ||= setTimeout(() => { timer = null; reload(); }, 250); };
    const stop = follow(runId, soon);
    return () => { stop(); clearTimeout(timer); };
  }, [running, runId]);
  useEffect(() => { if (found.data?.status === 'completed') changed('swipes', 'voc'); }, [found.data?.status]);
  return (
    <Loaded from={found} lines={5}>
      {(view) => {
        const [word, tone, icon] = words.IMPORT_STATUS[view.status] || words.IMPORT_STATUS.preview;
        return (
          <Card
            icon={KINDS[view.kind]?.[0] || 'FileUp'} title={view.filename} label={`Import of ${view.filename}`} className={running ? 'adr-working' : ''}
            sub={<Line items={[view.formatTitle, size(view.bytes), view.kind === 'swipes' ? 'into the swipe library' : view.clientName && `for ${view.clientName}`, view.finishedAt && <When at={view.finishedAt} />]} />}
            chip={<Chip tone={tone} icon={icon}>{word}</Chip>}
          >
            {view.status === 'preview' && <Preview view={view} set={found.set} />}
            {['running', 'stopped', 'failed'].includes(view.status) && <Working view={view} set={found.set} />}
            {view.status === 'completed' && <Done view={view} />}
            {view.status === 'expired' && <p className="adr-hush"><Icon name="Clock" />{view.error}</p>}
            {!['preview', 'expired'].includes(view.status) && <Rejected view={view} />}
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('ImportCard', ImportCard, { props, sendUserMessage });
