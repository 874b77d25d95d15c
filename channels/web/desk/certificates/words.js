// The words about certificates pasted by advisers, and the authorities that issue them.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/certificates/fr.json'),
  en: () => import('../../catalogues/certificates/en.json'),
});
