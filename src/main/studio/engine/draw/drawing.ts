import { type Bundle, type Control, controlOf, type MotionTrack, type Rig } from '../bundle/index.ts';
import { kernelFloats } from '../kernels/index.ts';
import { ClosedForm, type PreparedAppearance } from './closed/index.ts';
import {
  type CropLayer,
  LayerCompositor,
  type Picture,
  type Placement,
  type Rectangle,
  toLayer,
} from './crop-layer.ts';
import type { AlphaBorder } from './alone.ts';
import { FramedPortrait } from './framed-portrait.ts';
import { Framing } from './framing.ts';
import type { GraphName, RendererGraph } from './graph.ts';
import { type Frame, Portrait, type PortraitPicture, type PortraitWish, readPlate } from './portrait.ts';
import { PIXELS, Proxies } from './proxies.ts';
import { type SpeedFigures, timed } from './speed.ts';

/** Windows of different sizes may share an engine; a resized one must not pile up backgrounds. */
const MOST_SIZES = 3;

/** What all graphs of an avatar draw from. */
interface Scene {
  readonly rig: Rig;
  readonly proxies: Proxies;
  readonly idle: MotionTrack;
  readonly plate: () => Picture;
}

/** All that drawing needs of an avatar with the closed form; threads that have its memory can each draw from it. */
export interface DrawnForm {
  readonly rig: Rig;
  readonly idle: MotionTrack;
  /** With the plate alone. */
  readonly pictures: Bundle;
  readonly appearance: PreparedAppearance;
}

export function sceneOf(rig: Rig, idle: MotionTrack, pictures: Bundle): Scene {
  return { rig, proxies: new Proxies(rig, idle.torsoPose), idle, plate: kept(() => readPlate(pictures)) };
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
  readonly #portraits = new Map<string, Portrait | FramedPortrait>();
  readonly #portraitCompositor: LayerCompositor;
  readonly #cubicCompositor = new LayerCompositor('cubic');
  /** What other threads can draw the same from; undefined of networks, which have threads of their own. */
  readonly form: DrawnForm | undefined;

  constructor(graph: RendererGraph, scene: Scene, form?: DrawnForm) {
    this.#graph = graph;
    this.#scene = scene;
    this.form = form;
    this.#portraitCompositor = graph.name === 'fast' ? new LayerCompositor('linear') : this.#cubicCompositor;
  }

  /** Another drawing of the same, on a thread of its own. */
  static of(form: DrawnForm): Drawing {
    const { rig, idle, pictures, appearance } = form;
    return new Drawing(new ClosedForm(rig, appearance), sceneOf(rig, idle, pictures), form);
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

  /** The head with what `proxies.cover` gives at least, valid until the next call. */
  async drawForPicture(control: Control): Promise<DrawnHead> {
    const { proxies } = this;
    const graph = this.#graph;
    if (graph instanceof ClosedForm) {
      proxies.cover(control);
      return { layer: (placement, rectangle, out) => graph.layer(proxies, control, placement, rectangle, out) };
    }
    proxies.build(control);
    await graph.draw(proxies, control);
    toLayer(graph.rgba, this.#layer);
    return {
      layer: (placement, rectangle, out) => this.#cubicCompositor.enlarge(this.#layer, placement, rectangle, out),
    };
  }

  /** Head and shoulders, as they are wanted. */
  async drawPortrait(control: Control, wish: PortraitWish): Promise<PortraitPicture> {
    const begin = performance.now();
    const portrait = wish.frame ? this.#framed(wish.height, wish.frame) : this.#portrait(wish.height);
    const { width, height } = portrait;
    const bytes = width * height * 4;
    const planar = wish.format === 'yuv420p' && !wish.frame;
    const length = planar ? width * height * 1.5 : bytes;
    const pixels = wish.into?.length === length ? wish.into : new Uint8Array(length);
    const alone = wish.bare && !wish.frame ? new Uint8Array(bytes) : undefined;
    const view = portrait.compose(control, { out: pixels, bare: alone }, await this.#head(control));
    const picture = { width, height, pixels, view, drawMs: performance.now() - begin };
    return alone ? { ...picture, bare: alone } : picture;
  }

  /** Times whole portraits, rasteriser and compositor included, over the idle motion for about `budgetMs`. */
  measure(height: number, budgetMs: number): Promise<SpeedFigures> {
    const { idle } = this.#scene;
    return timed({ model: this.graph, height, budgetMs, atOnce: 1 }, (frame, into) =>
      this.drawPortrait(controlOf(idle, frame % idle.frames), { height, into }),
    );
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

  get #border(): AlphaBorder {
    return this.graph === 'closed' ? 'filmed' : 'none';
  }

  #portrait(height: number): Portrait {
    const { plate, idle } = this.#scene;
    return this.#keep(String(height), () => new Portrait(plate(), idle, height, this.#border));
  }

  #framed(height: number, { aspect, behind }: Frame): FramedPortrait {
    const { rig, idle, plate } = this.#scene;
    return this.#keep(`${height} ${aspect} ${behind}`, () => {
      const framing = new Framing(rig, idle, plate(), aspect);
      return new FramedPortrait(plate(), framing, { behind, border: this.#border, rows: height });
    });
  }

  /** The one used last comes last. */
  #keep<Kind extends Portrait | FramedPortrait>(look: string, make: () => Kind): Kind {
    const portrait = (this.#portraits.get(look) as Kind | undefined) ?? make();
    this.#portraits.delete(look);
    this.#portraits.set(look, portrait);
    if (this.#portraits.size > MOST_SIZES) this.#portraits.delete(this.#portraits.keys().next().value!);
    return portrait;
  }
}

/** Made when it is wanted, and made again once nobody held it: tens of megabytes for the plate of a large source. */
function kept<Value extends object>(make: () => Value): () => Value {
  let made: WeakRef<Value> | undefined;
  return () => {
    const value = made?.deref() ?? make();
    made = new WeakRef(value);
    return value;
  };
}
