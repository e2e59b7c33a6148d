// One document, small: what it is, who wrote it from what, and the decision. The document itself opens in the side panel.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Decision, Icon, Line, Loaded, When, useData, useKept, usePanel, words, standing, excerpt } = kit;

const ICONS = {
  intake: 'ClipboardList', client_canon: 'BookOpen', metric_schema: 'Gauge', strategy_sheet: 'Target',
  experiment_spec: 'FlaskConical', asset_brief: 'FileText', playbook: 'GraduationCap', delivery: 'Package',
};

function Author({ view }) {
  const model = view.model ? ` (${view.model === 'offline' ? 'offline writer' : view.model})` : '';
  return <>Written by {words.agentName(view.createdBy) || 'somebody'}{model}</>;
}

function Facts({ view }) {
  const sources = (view.builtFrom || []).map((s) => `${s.typeTitle} v${s.version}`).join(', ');
  return (
    <p className="adr-facts">
      <Line items={[
        <Author view={view} />,
        sources && <>built from {sources}</>,
        view.openComments > 0 && <span className="adr-strong">{words.count(view.openComments, 'open comment')}</span>,
      ]} />
    </p>
  );
}

function DocumentCard({ artifactId }) {
  const [shown, setShown] = useKept(`document:${artifactId}`, artifactId);
  const doc = useData(`/artifacts/${shown}`, ['artifacts']);
  const openPanel = usePanel();
  return (
    <Loaded from={doc} lines={4}>
      {(view) => {
        const outdated = view.latestId && view.latestId !== view.id;
        const open = (tab) => openPanel('Document', { artifactId: view.id, tab });
        return (
          <Card
            icon={ICONS[view.type] || 'FileText'}
            title={view.typeTitle}
            sub={<Line items={[view.clientName, view.campaignName, `v${view.version}`, <When at={view.createdAt} />]} />}
            chip={<Chip value={standing(view)} />}
            label={`${view.typeTitle}, version ${view.version}`}
            foot={
              <Decision
                kind="artifacts" view={view} onView={doc.set} reload={doc.reload}
                onNewest={() => setShown(view.latestId)}
              />
            }
          >
            {view.status === 'flagged_for_review' && !outdated && (
              <p className="adr-flag"><Icon name="TriangleAlert" />{view.flaggedReason || 'Something it was built from has changed.'}</p>
            )}
            <p className="adr-excerpt">{excerpt(view.markdown, 260)}</p>
            <Facts view={view} />
            <div className="adr-row adr-links">
              <Button kind="link" icon="PanelRightOpen" onClick={() => open('read')}>Open</Button>
              {view.version > 1 && <Button kind="link" icon="GitCompare" onClick={() => open('diff')}>What changed</Button>}
              <Button kind="link" icon="MessageSquare" onClick={() => open('comments')}>Comment</Button>
            </div>
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('DocumentCard', DocumentCard, { props, sendUserMessage });
