"""The people's side of the server: what the chat page and the player call."""

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.acts import Card
from bot.sandbox.errors import PeopleError
from bot.sandbox.files import BIGGEST_DOWNLOAD, Attachment, Kind
from bot.sandbox.people import Chat, Person
from bot.sandbox.streams import Followed, event_stream
from bot.sandbox.telegram import StandIn

BIGGEST_UPLOAD = 2_000 * 1024 * 1024
HEADER = 64 * 1024  # of a file that no bot can download, so much is read as measures a picture


class Said(msgspec.Struct, frozen=True):
    """The body of POST .../text."""

    text: str


class Tapped(msgspec.Struct, frozen=True):
    """The body of POST .../tap."""

    message_id: int
    data: str


class Named(msgspec.Struct, frozen=True):
    """The body of POST .../delete."""

    message_id: int


class Edited(msgspec.Struct, frozen=True):
    """The body of POST .../edit."""

    message_id: int
    text: str


class Forwarded(msgspec.Struct, frozen=True):
    """The body of POST .../forward: a message of this chat, or a text that `name` wrote elsewhere."""

    message_id: int = 0
    text: str = ""
    name: str = ""
    user_id: int | None = None


class Shared(msgspec.Struct, frozen=True):
    """The body of POST .../contact: a card, or one's own contact, `by_key` of the reply keyboard or not."""

    card: Card | None = None
    by_key: bool = False


