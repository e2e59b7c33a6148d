// All that waits for a decision of mine, oldest last; each opens where it can be read, and can be approved from here.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Empty, Icon, Line, Loaded, Trouble, When, changed, useAct, useData, usePanel, useSay, words } = kit;

const SUBJECTS = { artifact: ['FileText', 'Document'], asset: ['Newspaper', 'Asset'], run: ['Workflow', null], budget: ['Wallet', null], plan: ['ListChecks', null] };

function Waiting({ item }) {
  const openPanel = usePanel();
  const say = useSay();
  const { busy, problem, act } = useAct();
  const [icon, panel] = SUBJECTS[item.subjectType] || ['Circle', null];
  const approve = async () => {
    if (await act('approve', ({ key }) => api.post(`/approvals/${item.approvalId}/decision`, { decision: 'approved', contentHash: item.contentHash || '' }, { key }))) changed('inbox', 'artifacts', 'assets', 'runs', 'budgets');
  };
  const open = () => {
    if (panel) openPanel(panel, panel === 'Asset' ? { assetId: item.subjectId } : { artifactId: item.subjectId });
    else if (item.runId) openPanel('RunCard', { runId: item.runId });
    else say('Show the budget', '/budget');
  };
  return (
    <li>
      <Icon name={icon} size={18} />
      <div>
        <p><strong>{item.title}</strong></p>
        <p className="adr-facts"><Line items={[words.sentence(item.gate) === item.title ? null : words.sentence(item.gate), item.clientName, item.version ? `v${item.version}` : null, <When at={item.requestedAt} before="asked " />]} /></p>
        <Trouble problem={problem} retry={() => changed('inbox')} label="Show newest" />
      </div>
      {item.score !== null && item.score !== undefined && <Chip tone="violet" icon="Gauge">Score {item.score}{item.score <= 10 ? ' of 10' : ''}</Chip>}
      <div className="adr-row">
        <Button icon="PanelRightOpen" onClick={open}>Open</Button>
        {panel && <Button kind="primary" icon="Check" busy={busy === 'approve'} onClick={approve} aria-label={`Approve ${item.title}`}>Approve</Button>}
      </div>
    </li>
  );
}

function Inbox() {
  const inbox = useData('/inbox?limit=100', ['inbox']);
  const [all, setAll] = useState(false);
  return (
    <Loaded from={inbox} lines={4}>
      {({ items }) => (
        <Card icon="Inbox" title="Inbox" sub={items.length ? `${words.count(items.length, 'decision')} to make` : 'All decided'}>
          {items.length ? <ul className="adr-waiting">{(all ? items : items.slice(0, 8)).map((item) => <Waiting key={item.approvalId} item={item} />)}</ul>
            : <Empty icon="CircleCheck">Nothing waits for you. Documents, assets and budgets that need your word appear here.</Empty>}
          {items.length > 8 && !all && <Button onClick={() => setAll(true)}>Show {items.length - 8} more</Button>}
        </Card>
      )}
    </Loaded>
  );
}

export default kit.element('Inbox', Inbox, { props, sendUserMessage });
