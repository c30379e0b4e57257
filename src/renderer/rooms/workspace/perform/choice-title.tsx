import { Group, Text } from '@mantine/core';
import { Hint } from '../../../ground/hint.tsx';

/** What a choice is called, which labels it by `id`, and what it is for. */
export function ChoiceTitle({ id, name, hint }: { readonly id: string; readonly name: string; readonly hint: string }) {
  return (
    <Group gap={2} wrap="nowrap">
      <Text size="sm" fw={600} id={id}>
        {name}
      </Text>
      <Hint about={name} text={hint} />
    </Group>
  );
}
