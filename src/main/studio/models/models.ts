import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { sha256Of } from '../library/index.ts';
import { copyWhole } from '../ground/settle.ts';
import { isWholeBasis, looksLikeFaceModel } from './face-model.ts';
import { hasGraphs, hubertOf } from './hubert.ts';
import { type ModelEntry, readRegistry } from './registry.ts';

export interface ModelStatus extends ModelEntry {
  readonly path: string;
  readonly state: 'present' | 'absent' | 'damaged';
}

/** Every model the program knows, or those wanted, and whether it is here with the content it should have. */
export async function listModels(
  resources: string,
  libraryDir: string,
  wanted: (entry: ModelEntry) => boolean = () => true,
): Promise<ModelStatus[]> {
  const entries = readRegistry(resources).filter(wanted);
  return Promise.all(entries.map((entry) => statusOf(entry, resources, libraryDir)));
}

async function statusOf(entry: ModelEntry, resources: string, libraryDir: string): Promise<ModelStatus> {
  const path = entry.origin === 'shipped' ? join(resources, entry.file) : join(libraryDir, 'models', entry.file);
  if (!existsSync(path)) return { ...entry, path, state: entry.origin === 'shipped' ? 'damaged' : 'absent' };
  const whole = entry.sha256 === undefined ? await isWholeBasis(path) : (await sha256Of(path)) === entry.sha256;
  return { ...entry, path, state: whole ? 'present' : 'damaged' };
}

/** What the trainer makes of a model that is added. */
export interface Making {
  /** Of a face model as it is published (a file, an archive, a folder); answers the name of the model that it was. */
  readonly faceBasis: (file: string) => Promise<string>;
  /** Of the speech encoder that is here now. */
  readonly hubertGraphs: () => Promise<unknown>;
}

/**
 * Takes a file in as the model whose hash it has, or as a face model; what the trainer makes of it is made before this
 * answers. Of any other file `take` may make a model. Raises StudioError('not-found' | 'bad-request' | 'disk-full'),
 * and what these raise.
 */
export async function addModel(
  file: string,
  resources: string,
  libraryDir: string,
  making: Making,
  take: (file: string) => Promise<ModelStatus | undefined> = () => Promise.resolve(undefined),
): Promise<ModelStatus> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() && !found?.isDirectory())
    throw new StudioError({ code: 'not-found', message: `There is no file ${file}.`, hint: 'Check the path.' });
  const registry = readRegistry(resources);
  const sha256 = found.isDirectory() ? undefined : await sha256Of(file);
  const known = registry.find((model) => sha256 !== undefined && model.sha256 === sha256);
  if (known) {
    if (known.origin === 'user') await copyWhole(file, join(libraryDir, 'models', known.file));
    if (known.encoder === 'hubert' && !(await hasGraphs(hubertOf(resources, libraryDir)))) await making.hubertGraphs();
    return statusOf(known, resources, libraryDir);
  }
  if (sha256 === undefined || (await looksLikeFaceModel(file))) {
    const name = await making.faceBasis(file);
    return statusOf(
      registry.find((model) => model.name === name)!,
      resources,
      libraryDir,
    );
  }
  const taken = await take(file);
  if (taken) return taken;
  throw new StudioError({
    code: 'bad-request',
    message: 'This file is none of the models that Likeness knows.',
    hint: 'See "likeness models list"; a download that broke off has another content.',
    detail: `SHA-256 ${sha256}`,
  });
}

/** The files of the network that tells faces apart, where the user has added both. */
export function recognitionOf(models: readonly ModelStatus[]): { weights: string; manifest: string } | undefined {
  const path = (wanted: string) => models.find(({ name, state }) => name === wanted && state === 'present')?.path;
  const weights = path('face-recognition');
  const manifest = path('face-recognition-manifest');
  return weights && manifest ? { weights, manifest } : undefined;
}
