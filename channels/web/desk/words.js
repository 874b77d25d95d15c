// The words of the desk.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/desk/fr.json'),
  en: () => import('../catalogues/desk/en.json'),
});
