// A series of emails: each folds open to be read and edited in place; approved and scheduled as one.
import React, { useEffect, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Field, Icon, Line, Loaded, LongText, Markdown, Text, Trouble, changed, EmailFiles, useAct, useData, useKept, usePanel, words } = kit;

const FIELDS = ['subject', 'preheader', 'purpose'];
const shown = (email) => ({ ...Object.fromEntries(FIELDS.map((name) => [name, email[name]])), other: email.subjects[0] || '', body: email.body, day: String(email.day) });
const length = (text, least, most) => `${text.length} of ${least ? `${least} to ` : ''}${most} characters`;

/** What differs from what is stored, as the API takes it. */
function changes(email, typed) {
  const was = shown(email);
  const given = Object.fromEntries(FIELDS.filter((name) => typed[name] !== was[name]).map((name) => [name, typed[name]]));
  if (typed.body !== was.body) given.bodyMarkdown = typed.body;
  if (typed.other !== was.other) given.subjects = [typed.other, ...email.subjects.slice(1)].filter((one) => one.trim());
  if (typed.day !== was.day && /^\d{1,4}$/.test(typed.day)) given.day = Number(typed.day);
  return given;
}

function Editor({ email, reload }) {
  const [typed, setTyped] = useKept(`series:${email.assetId}:${email.contentHash}:${email.day}`, shown(email));
  const [writing, setWriting] = useState(false);
  const { busy, problem, act } = useAct();
  const given = changes(email, typed);
  const dirty = Object.keys(given).length > 0;
  const put = (name) => (value) => setTyped({ ...typed, [name]: value });
  const save = async () => {
    const next = await act('save', ({ key }) => api.call('PATCH', `/assets/${email.assetId}/email`, { contentHash: email.contentHash, ...given }, { key }));
    if (!next) return;
    changed('assets', 'inbox');
    reload();
  };
  return (
    <div className="adr-editor">
      <Field label="Subject" help={length(typed.subject, 0, 50)}>{(field) => <Text {...field} value={typed.subject} onChange={put('subject')} />}</Field>
      <Field label="Other subject, to try against it" help={length(typed.other, 0, 50)}>{(field) => <Text {...field} value={typed.other} onChange={put('other')} />}</Field>
      <Field label="Preheader" help={length(typed.preheader, 40, 90)}>{(field) => <Text {...field} value={typed.preheader} onChange={put('preheader')} />}</Field>
      <div className="adr-fields">
        <Field label="Day" help="Days after the start">{(field) => <Text {...field} value={typed.day} inputMode="numeric" onChange={put('day')} />}</Field>
        <Field label="Purpose">{(field) => <Text {...field} value={typed.purpose} onChange={put('purpose')} />}</Field>
      </div>
      {writing ? <Field label="Body" help="Markdown">{(field) => <LongText {...field} rows={8} value={typed.body} onChange={put('body')} />}</Field> : <div className="adr-mail"><Markdown text={typed.body} /></div>}
      <div className="adr-row">
        {dirty && <Button kind="primary" icon="Check" busy={busy === 'save'} onClick={save}>Save</Button>}
        {dirty && <Button onClick={() => setTyped(shown(email))}>Undo</Button>}
        <Button kind="link" icon="Pencil" aria-pressed={writing} onClick={() => setWriting(!writing)}>{writing ? 'Read the body' : 'Edit the body'}</Button>
      </div>
      <Trouble problem={problem} />
    </div>
  );
}

