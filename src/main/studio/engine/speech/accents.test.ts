import { describe, expect, it } from 'vitest';
import { HEARD_COLUMNS } from '../bundle/index.ts';
import { heardFrom, spokenAt } from '../speaking.fixture.ts';
import { accentFrom, findAccents, heardOf } from './accents.ts';

const SECONDS = 20;
const syllables = spokenAt(SECONDS, 1);

describe('accents', () => {
  it('are found where syllables are, and the accented ones stand out', () => {
    const found = findAccents(heardFrom(syllables, SECONDS));
    expect(found).toHaveLength(syllables.length * 2);
    syllables.forEach(({ at, accented }, k) => {
      expect(Math.abs(found[k * 2]! - at)).toBeLessThanOrEqual(0.02);
      expect(found[k * 2 + 1]! > 1.5).toBe(accented);
    });
  });

  it('are put on the clock that the first row begins at', () => {
    const [plain, early] = [
      findAccents(heardFrom(syllables, SECONDS)),
      findAccents(heardFrom(syllables, SECONDS), -0.1),
    ];
    for (let k = 0; k < plain.length; k += 2) expect(early[k]).toBeCloseTo(plain[k]! - 0.1, 5);
  });

  it('are not in noise, nor in silence, nor in a second peak of the same syllable', () => {
    const hiss = heardFrom(syllables, SECONDS);
    for (let row = 0; row * HEARD_COLUMNS < hiss.length; row++) hiss[row * HEARD_COLUMNS + 2] = 0.2;
    expect(findAccents(hiss)).toHaveLength(0);
    expect(findAccents(new Float32Array(300 * HEARD_COLUMNS))).toHaveLength(0);
    expect(findAccents(new Float32Array(0))).toHaveLength(0);
    const close = [
      { at: 1, accented: true },
      { at: 1.06, accented: true },
    ];
    expect(findAccents(heardFrom(close, 2))).toHaveLength(2);
  });

  it('are found by time', () => {
    const accents = Float32Array.of(1, 0, 2, 0, 3, 0);
    expect([0, 1, 1.5, 3, 4].map((seconds) => accentFrom(accents, seconds))).toEqual([0, 0, 1, 2, 3]);
  });

  it('come from three columns of the features, where an avatar’s features hold them', () => {
    const features = Float32Array.from({ length: 2 * 297 }, (_, k) => k);
    expect([...heardOf(features, 297)]).toEqual([293, 295, 296, 590, 592, 593]);
    expect(heardOf(new Float32Array(2 * 201), 201)).toHaveLength(0);
  });
});
