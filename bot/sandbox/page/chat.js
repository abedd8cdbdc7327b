// The page: who is shown, side by side or one at a time, and the line to the sandbox.

import { Column, colourOf, initialOf } from "./column.js";
import { element } from "./element.js";
import * as wire from "./wire.js";

const narrow = matchMedia("(max-width: 760px)");
const columns = new Map();
const unread = new Set();
let everybody = [];
let shown = [];

function start() {
  shown = location.hash.slice(1).split(",").map(Number).filter(Boolean);
  narrow.addEventListener("change", arrange);
  window.addEventListener("hashchange", () => {
    shown = location.hash.slice(1).split(",").map(Number).filter((id) => columns.has(id));
    arrange();
  });
  wire.follow({ reload, happened, line });
}

async function reload() {
  const [bot, people] = await Promise.all([wire.bot(), wire.people()]);
  document.getElementById("bot-name").textContent = bot.first_name;
  document.title = `${bot.first_name} · 聊天演示`;
  everybody = people;
  const chats = await Promise.all(people.map((person) => wire.chat(person.id)));
  for (const chat of chats) columnOf(chat.person).load(chat);
  shown = shown.filter((id) => columns.has(id));
  if (!shown.length) shown = firstShown();
  arrange();
  return chats.map((chat) => [chat.person.id, chat.seq]);
}

function columnOf(person) {
  if (!columns.has(person.id)) columns.set(person.id, new Column(person, { closed: () => toggle(person.id) }));
  return columns.get(person.id);
}

/** At first the first person, and the first with another role: a policyholder and an agent. */
function firstShown() {
  const [first, ...others] = everybody;
  if (!first) return [];
  const kind = (person) => person.role.split(/[·，, ]/)[0];
  const other = others.find((person) => kind(person) !== kind(first)) ?? others[0];
  return other ? [first.id, other.id] : [first.id];
}

function toggle(id) {
  if (narrow.matches) shown = [id, ...shown.filter((other) => other !== id)];
  else if (!shown.includes(id)) shown = [...shown, id];
  else if (shown.length > 1) shown = shown.filter((other) => other !== id);
  history.replaceState(null, "", `#${shown.join(",")}`);
  arrange();
}

const visible = () => (narrow.matches ? shown.slice(0, 1) : shown);

function arrange() {
  const place = document.getElementById("columns");
  const wanted = visible().map((id) => columns.get(id));
  const added = wanted.filter((column) => !column.element.isConnected);
  for (const old of [...place.children]) if (!wanted.some((column) => column.element === old)) old.remove();
  wanted.forEach((column, index) => {
    if (place.children[index] !== column.element) place.insertBefore(column.element, place.children[index] ?? null);
  });
  for (const column of added) column.toEnd();
  for (const id of visible()) unread.delete(id);
  drawPicker();
}

function drawPicker() {
  const on = visible();
  document.getElementById("picker").replaceChildren(...everybody.map((person) => {
    const chip = element("button", { type: "button", className: "chip" },
      element("span", { className: "avatar", textContent: initialOf(person), ariaHidden: "true" }),
      element("span", { textContent: person.first_name }));
    chip.firstChild.style.background = colourOf(person);
    chip.dataset.pick = person.id;
    chip.title = person.role;
    chip.setAttribute("aria-pressed", String(on.includes(person.id)));
    if (unread.has(person.id)) chip.append(element("span", { className: "unread", ariaLabel: "有新消息" }));
    chip.addEventListener("click", () => toggle(person.id));
    return chip;
  }));
}

function happened(id, kind, data) {
  columns.get(id)?.happened(kind, data);
  if (kind === "message" && data.from.is_bot && !visible().includes(id)) {
    unread.add(id);
    drawPicker();
  }
}

function line(connected) {
  const shownLine = document.getElementById("line");
  shownLine.textContent = connected ? "已连接" : "正在重新连接…";
  shownLine.dataset.connected = String(connected);
}

start();
