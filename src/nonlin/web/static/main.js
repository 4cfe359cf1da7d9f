/**
 * The playground's front end: `render({ model, el })` draws the whole page into `el` and talks through `model`, which is a
 * notebook's widget or, on the page, a channel to the server with the same two methods.
 * @typedef {import("./protocol.js").Model} Model
 * @typedef {import("./protocol.js").View} View
 * @typedef {import("./protocol.js").Content} Content
 * @typedef {import("./protocol.js").Context} Context
 */
import { FIRST_VIEW, unpack } from "./protocol.js";
import { readAddress } from "./address.js";
import { createChannel } from "./channel.js";
import { OWN_TABLE } from "./data.js";
import { createHistory } from "./losses.js";
import { createPage } from "./page.js";
import { createVoice } from "./voice.js";
import { createWishes } from "./wishes.js";

/** Where a tab keeps the name of its session. */
const MEMORY = "nonlin-session";

/** View keys that the server must know to make a frame. */
const ASKED_FOR = ["focus", "layer", "pair", "panel"];

/** @param {View} view what of the view a frame depends on */
function frameView({ focus, layer, pair, panel }) {
  return { focus, layer, pair, panels: panel === "hidden" ? ["hidden"] : ["spread"] }; // φ's own panel marks where z lies
}

/** Answers that are awaited, by their number. @param {(content: Content, buffer?: ArrayBuffer | null) => void} send */
function createQuestions(send) {
  const open = /** @type {Map<number, {resolve: (answer: any) => void, reject: (reason: string) => void}>} */ (new Map());
  let count = 0;
  return {
    /** @param {Content} content @param {ArrayBuffer | null} [buffer] */
    ask: (content, buffer) => new Promise((resolve, reject) => {
      open.set(++count, { resolve, reject });
      send({ ...content, id: count }, buffer);
    }),
    /** @param {import("./protocol.js").Answer} answer @returns {boolean} whether somebody waited for it */
    settle(answer) {
      const { id, say, message } = answer.content, question = open.get(id);
      if (!question) return false;
      open.delete(id);
      if (say === "refused") question.reject(message);
      else question.resolve(answer);
      return true;
    },
    drop() {
      for (const { reject } of open.values()) reject("The server has stopped; try again when it is back.");
      open.clear();
    },
  };
}

/** @param {boolean} page @returns {Model} */
function firstModel(page) {
  const view = page ? readAddress(location.hash).view : {};
  return {
    hello: null, state: null, scene: null, frame: null, catalogue: null, history: [], connection: "open", refusal: null, wanted: () => ({}),
    view: { ...FIRST_VIEW, ...view },
  };
}

