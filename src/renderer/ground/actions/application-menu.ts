import { inDialog, takesText } from './keyboard.ts';
import { actions } from './registry.ts';

/** What a text field with the focus undoes itself. */
const OF_TEXT: Readonly<Record<string, string>> = { 'edit.undo': 'undo', 'edit.redo': 'redo' };

/** Electron's application menu names actions of this window; in a browser there is none. */
export function followApplicationMenu(): void {
  window.likeness?.onAction((id) => {
    const ofText = OF_TEXT[id];
    if (ofText === undefined) return actions.run(id);
    if (takesText(document.activeElement)) document.execCommand(ofText);
    else if (!inDialog()) actions.run(id);
  });
}
