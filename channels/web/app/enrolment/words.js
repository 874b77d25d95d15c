// The words of enrolling devices, and of what is the person's own.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/own/fr.json'),
  en: () => import('../../catalogues/own/en.json'),
});
