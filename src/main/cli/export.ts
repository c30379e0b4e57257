import { type Command, Option } from 'commander';
import { ExportResult, StudioError } from '../../shared/contract/index.ts';
import type { AlignResult, CaptionsWish, SayResult } from '../../shared/contract/voices.ts';
import { USUAL_LANGUAGE } from '../../shared/domain/script/index.ts';
import type { Take } from '../../shared/domain/take.ts';
import { parsePart } from '../../shared/domain/timecode.ts';
import {
  filmOf,
  LIST_COLUMNS,
  pictureHeight,
  speechOf,
  wordsOf,
  type WrittenFilm,
  type WrittenSpeech,
  type WrittenVoice,
} from '../../shared/domain/written/index.ts';
import type { Studio } from '../studio/studio.ts';
import { asOption } from './arguments.ts';
import { exportList } from './export-list.ts';
import { addFilmOptions, announced, credentialsOption, signedWords } from './film-options.ts';
import { followJob } from './follow-job.ts';
import type { InSession, Session } from './session.ts';
import { addSpeechOptions } from './speech-options.ts';
import { answer, note } from './terminal.ts';
import { addVoiceOptions, languageOption, scriptOf } from './voice-options.ts';

interface Options extends WrittenSpeech, WrittenVoice, WrittenFilm {
  readonly audio?: string;
  readonly script?: string;
  readonly take?: true | string;
  readonly part?: string;
  readonly captions?: CaptionsWish['as'];
  readonly subtitles?: string;
  readonly text?: string;
  readonly timeline?: string;
  readonly language?: string;
  readonly list?: string;
  readonly farm?: boolean;
  /** False where it was said. */
  readonly credentials: boolean;
}

export function addExport(program: Command, inSession: InSession): void {
  const command = program
    .command('export')
    .description('Makes the avatar speak a recording, a script, or what is on its timeline, as a film.')
    .argument('[project]', 'an id or a unique name; none with --list')
    .option('--audio <file>', 'any file with speech')
    .addOption(
      new Option('--script <file>', 'a .txt, .srt or .vtt file, which a voice speaks').conflicts(['audio', 'take']),
    )
    .addOption(
      new Option(
        '--take [take]',
        'what is on the timeline of a take, by its name or id, from its in to its out point (default: the open one)',
      ).conflicts('audio'),
    )
    .addOption(
      new Option(
        '--captions <how>',
        'of --script, of what is on a take, of --text or --subtitles: drawn into the picture, or a file beside it',
      ).choices(['burn', 'srt', 'vtt']),
    )
    .option('--subtitles <file>', 'an .srt or .vtt file with times of its own, for --captions')
    .addOption(
      new Option('--text <file>', 'what is said in --audio: its words are looked for there, for --captions').conflicts([
        'script',
        'take',
        'subtitles',
      ]),
    )
    .addOption(languageOption())
    .addOption(
      new Option(
        '--timeline <file>',
        'with --take: its film, source video, sounds, captions and markers for an editor, as OpenTimelineIO (.otio)',
      ).conflicts(['audio', 'script']),
    )
    .option(
      '--part <from-to>',
      'only from one time of the take to another, whatever its in and out: "1:07-1:20.5", "00:00:01:05-00:00:04:00"',
    )
    .option('--out <file>', "a file (default: in the project's exports, named by the rule of the settings)")
    .addOption(
      new Option(
        '--mode <mode>',
        'the source video with the driven face put back, or the avatar alone (default: dub, with a preset portrait)',
      ).choices(['dub', 'portrait']),
    )
    .option(
      '--height <rows>',
      'rows of the picture, or "source" (default: source for dub, 360 for portrait)',
      asOption(pictureHeight),
    );
  addVoiceOptions(addSpeechOptions(addFilmOptions(command), { takes: true })).addOption(credentialsOption());
  const others = command.options.map((option) => option.attributeName());
  command
    .addOption(
      new Option(
        '--list <table>',
        `a .csv, .tsv or .json file with a film in every row; of its columns each is optional but project, out, ` +
          `and one of text, script and audio: ${LIST_COLUMNS.join(', ')}`,
      ).conflicts(others),
    )
    .option('--farm', 'with --list: portraits are made by the farm that runs on this computer')
    .action((project: string | undefined, { list, farm = false, ...options }: Options) =>
      inSession((session) => {
        if ((list === undefined) === (project === undefined))
          throw new StudioError({
            code: 'bad-request',
            message: list === undefined ? 'It is not said of which project.' : 'The projects of a list are in it.',
            hint: 'Give either a project or --list TABLE.',
          });
        if (farm && list === undefined)
          throw new StudioError({
            code: 'bad-request',
            message: 'A farm makes the films of a list.',
            hint: 'Give --list TABLE, or leave --farm out.',
          });
        return project === undefined ? exportList(session, list!, farm) : exportOne(session, project, options);
      }),
    );
}

