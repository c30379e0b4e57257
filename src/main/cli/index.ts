#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What the compiler makes of the code is kept beside it, which saves half of a command's start the next time. Modules
// that are loaded with this one would be compiled before it is said.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/likeness', import.meta.url)));
const { startAhead } = await import('../studio/ahead.ts');
startAhead(process.argv.slice(2));
await import('./command-line.ts');
