import { SegmentedControl } from '@mantine/core';
import { go, STEP_NAMES, STEPS, type Step } from '../../ground/route.ts';

/** The way a project goes, and where on it one is. */
export function Steps({ projectId, step }: { readonly projectId: string; readonly step: Step }) {
  return (
    <nav className="steps" aria-label="Steps of the work">
      <SegmentedControl
        size="sm"
        aria-label="Step"
        value={step}
        data={STEPS.map((value) => ({ value, label: STEP_NAMES[value] }))}
        onChange={(value) => go({ kind: 'project', id: projectId, step: value as Step })}
      />
    </nav>
  );
}
