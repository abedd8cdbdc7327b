// Cards: one's own number for a key that asks for it, and any card from the paperclip's menu.

import { agreed } from "./popup.js";

/** Ask whether to share the person's own number. */
export function agreesToShare(person) {
  const dialog = document.getElementById("own-contact");
  dialog.querySelector(".number").textContent = person.phone ? `+${person.phone}` : "";
  return agreed(dialog);
}

/** Ask for a card, at first the person's own; gives what the API wants, or null where nothing is to be sent. */
export async function writeCard(person) {
  const dialog = document.getElementById("card");
  const [name, phone] = ["name", "phone"].map((field) => dialog.querySelector(`[name=${field}]`));
  [name.value, phone.value] = [person.first_name, person.phone];
  if (!(await agreed(dialog))) return null;
  if (name.value === person.first_name && phone.value === person.phone) return {};
  return { card: { first_name: name.value, phone_number: phone.value } };
}
