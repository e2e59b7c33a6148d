// Proposed edits of a piece, small: what they would do, a few of them, and the way to all.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Line, Loaded, When, useData, usePanel, words } = kit;

function ProposalCard({ proposalId }) {
  const found = useData(`/proposals/${proposalId}`, ['assets']);
  const openPanel = usePanel();
  return (
    <Loaded from={found} lines={4}>
      {(view) => {
        const { scoreBefore, scoreAfter, leftOut } = view.account;
        const scored = scoreBefore !== null && scoreAfter !== null;
        const state = view.status === 'taken' ? ['approved', `${view.taken.length} of ${view.hunks.length} taken`] : view.status === 'open' && view.current ? ['waiting', 'To take'] : ['archived', view.status === 'open' ? 'Out of date' : 'Let go'];
        return (
          <Card
            icon={view.kind === 'polish' ? 'Sparkle' : 'Gauge'} title={view.title}
            sub={<Line items={[view.kind === 'polish' ? 'Line edit' : 'Optimised', `v${view.assetVersion}`, words.count(view.hunks.length, 'change')]} />}
            chip={<Chip value={state[0]}>{state[1]}</Chip>} label={`Proposed edits: ${view.title}`}
          >
            <p className="adr-facts"><Line items={[scored && <span className="adr-strong">Content score {scoreBefore} → {scoreAfter}</span>, leftOut.length > 0 && `${words.count(leftOut.length, 'change')} left out to keep what is said true`, view.agent && `by ${words.agentName(view.agent)}${view.model === 'offline' ? ' (offline writer)' : view.model ? ` (${view.model})` : ''}`, <When at={view.createdAt} />]} /></p>
            {view.status === 'open' && !view.current && <p className="adr-hush">The piece was changed since. Have these made again.</p>}
            <div className="adr-row adr-links">
              <Button kind={view.mayTake ? 'primary' : 'link'} icon="PanelRightOpen" onClick={() => openPanel('Asset', { assetId: view.assetId, tab: view.mayTake ? 'proposal' : 'read' })}>{view.mayTake ? 'Look at the changes' : 'Open the piece'}</Button>
            </div>
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('ProposalCard', ProposalCard, { props, sendUserMessage });
