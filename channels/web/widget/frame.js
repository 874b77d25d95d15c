// Where the frame begins.

import '../shared/theme.css';
import { language } from '../shared/language.js';
import './panel.js';
import { t } from './words.js';

document.documentElement.lang = language;
document.title = t('chat');
document.body.append(document.createElement('ct-panel'));
