import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TINY } from '../engine/bundles.fixture.ts';
import { findInstallation } from '../system/environment.ts';

// What ONNX Runtime would tell its makers it keeps in the home folder until it can, and its own log among temporary
// files: where neither is, it has nothing to tell.
const folder = mkdtempSync(join(tmpdir(), 'likeness-telemetry-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const ENGINE = new URL('../engine/index.ts', import.meta.url).href;
const NETWORK = new URL('../engine/fixtures/live.onnx', import.meta.url).pathname;
writeFileSync(
  join(folder, 'open.mjs'),
  `const { openAvatar } = await import('${ENGINE}');\nawait (await openAvatar('${TINY}')).close();\n`,
);
const { python, trainer } = findInstallation();

it.skipIf(process.platform === 'win32').each([
  ['engine', process.execPath, [join(folder, 'open.mjs')]],
  ['trainer', python, ['-c', `import likeness_trainer, onnxruntime as ort; ort.InferenceSession('${NETWORK}')`]],
] as const)('networks are run and nobody is told: by the %s', (name, program, words) => {
  const home = mkdtempSync(join(folder, name));
  const { ORT_DISABLE_TELEMETRY: _, CI: __, ...env } = process.env;
  execFileSync(program, words, { cwd: trainer, env: { ...env, HOME: home, TMPDIR: home } });
  expect(readdirSync(home)).toEqual([]);
});
