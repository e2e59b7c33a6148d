// Research on a topic, small: what was opened, the angle, the gap, and the article that can begin from it.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Button, Card, Chip, Icon, Line, Loaded, When, useData, usePanel, useSay, words } = kit;

/** How many pages were really opened: a word with the number, whatever the colour. */
function Opened({ view }) {
  const found = view.data.sources.length;
  if (!found) return <Chip tone="amber" icon="FileX">No page opened</Chip>;
  return <Chip tone={view.opened ? 'green' : 'red'} icon={view.opened ? 'FileCheck' : 'FileX'}>{view.opened} of {words.count(found, 'page')} opened</Chip>;
}

function ResearchCard({ researchId }) {
  const research = useData(`/research/${researchId}`, ['research']);
  const openPanel = usePanel();
  const say = useSay();
  return (
    <Loaded from={research} lines={4}>
      {(view) => {
        const { data } = view;
        const open = (tab) => openPanel('Research', { researchId: view.id, tab });
        const missing = data.gap.missing.slice(0, 3);
        return (
          <Card
            icon="Search" title={view.topic} label={`Research: ${view.topic}`}
            sub={<Line items={[view.clientName, 'Research', view.language.toUpperCase(), <When at={view.createdAt} />]} />}
            chip={<Opened view={view} />}
          >
            {data.angle && <p className="adr-excerpt" dir="auto">{data.angle.sentence}</p>}
            {missing.length > 0 && (
              <div>
                <p className="adr-hint">No opened page answers:</p>
                <ul className="adr-rows">{missing.map((one) => <li key={one}><Icon name="CircleHelp" /><span dir="auto">{one}</span></li>)}</ul>
              </div>
            )}
            <p className="adr-facts"><Line items={[
              `${words.sentence(data.intent.kind)} intent`,
              data.questions.length > 0 && words.count(data.questions.length, 'question'),
              data.terms.length > 0 && words.count(data.terms.length, 'term'),
              data.outline.length > 0 && `outline of ${words.count(data.outline.length, 'section')}`,
              `by ${words.agentName(view.agent)}${view.model === 'offline' ? ' (offline writer)' : ` (${view.model})`}`,
            ]} /></p>
            <div className="adr-row adr-links">
              <Button kind="primary" icon="PenLine" onClick={() => say('Write the article', `/write ${view.topic}`)}>Write the article</Button>
              <Button kind="link" icon="PanelRightOpen" onClick={() => open('read')}>Open</Button>
              <Button kind="link" icon="Files" onClick={() => open('sources')}>Sources</Button>
            </div>
          </Card>
        );
      }}
    </Loaded>
  );
}

export default kit.element('ResearchCard', ResearchCard, { props, sendUserMessage });
