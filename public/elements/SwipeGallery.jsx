// The swipe library as a gallery: found by meaning or words, narrowed by filters, marked for a client several at once.
import React, { useMemo, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, answers, howLong, kit: makeKit, query } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Bones, Card, Empty, Field, Filter, Icon, Line, LongText, SearchField, SearchNote, Text, Thumb, Trouble, changed, useAct, useData, useKept, useLast, usePanel, useSay, words } = kit;

const PAGE = 12;
const MOST = 96;

function Tile({ swipe, clientId, picked, onPick, onOpen }) {
  const { busy, problem, act } = useAct();
  const link = (swipe.links || []).find((one) => one.clientId === clientId);
  const favorite = async () => {
    if (await act('favorite', ({ key }) => api.post(`/swipes/${swipe.id}/favorite`, { favorite: !swipe.isFavorite }, { key }))) changed('swipes');
  };
  return (
    <li className="adr-tileswipe" data-picked={picked || undefined}>
      <button type="button" className="adr-open" onClick={onOpen} aria-label={`Open the ad of ${swipe.brand?.name || 'an unknown brand'}: ${swipe.hook || swipe.title || 'no words'}`}><Thumb swipe={swipe} /></button>
      <label className="adr-pick"><input type="checkbox" checked={picked} onChange={(e) => onPick(e.target.checked)} aria-label={`Choose the ad of ${swipe.brand?.name || 'an unknown brand'}`} /></label>
      <button type="button" className="adr-heart" aria-pressed={Boolean(swipe.isFavorite)} aria-label="Favourite" disabled={Boolean(busy)} onClick={favorite}><Icon name="Heart" /></button>
      <div className="adr-tilewords">
        <p className="adr-facts adr-split"><strong>{swipe.brand?.name || 'Unknown brand'}</strong>{link && (link.good || link.bad) ? <span className={link.good ? 'adr-good' : 'adr-poor'}><Icon name={link.good ? 'ThumbsUp' : 'ThumbsDown'} size={13} />{link.good ? 'good' : 'bad'}</span> : null}</p>
        <p className="adr-hook">{swipe.hook || swipe.title || swipe.body || 'No words'}</p>
        <p className="adr-facts"><Line items={[howLong(swipe), (swipe.platforms || []).slice(0, 2).map((one) => words.sentence(one.toLowerCase())).join(', '), swipe.language && swipe.language.toUpperCase()]} /></p>
        <Trouble problem={problem} />
      </div>
    </li>
  );
}

/** What can be done with several ads at once. */
function Chosen({ ids, clientId, clientName, onClear }) {
  const { busy, problem, act } = useAct();
  const all = async (name, change) => {
    const done = await act(name, async ({ key }) => {
      for (const id of ids) await change(id, `${key}-${id}`);
    });
    if (done === undefined) return;
    changed('swipes');
    onClear();
  };
  const link = (good) => all(good ? 'good' : 'bad', (id, key) => api.post(`/swipes/${id}/links`, { clientId, good, bad: !good }, { key }));
  return (
    <div className="adr-chosen" role="region" aria-label="Chosen ads">
      <strong>{words.count(ids.length, 'ad')} chosen</strong>
      {clientId && <Button icon="ThumbsUp" busy={busy === 'good'} onClick={() => link(true)}>Good example{clientName ? ` for ${clientName}` : ''}</Button>}
      {clientId && <Button icon="ThumbsDown" busy={busy === 'bad'} onClick={() => link(false)}>Bad example</Button>}
      <Button icon="Bookmark" busy={busy === 'save'} onClick={() => all('save', (id, key) => api.post(`/swipes/${id}/save`, { saved: true }, { key }))}>Save</Button>
      <Button kind="bare" icon="X" onClick={onClear}>Clear</Button>
      {!clientId && <span className="adr-quiet">Choose a client (/client) to mark them as examples.</span>}
      <Trouble problem={problem} />
    </div>
  );
}

