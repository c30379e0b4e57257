import { Tensor } from 'onnxruntime-node';
import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { badBundle, type Bundle, CONDITIONS, openSession } from '../bundle/index.ts';
import type { Network } from '../providers/index.ts';
import { FastInputs } from './fast-inputs.ts';
import { GRAPH_FILES, type GraphName, type RendererGraph } from './graph.ts';
import { RAY_SIDE } from './mesh.ts';
import { CropRegion, PIXELS, type Proxies, RAYS } from './proxies.ts';

/**
 * `exact` keeps 8-bit products from saturating on processors without VNNI. Where there is VNNI nothing saturates, and
 * the exact kernel still takes 2.4 times as long (79.9 against 33.4 ms, one thread, taken in turns): it is for those
 * who need it.
 */
export async function openGraph(
  bundle: Bundle,
  name: Exclude<GraphName, 'closed'>,
  threads: number,
  exact = false,
): Promise<RendererGraph> {
  const session = await openSession(bundle, GRAPH_FILES[name], { threads, exact, spinning: true });
  return name === 'std' ? new StdGraph(session) : new FastGraph(session);
}

/** Runs a network whose shapes may not be what the format says; that is the bundle's fault, not ours. */
async function run(
  session: Network,
  feeds: Record<string, Tensor>,
  fetches: Record<string, Tensor>,
  file: string,
): Promise<void> {
  try {
    await session.run(feeds, fetches);
  } catch (cause) {
    throw badBundle(`The avatar's model ${file} does not fit the format.`, String(cause), cause);
  }
}

export class StdGraph implements RendererGraph {
  readonly name = 'std';
  readonly rgba = new Uint8Array(PIXELS * 4);
  /** What the network answered, 0..1, planes R, G, B, alpha. */
  readonly planes = new Float32Array(4 * PIXELS);
  readonly #session: Network;
  readonly #region = new Float32Array(3 * PIXELS);
  #feeds: { proxies: Proxies; tensors: Record<string, Tensor> } | undefined;
  readonly #fetches = { rgba: new Tensor('float32', this.planes, [1, 4, CROP_SIDE, CROP_SIDE]) };

  constructor(session: Network) {
    this.#session = session;
  }

  async draw(proxies: Proxies): Promise<void> {
    if (this.#feeds?.proxies !== proxies) this.#feeds = { proxies, tensors: this.#tensorsOver(proxies) };
    const region = this.#region;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const kind = proxies.region[pixel]!;
      region[pixel] = kind === CropRegion.face ? 1 : 0;
      region[PIXELS + pixel] = kind === CropRegion.mouth ? 1 : 0;
      region[2 * PIXELS + pixel] = kind === CropRegion.offMesh ? 1 : 0;
    }
    await run(this.#session, this.#feeds.tensors, this.#fetches, GRAPH_FILES.std);
    const { planes, rgba } = this;
    for (let pixel = 0, at = 0; pixel < PIXELS; pixel++) {
      for (let channel = 0; channel < 4; channel++, at++) {
        const value = planes[channel * PIXELS + pixel]! * 255;
        rgba[at] = value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
      }
    }
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  #tensorsOver(proxies: Proxies): Record<string, Tensor> {
    return {
      points: new Tensor('float32', proxies.points, [RAYS, 3]),
      directions: new Tensor('float32', proxies.directions, [RAYS, 3]),
      half_width: new Tensor('float32', proxies.halfWidth, [RAYS, 1]),
      condition: new Tensor('float32', proxies.condition, [1, CONDITIONS]),
      texture: new Tensor('float32', proxies.texture, [1, CROP_SIDE, CROP_SIDE, 2]),
      region: new Tensor('float32', this.#region, [1, 3, CROP_SIDE, CROP_SIDE]),
    };
  }
}

class FastGraph implements RendererGraph {
  readonly name = 'fast';
  readonly rgba = new Uint8Array(PIXELS * 4);
  readonly #session: Network;
  readonly #inputs = new FastInputs();
  readonly #texels = new Tensor('int32', this.#inputs.texels, [PIXELS]);
  readonly #scatter = new Tensor('int32', this.#inputs.scatter, [RAY_SIDE * RAY_SIDE]);
  readonly #fetches = { rgba: new Tensor('uint8', this.rgba, [1, CROP_SIDE, CROP_SIDE, 4]) };

  constructor(session: Network) {
    this.#session = session;
  }

  async draw(proxies: Proxies): Promise<void> {
    const inputs = this.#inputs;
    inputs.gather(proxies);
    const feeds = {
      points: new Tensor('float32', inputs.points, [3, 1, inputs.rays, 2]),
      offsets: new Tensor('float32', inputs.offsets, [3, 1, inputs.rays, 2]),
      active: new Tensor('float32', inputs.active, [1, inputs.rays]),
      condition: new Tensor('float32', proxies.condition, [1, CONDITIONS]),
      texels: this.#texels,
      scatter: this.#scatter,
    };
    await run(this.#session, feeds, this.#fetches, GRAPH_FILES.fast);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
