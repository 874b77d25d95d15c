// The words of companies' operations and of the day's figures.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/operations/fr.json'),
  en: () => import('../../catalogues/operations/en.json'),
});
