// One ad in the side panel: its picture, every word of it, how it ran, and for whom it is a good or a bad example.
import React, { useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, howLong, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Button, Chip, Empty, Field, Icon, Line, ListInput, Loaded, LongText, Tabs, Text, Thumb, Trouble, changed, useAct, useData, usePanel, usePanelTitle, words } = kit;

const host = (address) => { try { return new URL(address).hostname.replace(/^www\./, ''); } catch { return address; } };

function Facts({ swipe }) {
  const rows = [
    ['Ran', [howLong(swipe), swipe.startDate && `from ${words.day(swipe.startDate)}`, swipe.endDate && `to ${words.day(swipe.endDate)}`].filter(Boolean).join(', ')],
    ['Platforms', (swipe.platforms || []).map((one) => words.sentence(one.toLowerCase())).join(', ')],
    ['Language', swipe.language && words.language(swipe.language)],
    ['Score', swipe.score !== null && swipe.score !== undefined ? String(swipe.score) : ''],
    ['Button', swipe.cta?.text || (swipe.cta?.type && words.sentence(swipe.cta.type.toLowerCase()))],
    ['Leads to', swipe.landingPage && host(swipe.landingPage)],
    ['Ad id', swipe.externalAdId],
    ['Near copies', swipe.nearDuplicates ? String(swipe.nearDuplicates) : ''],
  ].filter(([, value]) => value);
  return <dl className="adr-mailhead">{rows.map(([name, value]) => <React.Fragment key={name}><dt>{name}</dt><dd>{value}</dd></React.Fragment>)}</dl>;
}

function Words({ swipe }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => { await navigator.clipboard.writeText([swipe.title, swipe.body].filter(Boolean).join('\n\n')); setCopied(true); };
  return (
    <>
      <Thumb swipe={swipe} large />
      {(swipe.media || []).filter((one) => one.state === 'failed' && one.reason).slice(0, 1).map((one) => <p key={one.id} className="adr-hint"><Icon name="ImageOff" size={14} /> {one.reason}</p>)}
      {swipe.title && <h3 className="adr-adtitle">{swipe.title}</h3>}
      {swipe.body ? <p className="adr-pre">{swipe.body}</p> : <p className="adr-quiet">This ad has no text.</p>}
      {swipe.script && <details className="adr-item"><summary>What is said in it</summary><p className="adr-pre">{swipe.script}</p></details>}
      <div className="adr-row"><Button icon={copied ? 'Check' : 'Copy'} onClick={copy}>{copied ? 'Copied' : 'Copy the words'}</Button></div>
      <Facts swipe={swipe} />
    </>
  );
}

function Marks({ swipe, set, clientId, clientName }) {
  const mine = (swipe.links || []).find((one) => one.clientId === clientId);
  const [typed, setTyped] = useState({ notes: mine?.notes || '', icpId: mine?.icpId || '', funnelStageId: mine?.funnelStageId || '', angleType: mine?.angleType || '', tags: mine?.tags || [] });
  const [tags, setTags] = useState(swipe.tags || []);
  const { busy, problem, act } = useAct();
  const keep = (view) => { if (view?.id) set(view); changed('swipes'); };
  const link = async (good) => {
    const body = { clientId, good: good === true, bad: good === false, ...Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, Array.isArray(value) ? value.filter((one) => one.trim()) : value.trim() || null])) };
    const view = await act(`link${good}`, ({ key }) => api.post(`/swipes/${swipe.id}/links`, body, { key }));
    if (view) keep(view);
  };
  const unlink = async () => {
    const view = await act('unlink', ({ key }) => api.call('DELETE', `/swipes/${swipe.id}/links/${clientId}`, undefined, { key }));
    if (view) keep(view);
  };
  const saveTags = async () => {
    const view = await act('tags', ({ key }) => api.post(`/swipes/${swipe.id}/tags`, { tags: tags.filter((one) => one.trim()) }, { key }));
    if (view) keep(view);
  };
  const standing = mine ? (mine.good ? true : mine.bad ? false : null) : undefined;
  return (
    <div className="adr-form">
      <Field label="Tags for everyone" help="Vertical, market, style: whatever you search by later." group>
        {(tied) => <ListInput {...tied} label="Tag" value={tags} onChange={setTags} placeholder="male grooming" />}
      </Field>
      <div className="adr-row"><Button icon="Tags" busy={busy === 'tags'} onClick={saveTags}>Save tags</Button></div>
      {clientId ? (
        <fieldset className="adr-group">
          <legend>For {clientName || 'this client'}</legend>
          <Field label="Why, and what to learn from it">{(tied) => <LongText {...tied} maxLength={5000} value={typed.notes} onChange={(notes) => setTyped({ ...typed, notes })} />}</Field>
          <div className="adr-fields">
            <Field label="Audience (ICP)">{(tied) => <Text {...tied} maxLength={200} value={typed.icpId} onChange={(icpId) => setTyped({ ...typed, icpId })} />}</Field>
            <Field label="Funnel stage">{(tied) => <Text {...tied} maxLength={200} value={typed.funnelStageId} onChange={(funnelStageId) => setTyped({ ...typed, funnelStageId })} />}</Field>
            <Field label="Angle">{(tied) => <Text {...tied} maxLength={200} value={typed.angleType} onChange={(angleType) => setTyped({ ...typed, angleType })} />}</Field>
          </div>
          <div className="adr-row">
            <Button kind={standing === true ? 'primary' : 'quiet'} icon="ThumbsUp" aria-pressed={standing === true} busy={busy === 'linktrue'} onClick={() => link(true)}>Good example</Button>
            <Button kind={standing === false ? 'primary' : 'quiet'} icon="ThumbsDown" aria-pressed={standing === false} busy={busy === 'linkfalse'} onClick={() => link(false)}>Bad example</Button>
            {mine && <Button kind="danger" icon="Unlink" busy={busy === 'unlink'} onClick={unlink}>Take off</Button>}
          </div>
        </fieldset>
      ) : <p className="adr-hint"><Icon name="Info" size={14} /> Choose a client (/client) to mark this ad as a good or bad example.</p>}
      {(swipe.links || []).filter((one) => one.clientId !== clientId).map((one) => <p key={one.clientId} className="adr-facts"><Icon name={one.good ? 'ThumbsUp' : one.bad ? 'ThumbsDown' : 'Link'} size={13} /> {one.clientName}{one.notes ? `: ${one.notes}` : ''}</p>)}
      <Trouble problem={problem} />
    </div>
  );
}

