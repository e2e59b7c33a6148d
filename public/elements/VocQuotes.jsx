// What customers said, word for word: found by meaning or words, by theme, each with its source and its id.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { kit: makeKit, query } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bones, Button, Card, Empty, Filter, Icon, Line, Loaded, Rating, SearchField, SearchNote, Trouble, useData, useKept, useLast, useSay, words } = kit;

const PAGE = 8;
const KINDS = [['review', 'Reviews'], ['sales_call', 'Sales calls'], ['support', 'Support'], ['survey', 'Surveys']].map(([value, label]) => ({ value, label }));
const MOODS = { positive: ['Smile', 'green'], negative: ['Frown', 'red'], neutral: ['Meh', 'grey'], mixed: ['Meh', 'grey'] };

/** How often a theme comes up, and how people are divided about it: a picture of shares, with the figures in words. */
function Themes({ clientId, chosen, onChoose }) {
  const themes = useData(`/voc/themes?clientId=${clientId}`, ['voc']);
  const [all, setAll] = useState(false);
  return (
    <Loaded from={themes} lines={3}>
      {({ items }) => {
        if (!items.length) return null;
        const most = Math.max(...items.map((one) => one.n));
        return (
          <section aria-label="Themes">
            <ul className="adr-themes">
              {(all ? items : items.slice(0, 6)).map((one) => (
                <li key={one.theme}>
                  <button type="button" aria-pressed={chosen === one.theme} onClick={() => onChoose(chosen === one.theme ? '' : one.theme)}>
                    <span>{one.label || words.sentence(one.theme)}</span>
                    <span className="adr-shares" aria-hidden="true" style={{ width: `${Math.max(6, (one.n / most) * 100)}%` }}>
                      {['positive', 'neutral', 'negative'].map((mood) => one[mood] > 0 && <i key={mood} data-mood={mood} style={{ flexGrow: one[mood] }} />)}
                    </span>
                    <small>{words.count(one.n, 'quote')}{one.contradictingShare > 0 ? `, ${Math.round(one.contradictingShare * 100)}% disagree` : ''}</small>
                  </button>
                </li>
              ))}
            </ul>
            {items.length > 6 && <Button kind="link" onClick={() => setAll(!all)}>{all ? 'Fewer themes' : `All ${items.length} themes`}</Button>}
          </section>
        );
      }}
    </Loaded>
  );
}

function Quote({ quote }) {
  const [copied, setCopied] = useState(false);
  const [icon, tone] = MOODS[quote.sentiment] || [];
  const copy = async () => { await navigator.clipboard.writeText(`“${quote.text}” [${quote.id}]`); setCopied(true); };
  const at = quote.startedAt !== null && quote.startedAt !== undefined ? `${Math.floor(quote.startedAt / 60)}:${String(Math.floor(quote.startedAt % 60)).padStart(2, '0')}` : null;
  return (
    <li className="adr-quote">
      <blockquote>{quote.text}</blockquote>
      <div className="adr-row adr-wide">
        <p className="adr-facts"><Rating value={quote.rating} /> <Line items={[quote.speaker || quote.author, quote.saidOn && words.day(quote.saidOn), quote.source?.name, at && `at ${at}`, quote.language && quote.language.toUpperCase()]} /></p>
        <div className="adr-row">
          {icon && <span className={`adr-mood adr-${tone}`}><Icon name={icon} size={14} />{quote.sentiment}</span>}
          <Button kind="bare" icon={copied ? 'Check' : 'Copy'} onClick={copy} title="Copies the words and the id that claims refer to">{copied ? 'Copied' : 'Copy with its id'}</Button>
        </div>
      </div>
      {(quote.themes || []).length > 0 && <p className="adr-facts">{quote.themes.map((theme) => words.sentence(theme)).join(' · ')}</p>}
    </li>
  );
}

function VocQuotes({ clientId, clientName = '', query: asked = '' }) {
  const [given, setGiven] = useKept(`voc:${asked}:${clientId}`, { q: asked, limit: PAGE });
  const found = useData(`/voc?${query({ clientId, ...given })}`, ['voc']);
  const { data, waiting } = useLast(found);
  const say = useSay();
  const set = (more) => setGiven((old) => ({ ...old, limit: PAGE, ...more }));
  const filtered = Object.entries(given).some(([key, value]) => value && !['q', 'limit'].includes(key));
  const items = data?.items || [];
  const score = given.ratingTo === '2' ? 'low' : given.ratingFrom === '4' ? 'high' : '';
  return (
    <Card icon="MessagesSquare" title="Voice of customer" sub={<Line items={[clientName, data && (given.q ? `${words.count(items.length, 'quote')} for “${given.q}”` : words.count(data.total ?? items.length, 'quote'))]} />} label="Voice of customer">
      <SearchField value={given.q || ''} onChange={(q) => set({ q })} label="Search what customers said" placeholder="What do they say about the price?" />
      <Themes clientId={clientId} chosen={given.theme} onChoose={(theme) => set({ theme })} />
      <div className="adr-filters" role="group" aria-label="Filters">
        <Filter label="Source" value={given.kind} options={KINDS} onChange={(kind) => set({ kind })} />
        <Filter label="Rating" value={score} options={[{ value: 'high', label: '4 and 5 stars' }, { value: 'low', label: '1 and 2 stars' }]} onChange={(one) => set({ ratingFrom: one === 'high' ? '4' : '', ratingTo: one === 'low' ? '2' : '' })} />
        <label className="adr-dates"><span className="adr-quiet">Said from</span><input type="date" className="adr-select" value={given.from || ''} onChange={(e) => set({ from: e.target.value })} /></label>
        {given.theme && <button type="button" className="adr-choice" aria-pressed="true" onClick={() => set({ theme: '' })}><Icon name="X" size={13} />{words.sentence(given.theme)}</button>}
        {filtered && <Button kind="link" icon="X" onClick={() => setGiven({ q: given.q, limit: PAGE })}>Clear filters</Button>}
      </div>
      {found.problem && <Trouble problem={found.problem} retry={found.reload} />}
      {data && <SearchNote found={data} />}
      {!data && !found.problem && <Bones lines={4} label="Looking through the quotes" />}
      {items.length > 0 && <ul className="adr-quotes" aria-busy={waiting || undefined}>{items.map((quote) => <Quote key={quote.id} quote={quote} />)}</ul>}
      {data && !items.length && (filtered || given.q
        ? <Empty icon="SearchX" action={filtered && <Button icon="X" onClick={() => setGiven({ q: given.q, limit: PAGE })}>Clear filters</Button>}>Nobody said anything like this{filtered ? ' within these filters' : ''}.</Empty>
        : <Empty icon="MessagesSquare" action={<Button icon="Upload" onClick={() => say('How do I import reviews?', '/import')}>How to import reviews</Button>}>No customer has been heard yet. Drop reviews (CSV), a call transcript or a text into the chat.</Empty>)}
      {items.length >= given.limit && given.limit < 96 && <div className="adr-row"><Button icon="ChevronDown" busy={waiting} onClick={() => setGiven({ ...given, limit: given.limit + PAGE })}>Show more</Button></div>}
    </Card>
  );
}

export default kit.element('VocQuotes', VocQuotes, { props, sendUserMessage });
