import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeLivePicture, type LiveReply, type LiveRequest } from '../../shared/contract/live.ts';
import { decodeLiveSound, type LiveSound } from '../../shared/contract/live-sound.ts';
import { PLAIN_SPEECH, type Take } from '../../shared/domain/take.ts';
import type { LiveEvents } from '../ground/host/index.ts';
import { LiveAvatar, OWN_LOOK } from './live-avatar.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** The host's end of a line: what the window sent on it, and what it is sent. */
class Host {
  readonly sent: LiveRequest[] = [];
  readonly sounds: LiveSound[] = [];
  closed = false;
  readonly events: LiveEvents;
  constructor(events: LiveEvents) {
    this.events = events;
  }
  opened(): void {
    this.events.opened();
  }
  reply(reply: LiveReply): void {
    this.events.message(JSON.stringify(reply));
  }
  ready(): void {
    this.reply({
      type: 'ready',
      width: 2,
      height: 2,
      fps: 25,
      graph: 'fast',
      engineFps: 40,
      checkpoint: null,
      varies: false,
      heardWith: { encoder: 'embedded', notice: null },
      styles: [],
      ranges: {},
    });
  }
  picture(serial: number, frame = 0): void {
    const zeros = (length: number) => new Float32Array(length);
    const message = encodeLivePicture({
      serial,
      frame,
      width: 2,
      height: 2,
      drawMs: 20,
      view: zeros(4),
      expression: zeros(64),
      rotation: zeros(9),
      translation: zeros(3),
      rgba: new Uint8Array(16),
    });
    this.events.message(message.buffer as ArrayBuffer);
  }
  of<Type extends LiveRequest['type']>(type: Type): Extract<LiveRequest, { type: Type }>[] {
    return this.sent.filter((request): request is Extract<LiveRequest, { type: Type }> => request.type === type);
  }
  frames(): number[] {
    return this.of('frame').map(({ frame }) => frame);
  }
}

const hosts: Host[] = [];
function avatarOn(): { avatar: LiveAvatar; host: Host } {
  hosts.length = 0;
  const avatar = new LiveAvatar({
    projectId: 'p',
    height: 360,
    openLine: (events) => {
      const host = new Host(events);
      hosts.push(host);
      return {
        send: (message) =>
          void (typeof message === 'string'
            ? host.sent.push(JSON.parse(message) as LiveRequest)
            : host.sounds.push(decodeLiveSound(new Uint8Array(message)))),
        close: () => (host.closed = true),
      };
    },
  });
  avatar.open();
  return { avatar, host: hosts[0]! };
}
function readyAvatar(): { avatar: LiveAvatar; host: Host } {
  const both = avatarOn();
  both.host.opened();
  both.host.ready();
  return both;
}
const take = (seconds = 2): Take => ({
  version: 2,
  clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds }],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  lanes: {},
  range: null,
  markers: [],
  muted: [],
  solo: [],
  removed: [],
});
const motion = (serial: number, frames = 50): LiveReply => ({
  type: 'motion',
  serial,
  fps: 25,
  frames,
  aperture: Array.from({ length: frames }, () => 0.1),
  pitch: Array.from({ length: frames }, () => null),
});

