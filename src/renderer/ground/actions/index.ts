/** Every command of the window, what it is called, and the keys for it. */
export { type Action, type ActionName, actions, ActionRegistry, type OwnShortcuts } from './registry.ts';
export { useActionRegistry, useActions } from './use-actions.ts';
export { followApplicationMenu } from './application-menu.ts';
export { useKeyboard } from './keyboard.ts';
export { keysOf, parseShortcut, strokesOf } from './shortcut.ts';
