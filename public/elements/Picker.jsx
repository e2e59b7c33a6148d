// A few answers as buttons: which client, which campaign, or any short list. Clients and campaigns can be made here.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Empty, Field, Icon, Loaded, Text, Trouble, changed, useAct, useData, useKept, useSay } = kit;

const KINDS = {
  client: {
    icon: 'Building2', title: 'Which client?', command: 'client', path: () => '/clients', topic: 'clients', one: 'client',
    empty: 'No client yet. Make the first one, or try the room with a demo client.',
    note: (c) => [c.industry, c.status && c.status !== 'active' ? c.status : null].filter(Boolean).join(' · '),
    fields: [{ name: 'name', label: 'Name', required: true }, { name: 'industry', label: 'Industry' }, { name: 'website', label: 'Website', placeholder: 'https://' }],
  },
  campaign: {
    icon: 'Flag', title: 'Which campaign?', command: 'campaign', path: (p) => `/clients/${p.clientId}/campaigns`, topic: 'clients', one: 'campaign',
    empty: 'No campaign for this client yet. Name one to start.',
    note: (c) => [c.status, c.goalDescription].filter(Boolean).join(' · '),
    fields: [{ name: 'name', label: 'Name', required: true }, { name: 'goalDescription', label: 'Goal, in a sentence', placeholder: '300 orders in twelve weeks' }],
  },
};

function Create({ kind, path, onMade, onCancel }) {
  const [typed, setTyped] = useKept(`create:${path}`, {});
  const { busy, problem, act } = useAct();
  const submit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(typed).filter(([, v]) => String(v).trim()));
    const made = await act('create', ({ key }) => api.post(path, given, { key }));
    if (!made) return;
    setTyped({});
    changed(kind.topic);
    onMade(made);
  };
  const wrong = (name) => (problem?.fields || []).filter((f) => f.field === name).map((f) => f.message);
  return (
    <form className="adr-create" onSubmit={submit}>
      {kind.fields.map((f, i) => (
        <Field key={f.name} label={f.label} required={f.required} errors={wrong(f.name)}>
          {(tied) => <Text {...tied} maxLength={300} autoFocus={i === 0} placeholder={f.placeholder} value={typed[f.name]} onChange={(v) => setTyped({ ...typed, [f.name]: v })} />}
        </Field>
      ))}
      <div className="adr-row">
        <Button kind="primary" icon="Plus" busy={busy === 'create'} disabled={!String(typed.name || '').trim()} type="submit">Create {kind.one}</Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      {problem && !problem.fields?.length && <Trouble problem={problem} />}
    </form>
  );
}

function Options({ items, note, icon, onPick, picked }) {
  return (
    <div className="adr-options">
      {items.map((item) => (
        <button key={item.id} type="button" className="adr-option" aria-pressed={picked === item.id} onClick={() => onPick(item)}>
          <span className="adr-initial" aria-hidden="true">{icon ? <Icon name={icon} /> : item.name.trim().charAt(0).toUpperCase()}</span>
          <span><strong>{item.name}</strong>{note(item) && <small>{note(item)}</small>}</span>
        </button>
      ))}
    </div>
  );
}

function Known({ kind, props }) {
  const say = useSay();
  const path = kind.path(props);
  const list = useData(`${path}?limit=200`, [kind.topic]);
  const [creating, setCreating] = useKept(`creating:${path}`, false);
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useKept(`picked:${path}`, null);
  const pick = (item) => {
    const namesakes = (list.data?.items || []).filter((one) => one.name === item.name).length > 1;
    setPicked(item.id);
    setCreating(false);
    say(namesakes ? item.id : item.name, kind.command);
  };
  return (
    <Loaded from={list} lines={3}>
      {(answer) => {
        const items = answer.items || [];
        const seen = items.filter((one) => one.name.toLowerCase().includes(search.toLowerCase()));
        return (
          <Card icon={kind.icon} title={props.title || kind.title}>
            {items.length > 8 && <input className="adr-input" type="search" aria-label={`Search ${kind.one}s`} placeholder="Search" value={search} onChange={(e) => setSearch(e.target.value)} />}
            {items.length ? <Options items={seen.slice(0, 24)} note={kind.note} picked={picked} onPick={pick} /> : !creating && <Empty icon={kind.icon}>{kind.empty}</Empty>}
            {seen.length > 24 && <p className="adr-quiet">{seen.length - 24} more. Search to find them.</p>}
            {creating ? <Create kind={kind} path={path} onMade={pick} onCancel={() => setCreating(false)} />
              : <div className="adr-row"><Button icon="Plus" onClick={() => setCreating(true)}>New {kind.one}</Button>
                {kind.one === 'client' && !items.length && <Button kind="primary" icon="Sparkles" onClick={() => say('Try it with a demo client', '/demo')}>Try it with a demo client</Button>}</div>}
          </Card>
        );
      }}
    </Loaded>
  );
}

/** Any other short question: {kind: "tone", title, options: [{value, label, note?}], command}. */
function Given({ props }) {
  const say = useSay();
  const [picked, setPicked] = useKept(`picked:${props.kind}:${props.title}`, null);
  const items = (props.options || []).map((o) => (typeof o === 'object' ? { id: String(o.value), name: o.label || String(o.value), note: o.note } : { id: String(o), name: String(o) }));
  const pick = (item) => { setPicked(item.id); say(item.id, props.command); };
  return <Card icon="ListChecks" title={props.title || 'Choose one'}><Options items={items} icon="ChevronRight" note={(i) => i.note} picked={picked} onPick={pick} /></Card>;
}

function Picker(given) {
  const kind = KINDS[given.kind];
  return kind ? <Known kind={kind} props={given} /> : <Given props={given} />;
}

export default kit.element('Picker', Picker, { props, sendUserMessage });
