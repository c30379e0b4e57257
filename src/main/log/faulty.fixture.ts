/** A command line that meets a fault: one that ends after its command, or one that serves a window. */
import { endAfterFaults, goOnAfterRejections } from '../cli/faults.ts';
import { Log } from './log.ts';

const [folder, behaviour] = process.argv.slice(2) as [string, string];
const terminal = { json: false, verbose: false, out: process.stdout, log: process.stderr };
const log = new Log({ folder, host: 'test', redact: (text) => text });
endAfterFaults(terminal);
if (behaviour.startsWith('serves')) goOnAfterRejections(terminal, log.path);
if (behaviour.endsWith('throws'))
  setTimeout(() => {
    throw new Error('thrown');
  });
else void Promise.reject(new Error('rejected'));
setTimeout(() => process.exit(0), 200);
