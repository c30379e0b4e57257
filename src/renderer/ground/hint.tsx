import { ActionIcon, Popover, Text } from '@mantine/core';

/** What a control is for, one press away: prose beside every control would leave no room for the controls. */
export function Hint({ about, text }: { readonly about: string; readonly text: string }) {
  return (
    <Popover position="left" width={280} withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          size="xs"
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label={`About ${about}`}
          aria-haspopup="dialog"
          title={text}
        >
          ?
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown data-autofocus tabIndex={-1}>
        <Text size="sm">{text}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}
