import { NativeSelect, NumberInput, SimpleGrid } from '@mantine/core';
import type { VoiceView } from '../../../../shared/contract/voices.ts';
import { PAUSE, SPEED } from '../../../../shared/domain/script/index.ts';
import type { Draft } from './drafts.ts';

const NUMBER = { size: 'xs', step: 0.05, decimalScale: 2, clampBehavior: 'strict' } as const;

/** Which voice speaks a script, how fast, and with which pauses. */
export function HowSpoken({
  voices,
  voice,
  draft,
  onChange,
}: {
  readonly voices: readonly VoiceView[];
  readonly voice: VoiceView | undefined;
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}) {
  return (
    <SimpleGrid cols={3} spacing="xs">
      <NativeSelect
        size="xs"
        label="Voice"
        value={voice?.name ?? ''}
        data={voices.map(({ name, title, language }) => ({ value: name, label: `${title}, ${language ?? ''}` }))}
        onChange={({ currentTarget }) => onChange({ voice: currentTarget.value })}
      />
      <NumberInput
        {...NUMBER}
        label="Speed"
        suffix=" ×"
        min={SPEED.least}
        max={SPEED.most}
        value={draft.speed}
        onChange={(speed) => typeof speed === 'number' && onChange({ speed })}
      />
      <NumberInput
        {...NUMBER}
        label="Pause"
        suffix=" s"
        min={PAUSE.least}
        max={PAUSE.most}
        value={draft.pause}
        onChange={(pause) => typeof pause === 'number' && onChange({ pause })}
      />
    </SimpleGrid>
  );
}
