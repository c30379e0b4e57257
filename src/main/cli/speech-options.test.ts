import { Command } from 'commander';
import { expect, test } from 'vitest';
import { mouthStrength, speechOf, style, temperature } from '../../shared/domain/written/index.ts';
import { addSpeechOptions } from './speech-options.ts';

test('what is said of speech is kept, and nothing else', () => {
  const said = (...words: string[]) => speechOf(addSpeechOptions(new Command()).parse(words, { from: 'user' }).opts());
  expect(said()).toEqual({});
  expect(said('--mouth-strength', '1.2', '--style', '2:0.5')).toEqual({
    strength: 1.2,
    style: { entry: 2, amount: 0.5 },
  });
  expect(said('--temperature', '0.5')).toEqual({ temperature: 0.5 });
  expect(said('--temperature', '0')).toEqual({ temperature: 0 });
  expect(said('--style', '3')).toEqual({ style: { entry: 3, amount: 1 } });
  expect(said('--style', 'none')).toEqual({ style: null });
});

test("what is left out is the take's where a take can be said", () => {
  const defaults = (...how: [{ takes: boolean }?]) =>
    addSpeechOptions(new Command(), ...how).options.map(
      ({ description }) => /\(default: (.*)\)$/.exec(description)?.[1],
    );
  expect(defaults()).toEqual(['1', '0', '"none"']);
  expect(defaults({ takes: true })).toEqual(['1', '0', '"none"'].map((value) => `the take's; ${value} for a sound`));
});

test.each(['', ' ', '0.49', '1.51', 'NaN', 'Infinity', '-1', '1,2', 'loud'])(
  'a mouth strength of "%s" is refused',
  (text) => {
    expect(() => mouthStrength(text)).toThrow('from 0.5 to 1.5');
  },
);

test.each(['', ' ', '-0.1', '1.1', 'NaN', 'hot', '0,5'])('a temperature of "%s" is refused', (text) => {
  expect(() => temperature(text)).toThrow('from 0 to 1');
});

test.each(['', '0', '7', '2:', '2:1.1', '2:-0.5', '2:0.5:1', ':0.5', '1e1', 'smile', '２'])(
  'a style of "%s" is refused',
  (text) => {
    expect(() => style(text)).toThrow('none');
  },
);
