"""How the intake asks: the question of the state with its step and its ways out, every button made for this turn."""

from msgspec.structs import replace

from flows.cases.case import OP, Case
from flows.events import ButtonTapped
from flows.intake import texts
from flows.intake.dialogue import cards
from flows.intake.questions.ordered import ALL, QUESTIONS
from flows.intake.questions.question import Choice, Context, Prompt, Question
from flows.messages import Text
from flows.step import Step
from flows.terms.branch import BY_VISIT
from flows.terms.calendar import in_shanghai


class Asking(Step):
    """A turn that can ask. `cases` are the chat's open ones."""

    cases: tuple[Case, ...] = ()

    def context(self, page: int = 1) -> Context:
        """What a question may look at."""
        return Context(self.session, self.reference, in_shanghai(self.now).date(), page, self.now, ALL)

    def step(self, question: Question) -> tuple[int, int]:
        """Give the number of a question among those that this request is asked, and their number.

        What decides how many there are is taken, before it is known, for the usual: a visit, and no admission notice.
        """
        context = self.context()
        answers = {"service": OP, "branch": BY_VISIT, **self.session.answers}
        context = replace(context, session=replace(context.session, answers=answers))
        counted = [each.state for each in ALL if each.counted and each.applies(context)]
        return (counted.index(question.state) + 1 if question.state in counted else 0), len(counted)

    def prompt(self, page: int = 1) -> Prompt:
        """The question of this state with its step and its ways out, or the card of a resting state."""
        question = QUESTIONS.get(self.state)
        if question is None:
            card = cards.resting(self, self.cases)
            return Prompt(card.text, (*card.rows, (Choice(texts.HUMAN(), fires="human"),)))
        prompt = question.ask(self.context(page))
        step, steps = self.step(question)
        text = texts.STEP(step=step, steps=steps, question=prompt.text) if step else prompt.text
        ways = [Choice(texts.BACK(), fires="back")] if question.has_back else []
        return Prompt(text, (*prompt.rows, (*ways, Choice(texts.HUMAN(), fires="human"))), prompt.contact, prompt.cites)

    def offered(self) -> set[str]:
        """The tokens of every trigger that the state's buttons offer, and of every question that they open again."""
        return {choice.token() for row in self.prompt().rows for choice in row if choice.fires or choice.opens}

    def ask(
        self,
        page: int = 1,
        *,
        instead_of: ButtonTapped | None = None,
        text: Text | None = None,
        cites: tuple[str, ...] = (),
    ) -> None:
        """Ask, or say `text` with the state's buttons; each carries conversation, state and turn it was made for."""
        if instead_of is None:
            self.clear_buttons()
        self.update(turn=self.session.turn + 1)
        prompt = self.prompt(page)
        if text is not None:
            prompt = Prompt(text, prompt.rows, cites=cites)
        if self.session.keyboard and prompt.contact is None:
            self.say(texts.GOING_ON(), keyboard_gone=True)
        self.update(keyboard=prompt.contact is not None)
        row = cards.send(self, prompt, self.where(), replaces=instead_of.message if instead_of else None)
        self.update(asked=None if prompt.contact else row)

    def ask_beside(self, text: Text, rows: tuple[tuple[Choice, ...], ...]) -> None:
        """Ask something beside the question, which goes on waiting."""
        self.clear_buttons()
        self.update(turn=self.session.turn + 1)
        self.update(asked=cards.send(self, Prompt(text, rows), self.where()))

    def where(self) -> str:
        """What goes before each button's token: the conversation, the state and the turn it is made for."""
        return f"{self.session.conversation}:{self.state}:{self.session.turn}:"
