// The rules that a review could not look at, behind a fold: how many in its header, which and why inside.
import React from 'react';
import * as icons from 'lucide-react';
import * as recoil from 'recoil';
import * as chainlit from '@chainlit/react-client';

const { kit: makeKit } = window.adroom;
const kit = makeKit({ React, icons, recoil, chainlit });
const { Unchecked } = kit;

function NotChecked({ unchecked }) {
  return <Unchecked view={{ findings: [{ unchecked }] }} />;
}

export default kit.element('NotChecked', NotChecked, { props, sendUserMessage });
