// Research in the side panel: the document to read, competing pages with their outlines, every source and what became of it.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Chip, Empty, Icon, Line, Loaded, Markdown, Tabs, When, download, fileName, useData, usePanelTitle, useSay, words } = kit;

const STATUS = {
  opened: ['green', 'FileCheck', 'Opened'], forbidden: ['amber', 'Ban', 'Not allowed'], refused: ['amber', 'FileX', 'Not read'],
  failed: ['red', 'CloudOff', 'No answer'], not_opened: ['grey', 'Circle', 'Not opened'],
};

const SAFE = /^https?:\/\//i;
const Address = ({ url }) => (SAFE.test(url) ? <a className="adr-ref" href={url} target="_blank" rel="noopener noreferrer nofollow">{url.replace(/^https?:\/\//, '')}</a> : <span>{url}</span>);

function Page({ page }) {
  return (
    <details>
      <summary><strong dir="auto">{page.title || page.url}</strong> <span className="adr-quiet">{words.count(page.words, 'word')}{page.publishedOn ? `, from ${page.publishedOn}` : ''}</span></summary>
      <div className="adr-section">
      <p className="adr-facts"><Address url={page.url} /></p>
      {page.description && <p className="adr-excerpt" dir="auto">{page.description}</p>}
      {page.outline.length > 0 && <ul className="adr-plain">{page.outline.map((one, i) => <li key={i} dir="auto" style={{ marginInlineStart: `${Math.max(0, one.level - 1) * 14}px` }}>{one.text}</li>)}</ul>}
      {page.facts.length > 0 && (
        <>
          <p className="adr-hint">Figures on it, word for word</p>
          {page.facts.map((fact, i) => <blockquote key={i} className="adr-said" dir="auto">{fact}</blockquote>)}
        </>
      )}
      {page.terms.length > 0 && <p className="adr-quiet" dir="auto">{page.terms.slice(0, 20).join(' · ')}</p>}
      </div>
    </details>
  );
}

function Pages({ data }) {
  if (!data.pages.length) return <Empty icon="FileX">No page was opened. Put addresses behind the topic, as in /research topic https://…</Empty>;
  return <div className="adr-sections">{data.pages.map((page) => <Page key={page.url} page={page} />)}</div>;
}

function Sources({ data }) {
  if (!data.sources.length) return <Empty icon="Layers">It rests on the topic and the client's own material alone.</Empty>;
  return (
    <>
      <p className="adr-hint">Only pages that were really opened count. What a host does not allow to programs is left alone.</p>
      <ul className="adr-rows">{data.sources.map((one) => {
        const [tone, icon, word] = STATUS[one.status] || ['grey', 'Circle', one.status];
        return (
          <li key={one.url}>
            <Icon name={one.given ? 'UserRound' : 'Search'} />
            <span>{one.title && <><strong dir="auto">{one.title}</strong><br /></>}<Address url={one.url} />{one.reason && <><br /><span className="adr-quiet">{one.reason}</span></>}{one.openedAt && <><br /><span className="adr-quiet">opened <When at={one.openedAt} /></span></>}</span>
            <Chip tone={tone} icon={icon}>{word}</Chip>
          </li>
        );
      })}</ul>
    </>
  );
}

function Whole({ view, tab, setTab }) {
  const say = useSay();
  usePanelTitle(`Research · ${view.topic}`.slice(0, 120));
  const tabs = [{ id: 'read', title: 'Read' }, { id: 'pages', title: 'Pages', count: view.data.pages.length }, { id: 'sources', title: 'Sources', count: view.data.sources.length }];
  const at = tabs.some((one) => one.id === tab) ? tab : 'read';
  return (
    <article className="adr-panel" aria-label={`Research: ${view.topic}`}>
      <header className="adr-panelhead">
        <p className="adr-facts"><Line items={[view.clientName, view.language.toUpperCase(), `by ${words.agentName(view.agent)}${view.model === 'offline' ? ' (offline writer)' : ` (${view.model})`}`, <When at={view.createdAt} />]} /></p>
      </header>
      <Tabs tabs={tabs} value={at} onChange={setTab} label="Views of the research" />
      <div className="adr-panelbody" role="tabpanel" aria-label={tabs.find((one) => one.id === at).title}>
        {at === 'read' && <div dir="auto"><Markdown text={view.markdown} /></div>}
        {at === 'pages' && <Pages data={view.data} />}
        {at === 'sources' && <Sources data={view.data} />}
      </div>
      <footer className="adr-stick">
        <div className="adr-row">
          <Button kind="primary" icon="PenLine" onClick={() => say('Write the article', `/write ${view.topic}`)}>Write the article</Button>
          <Button kind="link" icon="Download" onClick={() => download(fileName(`${view.clientName} research ${view.topic}`, 'md'), view.markdown, 'text/markdown;charset=utf-8')}>Markdown</Button>
        </div>
      </footer>
    </article>
  );
}

function Research({ researchId, tab: first }) {
  const [tab, setTab] = useState(first || 'read');
  const research = useData(`/research/${researchId}`, ['research']);
  return <Loaded from={research} lines={8}>{(view) => <Whole view={view} tab={tab} setTab={setTab} />}</Loaded>;
}

export default kit.element('Research', Research, { props, sendUserMessage });
