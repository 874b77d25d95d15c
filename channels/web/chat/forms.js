// The forms a conversation opens, fetched together: whoever needs one of them is likely to need another.

import '../rights/entitling.js';
import '../rights/naming.js';
import './file.js';
import './start.js';
