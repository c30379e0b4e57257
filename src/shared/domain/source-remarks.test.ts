import { expect, it } from 'vitest';
import { sourceRemarks } from './source-remarks.ts';

const source = {
  width: 1080,
  height: 1920,
  fps: 29.97,
  duration: 20,
  frames: 599,
  rotation: 0,
  hasAudio: true,
  codec: 'hevc',
  variableFrameRate: false,
};

it('a plain video needs no remark', () =>
  expect(sourceRemarks({ ...source, interlaced: false, damaged: false })).toEqual([]));

it('what is read otherwise than it lies in the file is said', () => {
  const odd = { ...source, hdr: 'HLG' as const, interlaced: true, variableFrameRate: true };
  expect(sourceRemarks(odd)).toEqual([
    'It is HDR (HLG): read, shown and dubbed in SDR (BT.709).',
    'It is interlaced or telecined: whole pictures are made of its fields.',
    'The time between its frames changes; usually they come at 29.97 fps.',
  ]);
});

it('what is missing is said once', () => {
  expect(sourceRemarks({ ...source, damaged: true, missingSeconds: 1.84 })).toEqual([
    'It is cut short: 1.8 s are missing at its end.',
  ]);
  expect(sourceRemarks({ ...source, damaged: true })).toEqual(['It is damaged: 599 frames of it can be read.']);
});
