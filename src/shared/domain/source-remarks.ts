import type { SourceInfo } from '../contract/index.ts';

/** What somebody should know of a video before it is analysed, a sentence each; nothing of most. */
export function sourceRemarks(source: SourceInfo): readonly string[] {
  const { hdr, interlaced, variableFrameRate, fps, damaged, missingSeconds, frames } = source;
  return [
    ...(hdr ? [`It is HDR (${hdr}): read, shown and dubbed in SDR (BT.709).`] : []),
    ...(interlaced ? ['It is interlaced or telecined: whole pictures are made of its fields.'] : []),
    ...(variableFrameRate ? [`The time between its frames changes; usually they come at ${fps.toFixed(2)} fps.`] : []),
    ...(missingSeconds ? [`It is cut short: ${missingSeconds.toFixed(1)} s are missing at its end.`] : []),
    ...(damaged && !missingSeconds ? [`It is damaged: ${frames} frames of it can be read.`] : []),
  ];
}
