import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections that may ask for anything. */
  readonly max: number;
  /** More on top of them, that are told about health alone. */
  readonly reserve: number;
}

interface Connection {
  readonly socket: Socket;
  /** It came when all others were taken by requests under way. */
  readonly reserved: boolean;
  hasAsked: boolean;
  requestsUnderWay: number;
}

/** So many of those that have not asked yet are heard before one of them has to go for the next. */
const heard = 16;

/**
 * Who is connected, oldest first. When there is no room, the oldest connection that has sent no whole request goes, then the one
 * that has been idle for longest; only a request under way keeps its place. So a newcomer always gets a hearing (a few are
 * left time to ask even when all others are idle), and whoever connects without asking takes room from others of that kind alone.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #byPeer = new Map<string, Connection>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** A connection was made. */
  opened(socket: Socket): void {
    const peer = peerOf(socket);
    if (this.#byPeer.size >= this.#limits.max) this.#evict();
    if (this.#byPeer.size >= this.#limits.max + this.#limits.reserve) {
      socket.destroy();
      return;
    }
    // Who takes the place of one in the reserve is in the reserve, too.
    const reserved = this.#byPeer.size >= this.#limits.max;
    const connection = { socket, reserved, hasAsked: false, requestsUnderWay: 0 };
    this.#byPeer.set(peer, connection);
    socket.once('close', () => {
      if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
    });
  }

  /** A request has come, whole but for its body. `socket` may be the encrypted one around what was opened. */
  requested(socket: Socket): { readonly reserved: boolean; readonly ended: () => void } {
    const peer = peerOf(socket);
    const connection = this.#byPeer.get(peer);
    if (connection === undefined) return { reserved: false, ended: () => undefined };
    connection.hasAsked = true;
    connection.requestsUnderWay += 1;
    const ended = (): void => {
      connection.requestsUnderWay -= 1;
      if (this.#byPeer.get(peer) !== connection) return;
      // Its place in the order is that of its last request.
      this.#byPeer.delete(peer);
      this.#byPeer.set(peer, connection);
    };
    const reserved = connection.reserved && this.#byPeer.size > this.#limits.max;
    return { reserved, ended };
  }

  #evict(): void {
    const all = [...this.#byPeer];
    const silent = all.filter(([, { hasAsked }]) => !hasAsked);
    const idle = all.find(
      ([, { hasAsked, requestsUnderWay }]) => hasAsked && requestsUnderWay === 0,
    );
    const found = silent.length > heard ? silent[0] : (idle ?? silent[0]);
    if (found === undefined) return;
    const [peer, { socket }] = found;
    this.#byPeer.delete(peer);
    socket.destroy();
  }
}

/** Tells open connections apart; the same for a socket and the TLS around it. */
function peerOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
