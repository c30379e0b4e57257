import { SegmentedControl } from '@mantine/core';
import { go, STEPS, type Step } from './route.ts';

export const STEP_NAMES: Readonly<Record<Step, string>> = { source: 'Source', train: 'Train', perform: 'Perform', export: 'Export' };

/** The way a project goes, and where on it one is. */
export function Steps({ projectId, step }: { readonly projectId: string; readonly step: Step }) {
  return (
    <nav className="steps" aria-label="Steps of the work">
      <SegmentedControl
        size="sm"
        aria-label="Step"
        value={step}
        data={STEPS.map((value) => ({ value, label: STEP_NAMES[value] }))}
        onChange={(value) => {
          leaveToKeyboard();
          go({ kind: 'project', id: projectId, step: value as Step });
        }}
      />
    </nav>
  );
}

/** After a click Space and the arrows mean the playhead again; somebody who moves by keyboard stays where they are. */
function leaveToKeyboard(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && !focused.matches(':focus-visible')) focused.blur();
}
