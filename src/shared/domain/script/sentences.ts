/** A sentence of a script, as it lies in it. */
export interface Sentence {
  /** Where it begins, characters. */
  readonly at: number;
  /** Without white space around it; line feeds are spaces, so that places in it are places in the script. */
  readonly text: string;
  /** Whether a paragraph ends with it. */
  readonly ends: boolean;
}

/** Characters; a voice says what is longer in parts. */
const LONGEST = 300;
/** A full stop behind these ends no sentence. */
const ABBREVIATED =
  /(?:^|[\s("'“])(?:mr|mrs|ms|dr|prof|st|no|vs|e\.g|i\.e|approx|fig|jr|sr|inc|ltd|\p{L}(?:\.\p{L})*)\.$/iu;
/** These end one all the same when a capital follows: the others are followed by names. */
const MAY_END = /(?:[JS]r|Inc|Ltd|\p{Lu}\.\p{Lu})\.$/u;

/**
 * The sentences of a script. A line ends one, unless the next begins in small letters; an empty line ends a paragraph.
 */
export function sentencesOf(script: string): Sentence[] {
  return blocksOf(script).flatMap((block) => {
    const sentences = joined(block.text)
      .flatMap(({ at, text }) => parts(block.at + at, text))
      .filter(({ text }) => text !== '');
    return sentences.map((one, k) => ({ ...one, ends: block.ends && k === sentences.length - 1 }));
  });
}

interface Piece {
  readonly at: number;
  readonly text: string;
}

/** Lines that belong together, each as long as it is in the script. */
function blocksOf(script: string): (Piece & { readonly ends: boolean })[] {
  const blocks: { at: number; text: string; ends: boolean }[] = [];
  let at = 0;
  for (const line of script.split('\n')) {
    const last = blocks.at(-1);
    if (line.trim() === '') {
      if (last) last.ends = true;
    } else if (last && !last.ends && /^\s*\p{Ll}/u.test(line)) last.text += ` ${line}`;
    else blocks.push({ at, text: line, ends: false });
    at += line.length + 1;
  }
  return blocks;
}

const SEGMENTS = new Intl.Segmenter('en', { granularity: 'sentence' });

/** What Unicode takes for sentences, without the breaks behind abbreviations. */
function joined(text: string): Piece[] {
  const pieces: { at: number; text: string }[] = [];
  for (const { segment, index } of SEGMENTS.segment(text)) {
    const last = pieces.at(-1);
    const before = last?.text.trimEnd() ?? '';
    const goesOn = ABBREVIATED.test(before) && !(MAY_END.test(before) && /^\p{Lu}/u.test(segment));
    if (last && goesOn) last.text += segment;
    else pieces.push({ at: index, text: segment });
  }
  return pieces;
}

/** Parts that a voice says in one breath: broken behind a comma, else between words. */
function parts(at: number, text: string): Piece[] {
  const begin = text.length - text.trimStart().length;
  const whole = text.trim();
  if (whole.length <= LONGEST) return [{ at: at + begin, text: whole }];
  const room = whole.slice(0, LONGEST);
  const comma = Math.max(...[...room.matchAll(/[,;:—–]\s/g)].map(({ index }) => index + 1), 0);
  const cut = comma > LONGEST / 3 ? comma : Math.max(room.lastIndexOf(' '), 0) || LONGEST;
  return [{ at: at + begin, text: whole.slice(0, cut).trimEnd() }, ...parts(at + begin + cut, whole.slice(cut))];
}
