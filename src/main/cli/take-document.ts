import type { Command } from 'commander';
import { z } from 'zod';
import { LANE_NAMES, LaneName, LaneRanges, LANES, spanOf } from '../../shared/domain/lanes/index.ts';
import { Take, takeSeconds } from '../../shared/domain/take.ts';
import { TAKE_OR_OPEN } from './arguments.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const Shown = z.object({ id: z.string(), name: z.string(), take: Take, revision: z.int() });
const Saved = z.object({ revision: z.int() });
const Ranges = z.object({ ranges: LaneRanges });
const Frontalised = z.object({
  revision: z.int(),
  short: z.array(z.object({ name: LaneName, degrees: z.number() })),
});

const PROJECT = ['<project>', 'an id or a unique name'] as const;

/** What is on a take: to be looked at, written by other programs, and keyed. `take`: the group of these commands. */
export function addTakeDocument(take: Command, inSession: InSession): void {
  take
    .command('show')
    .description('What is on it; with --json all of it, as "take set" reads it.')
    .argument(...PROJECT)
    .argument('[take]', TAKE_OR_OPEN)
    .action((project: string, which?: string) =>
      inSession(async ({ studio, terminal }) => {
        const shown = studio.timeline.take(project, which);
        answer(terminal, Shown, shown, linesOf(shown.take));
      }),
    );

  take
    .command('set')
    .description('Puts a take of a file in its place.')
    .argument(...PROJECT)
    .argument('<file>', 'a JSON file: a take, or what "take show --json" printed, unless it was changed since')
    .option('--take <take>', 'an id or a unique name (default: the one that was shown, else the open one)')
    .action((project: string, file: string, { take: which }: { take?: string }) =>
      inSession(async ({ studio, terminal }) => {
        const document = await studio.timeline.readDocument(file);
        const { take: set, revision } = studio.timeline.setTake(project, document, which);
        answer(terminal, Saved, { revision }, ['Set.', ...linesOf(set)]);
      }),
    );

  take
    .command('ranges')
    .description("What can be keyed, in which unit, and how far the person's own frames go.")
    .argument(...PROJECT)
    .action((project: string) =>
      inSession(async ({ studio, terminal }) => {
        const ranges = await studio.timeline.ranges(project);
        const lines = LANE_NAMES.flatMap((name) => {
          const range = ranges[name];
          return range ? [`${name.padEnd(18)}${figure(range.from)} to ${figure(range.to)} ${LANES[name].unit}`] : [];
        });
        answer(terminal, Ranges, { ranges }, lines);
      }),
    );

  take
    .command('frontalise')
    .description('Keys head and gaze to the camera, for the whole take; the expression is kept.')
    .argument(...PROJECT)
    .argument('[take]', TAKE_OR_OPEN)
    .action((project: string, which?: string) =>
      inSession(async ({ studio, terminal }) => {
        const done = await studio.timeline.frontalise(project, which);
        answer(terminal, Frontalised, done, [
          'Head and gaze are keyed to the camera.',
          ...done.short.map(
            ({ name, degrees }) =>
              `The person never held it as straight as that: ${name} stays at ${figure(degrees)} degrees.`,
          ),
        ]);
      }),
    );
}

function linesOf(take: Take): string[] {
  const lanes = LANE_NAMES.flatMap((name) => {
    const lane = take.lanes[name];
    if (!lane) return [];
    const span = spanOf(take, { [name]: new Set(lane.keys.map(({ id }) => id)) });
    const marks = `${lane.muted ? ', muted' : ''}${lane.solo ? ', solo' : ''}`;
    const when = span ? `, ${span.from.toFixed(2)} to ${span.to.toFixed(2)} s` : '';
    return [`${name}: keyframes: ${lane.keys.length}${when}${marks}`];
  });
  return [`${takeSeconds(take).toFixed(2)} s, clips: ${take.clips.length}, head: ${take.pose.kind}`, ...lanes];
}

const figure = (value: number): string => String(Math.round(value * 100) / 100);
