// The intake, section by section. What is typed is saved by itself; errors and warnings stand at their fields.
import React, { useCallback, useEffect, useRef, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, Problem, kept, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bar, Bones, Button, Card, Chip, Choice, Choices, Field, Icon, Line, ListInput, LongText, Loaded, Text, Tick, Trouble, Unlocked, Verdict, changed, useAct, useData, useKept, useSay, withoutEmptyRows, words } = kit;

const SAVE_AFTER = 800;
const WIDE = new Set(['longtext', 'list', 'choice', 'choices']);
const TYPES = { url: 'url', email: 'email', date: 'date', number: 'number' };

const read = (data, name) => name.split('.').reduce((at, key) => at?.[key], data);
function written(data, name, value) {
  const [key, ...rest] = name.split('.');
  return { ...data, [key]: rest.length ? written(data?.[key] || {}, rest.join('.'), value) : value };
}

/** An extra question applies when the answer it depends on is one of those it names. */
function applies(when, data) {
  if (!when) return true;
  const answer = String(read(data, when.field) ?? '').toLowerCase();
  return when.in.some((one) => (when.contains ? answer.includes(one.toLowerCase()) : answer === one.toLowerCase()));
}

const answered = (value) => (Array.isArray(value) ? value.some((one) => String(one).trim()) : typeof value === 'boolean' ? value : value !== null && value !== undefined && String(value).trim() !== '');

/** Saves what was typed a moment after the last key; one save at a time; nothing typed meanwhile is overwritten. */
function useDraft(clientId, intake) {
  const path = `/clients/${clientId}/intake`;
  const [typed, setTyped] = useState(() => kept.read(`intake:${clientId}`, null));
  const [state, setState] = useState({ saving: false, problem: null, savedAt: null });
  const now = useRef({ typed, hash: null, running: false, timer: null }).current;
  now.typed = typed;
  now.hash = intake.data?.contentHash;

  const save = useCallback(async () => {
    clearTimeout(now.timer);
    if (now.running || now.typed === null) return;
    now.running = true;
    const sent = now.typed;
    setState((old) => ({ ...old, saving: true }));
    try {
      const view = await api.put(path, { data: withoutEmptyRows(sent), ...(now.hash ? { contentHash: now.hash } : {}) });
      intake.set(view);
      setState({ saving: false, problem: null, savedAt: Date.now() });
      if (now.typed === sent) { kept.drop(`intake:${clientId}`); setTyped(null); }
      else now.timer = setTimeout(save, SAVE_AFTER);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setState((old) => ({ ...old, saving: false, problem }));
    } finally { now.running = false; }
  }, [path, intake.set]);

  const change = useCallback((data) => {
    now.typed = data;
    kept.write(`intake:${clientId}`, data);
    setTyped(data);
    clearTimeout(now.timer);
    now.timer = setTimeout(save, SAVE_AFTER);
  }, [save]);

  useEffect(() => {
    const leave = () => document.visibilityState === 'hidden' && now.typed !== null && api.put(path, { data: withoutEmptyRows(now.typed), ...(now.hash ? { contentHash: now.hash } : {}) }, { keepalive: true }).then(intake.set, () => {});
    document.addEventListener('visibilitychange', leave);
    return () => { document.removeEventListener('visibilitychange', leave); clearTimeout(now.timer); if (now.typed !== null) save(); };
  }, [save]);

  const takeTheirs = () => { kept.drop(`intake:${clientId}`); setTyped(null); setState({ saving: false, problem: null, savedAt: null }); intake.reload(); };
  return { data: typed ?? intake.data?.data ?? {}, change, save, takeTheirs, dirty: typed !== null, ...state };
}

function Answer({ wide, ...rest }) {
  return <div className={wide ? 'adr-span' : ''}><Question {...rest} /></div>;
}

/** The choice that an answer means, however it was written in a brief; null when it is none of them. */
const known = (field, value) => field.options.find((o) => [o.value, o.label].some((word) => word.toLowerCase() === String(value ?? '').trim().toLowerCase()))?.value ?? null;

/** Answers that were typed stand among the choices, so that they can be taken back. */
const shown = (field, value) => [...field.options, ...(value || []).filter((one) => !field.options.some((o) => o.value === one)).map((one) => ({ value: one, label: one }))];

/** An answer beside the choices. One of several is added with Enter; the only one is kept as it is typed. */
function Other({ field, value, set, many }) {
  const [typed, setTyped] = useState('');
  if (!field.otherAllowed) return null;
  const own = many ? typed : value && known(field, value) === null ? value : '';
  const add = () => { set(typed.trim()); setTyped(''); };
  return <input className="adr-input adr-other" aria-label={`${field.label}, something else`} placeholder={many ? 'Another: type it and press Enter' : 'Something else'} value={own} onChange={(e) => (many ? setTyped(e.target.value) : set(e.target.value || null))} onBlur={() => many && typed.trim() && add()} onKeyDown={(e) => { if (many && e.key === 'Enter' && typed.trim()) { e.preventDefault(); add(); } }} />;
}

