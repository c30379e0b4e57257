#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Node 24 and older end now and then where several threads let go of WebAssembly code that a better one has replaced
// ("Check failed: jit_page.has_value()", nodejs/node#64500): it is kept. Said before the next line, since what the
// compiler made under other switches is not read back.
setFlagsFromString('--no-wasm-code-gc');
// What the compiler makes of the code is kept beside it, which saves half of a command's start the next time. Modules
// that are loaded with this one would be compiled before it is said.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/likeness', import.meta.url)));
const { startAhead } = await import('../studio/ahead.ts');
startAhead(process.argv.slice(2));
await import('./command-line.ts');
