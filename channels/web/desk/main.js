// Where the desk begins: the frame is put on the bare page once it is known who is signed in.

import '../shared/theme.css';
import { Unreachable } from '../shared/api.js';
import { language } from '../shared/language.js';
import './frame.js';
import { session } from './here.js';

document.documentElement.lang = language;
try {
  await session.resume();
} catch (error) {
  if (!(error instanceof Unreachable)) throw error;
}
document.body.append(document.createElement('ct-desk'));
