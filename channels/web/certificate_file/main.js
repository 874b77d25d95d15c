// Where the page begins that gives this browser the key of a PKCS#12 file: a document of its own, beside the app (RULES 15).

import '../shared/theme.css';
import { Unreachable } from '../shared/api.js';
import { language } from '../shared/language.js';
import { session } from './here.js';
import './frame.js';

document.documentElement.lang = language;
try {
  await session.resume();
} catch (error) {
  if (!(error instanceof Unreachable)) throw error;
}
document.body.append(document.createElement('ct-certificate-file'));
