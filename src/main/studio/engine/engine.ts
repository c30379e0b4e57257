import { type Manifest, StudioError } from '../../../shared/contract/index.ts';
import { type Bundle, onlyFiles, openBundle } from './bundle/bundle.ts';
import { type Control, controlOf } from './bundle/control.ts';
import { FaceReplacer } from './dub/face-replacer.ts';
import { GRAPH_FILES, type GraphName, openGraph, type RenderGraph } from './draw/graph.ts';
import { type Layer, type Picture, toLayer } from './draw/layer.ts';
import { type Hearing, SPEECH_FILES, SpeechDrive, type Spoken } from './speech/speech-drive.ts';
import type { PlanarPicture } from './dub/planar.ts';
import { type StyleEntry, stylePalette } from './manner/styles.ts';
import { Portrait, type PortraitPicture, readPlate } from './draw/portrait.ts';
import { PIXELS, Proxies } from './draw/proxies.ts';
import { type MotionTrack, type Rig, readIdle, readRig } from './bundle/rig.ts';
import { type Probe, readProbe, selfCheck } from './draw/self-check.ts';
import { Speed, type SpeedFigures } from './speed.ts';
import { VARIATION_FILE } from './speech/variation.ts';

/** `auto` times the graphs there are for about a second and keeps the better one that is fast enough to be live. */
export type GraphChoice = GraphName | 'auto';

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

/** One frame to dub: the picture is changed in place. */
export interface DubFrame {
  readonly picture: PlanarPicture;
  /** Picture pixels a source pixel. */
  readonly zoom: number;
  readonly driven: Control;
  readonly source: Control;
  readonly opacity: number;
  /** Since the frame before. */
  readonly seconds: number;
}

/** The std graph is kept for live pictures only where it leaves as much room as the fast one would. */
const LIVE_STD_FPS = 50;
const PREVIEW_HEIGHT = 360;
const PICK_MS = 500; // for each graph
/** Windows of different sizes may share an engine; a resized one must not pile up backgrounds. */
const MOST_SIZES = 3;

