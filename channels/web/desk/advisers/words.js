// The words about the bank's own people: who they are, and how they come in.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/advisers/fr.json'),
  en: () => import('../../catalogues/advisers/en.json'),
});