async function exportOne(
  session: Session,
  project: string,
  {
    audio,
    script,
    take,
    part,
    voice,
    speed,
    pause,
    captions,
    subtitles,
    text,
    language,
    timeline,
    ...options
  }: Options,
): Promise<void> {
  const which = take === true ? undefined : take;
  const spoken = script === undefined ? undefined : await say(session, project, script, { voice, speed, pause });
  const path = spoken?.path ?? audio;
  const times = spoken?.times ?? undefined;
  const sound = take ? ({ kind: 'take', take: which } as const) : path && ({ kind: 'path', path, times } as const);
  if (!sound)
    throw new StudioError({
      code: 'bad-request',
      message: 'It is not said what the avatar shall say.',
      hint: 'Give --audio FILE, --script FILE, or --take for what is on a timeline.',
    });
  if ((text ?? subtitles) !== undefined && !captions)
    throw new StudioError({
      code: 'bad-request',
      message: `${text === undefined ? 'Subtitles are' : 'A text is'} for captions, and none are asked for.`,
      hint: 'Give --captions too.',
    });
  const aligned =
    text === undefined || audio === undefined ? undefined : await alignedTo(session, project, audio, text, language);
  const span = part === undefined ? undefined : await partOf(session.studio, project, part, Boolean(take));
  const film = filmOf(options);
  const { credentials } = options;
  note(session.terminal, announced(film));
  const result = await followJob(
    session,
    session.studio.avatars.exportVideo(project, {
      sound,
      part: span,
      outPath: options.out,
      ...film,
      speech: speechOf(options),
      captions: captions && { as: captions, file: subtitles ?? aligned?.path ?? spoken?.times ?? null },
      timeline,
      ...(credentials ? {} : { credentials }),
    }),
  );
  answer(session.terminal, ExportResult, result, [
    `${result.frames} frames, ${result.seconds.toFixed(2)} s, ` +
      `${result.xRealtime.toFixed(2)} times real time: ${result.path}`,
    `Where it comes from is written beside it: ${result.provenance}`,
    signedWords(result.credentials),
    ...(result.captions === undefined ? [] : [`Captions: ${result.captions}`]),
    ...(result.timeline === undefined ? [] : [`Timeline for an editor: ${result.timeline}`]),
    ...(result.ignoredLanes.length > 0
      ? [`A dub keeps the video's pose, so it leaves out: ${result.ignoredLanes.join(', ')}.`]
      : []),
    ...(result.heardWith.notice === null ? [] : [result.heardWith.notice]),
  ]);
}

/** The sound of a script, for a project that has an avatar to say it. */
async function say(session: Session, project: string, file: string, how: WrittenVoice): Promise<SayResult> {
  const { studio } = session;
  studio.avatars.path(project); // raises where there is none
  const job = await studio.voices.say({ script: await scriptOf(studio, file, how) });
  return followJob(session, job);
}

/** Where the words of a text are said in a file, for a project that has an avatar to say it. */
async function alignedTo(
  session: Session,
  project: string,
  path: string,
  file: string,
  language = USUAL_LANGUAGE,
): Promise<AlignResult> {
  const { studio } = session;
  studio.avatars.path(project); // raises where there is none
  const text = wordsOf(await studio.voices.readText(file));
  return followJob(session, await studio.voices.align({ path, text, language }));
}

/** Raises StudioError('bad-request') for what is no part of a take. */
async function partOf(
  studio: Studio,
  project: string,
  text: string,
  ofTake: boolean,
): Promise<NonNullable<Take['range']>> {
  const { source } = await studio.projects.get(project);
  const part = parsePart(text, source.fps);
  if (part && ofTake) return part;
  throw new StudioError({
    code: 'bad-request',
    message: ofTake ? `"${text}" is no part of a take.` : 'Only of a take a part can be exported.',
    hint: ofTake ? 'Give two times, as --part 1.5-4 or --part 0:12-0:20.' : 'Give --take.',
  });
}
