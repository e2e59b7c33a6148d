// The budgets: spent, reserved, left, with the warning mark; by agent, model and kind; the limit is set here.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Choice, Empty, Field, Line, Loaded, Tabs, Text, Trouble, changed, useAct, useData, useKept, words } = kit;

const PERIODS = [{ value: 'total', label: 'In total' }, { value: 'day', label: 'A day' }, { value: 'month', label: 'A month' }];
const NAMES = { org: 'The whole room', user: 'You', session: 'This chat', run: 'A run' };

function Level({ scope }) {
  const limit = Number(scope.limit);
  const spent = Number(scope.spent);
  const reserved = Number(scope.reserved);
  if (!limit) return <p className="adr-facts">No limit is set. {words.money(spent)} spent so far.</p>;
  const share = (spent + reserved) / limit;
  const tone = share >= 1 ? 'red' : share >= scope.warnAt ? 'amber' : 'indigo';
  const part = (value) => `${Math.min(100, (value / limit) * 100)}%`;
  return (
    <div className="adr-level">
      <div className={`adr-bar adr-thick adr-${tone}`} role="meter" aria-label={`Spent and reserved of the limit, ${scope.name || NAMES[scope.scope]}`} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100} aria-valuetext={`${words.money(spent)} spent, ${words.money(reserved)} reserved, of ${words.money(limit)}`}>
        <i style={{ width: part(spent) }} /><em style={{ left: part(spent), width: part(Math.min(reserved, Math.max(0, limit - spent))) }} />
        {scope.warnAt > 0 && <b style={{ left: `${scope.warnAt * 100}%` }} title={`Warning at ${Math.round(scope.warnAt * 100)}%`} />}
      </div>
      <p className="adr-facts adr-split"><span><span className="adr-strong">{words.money(spent)}</span> spent{reserved > 0 && <> · {words.money(reserved)} reserved</>}</span><span>{words.money(scope.left)} left of {words.money(limit)}</span></p>
    </div>
  );
}

function Parts({ scope }) {
  const [by, setBy] = useKept(`meter-by:${scope.scope}`, 'byAgent');
  const tabs = [{ id: 'byAgent', title: 'By agent' }, { id: 'byModel', title: 'By model' }, { id: 'byKind', title: 'By kind' }].filter((tab) => scope[tab.id]?.some((row) => Number(row.cost) > 0));
  if (!tabs.length) return null;
  const at = tabs.some((tab) => tab.id === by) ? by : tabs[0].id;
  const rows = scope[at].filter((row) => Number(row.cost) > 0).sort((a, b) => b.cost - a.cost);
  const most = Math.max(...rows.map((row) => Number(row.cost)), 0.0001);
  return (
    <div>
      <Tabs tabs={tabs} value={at} onChange={setBy} label="Where it went" />
      <ul className="adr-parts">{rows.map((row) => <li key={row.name}><span>{at === 'byModel' ? row.name : words.agentName(row.name)}</span><span className="adr-bar adr-indigo"><i style={{ width: `${(row.cost / most) * 100}%` }} /></span><span>{words.money(row.cost)}</span></li>)}</ul>
    </div>
  );
}

function SetLimit({ scope, onDone }) {
  const [limit, setLimit] = useState(String(scope.limit ?? ''));
  const [period, setPeriod] = useState(scope.period || 'total');
  const { busy, problem, act } = useAct();
  const wrong = limit.trim() && !/^\d{1,9}([.,]\d{1,2})?$/.test(limit.trim()) ? ['An amount in dollars, such as 25 or 12.50.'] : [];
  const save = async (event) => {
    event.preventDefault();
    if (!(await act('limit', ({ key }) => api.put(`/budgets/${scope.scope}/${scope.scopeId}`, { limit: limit.trim().replace(',', '.'), period }, { key })))) return;
    changed('budgets');
    onDone();
  };
  return (
    <form className="adr-create" onSubmit={save}>
      <Field label="Limit in dollars" errors={wrong}>{(tied) => <Text {...tied} inputMode="decimal" autoFocus value={limit} onChange={setLimit} />}</Field>
      {scope.scope !== 'run' && scope.scope !== 'session' && <Field label="For" group>{() => <Choice value={period} options={PERIODS} required onChange={setPeriod} label="Period" />}</Field>}
      <div className="adr-row"><Button kind="primary" type="submit" busy={Boolean(busy)} disabled={!limit.trim() || wrong.length > 0}>Set the limit</Button><Button onClick={onDone}>Cancel</Button></div>
      <Trouble problem={problem} />
    </form>
  );
}

function Scope({ scope, mayChange }) {
  const [setting, setSetting] = useKept(`limit:${scope.scope}:${scope.scopeId}`, false);
  const { busy, problem, act } = useAct();
  const share = Number(scope.limit) ? (Number(scope.spent) + Number(scope.reserved)) / Number(scope.limit) : 0;
  const fresh = async () => (await act('period', ({ key }) => api.post(`/budgets/${scope.scope}/${scope.scopeId}/new-period`, { period: scope.period }, { key }))) && changed('budgets');
  return (
    <section className="adr-scope" aria-label={scope.name || NAMES[scope.scope]}>
      <div className="adr-row adr-wide">
        <p><strong>{scope.name || NAMES[scope.scope]}</strong> <span className="adr-quiet">{PERIODS.find((p) => p.value === scope.period)?.label.toLowerCase()}</span></p>
        {share >= 1 ? <Chip tone="red" icon="CircleX">Limit reached</Chip> : share >= scope.warnAt ? <Chip tone="amber" icon="TriangleAlert">{Math.round(share * 100)}% used</Chip> : null}
      </div>
      <Level scope={scope} />
      <Parts scope={scope} />
      {!mayChange ? null : setting ? <SetLimit scope={scope} onDone={() => setSetting(false)} /> : (
        <div className="adr-row">
          <Button icon="PencilLine" onClick={() => setSetting(true)}>{scope.limit !== null ? 'Change the limit' : 'Set a limit'}</Button>
          {scope.limit !== null && scope.period === 'total' && <Button icon="RotateCcw" busy={Boolean(busy)} onClick={fresh}>Start a new period</Button>}
        </div>
      )}
      <Trouble problem={problem} />
    </section>
  );
}

function Meter() {
  const asked = props.sessionId ? `/budgets?sessionId=${encodeURIComponent(props.sessionId)}` : '/budgets';
  const budgets = useData(asked, ['budgets', 'runs']);
  return (
    <Loaded from={budgets} lines={5}>
      {({ scopes, mayChange }) => (
        <Card icon="Gauge" title="Budget" sub={<Line items={['Every call is reserved before it is made', 'nothing is spent over a limit']} />}>
          {scopes.length ? scopes.map((scope) => <Scope key={`${scope.scope}:${scope.scopeId}:${scope.period}`} scope={scope} mayChange={mayChange !== false} />) : <Empty icon="Wallet">No budget yet. The first call sets one up.</Empty>}
        </Card>
      )}
    </Loaded>
  );
}

export default kit.element('Meter', Meter, { props, sendUserMessage });
