import { Menu } from '@mantine/core';
import { useActionRegistry } from '../../../../ground/actions/index.ts';
import { Keys } from '../../../../ground/actions/keys.tsx';

const ITEMS = [
  ['keys.add', 'keys.all', 'keys.copy', 'keys.paste', 'keys.stretch', 'timeline.delete'],
  ['keys.smooth', 'keys.linear', 'keys.hold'],
  ['lane.mute', 'lane.solo', 'lane.clear'],
] as const;

/** What can be done with the keyframes and the lane in hand, where the pointer is. */
export function KeyMenu({
  at,
  onClose,
}: {
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}) {
  const actions = useActionRegistry();
  const offered = new Map(actions.offered().map((action) => [action.id, action]));
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal returnFocus>
      <Menu.Target>
        <span className="key-menu-place" style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      {/* What is pressed in it is not pressed on the lanes that it belongs to. */}
      <Menu.Dropdown aria-label="Keyframes" onPointerDown={(event) => event.stopPropagation()}>
        {ITEMS.map((group, place) => (
          <div key={group[0]}>
            {place > 0 && <Menu.Divider />}
            {group.map((id) => {
              const action = offered.get(id);
              const shortcut = actions.shortcutsOf(id)[0];
              return (
                action && (
                  <Menu.Item
                    key={id}
                    rightSection={shortcut === undefined ? undefined : <Keys shortcut={shortcut} />}
                    onClick={() => actions.run(id)}
                  >
                    {action.title}
                  </Menu.Item>
                )
              );
            })}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
