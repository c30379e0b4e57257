import { readTable } from '../../../../shared/format/tensor-table.ts';
import { badBundle, type Bundle, checkCrops, type Control, reading } from '../bundle/index.ts';
import { ClosedForm } from './closed/index.ts';
import { GRAPH_FILES, type RendererGraph } from './graph.ts';
import type { StdGraph } from './networks.ts';
import { PIXELS, type Proxies } from './proxies.ts';

/** `probe.safetensors`: one frame as the exporting machine computed it. */
export interface Probe {
  readonly control: Control;
  readonly points: Float32Array; // [4096,3]
  readonly directions: Float32Array; // [4096,3]
  readonly halfWidth: Float32Array; // [4096,1]
  readonly texture: Float32Array; // [256,256,2]
  readonly region: Uint8Array; // [256,256]
  readonly condition: Float32Array; // [36]
  readonly std: Float32Array | null; // [4,256,256] 0..1; null where there is no std graph
  readonly fast: Uint8Array | null; // [256,256,4]; null where there is no fast graph
  readonly closed: Float32Array | null; // [256,256,4] 0..1, colour multiplied by alpha; null without a closed form
}

/** Exported fp32 answers differ from ours by rounding only, and so does the closed form. */
const TOLERANCE = 1e-3;
/** Grey levels on average. Int8 kernels round alike; one that saturates (no VNNI) is off by far more. */
const FAST_MEAN_LEVELS = 0.5;
/** A pixel on a triangle's very edge may fall to its neighbour when the last bit differs. */
const STRAY_SHARE = 5e-4;
const PROXY_TOLERANCE = 1e-4;

export function readProbe(bundle: Bundle): Probe {
  return reading('probe', bundle, (file) => {
    const probe = readTable('probe', file);
    const crop = probe.floats('crop');
    checkCrops(crop, bundle.manifest.source);
    return {
      control: {
        expression: probe.floats('expression'),
        gaze: probe.floats('gaze'),
        rotation: probe.floats('rotation'),
        translation: probe.floats('translation'),
        crop,
        torso: probe.floats('torso'),
      },
      points: probe.floats('points'),
      directions: probe.floats('directions'),
      halfWidth: probe.floats('half_width'),
      texture: probe.floats('texture'),
      region: probe.octets('region_index'),
      condition: probe.floats('condition'),
      std: bundle.manifest.files[GRAPH_FILES.std] ? probe.floats('rgba') : null,
      fast: bundle.manifest.files[GRAPH_FILES.fast] ? probe.octets('rgba_fast') : null,
      closed: bundle.manifest.files[GRAPH_FILES.closed] ? probe.floats('rgba_closed') : null,
    };
  });
}

/**
 * Draws the probe's frame and compares proxies and picture with what the exporter stored: a bundle made by another
 * version, or a processor that computes differently, is found here and not by a person looking at a broken face.
 * Raises StudioError('bad-bundle').
 */
export async function selfCheck(proxies: Proxies, graph: RendererGraph, probe: Probe): Promise<void> {
  proxies.build(probe.control);
  const geometry = [
    ['points', proxies.points, probe.points],
    ['directions', proxies.directions, probe.directions],
    ['half widths', proxies.halfWidth, probe.halfWidth],
    ['texture', proxies.texture, probe.texture],
    ['regions', proxies.region, probe.region],
    ['condition', proxies.condition, probe.condition],
  ] as const;
  for (const [what, ours, theirs] of geometry) {
    const strays = countStrays(ours, theirs, PROXY_TOLERANCE);
    if (strays > theirs.length * STRAY_SHARE) throw mismatch(`${strays} of ${theirs.length} ${what} differ`);
  }
  // The picture is drawn from the stored proxies, so that a stray pixel does not count twice.
  proxies.points.set(probe.points);
  proxies.directions.set(probe.directions);
  proxies.halfWidth.set(probe.halfWidth);
  proxies.texture.set(probe.texture);
  proxies.region.set(probe.region);
  proxies.condition.set(probe.condition);
  await graph.draw(proxies, probe.control);
  if (graph.name === 'std') {
    const off = largestDifference((graph as StdGraph).planes, probe.std!); // as long as there is a std graph
    if (!(off <= TOLERANCE)) throw mismatch(`the std graph differs by ${off}`);
  } else if (graph instanceof ClosedForm) {
    const strays = countStrays(graph.multiplied, probe.closed!, TOLERANCE);
    if (strays > PIXELS * 4 * STRAY_SHARE) throw mismatch(`${strays} values of the closed form differ`);
  } else {
    const expected = probe.fast!; // as long as there is a fast graph
    let sum = 0;
    for (let i = 0; i < PIXELS * 4; i++) sum += Math.abs(graph.rgba[i]! - expected[i]!);
    if (sum / (PIXELS * 4) > FAST_MEAN_LEVELS)
      throw mismatch(`the fast graph differs by ${(sum / (PIXELS * 4)).toFixed(2)} levels on average`);
  }
}

function countStrays(ours: Float32Array | Uint8Array, theirs: Float32Array | Uint8Array, tolerance: number): number {
  let strays = 0;
  for (let i = 0; i < ours.length; i++) if (!(Math.abs(ours[i]! - theirs[i]!) <= tolerance)) strays++;
  return strays;
}

/** In 0..1: what the network says beyond that is not shown. */
function largestDifference(ours: Float32Array, theirs: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(Math.min(Math.max(ours[i]!, 0), 1) - Math.min(Math.max(theirs[i]!, 0), 1));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

function mismatch(detail: string): Error {
  return badBundle('This avatar does not look here as it did where it was made.', `Self-check: ${detail}.`);
}