describe('a live avatar in the window', () => {
  it('is asked for as a film has it as long as that is wanted, again on a line that follows', () => {
    const { avatar, host } = readyAvatar();
    avatar.want(1);
    expect(host.of('look')).toEqual([]);
    const upright = { shape: '9:16', behind: 'none' } as const;
    avatar.setLook(upright);
    avatar.setLook({ ...upright });
    expect(host.of('look')).toEqual([{ type: 'look', ...upright }]);
    expect(host.frames()).toEqual([25, 25]); // the moment that is there, as it is to be now
    host.reply({ type: 'look', shown: false });
    expect(avatar.lookShown).toBe(false);
    host.events.lost();
    vi.advanceTimersByTime(60_000);
    hosts.at(-1)!.opened();
    expect(hosts.at(-1)!.sent.slice(0, 2)).toMatchObject([{ type: 'open' }, { type: 'look', shape: '9:16' }]);
    avatar.setLook(OWN_LOOK);
    expect(hosts.at(-1)!.of('look').at(-1)).toEqual({ type: 'look', shape: 'own', behind: 'own' });
  });

  it('opens its project, says the take, and asks for the moment that is wanted as soon as it can', () => {
    const { avatar, host } = avatarOn();
    avatar.setTake(take());
    avatar.want(1);
    expect([avatar.state.kind, host.sent]).toEqual(['opening', []]);
    host.opened();
    expect(host.sent).toMatchObject([{ type: 'open', projectId: 'p', height: 360 }, { type: 'take' }]);
    host.ready();
    expect(avatar.state).toMatchObject({ kind: 'ready', fps: 25, engineFps: 40 });
    expect(host.frames()).toEqual([25]);
  });

  it('asks for each frame once, and overtakes what waits at once', () => {
    const { avatar, host } = readyAvatar();
    for (const seconds of [0, 0.01, 0.039, 0.04, 0.0799, 3 * (1 / 25)]) avatar.want(seconds);
    expect(host.frames()).toEqual([0, 1, 3]); // 3/25 s is the third frame, whatever the last digit says
  });

  it('asks again for whoever begins to listen: a stage that opens anew has no picture', () => {
    const { avatar, host } = readyAvatar();
    const first = vi.fn<() => void>();
    const forget = avatar.onPicture(first);
    avatar.want(1);
    host.picture(host.of('frame').at(-1)!.serial, 25);
    forget(); // something else is looked at meanwhile
    const second = vi.fn<() => void>();
    avatar.onPicture(second);
    avatar.want(1);
    expect(host.frames()).toEqual([25, 25]);
    host.picture(host.of('frame').at(-1)!.serial, 25);
    expect([first, second].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('while it plays, asks for what will be due when the picture arrives', () => {
    const { avatar, host } = readyAvatar();
    for (let frame = 0; frame < 5; frame++) {
      avatar.want(10 + frame);
      vi.advanceTimersByTime(80);
      host.picture(host.of('frame').at(-1)!.serial);
    }
    avatar.want(2, 1);
    expect(host.frames().at(-1)).toBe(52); // two frames on: 80 ms
    avatar.want(3, -1);
    expect(host.frames().at(-1)).toBe(73);
    avatar.want(3);
    expect(host.frames().at(-1)).toBe(75); // a still picture is the one that was asked for
  });

  it('does not look beyond the end of what is said', () => {
    const { avatar, host } = readyAvatar();
    avatar.setTake(take());
    host.reply(motion(host.of('take')[0]!.serial));
    avatar.want(0);
    vi.advanceTimersByTime(200);
    host.picture(host.of('frame').at(-1)!.serial);
    avatar.want(1.92, 1);
    expect(host.frames().at(-1)).toBe(49);
    avatar.want(2.4);
    expect(host.frames().at(-1)).toBe(60); // unless that is where the playhead is
  });

  it('counts pictures, their delay, and the wishes that were overtaken', () => {
    const { avatar, host } = readyAvatar();
    const seen: number[] = [];
    avatar.onPicture(({ frame }) => seen.push(frame));
    const heard = vi.fn<() => void>();
    avatar.subscribe(heard);
    for (let frame = 0; frame < 4; frame++) avatar.want(frame / 25);
    const [first, , , last] = host.of('frame');
    vi.advanceTimersByTime(30);
    host.picture(first!.serial, 0);
    vi.advanceTimersByTime(20);
    host.picture(last!.serial, 3);
    vi.advanceTimersByTime(250);
    expect(seen).toEqual([0, 3]);
    expect(avatar.figures).toEqual({ fps: 2, delayMs: 50, dropped: 2 });
    expect(heard).toHaveBeenCalledTimes(1);
    const before = avatar.figures;
    vi.advanceTimersByTime(250);
    expect(avatar.figures).toBe(before); // the same until it changes
    vi.advanceTimersByTime(2000);
    expect(avatar.figures.fps).toBe(0);
    expect(vi.getTimerCount()).toBe(0); // nothing runs while nothing comes
  });

  it('sends a take when it rests, and only for what is heard or seen', () => {
    const { avatar, host } = readyAvatar();
    const first = take();
    avatar.setTake(first);
    avatar.setTake({ ...first, markers: [{ id: 'm', at: 1, name: 'here' }], range: { from: 0, to: 1 } });
    avatar.setTake(take(1.5));
    avatar.setTake(take(1.4));
    avatar.setTake(take(1.3));
    vi.advanceTimersByTime(500);
    expect(host.of('take').map(({ take: { clips } }) => clips[0]!.seconds)).toEqual([2, 1.3]);
  });

  it('shows the motion of the newest take only, and asks for its picture again', () => {
    const { avatar, host } = readyAvatar();
    avatar.want(1);
    avatar.setTake(take());
    avatar.setTake(take(1));
    vi.advanceTimersByTime(500);
    const [old, newest] = host.of('take');
    host.reply(motion(old!.serial, 50));
    expect(avatar.motion).toBeNull();
    host.reply(motion(newest!.serial, 25));
    expect(avatar.motion?.aperture).toHaveLength(25);
    expect(host.frames()).toEqual([25, 25]);
  });

  it('comes back after a lost line with its take and its moment', () => {
    const { avatar, host } = readyAvatar();
    avatar.setTake(take());
    avatar.want(1);
    host.events.lost();
    expect(avatar.state.kind).toBe('opening');
    expect(hosts).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    const again = hosts[1]!;
    again.opened();
    again.ready();
    expect(again.sent.map(({ type }) => type)).toEqual(['open', 'take', 'frame']);
    host.picture(1); // what the old line still says is nothing to us
    expect(avatar.figures.dropped).toBe(0);
  });

  it('says why it failed, and tries again less and less often until it is told to', () => {
    const { avatar, host } = avatarOn();
    host.opened();
    host.reply({
      type: 'failed',
      serial: null,
      error: { code: 'bad-bundle', message: 'It is damaged.', hint: 'Train again.' },
    });
    host.events.lost();
    expect(avatar.state).toMatchObject({ kind: 'failed', error: { code: 'bad-bundle' } });
    for (let tries = 0; tries < 3; tries++) {
      vi.advanceTimersByTime(1000 * 2 ** tries - 1);
      expect(hosts).toHaveLength(tries + 1);
      vi.advanceTimersByTime(1);
      hosts.at(-1)!.events.lost();
      expect(avatar.state.kind).toBe('failed'); // no flicker
    }
    avatar.open();
    expect(hosts).toHaveLength(5);
    hosts.at(-1)!.opened();
    hosts.at(-1)!.ready();
    expect(avatar.state.kind).toBe('ready');
  });

  it('keeps what it shows when a take fails, and says so until one works', () => {
    const { avatar, host } = readyAvatar();
    avatar.setTake(take());
    host.reply(motion(host.of('take')[0]!.serial));
    avatar.setTake(take(3));
    vi.advanceTimersByTime(500);
    host.reply({
      type: 'failed',
      serial: host.of('take')[1]!.serial,
      error: { code: 'not-found', message: 'A sound is gone.', hint: 'Add it again.' },
    });
    expect([avatar.state.kind, avatar.problem?.code, avatar.motion?.aperture.length]).toEqual([
      'ready',
      'not-found',
      50,
    ]);
    avatar.setTake(take(1));
    vi.advanceTimersByTime(500);
    host.reply(motion(host.of('take')[2]!.serial, 25));
    expect(avatar.problem).toBeNull();
  });

  it('closed, closes its line and is silent', () => {
    const { avatar, host } = readyAvatar();
    const heard = vi.fn<() => void>();
    avatar.subscribe(heard);
    avatar.want(0);
    avatar.close();
    host.events.lost();
    vi.advanceTimersByTime(60_000);
    expect([host.closed, hosts.length, heard.mock.calls.length]).toEqual([true, 1, 0]);
    avatar.open(); // and may be opened again
    hosts[1]!.opened();
    hosts[1]!.ready();
    expect(hosts[1]!.frames()).toEqual([0]);
  });
});
