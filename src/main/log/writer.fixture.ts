/** A process that writes many entries into a log whose files are small. */
import { Log } from './log.ts';

const [folder, name, entries] = process.argv.slice(2) as [string, string, string];
const log = new Log({ folder, host: name, redact: (text) => text, bounds: { bytes: 20_000, files: 50 } });
for (let entry = 0; entry < Number(entries); entry++) log.note(`${entry} ${'x'.repeat(20)}`);
