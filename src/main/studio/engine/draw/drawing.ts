import { type Bundle, type Control, controlOf, type MotionTrack, onlyFiles, type Rig } from '../bundle/index.ts';
import { kernelFloats } from '../kernels/index.ts';
import { ClosedForm, prepared, readAppearance } from './closed/index.ts';
import {
  type CropLayer,
  LayerCompositor,
  type Picture,
  type Placement,
  type Rectangle,
  toLayer,
} from './crop-layer.ts';
import { type GraphName, openGraph, type RendererGraph } from './graph.ts';
import { Portrait, type PortraitPicture, readPlate } from './portrait.ts';
import { PIXELS, Proxies } from './proxies.ts';
import { type Probe, readProbe, selfCheck } from './self-check.ts';
import { Speed, type SpeedFigures } from './speed.ts';

/** The std graph is kept for live pictures only where it leaves as much room as the fast one would. */
const LIVE_STD_FPS = 50;
const LIVE_HEIGHT = 360;
const PICK_MS = 500; // for each graph
/** Windows of different sizes may share an engine; a resized one must not pile up backgrounds. */
const MOST_SIZES = 3;

/** What all graphs of an avatar draw from. */
interface Scene {
  readonly proxies: Proxies;
  readonly idle: MotionTrack;
  readonly plate: () => Picture;
}

/** A head that was drawn, for whoever lays it on a picture. */
export interface DrawnHead {
  /** At the picture's own pixels, of the part `rectangle` [height,width,4], into `out`. */
  layer(placement: Placement, rectangle: Rectangle, out: CropLayer): void;
}

/** One of an avatar's graphs, and what it draws: the head crop alone, or head and shoulders. One picture at a time. */
export class Drawing {
  readonly #graph: RendererGraph;
  readonly #scene: Scene;
  readonly #layer: CropLayer = kernelFloats(PIXELS * 4);
  readonly #portraits = new Map<number, Portrait>();
  readonly #portraitCompositor: LayerCompositor;
  readonly #cubicCompositor = new LayerCompositor('cubic');

  constructor(graph: RendererGraph, scene: Scene) {
    this.#graph = graph;
    this.#scene = scene;
    this.#portraitCompositor = graph.name === 'fast' ? new LayerCompositor('linear') : this.#cubicCompositor;
  }

  get graph(): GraphName {
    return this.#graph.name;
  }

  /** Of the head that was drawn last. */
  get proxies(): Proxies {
    return this.#scene.proxies;
  }

  /** The head crop as straight RGBA [256,256,4]; the buffer is the graph's own, valid until the next call. */
  async drawHead(control: Control): Promise<Uint8Array> {
    if (this.graph === 'closed') this.proxies.place(control);
    else this.proxies.build(control);
    await this.#graph.draw(this.proxies, control);
    return this.#graph.rgba;
  }

