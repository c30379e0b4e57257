import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { sha256Of } from '../library/index.ts';
import { copyWhole } from '../ground/settle.ts';
import { type ModelEntry, readRegistry } from './registry.ts';

export interface ModelStatus extends ModelEntry {
  readonly path: string;
  readonly state: 'present' | 'absent' | 'damaged';
}

/** Every model the program knows, and whether it is here with the content it should have. */
export async function listModels(resources: string, libraryDir: string): Promise<ModelStatus[]> {
  return Promise.all((await readRegistry(resources)).map((entry) => statusOf(entry, resources, libraryDir)));
}

async function statusOf(entry: ModelEntry, resources: string, libraryDir: string): Promise<ModelStatus> {
  const path = entry.origin === 'shipped' ? join(resources, entry.file) : join(libraryDir, 'models', entry.file);
  if (!existsSync(path)) return { ...entry, path, state: entry.origin === 'shipped' ? 'damaged' : 'absent' };
  return { ...entry, path, state: (await sha256Of(path)) === entry.sha256 ? 'present' : 'damaged' };
}

/** Takes a file in as the model whose hash it has. Raises StudioError('not-found' | 'bad-request' | 'disk-full'). */
export async function addModel(file: string, resources: string, libraryDir: string): Promise<ModelStatus> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile())
    throw new StudioError({ code: 'not-found', message: `There is no file ${file}.`, hint: 'Check the path.' });
  const sha256 = await sha256Of(file);
  const entry = (await readRegistry(resources)).find((model) => model.sha256 === sha256);
  if (!entry) {
    throw new StudioError({
      code: 'bad-request',
      message: 'This file is none of the models that Likeness knows.',
      hint: 'See "likeness models list"; a download that broke off has another content.',
      detail: `SHA-256 ${sha256}`,
    });
  }
  if (entry.origin === 'user') await copyWhole(file, join(libraryDir, 'models', entry.file));
  return statusOf(entry, resources, libraryDir);
}
