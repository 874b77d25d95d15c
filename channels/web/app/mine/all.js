// The screens of what is one's own, in one file: each is smaller than a request for it is worth.

import '../enrolment/offer.js';
import '../enrolment/pair_bridge.js';
import '../notifications/screen.js';
import '../substitutes/screen.js';
import './code_change.js';
import './screen.js';
