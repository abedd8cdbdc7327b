// Photos and files: the paperclip's menu, dropping and pasting, the preview, and what an app does to a photo.

import { element } from "./message.js";

const LONGEST_SIDE = 2560;
const QUALITY = 0.9;
const SENT_AS_IS = ["image/jpeg", "image/png"];

const CHOICES = [
  { as: "photo", label: "照片", accept: "image/*" },
  { as: "document", label: "文件", accept: "" },
];

/** Fill the paperclip's menu of a column; `send(file, fields)` uploads one file. */
export function offerUploads(column, send) {
  const clip = column.querySelector(".clip");
  const menu = column.querySelector(".attach .menu");
  const toggle = (open) => {
    menu.hidden = !open;
    clip.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button").focus();
  };
  clip.addEventListener("click", () => toggle(menu.hidden));
  column.addEventListener("click", (event) => event.target.closest(".attach") || toggle(false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    toggle(false);
    clip.focus();
  });
  for (const choice of CHOICES) menu.append(...drawChoice(choice, () => toggle(false), send));
  takeDropped(column, send);
}

function drawChoice({ as, label, accept }, done, send) {
  const input = element("input", { type: "file", accept, multiple: true, hidden: true });
  input.dataset.testid = `upload-${as}`;
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await preview(file, as, send);
  });
  const item = element("button", { type: "button", textContent: label });
  item.setAttribute("role", "menuitem");
  item.addEventListener("click", () => { done(); input.click(); });
  return [item, input];
}

function takeDropped(column, send) {
  const take = async (files) => {
    for (const file of files) await preview(file, file.type.startsWith("image/") ? "photo" : "document", send);
  };
  column.addEventListener("dragover", (event) => event.preventDefault());
  column.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
  column.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take([...event.clipboardData.files]); });
}

async function preview(file, wanted, send) {
  const photo = wanted === "photo" ? await asPhoto(file) : null;
  const as = photo ? "photo" : "document";
  const dialog = document.getElementById("upload");
  dialog.querySelector("h2").textContent = photo ? "发送照片" : "发送文件";
  const address = photo ? URL.createObjectURL(photo) : null;
  dialog.querySelector(".preview").replaceChildren(
    photo ? element("img", { src: address, alt: "" }) : element("p", { textContent: file.name }));
  const caption = dialog.querySelector("[name=caption]");
  caption.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[value=send]").focus();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  if (address) URL.revokeObjectURL(address);
  if (dialog.returnValue === "send") await send(photo ?? file, { as, caption: caption.value });
}

/** Give the picture as an app would send it: JPEG or PNG of at most LONGEST_SIDE; null where it cannot be read. */
async function asPhoto(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (shrink === 1 && SENT_AS_IS.includes(file.type)) return file;
  const canvas = element("canvas", {
    width: Math.max(1, Math.round(picture.width * shrink)), height: Math.max(1, Math.round(picture.height * shrink)),
  });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", QUALITY));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}
