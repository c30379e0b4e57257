import { StudioError } from '../../../shared/contract/index.ts';
import {
  captionsOf,
  type CaptionWord,
  captionWords,
  type Cue,
  cuesOf,
  plainScript,
  type SaidText,
  SoundText,
  SpokenScript,
  USUAL_LINE,
} from '../../../shared/domain/script/index.ts';
import { readTextFile } from '../ground/text-file.ts';
import { heardClips } from '../../../shared/domain/loudness.ts';
import type { Take } from '../../../shared/domain/take.ts';
import { clockTime } from '../../../shared/domain/timecode.ts';

/** What is shown of what is said: words, laid out for each picture, or subtitles as somebody made them. */
export type Captions =
  | { readonly kind: 'words'; readonly words: readonly CaptionWord[] }
  | { readonly kind: 'cues'; readonly cues: readonly Cue[] };

/** Captions with lines of so many characters, that begin before a moment, in seconds. */
export function cuesFor(captions: Captions, line: number, until = Infinity): readonly Cue[] {
  const cues = captions.kind === 'cues' ? captions.cues : captionsOf(captions.words, { line });
  return cues.filter(({ from }) => from < until);
}

/** From a file of subtitles, or of the times of words. Raises StudioError('not-found' | 'bad-request'). */
export async function captionsFrom(path: string): Promise<Captions> {
  const captions = captionsIn(await readTextFile(path));
  const cues = cuesFor(captions, USUAL_LINE);
  if (cues.length === 0)
    throw new StudioError({
      code: 'bad-request',
      message: 'There are no subtitles in this file.',
      hint: 'Give an .srt or .vtt file in UTF-8.',
    });
  const crowded = crowdedAt(cues);
  if (crowded === undefined) return captions;
  throw new StudioError({
    code: 'bad-request',
    message: `At ${clockTime(crowded)} these subtitles show more than ${MOST_SHOWN} characters at once.`,
    hint: 'Divide them into shorter ones, one behind the other.',
  });
}

/** Characters that are shown at one moment: a picture has room for a tenth, and libass sets out all of them anew. */
const MOST_SHOWN = 2000;

/** The second from which on more is shown than a picture has room for. */
function crowdedAt(cues: readonly Cue[]): number | undefined {
  const changes = cues.flatMap(({ from, to, text }) => [
    { at: from, characters: text.length },
    { at: to, characters: -text.length },
  ]);
  let shown = 0;
  for (const { at, characters } of changes.toSorted((a, b) => a.at - b.at || a.characters - b.characters)) {
    shown += characters;
    if (shown > MOST_SHOWN) return at;
  }
  return undefined;
}

type Seconds = { readonly from: number; readonly to: number };
type SaidIn = (sound: string) => Promise<SaidText | null>;

/** Of what is said on a take in a part of it. Raises StudioError('bad-request') where nothing is known of that. */
export async function captionsOfTake(take: Take, part: Seconds, saidIn: SaidIn): Promise<Captions> {
  const words = await wordsOfTake(take, part, saidIn);
  if (words.length > 0) return { kind: 'words', words };
  throw new StudioError({
    code: 'bad-request',
    message: 'Nothing is on the timeline whose words are known, so there is no text for captions.',
    hint: 'Speak a script, give a sound its text, or give a file of subtitles.',
  });
}

/** What is said in a part of a take, as far as it is known; in the part's own seconds. */
export async function wordsOfTake(take: Take, { from, to }: Seconds, saidIn: SaidIn): Promise<readonly CaptionWord[]> {
  const words: CaptionWord[] = [];
  for (const { sound, at, start, seconds } of heardClips(take)) {
    const said = await saidIn(sound);
    if (!said) continue;
    const later = at - start - from;
    for (const word of captionWords(said.text, said.times.words)) {
      const [begins, ends] = [word.from + later, word.to + later];
      const heard = word.from >= start - MIDST && word.to <= start + seconds + MIDST;
      if (heard && begins >= -MIDST && ends <= to - from + MIDST)
        words.push({ ...word, from: Math.max(0, begins), to: Math.min(ends, to - from) });
    }
  }
  return words.toSorted((a, b) => a.from - b.from);
}

/** Seconds: a word that is cut no further than that is still shown. */
const MIDST = 0.1;

function captionsIn(text: string): Captions {
  const said = saidIn(text);
  if (said) return { kind: 'words', words: captionWords(said.text, said.times.words) };
  return { kind: 'cues', cues: cuesOf(plainScript(text)).filter(({ from, to }) => to > from) };
}

function saidIn(file: string): SaidText | undefined {
  try {
    const known = SpokenScript.or(SoundText).parse(JSON.parse(file));
    return 'script' in known ? { text: known.script.text, times: known.times } : known;
  } catch {
    return undefined; // subtitles
  }
}
