import { describe, expect, test } from 'vitest';
import { ProgressDisplay, duration, plainLine } from './progress.ts';

/** A stream that keeps what is written, and a clock that the test moves. */
function recorder(isTTY: boolean) {
  const clock = { now: 0 };
  const written: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  return { clock, written, display: new ProgressDisplay(stream, () => clock.now) };
}

describe('progress in a pipe', () => {
  test('is a plain line at each stage, then one every five seconds', () => {
    const { clock, written, display } = recorder(false);
    for (clock.now = 0; clock.now <= 12_000; clock.now += 1000)
      display.show({
        share: clock.now / 200_000,
        stage: 'landmarks',
        done: clock.now / 1000,
        total: 100,
        unit: 'frames',
      });
    display.show({ share: 0.5, stage: 'fit', done: 0, total: 5, unit: 'rounds' });
    expect(written).toEqual([
      'landmarks 0 % (0 of 100 frames)\n',
      'landmarks 2 % (5 of 100 frames)\n',
      'landmarks 5 % (10 of 100 frames)\n',
      'fit 50 % (0 of 5 rounds)\n',
    ]);
    expect(written.join('')).not.toContain('\r');
  });

  test('the end of a stage is shown, once', () => {
    const { clock, written, display } = recorder(false);
    display.show({ share: 0.75, stage: 'fit', done: 1, total: 2, unit: 'rounds' });
    clock.now = 1000;
    display.show({ share: 1, stage: 'fit', done: 2, total: 2, unit: 'rounds' });
    clock.now = 20_000;
    display.show({ share: 1, stage: 'fit', done: 2, total: 2, unit: 'rounds' });
    expect(written).toEqual(['fit 75 % (1 of 2 rounds)\n', 'fit 100 % (2 of 2 rounds)\n']);
  });
});

test('on a terminal one line is redrawn and never wraps', () => {
  const { clock, written, display } = recorder(true);
  for (clock.now = 0; clock.now < 1000; clock.now += 100)
    display.show({
      share: clock.now / 1000,
      stage: 'training',
      done: clock.now,
      total: 1000,
      unit: 'steps of the second of three parts',
      rate: 12.34,
      etaSeconds: 75,
    });
  display.end();
  const lines = written.slice(0, -1);
  expect(lines).toHaveLength(10);
  // oxlint-disable-next-line no-control-regex
  for (const line of lines) expect(line.replace(/^\r\x1b\[K/, '').length).toBeLessThan(80);
  expect(written.at(-1)).toBe('\n');
});

test('rate and time left are said when they are known', () => {
  expect(
    plainLine({ share: 0.5, stage: 'training', done: 30, total: 120, unit: 'seconds', rate: 1, etaSeconds: 90 }),
  ).toBe('training 50 % (30 of 120 seconds, 1.0/s, 1 min 30 s left)');
  expect(
    plainLine({ share: 0, stage: 'training', done: 0, total: 0, unit: 'steps', rate: null, etaSeconds: null }),
  ).toBe('training 0 % (0 of 0 steps)');
  expect(plainLine({ share: 0.2, stage: 'instant', done: 40, total: 100, unit: '%', rate: 2, etaSeconds: 30 })).toBe(
    'instant 20 % (30 s left)',
  );
});

test.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [75, '1 min 15 s'],
  [3725, '1 h 2 min'],
])('%d seconds read as %s', (seconds, text) => expect(duration(seconds)).toBe(text));
