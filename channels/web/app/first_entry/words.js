// The words of choosing a confidential code: at first entry, and when it is changed.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/first_entry/fr.json'),
  en: () => import('../../catalogues/first_entry/en.json'),
});
