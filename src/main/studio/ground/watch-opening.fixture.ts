import { openSync } from 'node:fs';
import { watchOpening } from './watch-opening.ts';

/** Opens a pipe that nobody writes to, which never comes back. */
watchOpening(() => openSync(process.argv[2]!, 'r'), { text: 'no answer\n', to: 'stdout' }, 300);
