// The words of notifications.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/push/fr.json'),
  en: () => import('../../catalogues/push/en.json'),
});
