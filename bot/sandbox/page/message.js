// Draws one message. A new kind of content is one row in CONTENT; a new kind of inline button one row in BUTTONS.

import { offerActions } from "./actions.js";
import { element } from "./element.js";
import { fileUrl } from "./wire.js";

const KIB = 1024;
const BIGGEST_KEPT = 20 * KIB * KIB;

const CONTENT = [
  ["forward_origin", drawOrigin],
  ["photo", drawPhoto],
  ["video", drawVideo],
  ["voice", drawVoice],
  ["document", drawDocument],
  ["contact", drawContact],
  ["text", (text, message, acts) => drawText(text, message.entities, acts)],
  ["caption", (text, message, acts) => drawText(text, message.caption_entities, acts)],
];

const BUTTONS = [
  ["callback_data", (button, element, message, acts) => {
    element.dataset.callback = button.callback_data;
    element.addEventListener("click", () => acts.tap(message, button, element));
  }],
  ["url", (button, element) => {
    element.addEventListener("click", () => window.open(webAddress(button.url), "_blank", "noopener"));
  }],
];

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "code" };

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

export const day = (seconds) =>
  new Date(seconds * 1000).toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" });

/** Draw a message; `acts` holds tap(message, button, element), say(text), view(url), edit, forward and remove(message). */
export function drawMessage(message, acts) {
  const mine = !message.from.is_bot;
  const row = element("article", { className: `message ${mine ? "mine" : "theirs"}` });
  row.dataset.messageId = message.message_id;
  if (message.media_group_id) row.dataset.album = message.media_group_id;
  row.dataset.from = mine ? "person" : "bot";
  row.setAttribute("aria-label", mine ? "我" : message.from.first_name);
  const bubble = element("div", { className: "bubble" });
  const known = CONTENT.filter(([field]) => field in message);
  bubble.append(...known.map(([field, draw]) => draw(message[field], message, acts)));
  if (!known.length) bubble.append(element("p", { className: "text unknown", textContent: "［这里还显示不了的消息］" }));
  bubble.append(drawFoot(message));
  row.append(bubble);
  const rows = message.reply_markup?.inline_keyboard;
  if (rows) row.append(drawKeyboard(rows, message, acts));
  if (mine) offerActions(row, message, acts);
  return row;
}

function drawFoot(message) {
  const time = element("time", { textContent: clock(message.date), dateTime: new Date(message.date * 1000).toISOString() });
  const foot = element("span", { className: "foot" });
  if (message.edit_date) foot.append(element("span", { className: "edited", textContent: "已编辑" }));
  foot.append(time);
  return foot;
}

function drawKeyboard(rows, message, acts) {
  const keyboard = element("div", { className: "inline-keyboard" });
  keyboard.setAttribute("role", "group");
  keyboard.setAttribute("aria-label", "请选择");
  keyboard.append(...rows.map((buttons) =>
    element("div", { className: "button-row" }, ...buttons.map((button) => drawButton(button, message, acts)))));
  return keyboard;
}

function drawButton(button, message, acts) {
  const made = element("button", { type: "button", className: "inline-button", textContent: button.text });
  made.dataset.button = button.text;
  const known = BUTTONS.find(([field]) => field in button);
  if (known) known[1](button, made, message, acts);
  else made.disabled = true;
  return made;
}

function drawOrigin(origin) {
  const name = origin.sender_user?.first_name ?? origin.sender_user_name ?? "";
  const shown = element("p", { className: "origin", textContent: `转发自 ${name}` });
  shown.dataset.testid = "origin";
  return shown;
}

function drawVideo(video, message) {
  const shown = element("video", { className: "video", src: fileUrl(video.file_id), controls: true, preload: "metadata" });
  shown.setAttribute("aria-label", message.caption || "视频");
  shown.dataset.testid = "video";
  return shown;
}

function drawVoice(voice) {
  const shown = element("p", { className: "voice" },
    element("audio", { src: fileUrl(voice.file_id), controls: true, preload: "none", ariaLabel: "语音" }),
    element("span", { className: "length", textContent: `${voice.duration} 秒` }));
  shown.dataset.testid = "voice";
  return shown;
}

function drawContact(contact) {
  const name = [contact.last_name, contact.first_name].filter(Boolean).join("");
  const shown = element("p", { className: "contact" },
    element("span", { className: "avatar", textContent: [...name][0] ?? "", ariaHidden: "true" }),
    element("span", { className: "about" },
      element("strong", { textContent: name }),
      element("span", { className: "size", textContent: contact.phone_number })));
  shown.dataset.testid = "contact";
  return shown;
}

function drawPhoto(sizes, message, acts) {
  const largest = sizes.at(-1);
  const image = element("img", {
    src: fileUrl(largest.file_id), alt: message.caption || "照片", width: largest.width, height: largest.height, loading: "lazy",
  });
  const open = element("button", { type: "button", className: "photo", ariaLabel: "放大照片" }, image);
  open.dataset.testid = "photo";
  open.addEventListener("click", () => acts.view(image.src));
  image.addEventListener("error", () => open.classList.add("unseen"));
  return open;
}

function drawDocument(file) {
  const name = file.file_name || "文件";
  const kept = file.file_size <= BIGGEST_KEPT; // of anything bigger only the size is known here
  const target = kept ? { href: fileUrl(file.file_id), download: name } : {};
  const link = element(kept ? "a" : "div", { className: "document", ...target },
    element("span", { className: "kind", textContent: name.includes(".") ? name.split(".").pop().slice(0, 4) : "文件", ariaHidden: "true" }),
    element("span", { className: "about" },
      element("span", { className: "file-name", textContent: name }),
      element("span", { className: "size", textContent: readableSize(file.file_size) })));
  link.dataset.testid = "document";
  return link;
}

function readableSize(bytes) {
  if (bytes < KIB) return `${bytes} 字节`;
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(1)} KB`;
  return `${(bytes / KIB / KIB).toFixed(1)} MB`;
}

function drawText(text, entities, acts) {
  const shown = element("p", { className: "text" });
  let at = 0;
  for (const entity of [...(entities ?? [])].sort((one, other) => one.offset - other.offset)) {
    if (entity.offset < at) continue;
    shown.append(text.slice(at, entity.offset));
    at = entity.offset + entity.length;
    shown.append(drawEntity(entity, text.slice(entity.offset, at), acts));
  }
  shown.append(text.slice(at));
  return shown;
}

function drawEntity(entity, text, acts) {
  if (entity.type === "bot_command") {
    const command = element("button", { type: "button", className: "command", textContent: text });
    command.addEventListener("click", () => acts.say(text));
    return command;
  }
  if (entity.type === "url" || entity.type === "text_link") {
    return element("a", { href: webAddress(entity.url ?? text), target: "_blank", rel: "noopener", textContent: text });
  }
  return entity.type in TAGS ? element(TAGS[entity.type], { textContent: text }) : document.createTextNode(text);
}

function webAddress(address) {
  return /^https?:\/\//i.test(address) ? address : "about:blank";
}
