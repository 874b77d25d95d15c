// The words of enrolling devices and of confirming sign-ins by phone.

import { area } from '../../shared/catalogue.js';

export const t = await area({
  fr: () => import('../../catalogues/own/fr.json'),
  en: () => import('../../catalogues/own/en.json'),
});
