// The style every element begins with: text, links, buttons, fields, cards, notices.

import { css } from 'lit';

export const sheet = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
    color: var(--ink);
    text-wrap: pretty;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3 {
    line-height: 1.25;
    margin: 0;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 1.5rem;
  }
  h1:focus {
    outline: none;
  }
  h2 {
    font-size: 1.2rem;
  }
  h3 {
    font-size: 1rem;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  ul.plain {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--brand);
  }
  .stack {
    display: grid;
    gap: var(--gap);
    grid-template-columns: minmax(0, 1fr);
  }
  .stack > [aria-live]:empty {
    margin-top: calc(-1 * var(--gap)); /* it says nothing yet, and must be there before it does */
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
  }
  .soft {
    color: var(--soft-ink);
  }
  .small {
    font-size: 0.875rem;
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: var(--gap);
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: var(--tap);
    padding: 8px 18px;
    border: 2px solid var(--brand);
    border-radius: var(--radius);
    background: transparent;
    color: var(--brand);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    text-wrap: balance;
    cursor: pointer;
  }
  button.main,
  .button.main {
    background: var(--brand);
    color: var(--on-brand);
  }
  button.danger {
    border-color: var(--bad);
    color: var(--bad);
  }
  button.danger.main {
    background: var(--bad);
    color: var(--on-bad);
  }
  button.plain {
    border-color: transparent;
    padding-inline: 8px;
  }
  button[disabled] {
    opacity: 0.6;
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--brand);
    outline-offset: 2px;
  }
  .field {
    display: grid;
    gap: 4px;
  }
  label,
  legend {
    font-weight: 600;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 48px;
    padding: 10px 12px;
    border: 1px solid var(--soft-ink);
    border-radius: 10px;
    background: var(--card);
    color: var(--ink);
    font: inherit;
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 24px;
    min-height: 24px;
    margin: 0;
    accent-color: var(--brand);
  }
  .tick {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: var(--tap);
    font-weight: 400;
  }
  .tick input {
    flex: none;
  }
  summary {
    min-height: var(--tap);
    align-content: center;
    font-weight: 600;
    cursor: pointer;
  }
  p.digits {
    font-size: 4rem;
    font-weight: 700;
    letter-spacing: 0.2em;
    text-align: center;
  }
  input[aria-invalid='true'] {
    border: 2px solid var(--bad);
  }
  .error {
    color: var(--bad);
    font-weight: 600;
  }
  .notice {
    border-radius: var(--radius);
    border-left: 5px solid var(--brand);
    background: var(--brand-wash);
    padding: 12px var(--gap);
  }
  .notice.good {
    border-color: var(--good);
    background: var(--good-wash);
  }
  .notice.warn {
    border-color: var(--warn);
    background: var(--warn-wash);
  }
  .notice.bad {
    border-color: var(--bad);
    background: var(--bad-wash);
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition: background-color 120ms;
    }
  }
`;
