// What waits, one of it, and what has ended, in one file: who comes for the one soon asks for the others.

import './approval.js';
import './history.js';
import './list.js';
