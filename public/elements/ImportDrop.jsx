// Bringing a file of any size: dropped or chosen here, sent with progress, then shown before anything comes in.
import React, { useRef, useState } from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { api, kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Bar, Button, Card, Chip, Icon, Line, Loaded, Trouble, When, changed, useAct, useData, usePanel, words } = kit;


function Recent({ onOpen }) {
  const recent = useData('/imports?limit=6', ['imports', 'runs']);
  return (
    <Loaded from={recent} lines={2}>
      {({ items }) => items.length > 0 && (
        <section aria-label="Imports so far">
          <p className="adr-label">Imports so far</p>
          <ul className="adr-rows">
            {items.map((one) => {
              const [word, tone, icon] = words.IMPORT_STATUS[one.status] || words.IMPORT_STATUS.preview;
              return (
                <li key={one.id} className="adr-split">
                  <span><Button kind="link" icon="PanelRightOpen" onClick={() => onOpen(one.id)}>{one.filename}</Button> <span className="adr-quiet"><Line items={[one.clientName, one.status === 'completed' && `${words.count(one.counts.new, 'row')} new`, <When at={one.createdAt} />]} /></span></span>
                  <Chip tone={tone} icon={icon}>{word}</Chip>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </Loaded>
  );
}

function ImportDrop({ clientId = null, clientName = '' }) {
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(null);
  const input = useRef(null);
  const { busy, problem, act } = useAct();
  const openPanel = usePanel();
  const open = (importId) => openPanel('ImportCard', { importId });
  const bring = async (file) => {
    if (!file) return;
    setSent({ name: file.name, share: 0 });
    const view = await act('bring', async ({ key }) => {
      const brought = await api.upload(file, (share) => setSent({ name: file.name, share }));
      return api.post('/imports', { uploadId: brought.uploadId, ...(clientId ? { clientId } : {}) }, { key });
    });
    setSent(null);
    if (input.current) input.current.value = '';
    if (!view) return;
    changed('imports');
    open(view.id);
  };
  return (
    <Card icon="Upload" title="Bring in ads, reviews, calls, documents" sub={clientName ? `For ${clientName} where it belongs to a client` : 'Shown to you before anything comes in'} label="Import">
      <div
        className="adr-dropzone" data-over={over || undefined}
        onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(e) => { e.preventDefault(); e.stopPropagation(); setOver(false); bring(e.dataTransfer.files[0]); }}
      >
        <Icon name="FileUp" size={26} />
        <p>Drop a file here, up to 512 MB</p>
        <p className="adr-quiet">Ad libraries (JSON, CSV), reviews (CSV, JSON), calls and texts (TXT, VTT, SRT), PDF, Word, HTML; also as .gz or .zip</p>
        <input ref={input} type="file" className="adr-file" aria-label="File to import" onChange={(e) => bring(e.target.files[0])} />
        <Button icon="FolderOpen" busy={busy === 'bring'} onClick={() => input.current?.click()}>Choose a file</Button>
      </div>
      {sent && <div className="adr-progress"><Bar value={sent.share} max={1} label={`Sending ${sent.name}`} tone="indigo" /><p className="adr-facts">{sent.share < 1 ? `Sending ${sent.name}: ${Math.round(sent.share * 100)} %` : `Reading ${sent.name} …`}</p></div>}
      <Trouble problem={problem} />
      <Recent onOpen={open} />
    </Card>
  );
}

export default kit.element('ImportDrop', ImportDrop, { props, sendUserMessage });
