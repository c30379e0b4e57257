import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('no compiled code is let go of once this is loaded', () => {
  const of = (file: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)));
  const script =
    `await import(${of('keep-compiled-code.ts')});` +
    `const { kernels, kernelFloats, addressOf } = await import(${of('../engine/kernels/index.ts')});` +
    'const pause = (ms) => new Promise((done) => setTimeout(done, ms));' +
    'await pause(200);' + // Node's reader of TypeScript ran before
    "console.log('loaded');" +
    'const sums = kernelFloats(1000);' +
    'for (let k = 0; k < 3000; k++) {' +
    '  kernels.addShare(addressOf(sums), addressOf(sums), 1000, 0.5);' +
    '  if (k % 100 === 0) await pause(1);' +
    '}' +
    "console.log('computed');";
  const switches = ['--stress-wasm-code-gc', '--trace-wasm-code-gc', '--input-type=module'];
  const said = execFileSync(process.execPath, [...switches, '--eval', script], { encoding: 'utf8' });
  expect(said.split('loaded').at(-1)!.trim()).toBe('computed');
});