function Similar({ swipe, clientId, clientName }) {
  const found = useData(`/swipes/${swipe.id}/similar`, ['swipes']);
  const openPanel = usePanel();
  return (
    <Loaded from={found} lines={3}>
      {({ items }) => (items.length ? (
        <ul className="adr-gallery">
          {items.map((one) => (
            <li key={one.id} className="adr-tileswipe">
              <button type="button" className="adr-open" onClick={() => openPanel('Swipe', { swipeId: one.id, clientId, clientName })} aria-label={`Open the ad of ${one.brand?.name || 'an unknown brand'}`}><Thumb swipe={one} /></button>
              <div className="adr-tilewords"><p className="adr-facts"><strong>{one.brand?.name || 'Unknown brand'}</strong></p><p className="adr-hook">{one.hook || one.title}</p></div>
            </li>
          ))}
        </ul>
      ) : <Empty icon="Images">Nothing like it is in the library.</Empty>)}
    </Loaded>
  );
}

function Swipe({ swipeId, clientId = null, clientName = '' }) {
  const swipe = useData(`/swipes/${swipeId}`, ['swipes']);
  const [tab, setTab] = useState('ad');
  const { busy, problem, act } = useAct();
  usePanelTitle(swipe.data ? `Ad of ${swipe.data.brand?.name || 'an unknown brand'}` : 'Ad');
  const flip = async (what, value) => {
    const view = await act(what, ({ key }) => api.post(`/swipes/${swipeId}/${what}`, what === 'save' ? { saved: value } : { favorite: value }, { key }));
    if (view?.id) swipe.set(view);
    if (view) changed('swipes');
  };
  return (
    <Loaded from={swipe} lines={5}>
      {(view) => (
        <div className="adr-panel">
          <header className="adr-panelhead">
            <div className="adr-row">
              <div className="adr-title"><h3>{view.brand?.name || 'Unknown brand'}</h3><p className="adr-sub"><Line items={[howLong(view), view.displayFormat && words.sentence(view.displayFormat.toLowerCase())]} /></p></div>
              {view.active !== null && view.active !== undefined && <Chip tone={view.active ? 'green' : 'grey'} icon={view.active ? 'CircleDot' : 'Circle'}>{view.active ? 'Running' : 'Ended'}</Chip>}
            </div>
            <div className="adr-row">
              <Button icon="Heart" aria-pressed={Boolean(view.isFavorite)} kind={view.isFavorite ? 'primary' : 'quiet'} busy={busy === 'favorite'} onClick={() => flip('favorite', !view.isFavorite)}>Favourite</Button>
              <Button icon="Bookmark" aria-pressed={Boolean(view.isSaved)} kind={view.isSaved ? 'primary' : 'quiet'} busy={busy === 'save'} onClick={() => flip('save', !view.isSaved)}>{view.isSaved ? 'Saved' : 'Save'}</Button>
              {(view.tags || []).map((tag) => <Chip key={tag} tone="violet" icon="Tag">{tag}</Chip>)}
            </div>
            <Trouble problem={problem} />
          </header>
          <Tabs label="Parts of the ad" value={tab} onChange={setTab} tabs={[{ id: 'ad', title: 'Ad' }, { id: 'marks', title: 'Tags and examples', count: (view.links || []).length || null }, { id: 'similar', title: 'Similar' }]} />
          <div className="adr-panelbody" role="tabpanel">
            {tab === 'ad' && <Words swipe={view} />}
            {tab === 'marks' && <Marks key={view.id} swipe={view} set={swipe.set} clientId={clientId} clientName={clientName} />}
            {tab === 'similar' && <Similar swipe={view} clientId={clientId} clientName={clientName} />}
          </div>
        </div>
      )}
    </Loaded>
  );
}

export default kit.element('Swipe', Swipe, { props, sendUserMessage });
