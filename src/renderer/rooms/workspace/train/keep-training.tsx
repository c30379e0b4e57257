import { Button, Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';

/** A finished training goes on from where it ended. */
export function KeepTraining({ project }: { readonly project: ProjectDetail }) {
  const { client } = useStudio();
  const [minutes, setMinutes] = useState<number | string>(15);
  const known = typeof minutes === 'number' && minutes >= 1;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (known) void client.work.keepTraining({ id: project.id, minutes }).catch(tell);
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <NumberInput
          label="Keep training for"
          suffix=" min"
          value={minutes}
          onChange={setMinutes}
          min={1}
          max={10_000}
          allowDecimal={false}
          style={{ flex: 1 }}
        />
        <Button type="submit" disabled={!known}>
          Keep training
        </Button>
      </Group>
    </form>
  );
}
