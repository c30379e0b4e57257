import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { LONGEST_NAME } from '../../shared/domain/names.ts';
import { tell } from './errors.tsx';

/** Asks for a name; it closes when `named` is done with it. */
export function NameDialog({
  title,
  action,
  name: before,
  replaces = [],
  named,
  onClose,
}: {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly name: string;
  /** Names whose bearer this one takes the place of, which the button then says. */
  readonly replaces?: readonly string[];
  readonly named: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(before);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          named(name.trim()).then(onClose, tell);
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            maxLength={LONGEST_NAME}
            required
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === ''}>
              {replaces.includes(name.trim()) ? `Replace “${name.trim()}”` : action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
