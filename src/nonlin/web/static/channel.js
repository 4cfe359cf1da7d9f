/**
 * The page's stand-in for a notebook's widget model: the same `send` and `on`, over one WebSocket that comes back by itself.
 * @typedef {(...news: any[]) => void} Listener
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

/** A binary frame: header length, header, zeros to a multiple of eight, the buffer. @param {object} content @param {ArrayBuffer} buffer */
export function packFrame(content, buffer) {
  const header = new TextEncoder().encode(JSON.stringify(content));
  const start = Math.ceil((4 + header.length) / 8) * 8;
  const frame = new Uint8Array(start + buffer.byteLength);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, 4);
  frame.set(new Uint8Array(buffer), start);
  return frame;
}

/** @param {ArrayBuffer} frame @returns {{content: any, buffer: DataView}} */
export function unpackFrame(frame) {
  const length = new DataView(frame).getUint32(0, true);
  const content = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length)));
  return { content, buffer: new DataView(frame, Math.ceil((4 + length) / 8) * 8) };
}

/** @param {string} address @returns {{send: Function, on: Function, off: Function}} */
export function createChannel(address) {
  const listeners = /** @type {Map<string, Set<Listener>>} */ (new Map());
  let socket = /** @type {WebSocket | null} */ (null);
  let wait = FIRST_WAIT;

  const emit = (/** @type {string} */ event, /** @type {any[]} */ ...news) => {
    for (const listener of listeners.get(event) ?? []) listener(...news);
  };

  function connect() {
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      wait = FIRST_WAIT;
      emit("connection", "open");
    };
    socket.onmessage = (event) => {
      if (typeof event.data === "string") return emit("msg:custom", JSON.parse(event.data), []);
      const { content, buffer } = unpackFrame(event.data);
      emit("msg:custom", content, [buffer]);
    };
    socket.onclose = () => {
      emit("connection", "lost");
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  }
  // The first connection waits for the page to have its listeners.
  setTimeout(connect, 0);

  return {
    send(/** @type {object} */ content, /** @type {any} */ _callbacks, /** @type {ArrayBuffer[] | undefined} */ buffers) {
      // What is said while the server is away is lost: `open` tells it everything when it is back.
      if (socket?.readyState !== WebSocket.OPEN) return;
      socket.send(buffers?.length ? packFrame(content, buffers[0]) : JSON.stringify(content));
    },
    on(/** @type {string} */ event, /** @type {Listener} */ listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event)?.add(listener);
    },
    off(/** @type {string} */ event, /** @type {Listener} */ listener) {
      listeners.get(event)?.delete(listener);
    },
  };
}
