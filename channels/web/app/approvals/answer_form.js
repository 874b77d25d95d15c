// What every form that signs has in common: one proof, sent as one answer however often the button is tapped or the network
// fails, and what came of it in words.
//
// A code stays in this form until it is judged, and nowhere else.

import { LitElement } from 'lit';
import { spaced } from '../../shared/spacing.js';
import { api } from '../here.js';
import { said } from '../saying.js';
import { t } from '../words.js';

/** @typedef {import('../../wire.js').Http.ChallengeContent} Challenge */
/** @typedef {import('../../wire.js').Http.AnsweredContent} Answered */

/** Fires `answered` (detail: the answer) once a proof was judged. */
export class AnswerForm extends LitElement {
  static properties = {
    challenge: { attribute: false },
    code: { state: true },
    sending: { state: true },
    error: { state: true },
    warning: { state: true },
  };

  /** What the key is of: a proof made again would be another answer. @type {object | null} */
  #proof = null;
  #key = '';

  constructor() {
    super();
    /** @type {Challenge | null} */
    this.challenge = null;
    this.code = '';
    this.sending = false;
    this.error = '';
    this.warning = '';
    /** How a wrong proof is told. */
    this.refused = /** @type {'code.refused' | 'key.refused'} */ ('code.refused');
  }

  /**
   * Make the proof of what was typed; none where it cannot be one, as `error` then says.
   * @returns {Promise<object | null>}
   */
  async proof() {
    return null;
  }

  /** @param {string} code */
  type(code) {
    this.code = code;
    this.error = '';
    this.#proof = null;
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    if (this.sending || this.challenge === null) return;
    this.sending = true;
    try {
      if (this.#proof === null) {
        this.#proof = await this.proof();
        this.#key = crypto.randomUUID();
      }
      if (this.#proof === null) return;
      const path = `/v1/challenges/${this.challenge.id}/answers`;
      this.#judged(/** @type {Answered} */ (await api.post(path, this.#proof, { key: this.#key })));
    } catch (error) {
      this.error = said(error);
    } finally {
      this.sending = false;
    }
  }

  /** @param {Answered} answered */
  #judged(answered) {
    this.type('');
    this.warning = spaced(answered.warning ?? '');
    if (answered.answer === 'proof_refused') this.error = t(this.refused, { count: answered.attempts_left });
    if (answered.answer === 'too_late') this.error = t('code.too_late');
    this.dispatchEvent(new CustomEvent('answered', { detail: answered }));
  }
}