  /** The head with everything that `proxies` holds, valid until the next call. */
  async drawForPicture(control: Control): Promise<DrawnHead> {
    const { proxies } = this;
    const graph = this.#graph;
    proxies.build(control);
    if (graph instanceof ClosedForm)
      return { layer: (placement, rectangle, out) => graph.layer(proxies, control, placement, rectangle, out) };
    await graph.draw(proxies, control);
    toLayer(graph.rgba, this.#layer);
    return {
      layer: (placement, rectangle, out) => this.#cubicCompositor.enlarge(this.#layer, placement, rectangle, out),
    };
  }

  /** RGBA of head and shoulders over their background, into `out` when it has the right size. */
  async drawPortrait(control: Control, height: number, out?: Uint8Array): Promise<PortraitPicture> {
    const begin = performance.now();
    const portrait = this.#portrait(height);
    const { width } = portrait;
    const bytes = width * portrait.height * 4;
    const pixels = out?.length === bytes ? out : new Uint8Array(bytes);
    const view = portrait.compose(control, pixels, await this.#head(control));
    return { width, height: portrait.height, pixels, view, drawMs: performance.now() - begin };
  }

  /** Times whole portraits, rasteriser and compositor included, over the idle motion for about `budgetMs`. */
  async measure(height: number, budgetMs: number): Promise<SpeedFigures> {
    const { idle } = this.#scene;
    const speed = new Speed(this.graph, height);
    let buffer: Uint8Array | undefined;
    const end = performance.now() + budgetMs;
    for (let frame = 0; performance.now() < end || speed.count < Speed.LEAST; frame++) {
      const begin = performance.now();
      buffer = (await this.drawPortrait(controlOf(idle, frame % idle.frames), height, buffer)).pixels;
      speed.add(performance.now() - begin);
    }
    return speed.figures();
  }

  async close(): Promise<void> {
    await this.#graph.close();
  }

  /** What lays the head over a picture. */
  async #head(control: Control): Promise<(target: Picture, placement: Placement) => void> {
    const { proxies } = this;
    const graph = this.#graph;
    if (graph instanceof ClosedForm) {
      proxies.place(control);
      return (target, placement) => graph.over(target, proxies, control, placement);
    }
    toLayer(await this.drawHead(control), this.#layer);
    return (target, placement) => this.#portraitCompositor.over(target, this.#layer, placement);
  }

  #portrait(height: number): Portrait {
    const { plate, idle } = this.#scene;
    const portrait = this.#portraits.get(height) ?? new Portrait(plate(), idle, height);
    this.#portraits.delete(height); // the one used last comes last
    this.#portraits.set(height, portrait);
    if (this.#portraits.size > MOST_SIZES) this.#portraits.delete(this.#portraits.keys().next().value!);
    return portrait;
  }
}

/** Opens graphs of a bundle, each checked against the probe. Raises StudioError('bad-bundle'). */
export async function openDrawings(
  bundle: Bundle,
  names: readonly GraphName[],
  { rig, idle, threads }: { readonly rig: Rig; readonly idle: MotionTrack; readonly threads: number },
): Promise<Drawing[]> {
  const pictures = onlyFiles(bundle, ['plate.jpg']); // the graphs' bytes may go once their sessions are made
  const probe = readProbe(bundle);
  const scene = {
    proxies: new Proxies(rig, idle.torsoPose),
    idle,
    plate: once(() => readPlate(pictures)), // tens of megabytes for a large source, and dubbing never looks at it
  };
  const open = async (name: GraphName) =>
    name === 'closed' ? new ClosedForm(rig, prepared(readAppearance(bundle))) : openGraph(bundle, name, threads);
  const graphs = await Promise.all(names.map(open));
  const drawings: Drawing[] = [];
  for (const graph of graphs)
    drawings.push(new Drawing(await checked(bundle, graph, threads, scene.proxies, probe), scene));
  return drawings;
}

/**
 * Times them, keeps the closed form where it was opened, else the better one that is fast enough to be live, and closes
 * the other.
 */
export async function quickest(
  drawings: readonly Drawing[],
): Promise<{ readonly drawing: Drawing; readonly speeds: readonly SpeedFigures[] }> {
  const speeds: SpeedFigures[] = [];
  for (const drawing of drawings) speeds.push(await drawing.measure(LIVE_HEIGHT, PICK_MS));
  const of = (name: GraphName) => speeds.find(({ model }) => model === name)?.fps ?? 0;
  const network = of('std') >= LIVE_STD_FPS || of('std') >= of('fast') ? 'std' : 'fast';
  const picked: GraphName = drawings.some(({ graph }) => graph === 'closed') ? 'closed' : network;
  const kept = drawings.find(({ graph }) => graph === picked)!;
  await Promise.all(drawings.filter((drawing) => drawing !== kept).map((drawing) => drawing.close()));
  return { drawing: kept, speeds };
}

/** The graph once it draws the probe as it was drawn before; the fast one gets a second chance with exact products. */
async function checked(
  bundle: Bundle,
  graph: RendererGraph,
  threads: number,
  proxies: Proxies,
  probe: Probe,
): Promise<RendererGraph> {
  try {
    await selfCheck(proxies, graph, probe);
    return graph;
  } catch (error) {
    await graph.close();
    if (graph.name !== 'fast') throw error;
  }
  const exact = await openGraph(bundle, 'fast', threads, true);
  await selfCheck(proxies, exact, probe);
  return exact;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
