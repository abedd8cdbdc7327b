// One person's chat: the log, the reply keyboard, the line to write in. What happens goes through HAPPENINGS.

import { agreesToShare, writeCard } from "./contact.js";
import { element } from "./element.js";
import { day, drawMessage } from "./message.js";
import { popup } from "./popup.js";
import { offerUploads } from "./upload.js";
import * as wire from "./wire.js";

const NEAR_END = 80;
const TOAST_MS = 4000;
const TYPING_MS = 5000;
const WAIT_FOR_ANSWER_MS = 30000;
const REFUSALS = {
  no_such_button: "这个按钮已经失效了",
  not_a_picture: "这不是图片，请作为文件发送",
  caption_too_long: "说明太长了",
  text_too_long: "文字太长了",
  not_editable: "这条消息不能修改了",
  unknown_message: "这条消息已经删除了",
  protected: "这条消息不能转发",
  no_phone: "没有可以发送的手机号",
  too_big: "文件太大了，最大 2 GB",
};

const HAPPENINGS = {
  message: (column, message) => column.add(message),
  edit: (column, message) => column.change(message),
  delete: (column, { message_id: id }) => column.remove(id),
  keyboard: (column, { keyboard }) => column.showKeys(keyboard),
  toast: (column, toast) => column.answer(toast),
  typing: (column) => column.typing(),
  commands: (column, { commands }) => column.showCommands(commands),
};

// What pressing a key of the reply keyboard asks first, and does; a plain key types its label.
const KEYS = [
  ["request_contact", (column) => agreesToShare(column.person), (column) => column.share({ by_key: true })],
];

const COLOURS = ["#c4514b", "#3a7fc1", "#3f9142", "#9b5ab5", "#b8741a", "#2c8c8c"];

export const colourOf = (person) => COLOURS[person.id % COLOURS.length];
export const initialOf = (person) => [...person.first_name][0] ?? "?";

export class Column {
  constructor(person, { closed }) {
    this.person = person;
    this.element = document.getElementById("column-template").content.firstElementChild.cloneNode(true);
    this.element.dataset.person = person.id;
    this.element.setAttribute("aria-label", `${person.first_name}的聊天`);
    this.log = this.find(".log");
    this.input = this.find("textarea");
    this.waiting = new Map();
    this.answered = new Map();
    this.acts = {
      say: (text) => this.say(text),
      tap: (message, button, pressed) => this.tap(message, button, pressed),
      view: (url) => view(url),
      edit: (message) => this.beginEdit(message),
      forward: (message) => this.try(wire.forward(person.id, message.message_id)),
      remove: (message) => this.try(wire.remove(person.id, message.message_id)),
    };
    this.drawHead(closed);
    this.listen();
    this.closeCommands = popup(this.element, this.find(".slash"), this.find(".offered"));
    offerUploads(this.element, {
      files: (files, fields) => this.try(wire.upload(person.id, files, fields)),
      card: () => this.sendCard(),
    });
  }

  find(selector) { return this.element.querySelector(selector); }

  /** Show a chat as the API gives it. */
  load({ messages, keyboard, commands }) {
    this.log.replaceChildren();
    this.lastDay = "";
    for (const message of messages) this.append(message);
    this.showKeys(keyboard);
    this.showCommands(commands);
    this.showStart();
    this.toEnd();
  }

  happened(kind, data) { HAPPENINGS[kind](this, data); }

  // what the bot does

  add(message) {
    this.append(message).classList.add("new");
    this.stopTyping();
    this.showStart();
    if (this.follows || !message.from.is_bot) this.toEnd();
    else this.find(".down").hidden = false;
  }

  change(message) {
    this.message(message.message_id)?.replaceWith(drawMessage(message, this.acts));
    if (this.follows) this.toEnd();
  }

  remove(id) { this.message(id)?.remove(); }

  showKeys(keyboard) {
    this.keyboard = keyboard;
    const keys = this.find(".keys");
    keys.replaceChildren(...(keyboard?.keyboard ?? []).map((row) =>
      element("div", { className: "button-row" }, ...row.map((key) => this.drawKey(key)))));
    this.input.placeholder = keyboard?.input_field_placeholder || "输入消息";
    this.openKeys(Boolean(keyboard));
  }

  showCommands(commands) {
    this.find(".offer").hidden = !commands.length;
    this.find(".offered").replaceChildren(...commands.map((command) => this.drawCommand(command)));
  }

  answer({ query_id: id, text, show_alert: alert }) {
    this.waiting.get(id)?.();
    if (!this.waiting.delete(id)) this.answered.set(id, true);
    if (text && alert) showAlert(text);
    else if (text) this.toast(text);
  }

  typing() {
    this.find(".role").textContent = "对方正在输入…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_MS);
  }

  stopTyping() { this.find(".role").textContent = this.person.role; }

