import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  Background,
  FilmFormat,
  filmInWords,
  type FilmLook,
  FilmPreset,
  formatOf,
  OWN_BACKGROUND,
  PRESETS,
  Quality,
  Shape,
} from '../../shared/domain/film/index.ts';

/** What an export or a frame looks like, as the command line has it. */
export interface LookOptions {
  readonly background?: Background;
  readonly shape?: Shape;
}

export interface FilmOptions extends LookOptions {
  readonly preset?: FilmPreset;
  readonly format?: FilmFormat;
  readonly quality?: Quality;
  readonly mode?: 'dub' | 'portrait';
  readonly height?: number | 'source';
  readonly out?: string;
}

export function addLookOptions(command: Command): Command {
  return command
    .option(
      '--background <what>',
      'behind a portrait: "own", "blur", "transparent", a colour as #RRGGBB, or a picture or video, which is repeated',
      backgroundOf,
    )
    .addOption(new Option('--shape <shape>', 'of a portrait, framed around the head').choices(Shape.options));
}

export function addFilmOptions(command: Command): Command {
  return addLookOptions(command)
    .addOption(
      new Option('--format <format>', 'what is written (default: what the ending of --out says, else mp4)').choices(
        FilmFormat.options,
      ),
    )
    .addOption(new Option('--quality <quality>', 'smaller or better (default: good)').choices(Quality.options))
    .addOption(
      new Option(
        '--preset <preset>',
        'a portrait as it is mostly wanted: format, shape, height and quality, where they are not given',
      ).choices(FilmPreset.options),
    );
}

/** Everything that is said of a film, with what the preset and the mode have for the rest. */
export function filmOf(options: FilmOptions): FilmLook & { readonly background: Background } {
  const preset = options.preset && PRESETS[options.preset];
  const mode = options.mode ?? (preset ? 'portrait' : 'dub');
  const named = options.out === undefined ? undefined : formatOf(options.out);
  return {
    mode,
    format: options.format ?? named ?? preset?.format ?? 'mp4',
    height: options.height ?? preset?.height ?? (mode === 'dub' ? 'source' : 360),
    shape: options.shape ?? preset?.shape ?? 'own',
    background: options.background ?? preset?.background ?? OWN_BACKGROUND,
    quality: options.quality ?? preset?.quality ?? 'good',
  };
}

/** What will be made, said before it is. */
export function announced(film: ReturnType<typeof filmOf>): string {
  const { background } = film;
  return filmInWords(film, background.kind === 'colour' ? `over ${background.colour}` : undefined);
}

export function backgroundOf(text: string): Background {
  if (text === 'own' || text === 'blur' || text === 'transparent') return { kind: text };
  const background = text.startsWith('#') ? { kind: 'colour', colour: text } : { kind: 'file', path: text };
  const read = Background.safeParse(background);
  if (read.success) return read.data;
  throw new InvalidArgumentError('It must be own, blur, transparent, a colour such as #1E3A5F, or a file.');
}
