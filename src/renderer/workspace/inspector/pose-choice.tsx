import { Anchor, Group, Radio, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import type { Take } from '../../../shared/domain/take.ts';
import { useTake } from '../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';

type Pose = Take['pose'];

/** Where the head's movement comes from. */
export function PoseChoice({ project }: { readonly project: ProjectDetail }) {
  const { take, edit } = useTake();
  const transport = useTransport();
  const { pose } = take;
  const frame = pose.kind === 'still' ? pose.frame : pose.startFrame;
  const here = () => Math.min(transport.frames.indexAt(transport.now()), Math.max(0, project.source.frames - 1));
  const choose = (kind: Pose['kind'], at: number) => edit('head movement', (before) => (same(before.pose, kind, at) ? before : { ...before, pose: kind === 'still' ? { kind, frame: at } : { kind, startFrame: at } }));
  return (
    <Stack gap="xs">
      <Radio.Group label="Head" value={pose.kind} onChange={(kind) => choose(kind as Pose['kind'], frame)}>
        <Stack gap="xs" mt="xs">
          <Radio value="source" label="Moves as in the video" description="From one frame on, to the end and back, for as long as it speaks." />
          <Radio value="still" label="Holds one frame" description="The head keeps still; the face speaks." />
        </Stack>
      </Radio.Group>
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
    </Stack>
  );
}

const same = (pose: Pose, kind: Pose['kind'], frame: number): boolean => pose.kind === kind && (pose.kind === 'still' ? pose.frame : pose.startFrame) === frame;
