// Who stands in for whom; naming a substitute and ending it open an operation, which is then signed like any other.

import { html, nothing } from 'lit';
import { refusal } from '../../chat/form.js';
import { notice } from '../../parts/notice.js';
import { rowsSheet } from '../../parts/rows.js';
import { Screen } from '../../parts/screen.js';
import { sheet } from '../../parts/sheet.js';
import { date, isoDay } from '../../shared/format.js';
import { api, router, stream } from '../here.js';
import { said } from '../saying.js';
import '../../rights/naming.js';
import { t } from '../../rights/words.js';

/** @typedef {import('../../wire.js').Http.SubstitutionContent} Substitution */

export class Substitutes extends Screen {
  static properties = {
    ...Screen.properties,
    known: { state: true },
    ending: { state: true },
    sending: { state: true },
    problem: { state: true },
  };
  static styles = [sheet, rowsSheet];

  constructor() {
    super();
    /** @type {readonly Substitution[]} */
    this.known = [];
    /** The substitution whose end was asked once. */
    this.ending = '';
    this.sending = false;
    this.problem = '';
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void this.#read();
  }

  async #read() {
    try {
      const known = /** @type {{ items: Substitution[] }} */ (await api.get('/v1/subscriptions/mine/substitutions'));
      const today = isoDay(stream.now());
      this.known = known.items.filter(({ last_day }) => last_day >= today);
    } catch (error) {
      this.problem = said(error);
    }
  }

  /**
   * Asked twice, as whatever ends something.
   * @param {string} id
   */
  async #end(id) {
    if (this.ending !== id) {
      this.ending = id;
      return;
    }
    this.sending = true;
    try {
      const payload = { change: 'end', substitution: id };
      const asked = api.post('/v1/actions', { kind: 'substitute', payload }, { key: crypto.randomUUID() });
      show(/** @type {import('../../wire.js').Http.ActionContent} */ (await asked).id);
    } catch (error) {
      this.problem = refusal(error);
    } finally {
      this.sending = false;
    }
  }

  /** @override */
  render() {
    return html`
      <div class="stack">
        <p><a href="/app/mine">${t('back')}</a></p>
        <h1>${t('title')}</h1>
        <p>${t('how')}</p>
        ${notice('bad', this.problem)}
        <section class="card" aria-labelledby="known">
          <h2 id="known">${t('known')}</h2>
          ${this.known.length === 0 ? html`<p class="soft">${t('none')}</p>` : nothing}
          <ul class="plain">
            ${this.known.map((each) => this.#row(each))}
          </ul>
        </section>
        <ct-naming
          .api=${api}
          .now=${() => stream.now()}
          @started=${(/** @type {CustomEvent<string>} */ { detail }) => show(detail)}
          @left=${() => router.go('/app/mine')}
        ></ct-naming>
      </div>
    `;
  }

  /** @param {Substitution} substitution */
  #row({ id, absent, substitute, first_day, last_day }) {
    const isAsked = this.ending === id;
    return html`
      <li>
        <div>
          <bdi>${absent?.name}</bdi> ${t('row')} <bdi>${substitute?.name}</bdi>
          <div class="soft small">${t('period', { from: written(first_day), until: written(last_day) })}</div>
        </div>
        <button class=${isAsked ? 'danger main' : 'danger'} ?disabled=${this.sending} @click=${() => this.#end(id)}>
          ${isAsked ? t('end.sure') : t('end')}
        </button>
      </li>
    `;
  }
}

/** To where it is signed. @param {string} action */
const show = (action) => router.go(`/app/approvals/${action}`);

/** @param {string} day YYYY-MM-DD, in Paris */
const written = (day) => date(Date.parse(`${day}T12:00Z`));

customElements.define('ct-substitutes', Substitutes);
