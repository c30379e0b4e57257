import type { LaneName } from '../../../../shared/domain/lanes/index.ts';
import type { Control } from '../bundle/index.ts';
import type { HeadAngles } from './angles.ts';
import { FACE_MEASURES } from './measures.ts';
import type { Reach } from './reach.ts';

/** What a lane is in a control, in its unit; what is not to be seen there is as it is as a rule. */
export function laneOf({ pose, gaze, face, ranges, shutOf }: Reach, lane: LaneName, control: Control): number {
  const [kind, part] = lane.split('.') as [string, string];
  switch (kind) {
    case 'head':
      return pose.of(control)[part as keyof HeadAngles | 'x' | 'y' | 'size'];
    case 'shoulders':
      return pose.of(control).shoulders[part as 'x' | 'y' | 'roll'];
    case 'gaze':
      return part === 'camera' ? 0 : gaze.of(control)[part as 'yaw' | 'pitch'];
    case 'face':
      return face.shareOf(
        FACE_MEASURES.find((name) => name === part)!,
        control.expression,
      );
    default:
      return lane === 'blink.once' ? shutOf(control.expression) : (ranges[lane]?.usual ?? 0);
  }
}
