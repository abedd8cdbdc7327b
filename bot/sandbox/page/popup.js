// What opens over the chat: menus that close by themselves, and dialogs that are waited for.

/** Let `button` open and close `menu`; a click elsewhere in `root`, or Escape, closes it. Gives the function that does. */
export function popup(root, button, menu) {
  const toggle = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button")?.focus();
  };
  button.addEventListener("click", () => toggle(menu.hidden));
  root.addEventListener("click", (event) => {
    if (!button.contains(event.target) && !menu.contains(event.target)) toggle(false);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    toggle(false);
    button.focus();
  });
  return toggle;
}

/** Show a dialog until it is closed; true where its button of value "send" closed it. */
export async function agreed(dialog) {
  dialog.returnValue = "";
  dialog.querySelector(".cancel").onclick = () => dialog.close(); // no submit button: Enter in a field must send
  dialog.showModal();
  dialog.querySelector("[value=send]").focus();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  return dialog.returnValue === "send";
}
