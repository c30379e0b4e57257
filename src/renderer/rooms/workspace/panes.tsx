import { useState, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import './panes.css';

/** Viewer and inspector side by side, the timeline below; how they share the window is remembered on this computer. */
export function Panes({
  viewer,
  inspector,
  timeline,
}: {
  readonly viewer: ReactNode;
  readonly inspector: ReactNode;
  readonly timeline: ReactNode;
}) {
  const rows = useDefaultLayout({ id: 'workspace-rows', storage: localStorage, onlySaveAfterUserInteractions: true });
  const columns = useDefaultLayout({
    id: 'workspace-columns',
    storage: localStorage,
    onlySaveAfterUserInteractions: true,
  });
  const [height] = useState(timelineHeight);
  return (
    <Group
      id="workspace-rows"
      orientation="vertical"
      defaultLayout={rows.defaultLayout}
      onLayoutChanged={rows.onLayoutChanged}
    >
      <Panel id="upper" minSize={180}>
        <Group
          id="workspace-columns"
          orientation="horizontal"
          defaultLayout={columns.defaultLayout}
          onLayoutChanged={columns.onLayoutChanged}
        >
          <Panel id="viewer" minSize={280}>
            {viewer}
          </Panel>
          <Separator className="pane-edge" aria-label="Width of the inspector" />
          <Panel id="inspector" defaultSize={380} minSize={300} maxSize={640} groupResizeBehavior="preserve-pixel-size">
            {inspector}
          </Panel>
        </Group>
      </Panel>
      <Separator className="pane-edge" aria-label="Height of the timeline" />
      <Panel id="timeline" defaultSize={height} minSize={150} groupResizeBehavior="preserve-pixel-size">
        {timeline}
      </Panel>
    </Group>
  );
}

/** All lanes at their least in a small window, and some of what a large one has more. */
const timelineHeight = (): number => Math.min(420, Math.max(266, 0.3 * window.innerHeight));
