import { Anchor, Group, Radio, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';

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
      pose: { kind: 'natural', seed: before.pose.kind === 'natural' ? (before.pose.seed + 1) % 2 ** 32 : FIRST_SEED },
    }));
  return (
    <Stack gap="xs">
      <Radio.Group label="Head" value={pose.kind} onChange={(kind) => choose(kind as Pose['kind'], frame)}>
        <Stack gap="xs" mt="xs">
          <Radio
            value="source"
            label="Moves as in the video"
            description="From one frame on, to the end and back, for as long as it speaks."
          />
          <Radio value="still" label="Holds one frame" description="The head keeps still; the face speaks." />
          <Radio
            value="natural"
            label="Moves and blinks in this person’s manner"
            description="Without end and without repeating. Portraits only: a dub keeps the video’s movement."
          />
        </Stack>
      </Radio.Group>
      {pose.kind === 'natural' ? (
        <Anchor component="button" type="button" size="sm" ta="start" onClick={another}>
          Move differently
        </Anchor>
      ) : (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {pose.kind === 'still' ? 'Holds' : 'Begins at'} frame {frame}.
          </Text>
          <Anchor component="button" type="button" size="sm" onClick={() => choose(pose.kind, here())}>
            Use the frame at the playhead
          </Anchor>
          {frame !== 0 && (
            <Anchor component="button" type="button" size="sm" onClick={() => choose(pose.kind, 0)}>
              The first
            </Anchor>
          )}
        </Group>
      )}
    </Stack>
  );
}

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
      return { kind, seed: FIRST_SEED };
  }
}
