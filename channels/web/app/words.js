// The words of the app's frame, sign-in by whatever way, and approvals.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/app/fr.json'),
  en: () => import('../catalogues/app/en.json'),
});
