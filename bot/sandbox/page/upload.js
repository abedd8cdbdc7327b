// Photos, files, voice and cards: the paperclip's menu, dropping and pasting, the preview, what an app does to a photo.

import { element } from "./element.js";
import { agreed, popup } from "./popup.js";
import { SECONDS, tone } from "./voice.js";

const LONGEST_SIDE = 2560;
const QUALITY = 0.9;
const SENT_AS_IS = ["image/jpeg", "image/png"];

// The menu: rows with `accept` choose files, rows with `act` do something else.
const CHOICES = [
  { name: "photo", label: "图片", accept: "image/*,video/*" },
  { name: "document", label: "文件", accept: "" },
  { name: "voice", label: "语音", act: (sends) => previewAll([{ as: "voice", file: tone(), seconds: SECONDS }], sends) },
  { name: "contact", label: "名片", act: (sends) => sends.card() },
];

// How a kind of file is called and counted in the preview, and what is shown of it.
const KINDS = {
  photo: ["照片", "张", (address) => element("img", { src: address, alt: "" })],
  video: ["视频", "段", (address) => element("video", { src: address, controls: true })],
  voice: ["语音", "段", (address) => element("audio", { src: address, controls: true })],
  document: ["文件", "个", (_address, file) => element("p", { textContent: file.name })],
};

/** Fill the paperclip's menu of a column; `sends` holds files(files, fields) and card(). */
export function offerUploads(column, sends) {
  const menu = column.querySelector(".attach .menu");
  const toggle = popup(column, column.querySelector(".clip"), menu);
  for (const choice of CHOICES) menu.append(...drawChoice(choice, () => toggle(false), sends));
  takeDropped(column, sends);
}

function drawChoice({ name, label, accept, act }, done, sends) {
  const input = act ? null : drawInput(name, accept, sends);
  const item = element("button", { type: "button", textContent: label });
  item.dataset.testid = `attach-${name}`;
  item.setAttribute("role", "menuitem");
  item.addEventListener("click", () => {
    done();
    if (act) act(sends);
    else input.click();
  });
  return input ? [item, input] : [item];
}

function drawInput(name, accept, sends) {
  const input = element("input", { type: "file", accept, multiple: true, hidden: true });
  input.dataset.testid = `upload-${name}`;
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    take(files, name === "document", sends);
  });
  return input;
}

function takeDropped(column, sends) {
  column.addEventListener("dragover", (event) => event.preventDefault());
  column.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files], false, sends); });
  column.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) take([...event.clipboardData.files], false, sends);
  });
}

/** Preview files and send them: photos as one album, documents as one, each video by itself. */
async function take(files, plain, sends) {
  const made = await Promise.all(files.map((file) => (plain ? asDocument(file) : prepare(file))));
  const of = (kind) => made.filter((each) => each.as === kind);
  const groups = [of("photo"), ...of("video").map((video) => [video]), of("document")];
  for (const group of groups) if (group.length) await previewAll(group, sends);
}

async function previewAll(group, sends) {
  const [{ as, width, height, seconds }] = group;
  const [called, counted, draw] = KINDS[as];
  const addresses = group.map(({ file }) => URL.createObjectURL(file));
  const dialog = document.getElementById("upload");
  dialog.querySelector("h2").textContent = group.length > 1 ? `发送 ${group.length} ${counted}${called}` : `发送${called}`;
  dialog.querySelector(".preview").replaceChildren(...group.map(({ file }, place) => draw(addresses[place], file)));
  const caption = dialog.querySelector("[name=caption]");
  caption.value = "";
  caption.parentElement.hidden = as === "voice";
  const sent = await agreed(dialog);
  for (const address of addresses) URL.revokeObjectURL(address);
  const measures = Object.entries({ width, height, seconds }).filter(([, value]) => value !== undefined);
  const fields = { as, caption: caption.value, ...Object.fromEntries(measures) };
  if (sent) await sends.files(group.map(({ file }) => file), fields);
}

const asDocument = (file) => ({ as: "document", file });

async function prepare(file) {
  if (file.type.startsWith("video/")) return asVideo(file);
  const photo = file.type.startsWith("image/") ? await asPhoto(file) : null;
  return photo ? { as: "photo", file: photo } : asDocument(file);
}

/** Give the video with what an app tells of it; where the browser cannot play it, it goes as a file. */
function asVideo(file) {
  const video = element("video", { preload: "metadata", src: URL.createObjectURL(file) });
  return new Promise((resolve) => {
    const made = () => ({
      as: "video", file, width: video.videoWidth, height: video.videoHeight, seconds: Math.round(video.duration),
    });
    video.addEventListener("loadedmetadata", () => resolve(made()));
    video.addEventListener("error", () => resolve(asDocument(file)));
  }).finally(() => URL.revokeObjectURL(video.src));
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
