import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from 'node:fs/promises';
import { type Cue, plainScript } from '../../../shared/domain/script/index.ts';

/** Pixels of the picture that captions are drawn into. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the picture: nothing is drawn nearer to its sides, nor lower; what shows upright films lays its buttons there. */
const SIDE = 0.08;
const BELOW = { wide: 0.07, upright: 0.16 } as const;
const UPRIGHT = 0.9; // width to height
/** Of the picture's height at most; a letter is about half as wide as a line of text is high. */
const TALLEST = 0.055;
const LETTER = 0.48;
const FONT = 'DejaVu Sans';

/** Characters of a line that a picture has room for. */
export function lineOf({ width, height }: Size): number {
  const shape = width / height;
  return shape >= 1.3 ? 42 : shape >= UPRIGHT ? 32 : 24;
}

/** Captions as libass draws them: white with a dark edge, at the bottom. */
export function assOf(cues: readonly Cue[], size: Size): string {
  const { width, height } = size;
  const side = Math.round(SIDE * width);
  const below = Math.round((width / height < UPRIGHT ? BELOW.upright : BELOW.wide) * height);
  const tall = Math.min(TALLEST * height, ((1 - 2 * SIDE) * width) / (LETTER * lineOf(size)));
  const style = [FONT, tall.toFixed(1), '&H00FFFFFF', '&H00101010', '&H80000000', 1, (tall / 12).toFixed(1)];
  return `[Script Info]
ScriptType: v4.00+
PlayResX: ${width}
PlayResY: ${height}
ScaledBorderAndShadow: yes
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, BorderStyle, Outline, Shadow, Alignment, \
MarginL, MarginR, MarginV, Encoding
Style: Default,${style.join(',')},0,2,${side},${side},${below},1

[Events]
Format: Layer, Start, End, Style, Text
${cues.map(({ from, to, text }) => `Dialogue: 0,${stamp(from)},${stamp(to)},Default,${plain(text)}\n`).join('')}`;
}

/** ffmpeg's filter that draws such a file; `alpha`: onto transparent pictures too. */
export async function assFilter(path: string, venv: string, alpha = false): Promise<string> {
  const fonts = await fontsIn(venv);
  const options = [`filename=${quoted(path)}`, ...(fonts === undefined ? [] : [`fontsdir=${quoted(fonts)}`])];
  return `ass=${[...options, ...(alpha ? ['alpha=1'] : [])].join(':')}`;
}

/** Fonts that came with the trainer's packages, so that every computer draws the same; undefined without them. */
async function fontsIn(venv: string): Promise<string | undefined> {
  const pattern = '{lib/python*,Lib}/site-packages/matplotlib/mpl-data/fonts/ttf';
  for await (const found of glob(pattern, { cwd: venv })) if (existsSync(join(venv, found))) return join(venv, found);
  return undefined;
}

/** As a value of an option in a graph of filters: escaped for both. */
function quoted(path: string): string {
  const value = path.replace(/[\\':]/g, '\\$&');
  return value.replace(/[\\'[\],;]/g, '\\$&');
}

/** No line of a file that draws, and no order to libass: a word joiner keeps a backslash from being one. */
function plain(text: string): string {
  return plainScript(text).replaceAll('\\', '\\\u2060').replace(/[{}]/g, '\\$&').replaceAll('\n', '\\N');
}

function stamp(seconds: number): string {
  const all = Math.round(seconds * 100);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(all / 360_000)}:${two((all / 6000) % 60)}:${two((all / 100) % 60)}.${two(all % 100)}`;
}