/** The graph once it draws the probe as it was drawn before; the fast one gets a second chance with exact products. */
async function checked(
  bundle: Bundle,
  graph: RenderGraph,
  threads: number,
  proxies: Proxies,
  probe: Probe,
): Promise<RenderGraph> {
  try {
    await selfCheck(proxies, graph, probe);
    return graph;
  } catch (error) {
    await graph.close();
    if (graph.name === 'std') throw error;
  }
  const exact = await openGraph(bundle, graph.name, threads, true);
  await selfCheck(proxies, exact, probe);
  return exact;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function pickGraph(fast: SpeedFigures, std: SpeedFigures): GraphName {
  return std.fps >= LIVE_STD_FPS || std.fps >= fast.fps ? 'std' : 'fast';
}

/** The whole way from a control to a picture, on one thread. `index.ts` runs it in a worker. */
export class Engine {
  readonly description: AvatarDescription;
  readonly #graph: RenderGraph;
  readonly #threads: number;
  readonly #speech: SpeechDrive;
  readonly #proxies: Proxies;
  readonly #plate: () => Picture;
  readonly #replacer: FaceReplacer;
  readonly #layer: Layer = new Float32Array(PIXELS * 4);
  readonly #portraits = new Map<string, Portrait>();

  private constructor(
    description: AvatarDescription,
    graph: RenderGraph,
    threads: number,
    speech: SpeechDrive,
    proxies: Proxies,
    plate: () => Picture,
  ) {
    this.description = description;
    this.#graph = graph;
    this.#threads = threads;
    this.#speech = speech;
    this.#proxies = proxies;
    this.#plate = plate;
    this.#replacer = new FaceReplacer(description.rig);
  }

  /** Raises StudioError('not-found' | 'bad-bundle'). */
  static async open(path: string, { threads, graph: choice }: EngineOptions): Promise<Engine> {
    const wanted = choice === 'auto' ? (['fast', 'std'] as const) : ([choice] as const);
    const bundle = await openBundle(
      path,
      Object.entries(GRAPH_FILES).flatMap(([name, file]) => (wanted.some((one) => one === name) ? [] : [file])),
    );
    const names = wanted.filter((name) => bundle.manifest.files[GRAPH_FILES[name]]);
    if (names.length === 0)
      throw new StudioError({
        code: 'not-found',
        message: 'This preview of a training has no fast version yet.',
        hint: 'Use its full one, or wait for the end of the training.',
      });
    const rig = readRig(bundle);
    const idle = readIdle(bundle);
    const styles = stylePalette(rig, idle);
    const probe = readProbe(bundle);
    const pictures = onlyFiles(bundle, ['plate.jpg']);
    // tens of megabytes for a large source, and dubbing never looks at it
    const plate = lazily(() => readPlate(pictures));
    const proxies = new Proxies(rig, idle.torsoPose);
    // the render graphs' bytes may go once their sessions are made
    const speech = new SpeechDrive(onlyFiles(bundle, SPEECH_FILES), rig, threads);
    const varies = bundle.files.has(VARIATION_FILE);
    const candidates = await Promise.all(names.map((name) => openGraph(bundle, name, threads)));
    for (const [i, graph] of candidates.entries())
      candidates[i] = await checked(bundle, graph, threads, proxies, probe);
    const engines = candidates.map(
      (graph) =>
        new Engine(
          { id: bundle.id, manifest: bundle.manifest, rig, idle, styles, varies, graph: graph.name, speeds: [] },
          graph,
          threads,
          speech,
          proxies,
          plate,
        ),
    );
    const [first, std] = engines as [Engine, Engine?];
    if (choice !== 'auto') return first;
    const speed = await first.measure(PREVIEW_HEIGHT, PICK_MS);
    if (!std)
      return new Engine({ ...first.description, speeds: [speed] }, first.#graph, threads, speech, proxies, plate);
    const speeds = [speed, await std.measure(PREVIEW_HEIGHT, PICK_MS)] as const;
    const [kept, dropped] = pickGraph(...speeds) === 'std' ? [std, first] : [first, std];
    await dropped.#graph.close();
    return new Engine({ ...kept.description, speeds }, kept.#graph, threads, speech, proxies, plate);
  }

  get threads(): number {
    return this.#threads;
  }

  speak(waveform: Float32Array, fps: number, frames: number, hearing: Hearing = {}): Promise<Spoken> {
    return this.#speech.drive(waveform, fps, frames, hearing);
  }

  /** The head crop as straight RGBA [256,256,4]; the buffer is the graph's own, valid until the next call. */
  async renderFrame(control: Control): Promise<Uint8Array> {
    this.#proxies.build(control);
    await this.#graph.render(this.#proxies);
    return this.#graph.rgba;
  }

  /** RGBA of head and shoulders over their background, into `out` when it has the right size. */
  async renderPicture(control: Control, height: number, out?: Uint8Array): Promise<PortraitPicture> {
    const begin = performance.now();
    const portrait = this.#portrait(height);
    const bytes = portrait.width * portrait.height * 4;
    const pixels = out?.length === bytes ? out : new Uint8Array(bytes);
    toLayer(await this.renderFrame(control), null, this.#layer);
    const view = portrait.compose(this.#layer, control, pixels);
    return { width: portrait.width, height: portrait.height, pixels, view, renderMs: performance.now() - begin };
  }

  async dub(frame: DubFrame): Promise<void> {
    const rgba = await this.renderFrame(frame.driven);
    this.#replacer.replace(frame, this.#proxies, rgba);
  }

  /** Times whole frames, rasteriser and compositor included, over the idle motion for about `budgetMs`. */
  async measure(height: number, budgetMs: number): Promise<SpeedFigures> {
    const { idle } = this.description;
    const speed = new Speed(this.#graph.name, height);
    let buffer: Uint8Array | undefined;
    const end = performance.now() + budgetMs;
    for (let frame = 0; performance.now() < end || speed.count < Speed.LEAST; frame++) {
      const begin = performance.now();
      buffer = (await this.renderPicture(controlOf(idle, frame % idle.frames), height, buffer)).pixels;
      speed.add(performance.now() - begin);
    }
    return speed.figures();
  }

  async close(): Promise<void> {
    await this.#graph.close();
  }

  #portrait(height: number): Portrait {
    const interpolation = this.#graph.name === 'std' ? 'cubic' : 'linear';
    const key = String(height);
    let portrait = this.#portraits.get(key);
    if (!portrait) {
      portrait = new Portrait(this.#plate(), this.description.idle, height, interpolation);
    }
    this.#portraits.delete(key); // the one used last comes last
    this.#portraits.set(key, portrait);
    if (this.#portraits.size > MOST_SIZES) this.#portraits.delete(this.#portraits.keys().next().value!);
    return portrait;
  }
}
