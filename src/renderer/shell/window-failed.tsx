import { faultReport } from '../ground/faults.ts';

/** In place of the whole window, and made of nothing that could have failed with it. */
export function WindowFailed({ error }: { readonly error: unknown }) {
  const report = faultReport(error, 'window');
  return (
    <div className="window-failed" role="alert">
      <h1>The window stopped working.</h1>
      <p>
        Edits are saved as they are made, and jobs go on. Reload the window; if it keeps happening, copy a report for
        whoever looks after Likeness.
      </p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>{' '}
        <button type="button" onClick={() => void navigator.clipboard.writeText(report).catch(() => undefined)}>
          Copy a report
        </button>
      </p>
      <details className="detail">
        <summary>Technical detail</summary>
        <pre>{report}</pre>
      </details>
    </div>
  );
}
