import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

/** A trainer that refuses what it is asked, so that one sees that it ran. */
const TRAINER = `
import json, sys, time, tiny_one, tiny_two
job = json.loads(sys.stdin.readline())
said = f"The tiny trainer {tiny_one.WORD} {tiny_two.WORD} a video."
event = {"v": 1, "type": "error", "time": time.time(), "code": "no-face"}
event |= {"message": said, "hint": "It finds no face in any."}
print(json.dumps(event), flush=True)
sys.exit(2)
`;

/**
 * A folder with all that an installation needs of a trainer, and two packages of a few bytes for its environment: a
 * set-up of seconds, without a network. Give pip `offline` as its environment.
 */
export async function tinyInstallation(
  root: string,
): Promise<{ trainer: string; venv: string; offline: Record<string, string> }> {
  const trainer = join(root, 'trainer');
  const wheels = join(root, 'wheels');
  const code = join(trainer, 'likeness_trainer');
  for (const folder of [wheels, code, join(root, 'resources')]) mkdirSync(folder, { recursive: true });
  await writeWheel(wheels, 'tiny_one', 'was');
  await writeWheel(wheels, 'tiny_two', 'given');
  writeFileSync(join(root, 'package.json'), '{"version": "0.0.1"}');
  writeFileSync(join(trainer, 'pyproject.toml'), '');
  writeFileSync(join(trainer, 'requirements.txt'), '# two tiny ones\ntiny-one==1.0\ntiny-two==1.0\n');
  writeFileSync(join(trainer, 'requirements-nodeps.txt'), '');
  writeFileSync(join(trainer, 'requirements-dev.txt'), '');
  writeFileSync(join(code, '__init__.py'), '');
  writeFileSync(join(code, 'imports.py'), 'import tiny_one, tiny_two\n');
  writeFileSync(join(code, '__main__.py'), TRAINER);
  return { trainer, venv: join(root, 'environment'), offline: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels } };
}

/** The smallest wheel that pip takes: one module with one word. */
async function writeWheel(folder: string, name: string, word: string): Promise<void> {
  const wheel = new yazl.ZipFile();
  const info = `${name}-1.0.dist-info`;
  const files = {
    [`${name}.py`]: `WORD = ${JSON.stringify(word)}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: likeness\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: [`${name}.py,,`, `${info}/METADATA,,`, `${info}/WHEEL,,`, `${info}/RECORD,,`, ''].join('\n'),
  };
  for (const [path, text] of Object.entries(files)) wheel.addBuffer(Buffer.from(text), path);
  wheel.end();
  await pipeline(wheel.outputStream, createWriteStream(join(folder, `${name}-1.0-py3-none-any.whl`)));
}
