// What can be done next, as buttons that say it in the chat.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const kit = window.adroom.kit({ React, icons, recoil, chainlit });
const { Button, useSay } = kit;

function NextSteps({ items = [] }) {
  const say = useSay();
  return (
    <div className="adr-row adr-next" role="group" aria-label="Next steps">
      {items.map((item, i) => <Button key={`${item.label}${i}`} kind={i === 0 ? 'primary' : 'quiet'} icon="ChevronRight" onClick={() => say(item.label, item.command)}>{item.label}</Button>)}
    </div>
  );
}

export default kit.element('NextSteps', NextSteps, { props, sendUserMessage });
