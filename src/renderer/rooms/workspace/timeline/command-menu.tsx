import { Menu } from '@mantine/core';
import { useActionRegistry } from '../../../ground/actions/index.ts';
import { Keys } from '../../../ground/actions/keys.tsx';
import { useStore } from '../../../ground/store.ts';
import { useTimeline } from './use-timeline.tsx';

/** What can be done with what is in hand, where the pointer is: those of the window's commands that can be. */
export function CommandMenu() {
  const registry = useActionRegistry();
  const { menu } = useTimeline();
  const asked = useStore(menu);
  if (!asked) return null;
  const offered = new Map(registry.offered().map((action) => [action.id, action]));
  const groups = asked.items
    .map((ids) => ids.flatMap((id) => offered.get(id) ?? []))
    .filter((actions) => actions.length > 0);
  return (
    <Menu opened key={`${asked.x} ${asked.y}`} onClose={() => menu.set(null)} position="bottom-start" returnFocus>
      <Menu.Target>
        <span className="command-menu-place" style={{ left: asked.x, top: asked.y }} />
      </Menu.Target>
      {/* What is pressed in it is not pressed on the lanes that it belongs to. */}
      <Menu.Dropdown aria-label={asked.label} onPointerDown={(event) => event.stopPropagation()}>
        {groups.map((actions, place) => (
          <div key={actions[0]!.id}>
            {place > 0 && <Menu.Divider />}
            {actions.map(({ id, title }) => {
              const shortcut = registry.shortcutsOf(id)[0];
              return (
                <Menu.Item
                  key={id}
                  rightSection={shortcut === undefined ? undefined : <Keys shortcut={shortcut} />}
                  onClick={() => registry.run(id)}
                >
                  {title}
                </Menu.Item>
              );
            })}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
