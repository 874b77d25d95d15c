// The words of first entry.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/first_entry/fr.json'),
  en: () => import('../../catalogues/first_entry/en.json'),
});
