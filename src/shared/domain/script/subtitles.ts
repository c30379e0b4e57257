/** A line or two of text over a picture, seconds. */
export interface Cue {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What a subtitle file can be. */
export type SubtitleFormat = 'srt' | 'vtt';

const TIME = /(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})/;
const TIMES = new RegExp(`^\\s*${TIME.source}\\s*-->\\s*${TIME.source}`);
/** Of a cue, alone on its line. */
const NUMBER = /^\s*\d+\s*$/;

/** The cues of a SubRip or WebVTT file, in the order they lie there; without their markup. No other lines are kept. */
export function cuesOf(file: string): Cue[] {
  return file
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n/)
    .flatMap((block) => cuesIn(block.split('\n')));
}

/** Those that no blank line parts: each begins with its times, above which may stand its number. */
function cuesIn(lines: readonly string[]): Cue[] {
  const rows = lines.flatMap((line, row) => (TIMES.test(line) ? [row] : []));
  const numbered = NUMBER.test(lines[rows[0]! - 1] ?? ''); // else a number is a word that is said
  return rows.flatMap((row, k) => {
    const found = TIMES.exec(lines[row]!)!;
    const next = rows[k + 1] ?? lines.length;
    const end = numbered && k + 1 < rows.length && NUMBER.test(lines[next - 1]!) ? next - 1 : next;
    const text = lines
      .slice(row + 1, end)
      .map((line) => withoutMarkup(line).trim())
      .filter((line) => line !== '');
    const [from, to] = [seconds(found.slice(1, 5)), seconds(found.slice(5, 9))];
    return text.length > 0 ? [{ from, to, text: text.join('\n') }] : [];
  });
}

/** Whether a file is one of subtitles: it has a line of times. */
export function isSubtitles(file: string): boolean {
  return file.split(/\r\n?|\n/).some((line) => TIMES.test(line));
}

/** What is said in subtitles, as a script: each cue a line. */
export function scriptOfCues(cues: readonly Cue[]): string {
  return cues.map(({ text }) => text.replaceAll('\n', ' ')).join('\n');
}

/** Cues as a file. */
export function subtitles(cues: readonly Cue[], format: SubtitleFormat): string {
  const blocks = cues.map(({ from, to, text }, k) => {
    const times = `${stamp(from, format)} --> ${stamp(to, format)}`;
    return format === 'srt' ? `${k + 1}\n${times}\n${text}\n` : `${times}\n${escaped(text)}\n`;
  });
  return [...(format === 'vtt' ? ['WEBVTT\n'] : []), ...blocks].join('\n');
}

/** Tags of either format, and WebVTT's escapes. */
function withoutMarkup(line: string): string {
  return line
    .replace(/<\/?[a-zA-Z0-9][^<>]*>|\{\\[^{}]*\}/g, '')
    .replace(/\\[Nnh]/g, ' ') // Advanced SubStation's breaks, which SubRip files borrow
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replace(/&(?:lrm|rlm);/g, '')
    .replaceAll('&amp;', '&');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function seconds([hours = '0', minutes, rest, part]: readonly (string | undefined)[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) + Number(`0.${part}`);
}

function stamp(seconds: number, format: SubtitleFormat): string {
  const all = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const clock = [all / 3_600_000, (all / 60_000) % 60, (all / 1000) % 60].map(two).join(':');
  return `${clock}${format === 'srt' ? ',' : '.'}${String(all % 1000).padStart(3, '0')}`;
}
