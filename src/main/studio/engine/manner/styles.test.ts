import { describe, expect, it } from 'vitest';
import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import { BROWS, CORNERS, LIDS, moodyRig, moodyTrack, MOUTH } from '../moods.fixture.ts';
import { LipGap } from '../speech/index.ts';
import { StyleLeaning } from './style-leaning.ts';
import { learnStyles } from './styles.ts';

const rig = moodyRig();
const track = moodyTrack(1);
const styles = learnStyles(rig, track);
const lids = (expression: Float32Array) =>
  [
    [159, 145],
    [386, 374],
  ].map(([upper, lower]) => {
    let sum = 0;
    for (let k = 0; k < EXPRESSIONS; k++)
      sum +=
        expression[k]! *
        (rig.expressionBasis[(k * VERTICES + upper!) * 3 + 1]! - rig.expressionBasis[(k * VERTICES + lower!) * 3 + 1]!);
    return sum;
  });
const face = (mouth: number, others: Partial<Record<number, number>> = {}): Float32Array =>
  Float32Array.from({ length: EXPRESSIONS }, (_, k) => (k === MOUTH ? mouth : (others[k] ?? 0)));

describe('styles', () => {
  it('are the ways the person holds their face, the most frequent first, each with a good frame to show it', () => {
    expect(styles.length).toBeGreaterThanOrEqual(3);
    for (const { row, share } of styles) {
      expect(track.state[row]).toBe(0);
      expect(share).toBeGreaterThan(0.01);
    }
    expect(styles.map(({ share }) => share)).toEqual(styles.map(({ share }) => share).sort((a, b) => b - a));
    expect(styles.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
    // A mood of each third: raised brows and raised corners are told apart, and shown where they are held.
    const raised = styles.find(({ offset }) => offset[BROWS]! > 0.25)!;
    const smiling = styles.find(({ offset }) => offset[CORNERS]! > 0.25)!;
    expect(Math.floor(raised.row / 250)).toBe(1);
    expect(Math.floor(smiling.row / 250)).toBe(2);
  });

  it('is the same for the same track, and knows nothing of how the head is turned', () => {
    expect(learnStyles(rig, moodyTrack(1))).toEqual(styles);
    expect(learnStyles(rig, moodyTrack(0))).toEqual([]);
  });

  it('is empty for a track without good frames, or one of a moment', () => {
    expect(learnStyles(rig, { ...track, state: new Uint8Array(track.frames).fill(2) })).toEqual([]);
    const moment = {
      ...track,
      frames: 5,
      time: track.time.slice(0, 5),
      state: new Uint8Array(5),
      expression: track.expression.slice(0, 5 * EXPRESSIONS),
    };
    expect(learnStyles(rig, moment)).toEqual([]);
  });
});

describe('leaning towards a style', () => {
  const gap = new LipGap(rig);

  it('by nothing changes nothing at all', () => {
    const own = face(0.8, { [BROWS]: 0.123 });
    expect(new StyleLeaning(rig, [styles[0]!]).of(own, [0])).toEqual(own);
  });

  it('opens and closes neither lips nor lids, at any opening', () => {
    for (const entry of styles) {
      for (const mouth of [0, 0.02, 0.4, 1.5]) {
        const own = face(mouth, { [LIDS]: 0.5 });
        const leant = new StyleLeaning(rig, [entry]).of(own, [1]);
        expect(gap.at(leant, 0)).toBeCloseTo(gap.at(own, 0), 4);
        for (const [eye, height] of lids(leant).entries()) expect(height).toBeCloseTo(lids(own)[eye]!, 4);
      }
    }
  });

  it('goes further the more of it there is, and no further than the person goes', () => {
    const raised = styles.find(({ offset }) => offset[BROWS]! > 0.25)!;
    const brows = [0, 0.25, 0.5, 1].map(
      (amount) => new StyleLeaning(rig, [raised]).of(face(0.3, { [BROWS]: 0.2 }), [amount])[BROWS]!,
    );
    expect(brows).toEqual([...brows].sort((a, b) => a - b));
    expect(brows[3]! - brows[0]!).toBeGreaterThan(0.2);
    for (const entry of styles) {
      const leant = new StyleLeaning(rig, [entry]).of(face(0.3, { [BROWS]: 0.65, [CORNERS]: 0.65 }), [1]);
      for (let k = 0; k < EXPRESSIONS; k++) {
        const slack = 0.1 * (rig.expressionHigh[k]! - rig.expressionLow[k]!);
        expect(leant[k]!).toBeLessThanOrEqual(rig.expressionHigh[k]! + slack);
        expect(leant[k]!).toBeGreaterThanOrEqual(rig.expressionLow[k]! - slack);
      }
    }
  });

  it('leaves what is outside the range already where it is', () => {
    const raised = styles.find(({ offset }) => offset[BROWS]! > 0.25)!;
    const leant = new StyleLeaning(rig, [raised]).of(face(0.3, { [BROWS]: 0.9 }), [1]);
    expect(leant[BROWS]).toBeLessThan(0.9 + 0.02);
  });
});
