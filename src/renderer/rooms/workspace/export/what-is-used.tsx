import { Text } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { type FilmLook, FORMATS } from '../../../../shared/domain/film/index.ts';
import { exportName, USUAL_EXPORT_NAME } from '../../../../shared/domain/export-name.ts';
import { heededLanes, LANE_NAMES, type LaneName, LANES } from '../../../../shared/domain/lanes/index.ts';
import { PLAIN_SPEECH, type PoseSource, type Speech, type Take } from '../../../../shared/domain/take.ts';
import { useSettings } from '../../../ground/settings.ts';
import { laneTitle } from '../timeline/keyed/lane-words.ts';

/** What a film is made with, said before it is made: what Perform was set to, as far as this film follows it. */
export function WhatIsUsed({
  project,
  take,
  name,
  look,
  sound,
}: {
  readonly project: ProjectDetail;
  readonly take: Take;
  /** The take's. */
  readonly name: string;
  readonly look: FilmLook;
  readonly sound: 'take' | 'source' | 'file';
}) {
  const { settings } = useSettings();
  const [at] = useState(() => new Date());
  const followed = sound === 'take';
  const { mode, format } = look;
  const film = { project, take: followed ? name : null, ...look, at };
  const rows = [
    ...(followed ? [['Take', name] as const] : []),
    ['Head', headOf(mode, followed ? take.pose : USUAL_POSE, project)],
    ...speechOf(followed ? take.speech : PLAIN_SPEECH),
    ...(followed ? lanesOf(mode, take) : []),
    ['File', `${exportName(settings?.exportName ?? USUAL_EXPORT_NAME, film)}${FORMATS[format].ending}`],
  ] as const;
  return (
    <section aria-label="What will be used">
      <Text size="sm" fw={600} mb={4}>
        What will be used
      </Text>
      <dl className="used">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const USUAL_POSE: PoseSource = { kind: 'source', startFrame: 0 };

function headOf(mode: 'dub' | 'portrait', pose: PoseSource, { source: { frames } }: ProjectDetail): string {
  const from = pose.kind === 'source' && pose.startFrame > 0 ? `, from frame ${pose.startFrame} on` : '';
  if (mode === 'dub') return `as in the video${from}${pose.kind === 'source' ? '' : ', whatever Perform says'}`;
  switch (pose.kind) {
    case 'source':
      return `as in the video${from}`;
    case 'still':
      return `holds frame ${Math.min(pose.frame, frames - 1)}`;
    case 'natural':
      return 'in this person’s manner';
  }
}

function speechOf({ strength, temperature, style }: Speech): readonly (readonly [string, string])[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return [
    ['Mouth strength', percent(strength)],
    ['Variation', percent(temperature)],
    ['Style', style ? `${style.entry}, ${percent(style.amount)}` : 'their usual face'],
  ];
}

/** What is keyed, and what of it a dub leaves to the video. */
function lanesOf(mode: 'dub' | 'portrait', take: Take): readonly (readonly [string, string])[] {
  const heeded = heededLanes(take.lanes);
  const names = LANE_NAMES.filter((name) => heeded[name]);
  const titles = (some: readonly LaneName[]) => some.map((name) => laneTitle(name).toLowerCase()).join(', ');
  const left = mode === 'dub' ? names.filter((name) => !LANES[name].dub) : [];
  const used = names.filter((name) => !left.includes(name));
  return [
    ...(used.length > 0 ? [['Keyed', titles(used)] as const] : []),
    ...(left.length > 0 ? [['Left to the video', titles(left)] as const] : []),
  ];
}
