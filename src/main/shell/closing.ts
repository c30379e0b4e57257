/** What closing would cut short, and that it can be taken up again; undefined when nothing is at work. */
export function closingQuestion(jobs: number): { readonly message: string; readonly detail: string } | undefined {
  if (jobs === 0) return undefined;
  return {
    message: jobs === 1 ? 'A job is still running.' : `${jobs} jobs are still running.`,
    detail:
      'If you close Likeness now they stop, and can be resumed next time. A training goes on from its last checkpoint.',
  };
}
