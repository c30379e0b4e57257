import { type Command, Option } from 'commander';
import type { Signed } from '../../shared/contract/credentials.ts';
import { FilmFormat, filmInWords, FilmPreset, Quality, Shape } from '../../shared/domain/film/index.ts';
import { backgroundOf, type filmOf } from '../../shared/domain/written/index.ts';
import { asOption } from './arguments.ts';

export function addLookOptions(command: Command): Command {
  return command
    .option(
      '--background <what>',
      'behind a portrait: "own", "blur", "transparent", a colour as #RRGGBB, or a picture or video, which is repeated',
      asOption(backgroundOf),
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

/** What will be made, said before it is. */
export function announced(film: ReturnType<typeof filmOf>): string {
  const { background } = film;
  return filmInWords(film, background.kind === 'colour' ? `over ${background.colour}` : undefined);
}

export function credentialsOption(): Option {
  return new Option('--no-credentials', 'without Content Credentials (default: as the settings say)');
}

/** Whether what was made is signed, in a line. */
export function signedWords(signed: Signed): string {
  return signed.kind === 'signed'
    ? `Content Credentials: signed by "${signed.signer}"${signed.path === undefined ? '' : `, in ${signed.path}`}`
    : `Without Content Credentials: ${signed.why}`;
}
