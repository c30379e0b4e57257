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

/** The cues of a SubRip or WebVTT file, in the order they lie there; without their markup. No other lines are kept. */
export function cuesOf(file: string): Cue[] {
  return file
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n/)
    .flatMap((block) => {
      const lines = block.split('\n');
      const row = lines.findIndex((line) => TIMES.test(line));
      const found = row < 0 ? null : TIMES.exec(lines[row]!);
      if (!found) return [];
      const text = lines
        .slice(row + 1)
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
