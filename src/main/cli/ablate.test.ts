import { expect, test } from 'vitest';
import { rendererLines } from './ablate.ts';

test('a part that is left out is told with what it costs', () => {
  const boxes = (mean: number, sd: number) => {
    const figure = { mean, sd, folds: [mean - sd, mean + sd] };
    return { head: figure, face: figure, mouth: figure };
  };
  const part = { label: 'One kernel for everything', psnr: boxes(32.5, 0.5), sharpness: { mean: 0.79, sd: 0 } };
  const [heading, without, whole] = rendererLines([
    { ...part, id: 'one-kernel', group: 'without', wholeAhead: boxes(0.25, 0.1) },
    { ...part, id: 'whole', group: 'whole', wholeAhead: boxes(0, 0) },
  ]);
  expect(heading!.trim().split(/\s{2,}/)).toEqual([
    'head, dB',
    'face, dB',
    'mouth, dB',
    'ahead: head',
    'ahead: face',
    'ahead: mouth',
    'sharpness',
  ]);
  expect(without!.split(/\s{2,}/)).toEqual([
    part.label,
    ...['head', 'face', 'mouth'].map(() => '32.50'),
    ...['head', 'face', 'mouth'].map(() => '+0.25 ± 0.10'),
    '0.79',
  ]);
  expect(whole!.split(/\s{2,}/)).toEqual([part.label, '32.50', '32.50', '32.50', '0.79']);
});
