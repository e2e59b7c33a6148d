// One asset, small: what it is, how it scores, what the critics found, and what can be done with it now.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, ContentScore, Decision, Line, Loaded, PieceSteps, Published, Trouble, Unchecked, When, changed, excerpt, useAct, useData, usePanel, standing, words } = kit;

function Findings({ findings, onOpen }) {
  const open = (findings || []).flatMap((report) => report.checks.filter((check) => !check.passed));
  if (!findings?.length) return <p className="adr-facts">Not checked yet.</p>;
  if (!open.length) return <div className="adr-row"><Chip value="pass">No findings</Chip></div>;
  const by = words.SEVERITIES.map((severity) => [severity, open.filter((check) => check.severity === severity).length]).filter(([, n]) => n);
  return (
    <button type="button" className="adr-findbar" onClick={onOpen} aria-label={`${words.count(open.length, 'finding')}, open them`}>
      {by.map(([severity, n]) => <Chip key={severity} tone={words.severityTone(severity)} icon={severity === 'critical' ? 'OctagonAlert' : severity === 'info' ? 'Info' : 'TriangleAlert'}>{n} {severity}</Chip>)}
    </button>
  );
}

function Publish({ view, set }) {
  const { busy, problem, act } = useAct();
  const again = view.status === 'published' && Boolean(view.publication?.lost);
  const may = Boolean(view.mayPublish) && (again || view.status === 'approved');
  const publish = async () => {
    const next = await act('publish', ({ key }) => api.post(`/assets/${view.id}/publish`, {}, { key }));
    if (!next) return;
    if (next.id) set(next);
    changed('assets', 'inbox');
  };
  return <>{may && <Button kind="primary" icon="Rocket" busy={busy === 'publish'} onClick={publish}>{again ? 'Publish again' : 'Publish'}</Button>}<Trouble problem={problem} /></>;
}

/** "Blog post" and "Email" rather than a channel with its format: only another pair needs both words. */
const kindOf = ({ channel, format }) => ({ blog_post: 'Blog post', landing_page: 'Landing page', email_html: 'Email', email_text: 'Email' }[format] || `${words.sentence(channel)}, ${words.sentence(format).toLowerCase()}`);

function AssetCard({ assetId }) {
  const asset = useData(`/assets/${assetId}`, ['assets']);
  const openPanel = usePanel();
  return (
    <Loaded from={asset} lines={4}>
      {(view) => {
        const email = view.channel === 'email';
        const open = (tab) => openPanel('Asset', { assetId: view.id, tab });
        return (
          <Card
            icon={email ? 'Mail' : view.channel === 'blog' ? 'Newspaper' : 'Image'} title={view.title}
            sub={<Line items={[view.clientName, view.campaignName, kindOf(view), `v${view.version}`]} />}
            chip={<Chip value={standing(view)} />} label={`${words.sentence(view.channel)}: ${view.title}`}
            foot={<Decision kind="assets" view={view} onView={asset.set} reload={asset.reload} onNewest={asset.reload} />}
          >
            <p className="adr-excerpt">{email && view.content?.subject ? `Subject: ${view.content.subject}` : excerpt(view.markdown || view.text, 240)}</p>
            <div className="adr-row adr-wide">
              <p className="adr-facts"><Line items={[view.wordCount ? words.count(view.wordCount, 'word') : null, view.shownScore?.meaning === 'reviewers' ? <span className="adr-strong">{words.sentence(view.shownScore.words)}</span> : null, view.agent && `by ${words.agentName(view.agent)}${view.model === 'offline' ? ' (offline writer)' : view.model ? ` (${view.model})` : ''}`, view.spent ? `$${Number(view.spent).toFixed(2)}` : null, <When at={view.createdAt || view.updatedAt} />]} /></p>
              <Findings findings={view.findings} onOpen={() => open('findings')} />
            </div>
            <ContentScore view={view} />
            <Unchecked view={view} />
            <Published view={view} />
            <div className="adr-row adr-links">
              <Button kind="link" icon="PanelRightOpen" onClick={() => open('read')}>Open</Button>
              {view.proposalId && <Button kind="link" icon="FileDiff" onClick={() => open('proposal')}>Proposed changes</Button>}
              <PieceSteps view={view} />
              <Publish view={view} set={asset.set} />
            </div>
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('AssetCard', AssetCard, { props, sendUserMessage });
