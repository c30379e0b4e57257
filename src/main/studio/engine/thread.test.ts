import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { TINY } from './bundles.fixture.ts';

const run = promisify(execFile);

/** How many pieces of compiled code a program keeps that asks for it, and then does something with the engine. */
async function kept(does: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-compiled-'));
  const program = `
    require('node:module').enableCompileCache(${JSON.stringify(folder)});
    import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)}).then(async (engine) => { ${does} });
  `;
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  try {
    await run(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', program], { env });
    const [version] = await readdir(folder);
    return (await readdir(join(folder, version!))).length;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("an avatar's threads keep their compiled code where the program keeps its own", async () => {
  const open = `await (await engine.openAvatar(${JSON.stringify(TINY)}, { graph: 'fast', threads: 1 })).close()`;
  expect(await kept(open)).toBeGreaterThan(await kept(''));
});
