import { ActionIcon } from '@mantine/core';
import { keysOf, useActionRegistry } from '../../../ground/actions/index.ts';
import { Icon, type IconName } from './icons.tsx';
import './transport.css';

/** A button for one of the window's commands: named, enabled and explained as the registry has it. */
export function ActionButton({
  id,
  icon,
  label,
  hint,
  pressed,
}: {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly pressed?: boolean;
}) {
  const registry = useActionRegistry();
  const [shortcut] = registry.shortcutsOf(id);
  const enabled = registry.offered().some((action) => action.id === id);
  return (
    <ActionIcon
      variant={pressed ? 'light' : 'subtle'}
      color={pressed ? 'ember' : 'gray'}
      c={pressed ? undefined : 'var(--mantine-color-text)'}
      size="md"
      className="action-button"
      aria-label={label}
      aria-pressed={pressed}
      title={`${hint ?? label}${shortcut === undefined ? '' : `  ${keysOf(shortcut).join(' ')}`}`}
      disabled={!enabled}
      // A click leaves the focus where it was, so that Space and the arrows go on meaning the playhead.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => registry.run(id)}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
}
