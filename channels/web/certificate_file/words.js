// The words of the page that imports a certificate's file.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/certificate_file/fr.json'),
  en: () => import('../catalogues/certificate_file/en.json'),
});
