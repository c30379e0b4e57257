#!/usr/bin/env node
// Stands in for a Python with pip: LIKENESS_PIP names the wheel that it downloads, or what becomes of it instead.
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const args = process.argv.slice(2);
const found = process.env.LIKENESS_PIP ?? '';
if (args[0] === '-c') console.log('26.3');
else if (found === 'offline') {
  console.error('ERROR: Could not find a version: Temporary failure in name resolution');
  process.exitCode = 1;
} else {
  console.log(`  Downloading ${basename(found)} (60.0 MB)`);
  console.log('Progress 30000000 of 60000000');
  if (found === 'slow') setInterval(() => undefined, 1000);
  else copyFileSync(found, join(args[args.indexOf('-d') + 1], basename(found)));
}