/** An ad the client brings itself: its words, its picture, and what to learn from it. */
function OwnAd({ clientId, clientName, onDone }) {
  const empty = { title: '', body: '', channel: '', format: '', landingPage: '', notes: '' };
  const [typed, setTyped] = useKept(`own-ad:${clientId}`, empty);
  const [picture, setPicture] = useState(null);
  const [sent, setSent] = useState(0);
  const { busy, problem, act } = useAct();
  const field = (name, label, Input, more = {}) => (
    <Field label={label} errors={problem?.fields?.filter((one) => one.field === name).map((one) => one.message)}>{(tied) => <Input {...tied} {...more} value={typed[name]} onChange={(value) => setTyped({ ...typed, [name]: value })} />}</Field>
  );
  const keep = async (good) => {
    const made = await act(good ? 'good' : 'bad', async ({ key }) => {
      const brought = picture ? await api.upload(picture, setSent) : null;
      const words = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim() || null]));
      return api.post(`/clients/${clientId}/swipes`, { ...words, good, bad: !good, ...(brought ? { uploadId: brought.uploadId } : {}) }, { key });
    });
    if (!made) return;
    setTyped(empty);
    changed('swipes');
    onDone(made);
  };
  return (
    <fieldset className="adr-group">
      <legend>{clientName ? `An ad of ${clientName}` : 'The client’s own ad'}</legend>
      {field('title', 'Headline', Text, { maxLength: 500 })}
      {field('body', 'Text', LongText, { maxLength: 20000, rows: 3 })}
      <div className="adr-fields">
        {field('channel', 'Channel', Text, { maxLength: 100, placeholder: 'meta, email, blog …' })}
        {field('format', 'Format', Text, { maxLength: 100, placeholder: 'IMAGE, VIDEO …' })}
        {field('landingPage', 'Leads to', Text, { maxLength: 2000, placeholder: 'https://…' })}
      </div>
      <Field label="Picture" help="JPEG, PNG, GIF, WebP or AVIF; kept small.">{(tied) => <input {...tied} type="file" accept="image/*" className="adr-input" onChange={(e) => setPicture(e.target.files[0] || null)} />}</Field>
      {field('notes', 'What to learn from it', LongText, { maxLength: 5000 })}
      {busy && picture && sent < 1 && <p className="adr-facts">Sending the picture: {Math.round(sent * 100)} %</p>}
      <Trouble problem={problem} />
      <div className="adr-row">
        <Button kind="primary" icon="ThumbsUp" busy={busy === 'good'} onClick={() => keep(true)}>Keep as a good example</Button>
        <Button icon="ThumbsDown" busy={busy === 'bad'} onClick={() => keep(false)}>As a bad example</Button>
      </div>
    </fieldset>
  );
}