/** @param {{model: any, el: HTMLElement}} host */
function render({ model: channel, el }) {
  const page = el.id === "nonlin-page";
  const model = firstModel(page), voice = createVoice(), history = createHistory(), wishes = createWishes();
  model.history = history.rows;
  model.wanted = () => wishes.over(model.state?.settings ?? {});
  let waiting = false, drawing = 0, stamp = 0, lostTable = /** @type {{file: string, target: string, settings: Record<string, any>} | null} */ (null), sentAgain = lostTable;

  const send = (/** @type {Content} */ content, /** @type {ArrayBuffer | null} */ buffer = null) => {
    if (content.do === "set") wishes.note(content.values);
    channel.send(content, undefined, buffer ? [buffer] : undefined);
  };
  const questions = createQuestions(send);
  const context = /** @type {Context} */ ({ send, ask: questions.ask, setView, announce: voice.announce, toast: voice.toast, host: el, page });
  const parts = createPage(context, voice);
  el.classList.add("nonlin-play");
  el.replaceChildren(parts.root);

  function askFrame() {
    if (!model.hello) return;
    waiting = true;
    send({ do: "frame", view: frameView(model.view) });
  }

  /** Draws once before the next repaint, however much has come. */
  function soon() {
    if (!drawing) drawing = requestAnimationFrame(() => {
      drawing = 0;
      // Asked before drawing, the server makes the next frame meanwhile; a hidden tab draws nothing and so asks for nothing.
      if (!waiting) askFrame();
      voice.update(model);
      parts.update(model);
    });
  }

  /** @param {Partial<View>} patch */
  function setView(patch) {
    const before = JSON.stringify(frameView(model.view));
    model.view = { ...model.view, ...patch };
    if (ASKED_FOR.some((key) => key in patch) && JSON.stringify(frameView(model.view)) !== before) askFrame();
    soon();
  }

  function open() {
    const settings = page ? readAddress(location.hash).settings : {};
    send({ do: "open", settings, session: page ? sessionStorage.getItem(MEMORY) : null });
  }

  /** @param {any} hello */
  function greeted(hello) {
    const isNew = model.hello?.session !== hello.session, table = lostTable;
    lostTable = null;
    model.hello = hello;
    waiting = false;
    if (page) sessionStorage.setItem(MEMORY, hello.session);
    if (isNew && table && parts.upload.again(table.target)) sentAgain = table;
    else if (isNew && table) voice.toast(`The server has forgotten ${table.file}. Drop the file here again.`);
  }

  const heard = /** @type {Record<string, (answer: import("./protocol.js").Answer) => void>} */ ({
    hello: ({ content }) => greeted(content),
    state({ content }) {
      model.state = /** @type {any} */ (content);
      wishes.settle(content.settings);
      model.refusal = null;
      // A server that started anew knows the table again, but not yet what was made of it.
      if (sentAgain && content.settings.data === OWN_TABLE) {
        send({ do: "set", values: sentAgain.settings });
        sentAgain = null;
      }
      if (!sentAgain) model.connection = "open"; // only now does the server know what the page shows
      if (!waiting) askFrame();
    },
    scene({ content, arrays }) { model.scene = { ...content, arrays, stamp: ++stamp }; },
    frame({ content, arrays }) {
      waiting = false;
      model.frame = /** @type {any} */ ({ ...content, arrays });
      history.take(/** @type {any} */ (model.frame));
      if (model.state) model.state.running = Boolean(content.running);
    },
    catalogue({ content, arrays }) { model.catalogue = /** @type {any} */ ({ ...content, arrays }); },
    refused({ content }) {
      if (sentAgain) model.connection = "open";
      sentAgain = null;
      wishes.drop();
      model.refusal = { key: content.key ?? "", message: content.message };
      if (content.key) voice.announce(content.message);
      if (!content.key || !parts.shows(content.key)) voice.toast(content.message);
    },
    note({ content }) {
      if (!sentAgain) voice.toast(content.message); // what it misses is on its way already
    },
    stopped({ content }) {
      if (model.state) model.state.running = false;
      if (model.frame) model.frame.running = false;
      voice.toast(content.message);
    },
  });

  const onMessage = (/** @type {Content} */ content, /** @type {any[]} */ buffers) => {
    const answer = unpack(content, buffers?.[0]);
    if (!questions.settle(answer)) heard[content.say]?.(answer);
    soon();
  };
  /** The table that is shown, and all that was chosen, for a server that may have to be told again. */
  function tableShown() {
    const { scene, settings } = model.state ?? {};
    return scene?.file && settings?.data === OWN_TABLE ? { file: scene.file, target: scene.target, settings } : null;
  }

  const onConnection = (/** @type {string} */ connection) => {
    if (connection === "lost") {
      lostTable ??= sentAgain ?? tableShown();
      sentAgain = null;
      questions.drop();
      wishes.drop();
      model.connection = connection;
    } else open();
    soon();
  };
  channel.on("msg:custom", onMessage);
  channel.on("connection", onConnection);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
  const sized = new ResizeObserver(soon); // curves are as wide as there is room
  sized.observe(el);
  if (!page) open();
  soon();
  // A notebook calls this when the cell's output goes.
  return () => {
    channel.off("msg:custom", onMessage);
    channel.off("connection", onConnection);
    sized.disconnect();
    cancelAnimationFrame(drawing);
  };
}

/** On the page itself there is no notebook to call `render`. */
function startPage() {
  const el = document.querySelector("#nonlin-page");
  if (!(el instanceof HTMLElement)) return;
  const address = new URL("ws", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.hash = address.search = "";
  render({ model: createChannel(address.href), el });
}

if (typeof document !== "undefined") startPage();

export default { render };
