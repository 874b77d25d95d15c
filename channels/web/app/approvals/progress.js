// Who has signed, who is awaited, and how many signatures are still needed.

import { html, nothing } from 'lit';
import { moment } from '../../shared/format.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ActionContent} Action */
/** @typedef {import('../../wire.js').Http.SignatureContent} Signature */

/** @param {Action} action */
export function progress(action) {
  return html`
    <section class="card stack" aria-labelledby="progress">
      <h2 id="progress">${t('progress')}</h2>
      ${action.requirements.map(
        ({ group, count, signed }) => html`
          <p>
            ${group === null ? t('progress.any', { signed, count }) : t('progress.group', { signed, count, group })}
          </p>
        `,
      )}
      <ul class="plain">
        ${action.signatures.map((signature) => html`<li>${signer(signature)}</li>`)}
      </ul>
    </section>
  `;
}

/** @param {Signature} signature */
function signer({ signer: { name, number }, in_place_of, status, at }) {
  return html`
    <bdi>${name ?? t('progress.number', { number })}</bdi>
    ${in_place_of === null ? nothing : html`(${t('progress.in_place_of')} <bdi>${in_place_of.name}</bdi>)`}
    <span class="soft">· ${t(`signature.${status}`)}${at === null ? '' : ` · ${moment(at)}`}</span>
  `;
}
