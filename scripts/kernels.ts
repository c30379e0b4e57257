/** Compiles `kernels/` into the engine: `npm run kernels`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
/** Where the compiled kernels lie inside the checkout. */
export const COMPILED = 'src/main/studio/engine/kernels/code.ts';
const OPTIONS =
  '-O3 --debug --noAssert --runtime stub --importMemory --sharedMemory ' +
  '--initialMemory 1 --maximumMemory 16384 ' + // pages, as in space.ts
  '--enable threads --enable simd --enable nontrapping-f2i';
const COLUMNS = 110;

/** The compiled kernels as the text of a module. */
export async function compiledKernels(): Promise<string> {
  let code: Uint8Array | undefined;
  const said: string[] = [];
  const { error } = await asc.main(['kernels/index.ts', '--outFile', 'kernels.wasm', ...OPTIONS.split(' ')], {
    stderr: { write: (text: string) => void said.push(text) },
    readFile: (name, folder) => readFile(join(folder || root, name), 'utf8').catch(() => null),
    writeFile: (_, contents) => void (code = contents as unknown as Uint8Array),
    listFiles: () => null,
  });
  if (error || !code) throw new Error(said.join('') || 'The kernels did not compile.', { cause: error });
  const lines = Buffer.from(code)
    .toString('base64')
    .match(new RegExp(`.{1,${COLUMNS}}`, 'g'))!;
  return [
    '/** `kernels/`, compiled: `npm run kernels` makes this file. */',
    'export const KERNELS = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (import.meta.main) await writeFile(join(root, COMPILED), await compiledKernels());
