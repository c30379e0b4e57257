import { Menu } from '@mantine/core';
import { useLiveRanges } from '../../../../live/live-provider.tsx';
import { Sign } from '../../../../ground/signs.tsx';
import { useKeyedLanes, useTimeline } from '../use-timeline.tsx';
import { LANE_GROUPS, laneTitle } from './lane-words.ts';
import './keyed.css';

/** What can be keyed with this person and has no lane on the timeline yet. */
export function AddLane({ place }: { readonly place: { readonly top: number; readonly height: number } }) {
  const ranges = useLiveRanges();
  const { shownLanes } = useTimeline();
  const there = new Set(useKeyedLanes().map(({ name }) => name));
  const groups = LANE_GROUPS.map(({ name, lanes }) => ({
    name,
    lanes: lanes.filter((lane) => ranges?.[lane] && !there.has(lane)),
  })).filter(({ lanes }) => lanes.length > 0);
  return (
    <Menu position="right-start" withinPortal>
      <Menu.Target>
        <button
          type="button"
          className="add-lane"
          style={{ top: place.top, height: place.height }}
          aria-label="Add a lane of keyframes"
          title={groups.length > 0 ? 'Add a lane of keyframes' : 'There are lanes once the avatar is open'}
          disabled={groups.length === 0}
        >
          <Sign name="plus" size={12} /> Lane
        </button>
      </Menu.Target>
      <Menu.Dropdown className="lane-menu">
        {groups.map(({ name, lanes }) => (
          <div key={name} role="group" aria-label={name}>
            <Menu.Label>{name}</Menu.Label>
            {lanes.map((lane) => (
              <Menu.Item
                key={lane}
                onClick={() => {
                  const { added, open } = shownLanes.get();
                  shownLanes.set({ added: [...added, lane], open: [...open, lane] });
                }}
              >
                {laneTitle(lane)}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
