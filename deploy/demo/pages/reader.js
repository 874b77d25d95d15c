// The drawn reader: what is pressed goes to the reader's process, what its glass says comes back.

import { element, facts, speak, t } from './words.js';

const at = (selector) => document.querySelector(selector);
const READER = `/readers/${crypto.randomUUID()}`;
const KEYS = { Enter: 'OK', Backspace: 'C', c: 'CODE', s: 'SIGN' };
let cards = [];
let shown = { glass: 'empty', typed: '', code: '', tries_left: 3 };
let turn = Promise.resolve();

/** One after the other: keys are pressed faster than a process answers. */
function ask(method, path, body) {
  turn = turn.then(() => send(method, path, body));
  return turn;
}

async function send(method, path, body) {
  const request = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  show(await (await fetch(READER + path, request)).json());
}

function show(next) {
  shown = next;
  const isWrong = next.glass === 'pin' && next.tries_left < 3 && next.typed === '';
  at('#says').textContent = isWrong ? t('pin_wrong', { tries: next.tries_left }) : t(next.glass);
  at('#shows').textContent = next.glass === 'code' ? next.code.replace(/(.{4})(?=.)/, '$1 ') : next.typed;
  at('#copy').disabled = next.glass !== 'code';
  at('#copy').textContent = t('copy');
}

async function insert(card) {
  await ask('POST', '/card', { card: card.id });
  hold(card);
  at('[data-key=CODE]').focus();
}

async function takeOut() {
  await ask('DELETE', '/card');
  hold(null);
}

/** Show which card is in. */
function hold(card) {
  at('#inside').textContent = card === null ? '' : `${card.holder} · ${card.last4}`;
  at('#out').disabled = card === null;
  for (const item of document.querySelectorAll('#cards > li')) item.classList.toggle('in', item.dataset.card === card?.id);
}

function drawn(card) {
  const item = element('li', '', { 'data-card': card.id });
  const plastic = element('div', '', { class: 'card' });
  plastic.append(element('strong', card.holder), element('span', card.company), element('span', `•••• ${card.last4}`));
  const button = element('button', t('insert'), { type: 'button', 'aria-label': `${t('insert')} ${card.holder}` });
  button.addEventListener('click', () => insert(card));
  plastic.append(button);
  item.append(
    plastic,
    facts([
      [t('card.client'), card.client],
      [t('card.number'), card.number],
      [t('card.code'), card.code],
      [t('card.pin'), card.pin],
    ]),
  );
  return item;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = KEYS[event.key] ?? (/^[0-9]$/.test(event.key) ? event.key : null);
  if (key === null || (event.key === 'Enter' && event.target.closest('button, a') !== null)) return;
  event.preventDefault();
  void ask('POST', '/keys', { key });
}

speak();
show(shown);
cards = await (await fetch('/cards')).json();
at('#cards').append(...cards.map(drawn));
for (const key of document.querySelectorAll('[data-key]')) {
  key.addEventListener('click', () => ask('POST', '/keys', { key: key.dataset.key }));
}
at('#out').addEventListener('click', takeOut);
at('#copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(shown.code);
  at('#copy').textContent = t('copied');
});
document.addEventListener('keydown', pressed);
