/**
 * Writes what follows from the written format and the contract: `format/jobs.schema.json`, and the tables of
 * docs/formats.md. `--check` writes nothing and fails where they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import { TrainerJob } from '../src/shared/contract/trainer.ts';
import { formatTables } from './formats/tables.ts';

const root = join(import.meta.dirname, '..');

/** Text by path inside the checkout, as it should be. */
export async function made(): Promise<ReadonlyMap<string, string>> {
  const schema = { $comment: 'Made by scripts/formats.ts.', ...z.toJSONSchema(TrainerJob) };
  const docs = 'docs/formats.md';
  return new Map([
    ['format/jobs.schema.json', await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 })],
    [docs, withTables(readFileSync(join(root, docs), 'utf8'))],
  ]);
}

/** Files whose text is not what it should be. */
export async function stale(): Promise<readonly string[]> {
  const texts = [...(await made())];
  return texts.filter(([path, text]) => readOrEmpty(join(root, path)) !== text).map(([path]) => path);
}

/** Between each pair of marks the table of that name. */
function withTables(text: string): string {
  const tables = formatTables();
  return text.replace(/(<!-- table: ([a-z-]+) -->\n)[^]*?(<!-- end of table -->)/g, (_, begin, name: string, end) => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`docs/formats.md wants a table "${name}", which there is not.`);
    return `${begin}${table}\n${end}`;
  });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const old = await stale();
    for (const path of old) console.error(`${path} is stale; run "npm run formats".`);
    process.exitCode = old.length > 0 ? 1 : 0;
  } else {
    for (const [path, text] of await made()) writeFileSync(join(root, path), text);
  }
}
