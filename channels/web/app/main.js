// Where the app begins: the page is bare, the frame is put on it once it is known who is signed in.

import '../shared/theme.css';
import { Unreachable } from '../shared/api.js';
import { language } from '../shared/language.js';
import { session } from './here.js';
import './frame.js';
import './notifications/at_work.js';
import { putInPlace } from './worker.js';

document.documentElement.lang = language;
try {
  await session.resume();
} catch (error) {
  if (!(error instanceof Unreachable)) throw error;
}
document.body.append(document.createElement('ct-app'));
void putInPlace();
