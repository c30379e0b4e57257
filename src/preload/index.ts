import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  ACTION,
  type Bridge,
  CONNECT,
  LISTENING,
  LIVE,
  type Opened,
  OPENED,
  OUTSIDE,
} from '../shared/contract/bridge.ts';

const bridge: Bridge = {
  pathForFile: (file) => webUtils.getPathForFile(file),
  onAction: (listener) => {
    ipcRenderer.on(ACTION, (_event, id: unknown) => {
      if (typeof id === 'string') listener(id);
    });
  },
  onOpen: (listener) => {
    const relay = (_event: unknown, opened: Opened): void => listener(opened);
    ipcRenderer.on(OPENED, relay);
    ipcRenderer.send(LISTENING);
    return () => void ipcRenderer.off(OPENED, relay);
  },
  openWindow: (address) => ipcRenderer.send(OUTSIDE, address),
};
contextBridge.exposeInMainWorld('likeness', bridge);

// A port cannot pass the context bridge; a message of the window to itself carries it here, under the name of its line.
window.addEventListener('message', ({ source, origin, data, ports }) => {
  if (source === window && origin === location.origin && (data === CONNECT || data === LIVE) && ports[0])
    ipcRenderer.postMessage(data, null, [ports[0]]);
});