function Question({ field, data, onChange, errors, warnings, locked }) {
  const value = read(data, field.name);
  const set = (next) => onChange(written(data, field.name, next));
  const shared = { label: field.label, help: field.help, required: field.required, errors, warnings };
  const off = { disabled: locked };
  if (field.kind === 'tick') return <div className="adr-field"><Tick value={value} onChange={set} label={field.label} {...off} /></div>;
  if (field.kind === 'choice') return <Field {...shared} group>{() => <><Choice value={known(field, value)} options={field.options} onChange={set} label={field.label} /><Other field={field} value={value} set={set} /></>}</Field>;
  if (field.kind === 'choices') return <Field {...shared} group>{() => <><Choices value={value || []} options={shown(field, value)} onChange={set} label={field.label} /><Other field={field} set={(text) => text && set([...(value || []).filter((one) => one !== text), text])} many /></>}</Field>;
  if (field.kind === 'list') return <Field {...shared} group>{(tied) => <ListInput {...tied} {...off} value={value || []} onChange={set} label={field.label} placeholder={field.placeholder} />}</Field>;
  if (field.kind === 'longtext') return <Field {...shared}>{(tied) => <LongText {...tied} {...off} rows={3} value={value} onChange={(t) => set(t || null)} placeholder={field.placeholder} />}</Field>;
  const number = field.kind === 'number';
  return <Field {...shared}>{(tied) => <Text {...tied} {...off} type={TYPES[field.kind] === 'url' ? 'text' : TYPES[field.kind] || 'text'} inputMode={field.kind === 'url' ? 'url' : undefined} value={value} onChange={(t) => set(t === '' ? null : number ? Number(t) : t)} placeholder={field.placeholder} />}</Field>;
}

/** Where each section stands, by what is on the page now; the server's word on errors is the last saved one. */
function standing(sections, data, findings) {
  return sections.map((whole) => {
    const section = { ...whole, fields: whole.fields.filter((f) => applies(f.when, data)) };
    const needed = section.fields.filter((f) => f.required);
    const errors = (findings?.errors || []).filter((one) => section.fields.some((f) => f.name === one.field));
    const wrong = errors.filter((one) => answered(read(data, one.field)));
    const warnings = (findings?.warnings || []).filter((one) => section.fields.some((f) => f.name === one.field));
    const done = needed.filter((f) => answered(read(data, f.name)) || (f.unless && answered(read(data, f.unless)))).length;
    const any = section.fields.some((f) => answered(read(data, f.name)) && !(f.name === 'voice.languages'));
    return { section, done, total: needed.length, wrong: wrong.length, warnings: warnings.length, complete: done === needed.length && !wrong.length, any };
  });
}

function Nav({ stand, at, go }) {
  return (
    <nav className="adr-sections" aria-label="Sections">
      {stand.map(({ section, done, total, wrong, warnings, complete, any }, i) => (
        <button key={section.id} type="button" aria-current={i === at ? 'step' : undefined} onClick={() => go(i)}>
          <Icon name={wrong ? 'CircleAlert' : complete && any ? 'CircleCheck' : 'Circle'} className={wrong ? 'adr-red' : complete && any ? 'adr-green' : 'adr-grey'} />
          <span>{section.title}</span>
          <small>{wrong ? words.count(wrong, 'error') : total ? `${done}/${total}` : any ? '' : 'optional'}{warnings ? <Icon name="TriangleAlert" size={13} className="adr-amber" aria-hidden={false} aria-label="has warnings" /> : null}</small>
        </button>
      ))}
    </nav>
  );
}

function Saved({ draft }) {
  if (draft.problem?.status === 409) return <Trouble problem={draft.problem} retry={draft.takeTheirs} label="Show the newest" />;
  if (draft.problem) return <Trouble problem={draft.problem} retry={draft.save} />;
  const text = draft.saving ? 'Saving …' : draft.dirty ? 'Not saved yet' : draft.savedAt ? 'Saved' : 'Saved by itself as you type';
  return <span className="adr-quiet" role="status"><Icon name={draft.savedAt && !draft.dirty ? 'Check' : 'Clock'} size={14} /> {text}</span>;
}

