// The people's API of the sandbox, and the one stream that tells the page what happens.

const STREAM_KINDS = ["message", "edit", "delete", "keyboard", "toast", "typing", "commands"];
const RETRY_MS = 1000;

async function read(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function act(person, what, body, type) {
  const headers = type ? { "content-type": type } : {};
  const response = await fetch(`/api/people/${person}/${what}`, { method: "POST", body, headers });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const json = (person, what, body) => act(person, what, JSON.stringify(body), "application/json");

export const bot = () => read("/api/bot");
export const people = () => read("/api/people");
export const chat = (person) => read(`/api/people/${person}/chat`);
export const say = (person, text) => json(person, "text", { text });
export const tap = (person, messageId, data) => json(person, "tap", { message_id: messageId, data });
export const contact = (person, shared) => json(person, "contact", shared);
export const edit = (person, messageId, text) => json(person, "edit", { message_id: messageId, text });
export const forward = (person, messageId) => json(person, "forward", { message_id: messageId });
export const remove = (person, messageId) => json(person, "delete", { message_id: messageId });
export const fileUrl = (fileId) => `/api/files/${encodeURIComponent(fileId)}`;

/** Send files; several are an album. */
export function upload(person, files, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("file", file, file.name);
  return act(person, "upload", form);
}

/** Follow all chats from their places; `reload` is asked for fresh places after every break of the line. */
export function follow({ reload, happened, line }) {
  let source = null;

  async function open() {
    try {
      const places = await reload();
      const query = places.map(([person, seq]) => `since=${person}:${seq}`).join("&");
      source = new EventSource(`/api/stream?${query}`);
    } catch {
      retry();
      return;
    }
    source.onopen = () => line(true);
    source.onerror = retry;
    for (const kind of STREAM_KINDS) {
      source.addEventListener(kind, (event) => {
        if (typeof event.data !== "string") return;
        const person = Number(event.lastEventId.split(":")[0]);
        happened(person, kind, JSON.parse(event.data));
      });
    }
  }

  function retry() {
    line(false);
    source?.close();
    source = null;
    setTimeout(open, RETRY_MS);
  }

  open();
}
