// What a person can do with a message of their own: a right click, a long press, or the button at its side.

import { element } from "./element.js";

const LONG_PRESS_MS = 500;
const EDITABLE = ["text", "photo", "document", "video", "voice"];

// A new thing to do is one row: its name, its label, the messages it is for, and what it does.
const ACTIONS = [
  ["edit", "编辑", isEditable, (acts, message) => acts.edit(message)],
  ["forward", "转发", (message) => !message.has_protected_content, (acts, message) => acts.forward(message)],
  ["delete", "删除", () => true, (acts, message) => acts.remove(message)],
];

function isEditable(message) {
  return !message.forward_origin && EDITABLE.some((field) => field in message);
}

/** Give a drawn message its menu. */
export function offerActions(row, message, acts) {
  const button = element("button", { type: "button", className: "more", ariaLabel: "对这条消息的操作" });
  button.dataset.testid = "message-menu";
  button.setAttribute("aria-haspopup", "menu");
  button.addEventListener("click", () => open(row, message, acts));
  row.append(button);
  row.addEventListener("contextmenu", (event) => { event.preventDefault(); open(row, message, acts); });
  listenForLongPress(row, () => open(row, message, acts));
}

function listenForLongPress(row, pressed) {
  let timer;
  row.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(pressed, LONG_PRESS_MS);
  });
  for (const end of ["pointerup", "pointercancel", "pointermove"]) row.addEventListener(end, () => clearTimeout(timer));
}

function open(row, message, acts) {
  const menu = element("div", { className: "menu actions" });
  menu.setAttribute("role", "menu");
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside);
  };
  const outside = (event) => menu.contains(event.target) || close();
  for (const [name, label, fits, act] of ACTIONS) {
    if (fits(message)) menu.append(drawAction(name, label, () => { close(); act(acts, message); }));
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    row.querySelector(".more").focus();
  });
  row.querySelector(".actions")?.remove();
  row.append(menu);
  menu.scrollIntoView({ block: "nearest" });
  menu.querySelector("button").focus();
  document.addEventListener("pointerdown", outside);
}

function drawAction(name, label, chosen) {
  const item = element("button", { type: "button", textContent: label });
  item.dataset.testid = `action-${name}`;
  item.setAttribute("role", "menuitem");
  item.addEventListener("click", chosen);
  return item;
}