function Approval({ intake, draft, missing, goTo }) {
  const view = intake.data;
  const { busy, problem, act } = useAct();
  const [unlocked, setUnlocked] = useKept(`intake-unlocked:${view.artifactId}`, null);
  const approve = async () => {
    if (draft.dirty) await draft.save();
    const fresh = window.adroom.answers.read(`/clients/${view.clientId}/intake`) || view;
    const decided = await act('approve', ({ key }) => api.post(`/artifacts/${fresh.artifactId}/decision`, { decision: 'approved', contentHash: fresh.contentHash }, { key }));
    if (!decided) return;
    intake.set({ ...fresh, status: 'approved', approvedByName: decided.approvedByName, approvedAt: decided.approvedAt });
    setUnlocked(decided.unlocked);
    changed('artifacts', 'inbox', 'clients');
  };
  if (view.status === 'approved' && !draft.dirty) return <div className="adr-row adr-wide"><Verdict view={view} /><Unlocked step={view.unlocked || unlocked} /></div>;
  const errors = view.findings?.errors || [];
  const ready = !errors.length && !missing;
  return (
    <div className="adr-decide">
      <div className="adr-row adr-wide">
        <span className="adr-quiet">{ready ? 'Complete. Approve it to go on.' : `${words.count(missing + errors.filter((e) => answered(read(draft.data, e.field))).length, 'answer')} to go before it can be approved.`}</span>
        {ready ? (view.mayDecide !== false && <Button kind="primary" icon="Check" busy={Boolean(busy) || draft.saving} onClick={approve}>Approve intake</Button>)
          : <Button icon="ChevronRight" onClick={goTo}>Go to the next one</Button>}
      </div>
      <Trouble problem={problem} retry={intake.reload} label="Show newest" />
    </div>
  );
}

function Filled({ form, intake, clientId }) {
  const say = useSay();
  const draft = useDraft(clientId, intake);
  const [at, setAt] = useKept(`intake-at:${clientId}`, 0);
  const body = useRef(null);
  const view = intake.data;
  const findings = view.findings || {};
  const sections = form.sections;
  const stand = standing(sections, draft.data, findings);
  const here = Math.min(at, sections.length - 1);
  const section = stand[here].section;
  const missing = stand.reduce((sum, one) => sum + one.total - one.done, 0);
  const total = stand.reduce((sum, one) => sum + one.total, 0);
  const go = (i) => { setAt(i); requestAnimationFrame(() => body.current?.focus({ preventScroll: true })); };
  const goTo = () => go(Math.max(0, stand.findIndex((one) => !one.complete)));
  const of = (list, name) => (list || []).filter((one) => one.field === name).map((one) => (one.by ? `${one.message} (noticed by ${one.by})` : one.message));
  return (
    <Card
      icon="ClipboardList" title="Intake" label="Intake form" className="adr-intake"
      sub={<Line items={[view.clientName, view.version ? `v${view.version}` : null, `${total - missing} of ${total} required answers`]} />}
      chip={<Chip value={view.status || 'draft'} />}
      foot={<Approval intake={{ ...intake, data: { ...view, clientId } }} draft={draft} missing={missing} goTo={goTo} />}
    >
      <Bar value={total - missing} max={total} label="Required answers given" tone={missing ? 'indigo' : 'green'} />
      <p className="adr-hint"><Icon name="Paperclip" size={14} /> Have a brief already? Drop it into the chat (YAML, JSON, Markdown, DOCX, PDF) and the form fills itself.
        {' '}<Button kind="link" onClick={() => say('Ask me what is missing in the intake')}>Answer in conversation instead</Button></p>
      {view.status === 'approved' && <p className="adr-hint"><Icon name="Info" size={14} /> Changing an answer makes a new version, which has to be approved again.</p>}
      {view.status === 'flagged_for_review' && <p className="adr-flag"><Icon name="TriangleAlert" />{view.flaggedReason}</p>}
      <div className="adr-intakebody">
        <Nav stand={stand} at={here} go={go} />
        <div className="adr-section" ref={body} tabIndex={-1} role="group" aria-label={section.title}>
          <h4>{section.title}</h4>
          {section.help && <p className="adr-help">{section.help}</p>}
          <div className="adr-fields">
            {section.fields.map((field) => {
              const value = read(draft.data, field.name);
              const errors = answered(value) || view.status === 'approved' ? of(findings.errors, field.name) : [];
              return <Answer key={field.name} field={field} wide={WIDE.has(field.kind)} data={draft.data} onChange={draft.change} errors={errors} warnings={of(findings.warnings, field.name)} />;
            })}
          </div>
          <div className="adr-row adr-wide adr-step">
            <Saved draft={draft} />
            <div className="adr-row">
              {here > 0 && <Button icon="ChevronLeft" onClick={() => go(here - 1)}>Back</Button>}
              {here < sections.length - 1 && <Button kind="primary" onClick={() => go(here + 1)}>Next: {sections[here + 1].title}</Button>}
            </div>
          </div>
        </div>
      </div>
    </Card>
  );
}

function IntakeForm({ clientId }) {
  const form = useData('/intake/form');
  const intake = useData(`/clients/${clientId}/intake`, ['artifacts', 'clients']);
  if (!form.data && !form.problem) return <Bones lines={6} />;
  return <Loaded from={form}>{(questions) => <Loaded from={intake} lines={6}>{() => <Filled form={questions} intake={intake} clientId={clientId} />}</Loaded>}</Loaded>;
}

export default kit.element('IntakeForm', IntakeForm, { props, sendUserMessage });
