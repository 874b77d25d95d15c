// The words of substitutes.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/substitutes/fr.json'),
  en: () => import('../../catalogues/substitutes/en.json'),
});
