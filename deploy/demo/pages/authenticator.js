// The advisers' authenticators: the codes of now, asked anew when they change.

import { element, facts, speak, t } from './words.js';

const at = (selector) => document.querySelector(selector);
let left = 0;

async function read() {
  const now = await (await fetch('/codes', { cache: 'no-store' })).json();
  left = now.left;
  at('#codes').replaceChildren(...now.advisers.map(drawn));
}

function drawn(adviser) {
  const item = element('li', '');
  item.append(
    element('strong', adviser.name),
    element('p', adviser.code.replace(/(.{3})(?=.)/, '$1 '), { class: 'large' }),
    facts([
      [t('codes.number'), adviser.number],
      [t('codes.password'), adviser.password],
    ]),
  );
  return item;
}

async function tick() {
  left -= 1;
  if (left <= 0) await read();
  at('#left').textContent = t('left', { left });
}

speak();
await tick();
setInterval(tick, 1000);