function SwipeGallery({ query: asked = '', clientId = null, clientName = '', mine = false }) {
  const start = { q: asked, limit: PAGE, ...(mine && clientId ? { clientId } : {}) };
  const [given, setGiven] = useKept(`swipes:${asked}:${clientId}:${mine}`, start);
  const [picked, setPicked] = useKept(`picked-swipes:${asked}:${clientId}`, []);
  const found = useData(`/swipes?${query(given)}`, ['swipes']);
  const { data, waiting } = useLast(found);
  const openPanel = usePanel();
  const say = useSay();
  const [adding, setAdding] = useKept(`adding-own:${clientId}`, false);
  const set = (more) => setGiven((old) => ({ ...old, limit: PAGE, ...more }));
  const facets = data?.facets || {};
  const filtered = useMemo(() => Object.entries(given).some(([key, value]) => value && !['q', 'limit'].includes(key)), [given]);
  const client = given.clientId === clientId && clientId;
  const items = data?.items || [];
  const pick = (id, on) => setPicked((old) => (on ? [...old.filter((one) => one !== id), id] : old.filter((one) => one !== id)));
  const sub = data ? (given.q ? `${words.count(items.length, 'ad')} for “${given.q}”` : data.total !== undefined && data.total !== null ? words.count(data.total, 'ad') : words.count(items.length, 'ad')) : 'Looking …';
  return (
    <Card icon="Images" title={client ? `Examples of ${clientName || 'this client'}` : 'Swipe library'} sub={sub} label="Swipe library">
      <SearchField value={given.q || ''} onChange={(q) => set({ q })} label="Search the swipe library" placeholder="An angle, a promise, a brand …" />
      <div className="adr-filters" role="group" aria-label="Filters">
        <Filter label="Platform" value={given.platform} options={facets.platforms} onChange={(platform) => set({ platform })} />
        <Filter label="Format" value={given.format} options={facets.formats} onChange={(format) => set({ format })} />
        <Filter label="Language" value={given.language} options={facets.languages} onChange={(language) => set({ language })} />
        <Filter label="Brand" value={given.brand} options={facets.brands} onChange={(brand) => set({ brand })} />
        <Filter label="Tag" value={given.tag} options={facets.tags} onChange={(tag) => set({ tag })} />
        <button type="button" className="adr-choice" aria-pressed={Boolean(given.favorite)} onClick={() => set({ favorite: given.favorite ? '' : true })}><Icon name="Heart" size={13} />Favourites</button>
        <button type="button" className="adr-choice" aria-pressed={Boolean(given.saved)} onClick={() => set({ saved: given.saved ? '' : true })}><Icon name="Bookmark" size={13} />Saved</button>
        {clientId && <button type="button" className="adr-choice" aria-pressed={Boolean(client)} onClick={() => set({ clientId: client ? '' : clientId })}><Icon name="Building2" size={13} />{clientName || 'This client'} only</button>}
        <label className="adr-dates"><span className="adr-quiet">Started from</span><input type="date" className="adr-select" value={given.from || ''} onChange={(e) => set({ from: e.target.value })} /></label>
        <label className="adr-dates"><span className="adr-quiet">Score from</span><input type="number" step="any" className="adr-select adr-number" value={given.scoreFrom || ''} onChange={(e) => set({ scoreFrom: e.target.value })} /></label>
        {filtered && <Button kind="link" icon="X" onClick={() => setGiven({ q: given.q, limit: PAGE })}>Clear filters</Button>}
        {clientId && <Button kind="link" icon={adding ? 'ChevronDown' : 'Plus'} aria-expanded={adding} onClick={() => setAdding(!adding)}>Add {clientName ? `an ad of ${clientName}` : 'the client’s own ad'}</Button>}
      </div>
      {adding && clientId && <OwnAd clientId={clientId} clientName={clientName} onDone={(made) => { setAdding(false); set({ clientId }); openPanel('Swipe', { swipeId: made.id, clientId, clientName }); }} />}
      {found.problem && <Trouble problem={found.problem} retry={found.reload} />}
      {data && <SearchNote found={data} />}
      {picked.length > 0 && <Chosen ids={picked} clientId={clientId} clientName={clientName} onClear={() => setPicked([])} />}
      {!data && !found.problem && <Bones lines={4} label="Looking through the library" />}
      {data && items.length > 0 && (
        <ul className="adr-gallery" aria-busy={waiting || undefined}>
          {items.map((swipe) => <Tile key={swipe.id} swipe={swipe} clientId={clientId} picked={picked.includes(swipe.id)} onPick={(on) => pick(swipe.id, on)} onOpen={() => { answers.write(`/swipes/${swipe.id}`, swipe); openPanel('Swipe', { swipeId: swipe.id, clientId, clientName }); }} />)}
        </ul>
      )}
      {data && !items.length && (filtered || given.q
        ? <Empty icon="SearchX" action={filtered && <Button icon="X" onClick={() => setGiven({ q: given.q, limit: PAGE })}>Clear filters</Button>}>Nothing like this is in the library. Try other words{filtered ? ' or fewer filters' : ''}.</Empty>
        : <Empty icon="Images" action={<Button icon="Upload" onClick={() => say('How do I import ads?', '/import')}>How to import ads</Button>}>The library is empty. Drop an export of an ad library (JSON or CSV) into the chat; it is shown to you before anything comes in.</Empty>)}
      {items.length >= given.limit && given.limit < MOST && <div className="adr-row"><Button icon="ChevronDown" busy={waiting} onClick={() => setGiven({ ...given, limit: Math.min(MOST, given.limit + PAGE) })}>Show more</Button></div>}
    </Card>
  );
}

export default kit.element('SwipeGallery', SwipeGallery, { props, sendUserMessage });
