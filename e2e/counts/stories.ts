/**
 * From an empty library to a captioned upright film made from text, by each way in, for real: the synthetic person is
 * imported, a voice fetched, an instant avatar made. LIKENESS_FILMS names a folder in which the films are left.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SoundText } from '../../src/shared/domain/script/index.ts';
import { likenessOn, mediaTools } from '../likeness.ts';
import { shortSample } from '../short-sample.ts';
import { faultsIn, type Made } from './judged-film.ts';
import { done, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';
import { byCommandLine, type Film, type Hands, overHttp, overMcp, type Place } from './ways-in.ts';

const TEXT = 'Good morning, and welcome. Today we make a film from nothing but words.\n';
/** Seconds; the median of a film's words, as an aligner hears them in it. */
const HEARD_NEAR = 0.12;

const WAYS: readonly (readonly [string, (place: Place) => Promise<Hands>])[] = [
  ['command line', byCommandLine],
  ['HTTP', overHttp],
  ['MCP', overMcp],
];

export async function countStories(tally: Tally, tries: Tries): Promise<void> {
  const video = await shortSample();
  for (const number of numbersOf(tries, WAYS.length)) {
    const [name, open] = WAYS[number]!;
    await tally.try(name, () => tell(name, open, video));
  }
}

async function tell(name: string, open: (place: Place) => Promise<Hands>, video: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-story-'));
  const [library, films, work, passing] = ['library', 'films', 'work', 'passing'].map((one) => join(folder, one));
  const place: Place = { library: library!, films: films!, work: work!, passing: passing! };
  for (const one of Object.values(place) as string[]) mkdirSync(one);
  const home = readdirSync(homedir()).toSorted();
  const hands = await open(place);
  const step = async <T>(what: string, doing: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const answer = await doing();
    console.error(`  ${name}: ${what}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return answer;
  };
  try {
    await step('a video', () => hands.importVideo(video));
    await step('a voice', () => hands.getVoice());
    await step('analysed', () => hands.analyze());
    await step('trained', () => hands.train());
    const times = await step('spoken', () => hands.speak(TEXT));
    const burned = await step('captions drawn', () => hands.film('burn'));
    const plain = await step('captions beside', () => hands.film('srt'));
    const made: Made = { text: TEXT, times, burned, plain };
    const tools = await mediaTools(place.library);
    const faults = [
      ...(await faultsIn(made, tools)),
      ...(await unmarked(hands, burned)),
      ...(await unheard(place, made)),
    ];
    await hands.close();
    for (const left of [place.work, place.passing].flatMap(leftIn)) faults.push(`${left} was left`);
    const since = readdirSync(homedir()).filter((one) => !home.includes(one));
    if (since.length > 0) faults.push(`in the home folder there is ${since.join(', ')}`);
    const kept = process.env['LIKENESS_FILMS'];
    if (kept) cpSync(place.films, join(kept, name.replaceAll(' ', '-')), { recursive: true });
    return faults.length === 0 ? done : fault('not as it should be', faults.join('; '));
  } finally {
    await hands.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What is left in a folder but for what PyTorch always makes, which stays empty. */
const leftIn = (folder: string): string[] =>
  readdirSync(folder).filter(
    (name) => !name.startsWith('torchinductor_') || readdirSync(join(folder, name)).length > 0,
  );

async function unmarked(hands: Hands, { path }: Film): Promise<string[]> {
  const { sureness, watermark, metadata } = await hands.verify(path);
  const avatar = metadata.kind === 'found' ? metadata.avatar : null;
  if (sureness === 'sure' && watermark.kind === 'found' && avatar?.startsWith(watermark.avatar)) return [];
  return [`verify says ${JSON.stringify({ sureness, watermark, metadata })}`];
}

/** Whether words are heard in the film when they are said: by an aligner, which knows of no times. */
async function unheard({ library, films }: Place, { text, times, burned }: Made): Promise<string[]> {
  const [words, out] = [join(films, 'text.txt'), join(films, 'heard.json')];
  writeFileSync(words, text);
  const { likeness } = likenessOn(library);
  const { code, json } = await likeness('captions', '--audio', burned.path, '--text', words, '--out', out);
  if (code !== 0 || !existsSync(out)) return [`its words are not heard: ${JSON.stringify(json)}`];
  const heard = SoundText.parse(JSON.parse(readFileSync(out, 'utf8'))).times.words;
  const apart = times.words
    .map(({ from }, k) => Math.abs(from - (heard[k]?.from ?? Infinity)))
    .toSorted((a, b) => a - b);
  const median = apart[apart.length >> 1]!;
  return median <= HEARD_NEAR ? [] : [`its words are heard ${(1000 * median).toFixed(0)} ms away`];
}