def reply(content: object, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


class PeopleApi:
    """Handlers over one stand-in. Every act answers with `seq`, the chat's place just after it."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/bot", self.bot),
            Route("/api/people", self.people),
            Route("/api/people", self.add, methods=["POST"]),
            Route("/api/people/{id:int}/chat", self.chat),
            Route("/api/people/{id:int}/stream", self.stream),
            Route("/api/stream", self.streams),
            Route("/api/people/{id:int}/text", self.say, methods=["POST"]),
            Route("/api/people/{id:int}/tap", self.tap, methods=["POST"]),
            Route("/api/people/{id:int}/upload", self.upload, methods=["POST"]),
            Route("/api/people/{id:int}/contact", self.contact, methods=["POST"]),
            Route("/api/people/{id:int}/forward", self.forward, methods=["POST"]),
            Route("/api/people/{id:int}/edit", self.edit, methods=["POST"]),
            Route("/api/people/{id:int}/delete", self.delete, methods=["POST"]),
            Route("/api/files/{file_id}", self.file),
        ]

    async def bot(self, _request: Request) -> Response:
        """GET: the bot's User and the commands it offers to everybody."""
        return reply({**self._stand_in.state.bot_user, "commands": self._stand_in.state.commands.get(None, "")})

    async def people(self, _request: Request) -> Response:
        """GET: everybody."""
        return reply([chat.person for chat in self._stand_in.state.people.chats.values()])

    async def add(self, request: Request) -> Response:
        """POST a Person."""
        person = msgspec.json.decode(await request.body(), type=Person)
        self._stand_in.add_person(person)
        return reply(person, 201)

    async def chat(self, request: Request) -> Response:
        """GET: messages, the reply keyboard, the commands in the menu, and the place to stream from."""
        chat = self._chat(request)
        return reply(
            {
                "person": chat.person,
                "messages": list(chat.messages.values()),
                "keyboard": chat.keyboard,
                "commands": self._stand_in.state.commands.offered(chat.person),
                "seq": chat.seq,
            }
        )

    async def stream(self, request: Request) -> Response:
        """GET: what happens after place `since`, as server-sent events."""
        since = int(request.query_params.get("since", "0"))
        return event_stream(self._stand_in, [Followed(self._chat(request), since)])

    async def streams(self, request: Request) -> Response:
        """GET: the same for several people at once, ?since=PERSON:PLACE for each.

        A browser opens no more than six connections, so a page with many people follows them through one.
        """
        places = [each.split(":") for each in request.query_params.getlist("since")]
        people = self._stand_in.state.people
        followed = [Followed(people.chat(int(person)), int(place)) for person, place in places]
        return event_stream(self._stand_in, followed)

    async def say(self, request: Request) -> Response:
        """POST {text}."""
        said = msgspec.json.decode(await request.body(), type=Said)
        message = self._stand_in.say(request.path_params["id"], said.text)
        return self._acted(request, message=message)

    async def tap(self, request: Request) -> Response:
        """POST {message_id, data}."""
        tapped = msgspec.json.decode(await request.body(), type=Tapped)
        query_id = self._stand_in.tap(request.path_params["id"], tapped.message_id, tapped.data)
        return self._acted(request, query_id=query_id)

    async def upload(self, request: Request) -> Response:
        """POST multipart: file, as=photo|document|voice|video, caption; width and height, seconds where they matter.

        Several files in one form are an album, ten to a media group.
        """
        async with request.form(max_part_size=BIGGEST_UPLOAD) as form:
            attachments = [await _attachment(form, part) for part in form.getlist("file")]
            caption = str(form.get("caption") or "")
        messages = self._stand_in.send_album(request.path_params["id"], attachments, caption=caption)
        return self._acted(request, message=messages[0], messages=messages)

    async def contact(self, request: Request) -> Response:
        """POST {card} for a card of the address book, {} or {by_key: true} for the person's own contact."""
        shared, person_id = msgspec.json.decode(await request.body(), type=Shared), request.path_params["id"]
        if shared.card is None:
            message = self._stand_in.share_own_contact(person_id, by_key=shared.by_key)
        else:
            message = self._stand_in.share_contact(person_id, shared.card)
        return self._acted(request, message=message)

    async def forward(self, request: Request) -> Response:
        """POST {message_id}, or {text, name, user_id} for a text from elsewhere."""
        wanted, person_id = msgspec.json.decode(await request.body(), type=Forwarded), request.path_params["id"]
        if wanted.message_id:
            message = self._stand_in.forward(person_id, wanted.message_id)
        else:
            message = self._stand_in.forward_text(person_id, wanted.text, name=wanted.name, user_id=wanted.user_id)
        return self._acted(request, message=message)

    async def edit(self, request: Request) -> Response:
        """POST {message_id, text}: the text, or a file's caption."""
        edited = msgspec.json.decode(await request.body(), type=Edited)
        message = self._stand_in.edit(request.path_params["id"], edited.message_id, edited.text)
        return self._acted(request, message=message)

    async def delete(self, request: Request) -> Response:
        """POST {message_id}."""
        named = msgspec.json.decode(await request.body(), type=Named)
        self._stand_in.delete(request.path_params["id"], named.message_id)
        return self._acted(request)

    async def file(self, request: Request) -> Response:
        """GET the content of a file, for the screen; 404 for one that is unknown, or too big to be kept."""
        stored = self._stand_in.state.files.show(request.path_params["file_id"])
        if stored is None or stored.content is None:
            return reply({"error": "unknown_file"}, 404)
        headers = {"cache-control": "max-age=86400", "x-content-type-options": "nosniff"}
        if stored.path.startswith("documents/"):
            headers["content-disposition"] = "attachment"
        return Response(stored.content, media_type=stored.mime_type, headers=headers)

    def _chat(self, request: Request) -> Chat:
        return self._stand_in.state.people.chat(request.path_params["id"])

    def _acted(self, request: Request, **result: object) -> Response:
        return reply({**result, "seq": self._chat(request).seq})


async def _attachment(form: FormData, part: UploadFile | str) -> Attachment:
    if isinstance(part, str):
        raise PeopleError("no_file")
    length = part.size or 0
    if length > BIGGEST_UPLOAD:
        raise PeopleError("too_big")
    return Attachment(
        kind=msgspec.convert(form.get("as", "document"), Kind),
        content=await part.read(HEADER if length > BIGGEST_DOWNLOAD else -1),
        file_name=part.filename or "file",
        mime_type=part.content_type or "application/octet-stream",
        size=_given_size(form),
        seconds=msgspec.convert(form.get("seconds") or 0, int, strict=False),
        file_size=length,
    )


def _given_size(form: FormData) -> tuple[int, int] | None:
    try:
        return int(str(form["width"])), int(str(form["height"]))
    except (KeyError, ValueError):
        return None
