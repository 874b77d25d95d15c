// The words of rights: substitutes, entitlements.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/rights/fr.json'),
  en: () => import('../catalogues/rights/en.json'),
});
