import { type Manifest, StudioError } from '../../../shared/contract/index.ts';
import {
  type Bundle,
  letGo,
  onlyFiles,
  openBundle,
  readIdle,
  readManifest,
  readRig,
  withProviders,
} from './bundle/index.ts';
import type { AvatarDescription, GraphChoice } from './description.ts';
import {
  type Drawing,
  type DrawnForm,
  GRAPH_FILES,
  type GraphName,
  openDrawings,
  PLATE_FILE,
  quickest,
} from './draw/index.ts';
import { Film } from './dub/index.ts';
import { learnStyles } from './manner/index.ts';
import { Pictures } from './pictures.ts';
import type { Networks } from './providers/index.ts';
import {
  type Hearing,
  hubertEar,
  LIVE_FILE,
  LiveDrive,
  SPEECH_FILES,
  SpeechDrive,
  type Spoken,
  VARIATION_FILE,
} from './speech/index.ts';

export interface EngineOptions {
  readonly threads: number;
  readonly graph: GraphChoice;
  /** The file of HuBERT's graph that the avatar's motion hears; without it the embedded encoder is heard alone. */
  readonly hubert?: string | undefined;
  /** That it dubs; one of its own by default. */
  readonly film?: Film;
  /** What its networks run on; the processor by default. */
  readonly networks?: Networks | undefined;
}

/** A step takes few milliseconds: sharing it out would take as long. */
const LIVE_THREADS = 1;

interface EngineParts {
  readonly description: AvatarDescription;
  readonly drawing: Drawing;
  readonly speech: SpeechDrive;
  /** With what hears live sound, where the avatar has it. */
  readonly live: Bundle;
  readonly film: Film;
}

/** The whole way from a sound to a picture, on one thread. `index.ts` runs it in a worker. */
export class Engine {
  readonly description: AvatarDescription;
  readonly pictures: Pictures;
  /** What other threads may draw from; undefined of networks. */
  readonly form: DrawnForm | undefined;
  readonly #speech: SpeechDrive;
  readonly #live: Bundle;
  readonly #ears = new Map<number, LiveDrive>();

  private constructor({ description, drawing, speech, live, film }: EngineParts) {
    this.description = description;
    this.pictures = new Pictures(drawing, description.rig, film);
    this.form = drawing.form;
    this.#speech = speech;
    this.#live = live;
  }

  /** Raises StudioError('not-found' | 'bad-bundle'). */
  static async open(path: string, options: EngineOptions): Promise<Engine> {
    const { threads, graph: choice, hubert, film = new Film(), networks } = options;
    const wanted = await wantedGraphs(path, choice);
    const opened = await openBundle(
      path,
      Object.entries(GRAPH_FILES).flatMap(([name, file]) => (wanted.some((one) => one === name) ? [] : [file])),
    );
    const bundle = networks ? await withProviders(opened, networks, threads) : opened;
    const names = wanted.filter((name) => bundle.manifest.files[GRAPH_FILES[name]]);
    if (names.length === 0) throw notHeld(choice, bundle.manifest);
    const { id, manifest } = bundle;
    const rig = readRig(bundle);
    const idle = readIdle(bundle);
    const styles = learnStyles(rig, idle);
    const heard = manifest.speech.hubert;
    const ear = hubert !== undefined && heard ? hubertEar(hubert, heard.size, threads) : undefined;
    const speech = new SpeechDrive(onlyFiles(bundle, SPEECH_FILES), rig, threads, ear);
    const live = onlyFiles(bundle, [LIVE_FILE]);
    const varies = bundle.files.has(VARIATION_FILE);
    const drawings = await openDrawings(bundle, names, { rig, idle, threads });
    letGo(bundle, [...SPEECH_FILES, LIVE_FILE, PLATE_FILE]);
    const { drawing, speeds } = choice === 'auto' ? await quickest(drawings) : { drawing: drawings[0]!, speeds: [] };
    const description = { id, manifest, rig, idle, styles, varies, graph: drawing.graph, speeds };
    return new Engine({ description, drawing, speech, live, film });
  }

  speak(waveform: Float32Array, fps: number, frames: number, hearing: Hearing = {}): Promise<Spoken> {
    return this.#speech.drive(waveform, fps, frames, hearing);
  }

  /** Raises StudioError('bad-bundle') for an avatar that cannot hear live sound. */
  async listen(ear: number): Promise<void> {
    this.#ears.set(ear, await LiveDrive.open(this.#live, this.description.rig, LIVE_THREADS));
  }

  /** As `LiveDrive.push`; nothing for one that does not listen any more. */
  async hear(ear: number, samples: Float32Array): Promise<Float32Array> {
    return (await this.#ears.get(ear)?.push(samples)) ?? new Float32Array(0);
  }

  async hush(ear: number): Promise<void> {
    const drive = this.#ears.get(ear);
    this.#ears.delete(ear);
    await drive?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ears.keys()].map((ear) => this.hush(ear)));
    await this.pictures.close();
  }
}

function notHeld(choice: GraphChoice, { files }: Manifest): StudioError {
  if (choice === 'closed')
    return new StudioError({
      code: 'not-found',
      message: 'This avatar does not hold the closed form of its video.',
      hint: 'Train it again, or use its graphs.',
    });
  if (!files[GRAPH_FILES.std])
    return new StudioError({
      code: 'not-found',
      message: "This avatar holds no trained graph: it is drawn from its video's own frames.",
      hint: 'Use its closed form, or train it with another preset than instant.',
    });
  return new StudioError({
    code: 'not-found',
    message: 'This checkpoint of a training has no fast version yet.',
    hint: 'Use its full one, or wait for the end of the training.',
  });
}

async function wantedGraphs(path: string, choice: GraphChoice): Promise<readonly GraphName[]> {
  if (choice !== 'auto' && choice !== 'best') return [choice];
  if ((await readManifest(path)).draws === 'closed') return ['closed'];
  return choice === 'auto' ? ['fast', 'std'] : ['std'];
}
