// The words of the frame around the chat.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/widget/fr.json'),
  en: () => import('../catalogues/widget/en.json'),
});
