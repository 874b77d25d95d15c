// Where the app begins: the page is bare, the frame is put on it once it is known who is signed in.

import '../shared/theme.css';
import { language } from '../shared/language.js';
import { resumed } from './here.js';
import './frame.js';
import './notifications/at_work.js';
import { putInPlace } from './worker.js';

document.documentElement.lang = language;
await resumed;
document.body.append(document.createElement('ct-app'));
requestAnimationFrame(() => setTimeout(putInPlace)); // what it fetches may wait for the first screen
