import { type Manifest, StudioError } from '../../../shared/contract/index.ts';
import {
  type Control,
  type MotionTrack,
  onlyFiles,
  openBundle,
  readIdle,
  readManifest,
  readRig,
  type Rig,
} from './bundle/index.ts';
import {
  type Drawing,
  GRAPH_FILES,
  type GraphName,
  openDrawings,
  type PortraitPicture,
  quickest,
  type SpeedFigures,
} from './draw/index.ts';
import { type DubFrame, FaceReplacer } from './dub/index.ts';
import { learnStyles, type StyleEntry } from './manner/index.ts';
import { type Hearing, SPEECH_FILES, SpeechDrive, type Spoken, VARIATION_FILE } from './speech/index.ts';

/**
 * `best` is what showed frames never seen better, by the manifest: the closed form or the std graph. `auto` is the
 * closed form where that is best; else it times the graphs there are for about a second and keeps the better one that
 * is fast enough to be live. A form that the avatar does not hold is not found.
 */
export type GraphChoice = GraphName | 'auto' | 'best';

export interface EngineOptions {
  readonly threads: number;
  readonly graph: GraphChoice;
}

/** What an opened avatar tells about itself. */
export interface AvatarDescription {
  readonly id: string;
  readonly manifest: Manifest;
  readonly rig: Rig;
  readonly idle: MotionTrack;
  /** How this person can hold their face: entry 1 of a take's style first. */
  readonly styles: readonly StyleEntry[];
  /** Whether it knows how else its person might say things: a take's temperature. */
  readonly varies: boolean;
  readonly graph: GraphName;
  /** What the start-up benchmark saw; empty when a graph was asked for. */
  readonly speeds: readonly SpeedFigures[];
}

interface EngineParts {
  readonly description: AvatarDescription;
  readonly drawing: Drawing;
  readonly speech: SpeechDrive;
}

/** The whole way from a control to a picture, on one thread. `index.ts` runs it in a worker. */
export class Engine {
  readonly description: AvatarDescription;
  readonly #drawing: Drawing;
  readonly #speech: SpeechDrive;
  readonly #replacer: FaceReplacer;

  private constructor({ description, drawing, speech }: EngineParts) {
    this.description = description;
    this.#drawing = drawing;
    this.#speech = speech;
    this.#replacer = new FaceReplacer(description.rig);
  }

  /** Raises StudioError('not-found' | 'bad-bundle'). */
  static async open(path: string, { threads, graph: choice }: EngineOptions): Promise<Engine> {
    const wanted = await wantedGraphs(path, choice);
    const bundle = await openBundle(
      path,
      Object.entries(GRAPH_FILES).flatMap(([name, file]) => (wanted.some((one) => one === name) ? [] : [file])),
    );
    const names = wanted.filter((name) => bundle.manifest.files[GRAPH_FILES[name]]);
    if (names.length === 0) throw notHeld(choice, bundle.manifest);
    const { id, manifest } = bundle;
    const rig = readRig(bundle);
    const idle = readIdle(bundle);
    const styles = learnStyles(rig, idle);
    const speech = new SpeechDrive(onlyFiles(bundle, SPEECH_FILES), rig, threads);
    const varies = bundle.files.has(VARIATION_FILE);
    const drawings = await openDrawings(bundle, names, { rig, idle, threads });
    const { drawing, speeds } = choice === 'auto' ? await quickest(drawings) : { drawing: drawings[0]!, speeds: [] };
    const description = { id, manifest, rig, idle, styles, varies, graph: drawing.graph, speeds };
    return new Engine({ description, drawing, speech });
  }

  speak(waveform: Float32Array, fps: number, frames: number, hearing: Hearing = {}): Promise<Spoken> {
    return this.#speech.drive(waveform, fps, frames, hearing);
  }

  /** As `Drawing.drawHead`. */
  drawHead(control: Control): Promise<Uint8Array> {
    return this.#drawing.drawHead(control);
  }

  /** As `Drawing.drawPortrait`. */
  drawPortrait(control: Control, height: number, out?: Uint8Array): Promise<PortraitPicture> {
    return this.#drawing.drawPortrait(control, height, out);
  }

  async dub(frame: DubFrame): Promise<void> {
    const head = await this.#drawing.drawForPicture(frame.driven);
    this.#replacer.replace(frame, this.#drawing.proxies, head);
  }

  /** As `Drawing.measure`. */
  measure(height: number, budgetMs: number): Promise<SpeedFigures> {
    return this.#drawing.measure(height, budgetMs);
  }

  async close(): Promise<void> {
    await this.#drawing.close();
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
