import { StudioError } from '../../../shared/contract/index.ts';
import type { SpeechTimes, SpokenWord } from '../../../shared/domain/script/index.ts';
import { type MediaTools, readSound } from '../media/index.ts';
import { plainSpeech } from '../voices/index.ts';
import { fitsAlong } from './fit.ts';
import { FEATURES, type Heard, listen, ROW_RATE } from './listen.ts';
import { likeliestPath, type Path, type Said } from './path.ts';

export interface AlignRequest {
  /** Any file with speech. */
  readonly sound: string;
  /** What is said in it. */
  readonly text: string;
  /** As espeak calls it. */
  readonly language: string;
  readonly tools: MediaTools;
  /** The folder of what ships with the program. */
  readonly resources: string;
  /** A passing file of the caller's. */
  readonly scratch: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** `share`: of the stage, 0..1. */
  readonly onProgress: (stage: AlignStage, share: number) => void;
}
export type AlignStage = 'text' | 'listen' | 'align';

/** Seconds; an hour of sound and its text take 250 MB. */
const LONGEST = 3600;
/** What it costs to take a row for none of the words: in a pause, and more for one as loud as the loudest. */
const PAUSE_COST = 0.35;
const LOUD_COST = 1.1;
/** How much of what sounds in a recording is words: 73 to 86 % was found, the rest are pauses that are not silent. */
const WORDS = 0.85;
/** How many times as long as espeak says a text it may be said; nobody speaks slower or faster. */
const PACE = { least: 1 / 3, most: 4 } as const;

/**
 * When each word of a text is said in a recording of it: the text is said by espeak, whose words' times are known, and
 * the recording is laid along that by what the speech encoder hears in both. Raises StudioError('not-found' |
 * 'bad-audio' | 'no-audio' | 'bad-request' | 'missing-tool' | 'disk-full') and the signal's reason; 'bad-request' also
 * where the text is not what is said.
 */
export async function align(request: AlignRequest): Promise<SpeechTimes> {
  const { sound, text, language, tools, scratch, signal, onProgress } = request;
  const at =
    (stage: AlignStage, from = 0, to = 1) =>
    (share: number) =>
      onProgress(stage, from + share * (to - from));
  const { words } = await plainSpeech({ text, language, wave: scratch, signal, onProgress: at('text') });
  const waveform = await soundOf(tools, sound, signal);
  const recording = await listen(waveform, { ...request, onProgress: at('listen', 0, 0.5) });
  const reading = await listen(await soundOf(tools, scratch, signal), {
    ...request,
    onProgress: at('listen', 0.5, 1),
  });
  const seconds = waveform.length / RATE;
  const said = atPaceOf(recording, reading, words);
  const recorded = {
    features: recording.features,
    gapCosts: recording.level.map((one) => PAUSE_COST + LOUD_COST * one),
  };
  const path = said && (await likeliestPath(recorded, said, signal, { onProgress: at('align') }));
  if (!path) throw notSaid();
  const astray = await fitsAlong(recorded, said, path, signal);
  if (astray !== undefined) throw notSaid(astray === 0 ? undefined : words[astray]);
  return { seconds, words: timesOf(words, said.owners, path), phones: [] };
}

const RATE = 16_000;

async function soundOf(tools: MediaTools, path: string, signal: AbortSignal): Promise<Float32Array> {
  const { samples } = await readSound(tools, path, { rate: RATE, signal, part: { start: 0, seconds: LONGEST + 1 } });
  if (samples.length <= LONGEST * RATE) return samples;
  throw new StudioError({
    code: 'bad-request',
    message: 'This speech is longer than an hour.',
    hint: 'Cut it, and its text, into parts.',
  });
}

/** The rows of the words alone, as many as there is sound in the recording; undefined where nobody speaks like that. */
function atPaceOf(recording: Heard, reading: Heard, words: readonly SpokenWord[]): Said | undefined {
  const spans = words.map(({ from, to }) => ({ from: from * ROW_RATE, rows: (to - from) * ROW_RATE }));
  const pace = (WORDS * recording.sounding) / spans.reduce((sum, { rows }) => sum + rows, 0);
  if (!(pace >= PACE.least && pace <= PACE.most)) return undefined;
  const last = reading.level.length - 1;
  const rows: number[] = [];
  const owners: number[] = [];
  for (const [word, span] of spans.entries()) {
    const count = Math.max(1, Math.round(span.rows * pace));
    for (let k = 0; k < count; k++) {
      rows.push(Math.min(last, Math.floor(span.from + ((k + 0.5) / count) * span.rows)));
      owners.push(word);
    }
  }
  const features = new Float32Array(rows.length * FEATURES);
  for (const [k, row] of rows.entries())
    features.set(reading.features.subarray(row * FEATURES, (row + 1) * FEATURES), k * FEATURES);
  return { features, owners: Int32Array.from(owners) };
}

/** From the first row of each word to its last. One that was passed over lies where the next begins. */
function timesOf(words: readonly SpokenWord[], owners: Int32Array, path: Path): SpokenWord[] {
  const first = new Map<number, number>();
  const behind = new Map<number, number>();
  for (const [time, row] of path.entries()) {
    if (row < 0) continue;
    const word = owners[row]!;
    if (!first.has(word)) first.set(word, time);
    behind.set(word, time + 1);
  }
  let next = path.length;
  const times = words.map((word) => ({ ...word }));
  for (let word = words.length - 1; word >= 0; word--) {
    const from = Math.min(first.get(word) ?? next, next);
    times[word]!.from = from / ROW_RATE;
    times[word]!.to = Math.max(from, Math.min(behind.get(word) ?? from, next)) / ROW_RATE;
    next = from;
  }
  return times;
}

function notSaid(word?: SpokenWord): StudioError {
  return new StudioError({
    code: 'bad-request',
    message:
      word === undefined
        ? 'This text is not what is said in this sound.'
        : `From "${word.text.slice(0, 40)}" on, this text is not what is said in this sound.`,
    hint: 'Give the words that are said, all of them and no others, and their language.',
  });
}
