/**
 * The acceptance of docs/reliability.md, run by hand: `npm run counts -- KIND...`, with `--from N`, `--to N`,
 * `--step N` and `--load N`. Each try has a number; the same number is the same try. `--load` keeps the computer busy
 * with that many processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { countBundles } from './bundles.ts';
import { countFarm } from './farm.ts';
import { countFullDisks } from './full-disk.ts';
import { countFlips } from './flips.ts';
import { countKills } from './kills.ts';
import { countInputs } from './inputs.ts';
import { countMedia } from './media.ts';
import { countMessages } from './messages.ts';
import { countStories } from './stories.ts';
import { Tally, type Tries } from './tally.ts';
import { countFalseAlarms } from './false-alarms.ts';
import { countWatermarks } from './watermark.ts';

const KINDS: Record<string, (tally: Tally, tries: Tries) => Promise<void>> = {
  media: countMedia,
  inputs: countInputs,
  flips: countFlips,
  bundles: countBundles,
  messages: countMessages,
  kills: countKills,
  disk: countFullDisks,
  farm: countFarm,
  stories: countStories,
  watermark: countWatermarks,
  'false-alarms': countFalseAlarms,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '0' },
    to: { type: 'string' },
    step: { type: 'string', default: '1' },
    load: { type: 'string', default: '0' },
  },
});
const unknown = positionals.filter((kind) => !(kind in KINDS));
if (unknown.length > 0) {
  console.error(`Nothing is counted as ${unknown.join(', ')}. There are: ${Object.keys(KINDS).join(', ')}.`);
  process.exit(2);
}

const busy: ChildProcess[] = Array.from({ length: Number(values.load) }, () =>
  spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
);
const tries: Tries = { from: Number(values.from), to: Number(values.to ?? Infinity), step: Number(values.step) };
const lines: string[] = [];
try {
  for (const kind of positionals.length > 0 ? positionals : Object.keys(KINDS)) {
    const tally = new Tally(kind);
    await KINDS[kind]!(tally, tries);
    if (tally.faults > 0) process.exitCode = 1;
    lines.push(tally.line);
    console.log(tally.line);
  }
} finally {
  for (const child of busy) child.kill('SIGKILL');
}
if (lines.length > 1) console.log(`\n${lines.join('\n')}`);
