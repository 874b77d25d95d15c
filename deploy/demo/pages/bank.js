// The client area's page: sends a payment file, and holds the chat, whose script comes from the bank's approvals.

import { language, speak, t } from './words.js';

const at = (selector) => document.querySelector(selector);

async function send() {
  at('#send').disabled = true;
  at('#sent').textContent = '';
  const { ok } = await fetch('/remittances', { method: 'POST' });
  at('#sent').textContent = t(ok ? 'bank.sent' : 'bank.refused');
  at('#send').disabled = false;
}

/** Put the chat in as any page of the bank's does (docs/widget.md). */
function holdChat(server) {
  const chat = document.createElement('contreseing-chat');
  chat.lang = language;
  chat.tokenFor = vouched;
  const script = document.createElement('script');
  script.src = `${server}/widget.js`;
  document.body.append(chat, script);
}

async function vouched(challenge) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch('/chat-token', { method: 'POST', headers, body: JSON.stringify({ challenge }) });
  if (!answer.ok) throw new Error('not signed in');
  return (await answer.json()).token;
}

speak();
at('#balance').textContent = new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(48_210.35);
at('#send').addEventListener('click', send);
const { server } = await (await fetch('/places')).json();
at('#app').href = `${server}/app`;
holdChat(server);