function Email({ email, reload }) {
  const openPanel = usePanel();
  const [open, setOpen] = useKept(`series-open:${email.assetId}`, false);
  return (
    <details className="adr-item" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary><span className="adr-seriesline"><span className="adr-quiet">Day {email.day}</span><strong>{email.subject}</strong><Chip value={email.changedSince ? 'changes_requested' : email.status} icon={email.changedSince ? 'Pencil' : undefined}>{email.changedSince ? 'Edited since' : undefined}</Chip></span></summary>
      <p className="adr-facts"><Line items={[email.purpose, words.count(email.wordCount, 'word'), `v${email.version}`, email.sendAt && `goes out ${email.sendAt}`]} /></p>
      <Editor email={email} reload={reload} />
      <div className="adr-row adr-links">
        <Button kind="link" icon="PanelRightOpen" onClick={() => openPanel('Asset', { assetId: email.assetId })}>Preview and decide</Button>
        <EmailFiles id={email.assetId} />
      </div>
    </details>
  );
}

const tomorrow = () => new Date(Date.now() + 864e5).toISOString().slice(0, 10);

/** Start, time and place; approving names exactly what is shown above. */
function Schedule({ view, set, reload }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const [plan, setPlan] = useKept(`series-plan:${view.id}`, { startsOn: tomorrow(), sendTime: '09:00', timezone: zone });
  const { busy, problem, act } = useAct();
  useEffect(() => { if (problem?.status === 409) reload(); }, [problem]);
  const put = (name) => (value) => setPlan({ ...plan, [name]: value });
  const send = async (name, method, body) => {
    const next = await act(name, ({ key }) => api.call(method, `/series/${view.id}/schedule`, body, { key }));
    if (!next) return;
    if (next.id) set(next);
    changed('assets', 'inbox', 'runs');
  };
  if (view.status === 'scheduled') {
    return (
      <div className="adr-row adr-wide">
        <p><Icon name="CalendarCheck" /> Starts {words.day(view.startsOn)}, {String(view.sendTime).slice(0, 5)} {view.timezone}. The plan is recorded; the sending service sends.</p>
        {view.mayDecide && <Button icon="CalendarX" busy={busy === 'back'} onClick={() => send('back', 'DELETE')}>Take the plan back</Button>}
        <Trouble problem={problem} />
      </div>
    );
  }
  if (!view.mayDecide) return <p className="adr-hush"><Icon name="Clock" />Waits for somebody who may approve it.</p>;
  const emails = view.emails.map(({ assetId, contentHash }) => ({ assetId, contentHash }));
  return (
    <div className="adr-decide">
      <div className="adr-fields">
        <Field label="Starts on">{(field) => <Text {...field} type="date" value={plan.startsOn} onChange={put('startsOn')} />}</Field>
        <Field label="Time of day">{(field) => <Text {...field} type="time" value={plan.sendTime} onChange={put('sendTime')} />}</Field>
        <Field label="Time zone">{(field) => <Text {...field} value={plan.timezone} onChange={put('timezone')} />}</Field>
      </div>
      <div className="adr-row"><Button kind="primary" icon="CalendarCheck" busy={busy === 'plan'} onClick={() => send('plan', 'POST', { ...plan, emails })}>Approve &amp; schedule {words.count(view.emails.length, 'email')}</Button></div>
      <Trouble problem={problem} />
    </div>
  );
}

function SeriesCard({ seriesId }) {
  const series = useData(`/series/${seriesId}`, ['assets']);
  return (
    <Loaded from={series} lines={6}>
      {(view) => (
        <Card icon="Mails" title={view.title} label={`Email series: ${view.title}`} chip={<Chip value={view.status} />}
          sub={<Line items={[view.clientName, words.count(view.emails.length, 'email'), view.emails.length > 1 && `${words.count(view.emails.at(-1).day, 'day')}`, view.tone && `tone: ${view.tone}`]} />}
          foot={<Schedule view={view} set={series.set} reload={series.reload} />}>
          <p className="adr-excerpt">Goal: {view.goal}</p>
          <div className="adr-series">{view.emails.map((email) => <Email key={email.assetId} email={email} reload={series.reload} />)}</div>
        </Card>
      )}
    </Loaded>
  );
}

export default kit.element('SeriesCard', SeriesCard, { props, sendUserMessage });
