import { ActionIcon, Menu } from '@mantine/core';
import { useActionRegistry } from '../../../ground/actions/index.ts';
import { Keys } from '../../../ground/actions/keys.tsx';
import { PICTURE_MENU } from './viewer-actions.ts';

/** What else can be done with the picture: commands of the window, as the palette has them. */
export function PictureMenu() {
  const registry = useActionRegistry();
  const offered = new Set(registry.offered().map(({ id }) => id));
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="More about the picture">
          <span aria-hidden>⋯</span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {PICTURE_MENU.map(({ id, title }) => {
          const [shortcut] = registry.shortcutsOf(id);
          return (
            <Menu.Item
              key={id}
              disabled={!offered.has(id)}
              rightSection={shortcut === undefined ? undefined : <Keys shortcut={shortcut} />}
              onClick={() => registry.run(id)}
            >
              {title}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
