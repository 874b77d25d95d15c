// The words of the chat.

import { area } from '../shared/catalogue.js';

export const t = await area({
  fr: () => import('../catalogues/chat/fr.json'),
  en: () => import('../catalogues/chat/en.json'),
});
