import { Anchor, Checkbox, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { ChoiceTitle } from './choice-title.tsx';

type Pose = Take['pose'];

/** Where the head's movement comes from. */
export function PoseChoice({ project }: { readonly project: ProjectDetail }) {
  const { take, edit } = useTake();
  const transport = useTransport();
  const { pose } = take;
  const frame = frameOf(pose);
  const here = () => Math.min(transport.frames.indexAt(transport.now()), Math.max(0, project.source.frames - 1));
  const choose = (kind: Pose['kind'], at: number) =>
    edit('head movement', (before) => (same(before.pose, kind, at) ? before : { ...before, pose: chosen(kind, at) }));
  const another = () =>
    edit('head movement', (before) => ({
      ...before,
      pose:
        before.pose.kind === 'natural'
          ? { ...before.pose, seed: (before.pose.seed + 1) % 2 ** 32 }
          : chosen('natural', 0),
    }));
  const shift = (shifts: boolean) =>
    edit('eyes of their own', (before) =>
      before.pose.kind === 'natural' ? { ...before, pose: { ...before.pose, shifts } } : before,
    );
  return (
    <Stack gap={4}>
      <ChoiceTitle id="head-choice" name="Head" hint={HINT} />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-labelledby="head-choice"
        value={pose.kind}
        data={KINDS.map(({ value, label, title }) => ({ value, label: <span title={title}>{label}</span> }))}
        onChange={(kind) => choose(kind as Pose['kind'], frame)}
      />
      {pose.kind === 'natural' ? (
        <Group gap="md">
          <Anchor component="button" type="button" size="sm" onClick={another}>
            Move differently
          </Anchor>
          <Checkbox
            size="xs"
            label="Quick eyes"
            title="Where one movement goes over into the next, eyes jump as eyes do. Without it they glide."
            checked={pose.shifts ?? false}
            onChange={({ currentTarget }) => shift(currentTarget.checked)}
          />
        </Group>
      ) : (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {pose.kind === 'still' ? 'Frame' : 'From frame'} {frame}
          </Text>
          <Anchor component="button" type="button" size="sm" onClick={() => choose(pose.kind, here())}>
            Use the frame at the playhead
          </Anchor>
          {frame !== 0 && (
            <Anchor component="button" type="button" size="sm" onClick={() => choose(pose.kind, 0)}>
              First frame
            </Anchor>
          )}
        </Group>
      )}
    </Stack>
  );
}

const KINDS = [
  { value: 'source', label: 'As in the video', title: 'To the end and back, for as long as it speaks' },
  { value: 'still', label: 'Holds one frame', title: 'The head keeps still; the face speaks. Portraits only' },
  {
    value: 'natural',
    label: 'Their manner',
    title: 'Moves and blinks in this person’s manner, without repeating. Portraits only',
  },
] as const;
const HINT =
  'As in the video: from one frame on, to the end and back. Holds one frame: the head keeps still, the face speaks. ' +
  'Their manner: moves and blinks as this person does, without repeating. ' +
  'A dub keeps the video’s movement with all three.';

/** Seed of natural movement until another is asked for. */
const FIRST_SEED = 0;

const frameOf = (pose: Pose): number =>
  pose.kind === 'natural' ? 0 : pose.kind === 'still' ? pose.frame : pose.startFrame;
const same = (pose: Pose, kind: Pose['kind'], frame: number): boolean => pose.kind === kind && frameOf(pose) === frame;

function chosen(kind: Pose['kind'], frame: number): Pose {
  switch (kind) {
    case 'still':
      return { kind, frame };
    case 'source':
      return { kind, startFrame: frame };
    case 'natural':
      return { kind, seed: FIRST_SEED, shifts: true };
  }
}