  // what the person does

  say(text) { return this.try(wire.say(this.person.id, text)); }

  async tap(message, button, pressed) {
    const stop = () => pressed.removeAttribute("aria-busy");
    pressed.setAttribute("aria-busy", "true");
    setTimeout(stop, WAIT_FOR_ANSWER_MS);
    const tapped = await this.try(wire.tap(this.person.id, message.message_id, button.callback_data));
    if (!tapped || this.answered.delete(tapped.query_id)) stop();
    else this.waiting.set(tapped.query_id, stop);
  }

  async send() {
    const text = this.input.value;
    if (!text.trim()) return;
    const edited = this.edited;
    if (edited) this.endEdit();
    this.write("");
    const act = edited ? this.try(wire.edit(this.person.id, edited.message_id, text)) : this.say(text);
    if ((await act) || this.input.value) return;
    if (edited) this.beginEdit(edited);
    this.write(text);
  }

  async press(key) {
    const [, ask, act] = KEYS.find(([field]) => key[field]) ?? [];
    if (ask && !(await ask(this, key))) return;
    if (this.keyboard?.one_time_keyboard) this.openKeys(false);
    await (act ? act(this, key) : this.say(key.text));
  }

  share(shared) { return this.try(wire.contact(this.person.id, shared)); }

  async sendCard() {
    const shared = await writeCard(this.person);
    if (shared) await this.share(shared);
  }

  beginEdit(message) {
    this.edited = message;
    this.find(".editing").hidden = false;
    this.write(message.text ?? message.caption ?? "");
    this.input.focus();
  }

  endEdit() {
    this.edited = null;
    this.find(".editing").hidden = true;
    this.write("");
  }

  /** Await an act; a refusal is shown, and gives undefined. */
  async try(act) {
    try {
      return await act;
    } catch (error) {
      this.toast(REFUSALS[error.message] ?? "没有发出去，请再试一次");
      return undefined;
    }
  }

  // how it looks

  drawHead(closed) {
    const { first_name: name, role, hint } = this.person;
    this.find(".avatar").textContent = initialOf(this.person);
    this.find(".avatar").style.background = colourOf(this.person);
    this.find(".name").textContent = name;
    this.find(".role").textContent = role;
    this.find(".hint").textContent = hint;
    this.find(".hint").hidden = !hint;
    this.find(".close").addEventListener("click", closed);
  }

  listen() {
    this.find(".composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener("input", () => this.fit());
    this.find(".end-edit").addEventListener("click", () => this.endEdit());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.edited) this.endEdit();
      // while Chinese is being composed, Enter picks a word
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.send();
    });
    this.find(".start").addEventListener("click", () => this.say("/start"));
    this.find(".keyboard").addEventListener("click", () => this.openKeys(this.find(".keys").hidden));
    this.find(".down").addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => {
      this.follows = this.isNearEnd();
      if (this.follows) this.find(".down").hidden = true;
    });
    new ResizeObserver(() => { if (this.follows) this.toEnd(); }).observe(this.log);
  }

  drawKey(key) {
    const made = element("button", { type: "button", className: "key", textContent: key.text });
    made.dataset.key = key.text;
    made.addEventListener("click", () => this.press(key));
    return made;
  }

  drawCommand({ command, description }) {
    const item = element("button", { type: "button", className: "offered-command" },
      element("span", { textContent: description }), element("code", { textContent: `/${command}` }));
    item.dataset.command = command;
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => { this.closeCommands(false); this.say(`/${command}`); });
    return item;
  }

  append(message) {
    const date = day(message.date);
    if (date !== this.lastDay) this.log.append(element("p", { className: "day", textContent: date }));
    this.lastDay = date;
    const drawn = drawMessage(message, this.acts);
    this.message(message.message_id)?.remove();
    this.log.append(drawn);
    return drawn;
  }

  message(id) { return this.log.querySelector(`[data-message-id="${Number(id)}"]`); }

  showStart() {
    const empty = !this.log.querySelector(".message");
    this.find(".start").hidden = this.find(".empty").hidden = !empty;
    this.find(".composer").hidden = empty;
  }

  openKeys(open) {
    this.find(".keys").hidden = !(open && this.keyboard);
    this.find(".keyboard").hidden = !this.keyboard;
    this.find(".keyboard").setAttribute("aria-expanded", String(open));
  }

  toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  write(text) {
    this.input.value = text;
    this.fit();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  isNearEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END; }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.find(".down").hidden = true;
    this.follows = true;
  }
}

function view(url) {
  const viewer = document.getElementById("viewer");
  viewer.querySelector("img").src = url;
  viewer.showModal();
}

function showAlert(text) {
  const alert = document.getElementById("alert");
  alert.querySelector("p").textContent = text;
  alert.showModal();
}
