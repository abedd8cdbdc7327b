"""The people's side of the server: what the chat page and the player call."""

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.errors import PeopleError
from bot.sandbox.people import Chat, Person
from bot.sandbox.streams import Followed, event_stream
from bot.sandbox.telegram import Json, StandIn

BIGGEST_UPLOAD = 2_000 * 1024 * 1024


class Said(msgspec.Struct, frozen=True):
    """The body of POST .../text."""

    text: str


class Tapped(msgspec.Struct, frozen=True):
    """The body of POST .../tap."""

    message_id: int
    data: str


def reply(content: object, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


class PeopleApi:
    """Handlers over one stand-in. Every act answers with `seq`, the chat's place just after it."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[Route]:
        """Give the routes."""
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
            Route("/api/files/{file_id}", self.file),
        ]

    async def bot(self, _request: Request) -> Response:
        """GET: the bot's User and its commands."""
        return reply({**self._stand_in.state.bot_user, "commands": self._stand_in.state.commands})

    async def people(self, _request: Request) -> Response:
        """GET: everybody."""
        return reply([chat.person for chat in self._stand_in.state.people.chats.values()])

    async def add(self, request: Request) -> Response:
        """POST a Person."""
        person = msgspec.json.decode(await request.body(), type=Person)
        self._stand_in.add_person(person)
        return reply(person, 201)

    async def chat(self, request: Request) -> Response:
        """GET: messages, the reply keyboard, and the place to stream from."""
        chat = self._chat(request)
        return reply(
            {
                "person": chat.person,
                "messages": list(chat.messages.values()),
                "keyboard": chat.keyboard,
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
        """POST multipart: file, as=photo|document, caption, and width and height of an unread photo."""
        async with request.form(max_part_size=BIGGEST_UPLOAD) as form:
            part = form.get("file")
            if not isinstance(part, UploadFile):
                raise PeopleError("no_file")
            content = await part.read()
            message = self._receive(request.path_params["id"], form, part, content)
        return self._acted(request, message=message)

    async def file(self, request: Request) -> Response:
        """GET the content of a file of any size, for the screen."""
        stored = self._stand_in.state.files.show(request.path_params["file_id"])
        if stored is None:
            return reply({"error": "unknown_file"}, 404)
        headers = {"cache-control": "max-age=86400", "x-content-type-options": "nosniff"}
        if not stored.path.startswith("photos/"):
            headers["content-disposition"] = "attachment"
        return Response(stored.content, media_type=stored.mime_type, headers=headers)

    def _receive(self, person_id: int, form: FormData, part: UploadFile, content: bytes) -> Json:
        caption = str(form.get("caption") or "")
        if form.get("as") == "photo":
            return self._stand_in.send_photo(person_id, content, caption=caption, size=_given_size(form))
        return self._stand_in.send_document(
            person_id,
            content,
            file_name=part.filename or "file",
            mime_type=part.content_type or "application/octet-stream",
            caption=caption,
        )

    def _chat(self, request: Request) -> Chat:
        return self._stand_in.state.people.chat(request.path_params["id"])

    def _acted(self, request: Request, **result: object) -> Response:
        return reply({**result, "seq": self._chat(request).seq})


def _given_size(form: FormData) -> tuple[int, int] | None:
    try:
        return int(str(form["width"])), int(str(form["height"]))
    except (KeyError, ValueError):
        return None
