import { SegmentedControl } from '@mantine/core';
import { leaveToKeyboard } from '../../ground/keep-focus.ts';
import { go, STEPS, type Step } from '../../ground/route.ts';

export const STEP_NAMES: Readonly<Record<Step, string>> = {
  source: 'Source',
  train: 'Train',
  perform: 'Perform',
  export: 'Export',
};

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
