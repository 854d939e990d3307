"""What the course of a meeting opens: items taken up, roll call, the end of it."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import update

from app.domain.kinds import AT_TABLE, PresenceState
from app.features.live import service as live
from app.infra import clock
from app.models import Meeting
from tests.model.history import History, seat_of


class WhileHeld(History):
    """Acts of the chair while the meeting is held."""

    @precondition(lambda self: not self.rule.opens_with_item)
    @rule()
    def papers_wait_for_the_item(self) -> None:
        one = Meeting.id == self.world.meeting.id
        self.store(update(Meeting).where(one).values(opens_with_item=True))
        self.rule.opens_with_item = True

    @precondition(lambda self: not self.rule.taken_up and not self.rule.closed)
    @rule()
    def take_up(self) -> None:
        """Somebody at the gate, or a seat without a sitter, keeps the item shut."""
        self.done(lambda: live.start_meeting(self.actor("chair"), self.world.meeting.id))
        if self.done(lambda: live.open_item(self.actor("chair"), self.world.item.id)):
            self.rule.taken_up = True

    @precondition(lambda self: not self.rule.closed)
    @rule(seat=seat_of, presence=st.sampled_from((PresenceState.PRESENT, *PresenceState)))
    def call_the_roll(self, seat: str, presence: PresenceState) -> None:
        act = lambda: live.note_presence(self.actor("chair"), self.id_of(seat), presence)  # noqa: E731
        if self.done(act):
            self.rule.there.discard(seat)
            self.rule.deputised.discard(seat)
            if presence is PresenceState.DEPUTY:
                self.rule.deputised.add(seat)
            elif presence in AT_TABLE:
                self.rule.there.add(seat)

    def forget_presence(self, seat: str) -> None:
        """Who comes was not the one who was seen, unless a deputy was."""
        if not self.rule.closed:
            self.rule.there.discard(seat)

    @precondition(lambda self: not self.rule.closed)
    @rule(sure=st.integers(0, 2))
    def close(self, sure: int) -> None:
        if sure:
            return
        self.done(lambda: live.start_meeting(self.actor("chair"), self.world.meeting.id))
        if self.done(lambda: live.close_meeting(self.actor("chair"), self.world.meeting.id)):
            self.rule.closed = clock.now()
