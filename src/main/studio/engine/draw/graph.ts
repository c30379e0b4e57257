import type { Control } from '../bundle/index.ts';
import type { Proxies } from './proxies.ts';

/** `std` is the full network in fp32; `fast` its smaller sibling in int8; `closed` is no network (`closed/`). */
export type GraphName = 'std' | 'fast' | 'closed';
export const GRAPH_FILES: Readonly<Record<GraphName, string>> = {
  std: 'render.onnx',
  fast: 'render-fast.onnx',
  closed: 'appearance.safetensors',
};

/** What draws: proxies in, the head crop out. */
export interface RendererGraph {
  readonly name: GraphName;
  /** Straight RGBA bytes [256,256,4]; the same buffer every time. */
  readonly rgba: Uint8Array;
  /** `proxies` are those of `control`. */
  draw(proxies: Proxies, control: Control): Promise<void>;
  close(): Promise<void>;
}
