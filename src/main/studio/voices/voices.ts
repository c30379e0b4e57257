import { StudioError } from '../../../shared/contract/index.ts';
import type { VoiceView } from '../../../shared/contract/voices.ts';
import { type LibraryPaths, sha256Of } from '../library/index.ts';
import { listModels, type ModelStatus } from '../models/index.ts';
import { configOf, ownVoices } from './own-voices.ts';
import { readVoiceConfig } from './voice-file.ts';

/** What the name of a voice's configuration ends with. */
const CONFIG = '.onnx.json';

/** A voice that is here, whole. */
export interface VoiceFiles {
  readonly model: string;
  readonly config: string;
  /** Of the model. */
  readonly sha256: string;
  /** As espeak calls it. */
  readonly language: string;
  /** Hz. */
  readonly rate: number;
}

interface Known {
  readonly model: ModelStatus;
  readonly title: string;
  /** The path of its configuration; undefined while that is not here. */
  readonly config: string | undefined;
}

/** Every voice that the program knows or was given. */
export async function listVoices(resources: string, paths: LibraryPaths): Promise<VoiceView[]> {
  return Promise.all(
    (await known(resources, paths)).map(async ({ model, title, config }) => {
      const { name, licence, terms, package: wheel } = model;
      const state = model.state === 'present' && config === undefined ? 'absent' : model.state;
      const language = config === undefined ? null : (await readVoiceConfig(config)).espeak.voice;
      const fetch = terms !== undefined && wheel ? { terms, bytes: wheel.bytes } : null;
      return { name, title, language, state, licence, fetch };
    }),
  );
}

/** Raises StudioError('not-found') for one that is not here, 'bad-request' for one that is damaged. */
export async function requireVoice(resources: string, paths: LibraryPaths, name: string): Promise<VoiceFiles> {
  const found = (await known(resources, paths)).find(({ model }) => model.name === name);
  if (!found)
    throw new StudioError({
      code: 'not-found',
      message: `There is no voice "${name}".`,
      hint: 'Look at "likeness voices list".',
    });
  const { model, config } = found;
  if (model.state !== 'present' || config === undefined)
    throw new StudioError({
      code: 'not-found',
      message: `The voice "${name}" is ${model.state === 'damaged' ? 'damaged' : 'not on this computer yet'}.`,
      hint: model.package
        ? `Fetch it first: "likeness voices fetch ${name}", or Script in the window.`
        : 'Add it again.',
    });
  const { espeak, audio } = await readVoiceConfig(config);
  const sha256 = model.sha256 ?? (await sha256Of(model.path));
  return { model: model.path, config, sha256, language: espeak.voice, rate: audio.sample_rate };
}

async function known(resources: string, paths: LibraryPaths): Promise<Known[]> {
  const models = await listModels(resources, paths.root, ({ voice, file }) => Boolean(voice) || file.endsWith(CONFIG));
  const configs = new Map(models.filter(({ voice }) => !voice).map((model) => [model.name, model]));
  const listed = models.flatMap((model) => {
    if (!model.voice) return [];
    const config = configs.get(model.voice.config);
    return [{ model, title: model.voice.title, config: config?.state === 'present' ? config.path : undefined }];
  });
  const own = (await ownVoices(paths.voices)).map((model) => ({
    model,
    title: model.name,
    config: model.state === 'present' ? configOf(paths.voices, model.name) : undefined,
  }));
  return [...listed, ...own];
}
