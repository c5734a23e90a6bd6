"""What strikes a market: power, links, disks, clocks; and what the office does meanwhile."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from scale_app.view import Stage
from tests.sim.cards import Card
from tests.sim.disk import copied, power_cut
from tests.sim.market import Issued, market_text
from tests.sim.till import Till

if TYPE_CHECKING:
    from tests.sim.world import World

DAY_MS = 86_400_000


class Fate:
    """Blows at random moments, of the kinds that the seed has."""

    def __init__(self, world: "World", chance: Random) -> None:
        self._world, self._chance = world, chance
        self.counted: Counter[str] = Counter()
        self.edition = 1
        self.acknowledged: list[tuple[str, dict[str, Any]]] = []
        """Commands that a person at the office was told are done."""
        self.blocked: set[int] = set()
        self._broken_since: dict[str, int] = {}
        self._blows: dict[str, Callable[[], None]] = {
            "partition": self._partition, "silent": self._silent, "broker": self._broker,
            "till_power": self._till_power, "office_power": self._office_power,
            "full": self._full, "broken": self._broken, "office_broken": self._office_broken,
            "clock": self._clock, "blocked": self._block, "prices": self._prices,
            "clones": self._clone, "restored": self._restore, "swapped": self._swap,
        }  # fmt: skip

    def begin(self) -> None:
        """From now on."""
        world = self._world
        if world.options.has("torn"):
            for till in world.tills:
                till.tears = lambda: self._chance.random() < 0.2
        for till in world.tills:
            till.pan.strikes = world.options.has("scale")
        self._next_blow()
        self._next_order()
        if world.options.wired:
            self._command("store.save", {"code": "S01", "upload": "asked"})
            self._command("store.save", {"code": "S02", "upload": "asked"})
            self._collect()

    def _collect(self) -> None:
        """The office pulls what waits, often when it is to come to rest; or changes its mind."""
        chance, is_healing = self._chance, self._world.is_healing
        if chance.random() < 0.15 and not is_healing:
            way = chance.choice(("asked", "at-once"))
            self._command("store.save", {"code": chance.choice(("S01", "S02")), "upload": way})
        self._command("collect.ask", {})
        wait = 15_000 if is_healing else chance.randint(60_000, 1_200_000)
        self._after(wait, "collect", self._collect)

    def _after(self, wait_ms: int, name: str, happen: Callable[[], None]) -> None:
        self._world.agenda.after(wait_ms, name, happen)

    def _next_blow(self) -> None:
        mean = self._world.options.fault_every_ms
        self._after(round(self._chance.expovariate(1 / mean)) + 1, "blow", self._blow)

    def _blow(self) -> None:
        world = self._world
        kinds = [name for name in world.options.faults if name in self._blows]
        if world.is_healing:
            return
        if kinds:
            name = self._chance.choice(kinds)
            self.counted[name] += 1
            world.agenda.note(name)
            self._blows[name]()
        self._next_blow()

    def _till(self) -> Till:
        return self._chance.choice(self._world.tills)

    # Links.

    def connect_soon(self, till: Till) -> None:
        """A program that has started finds its broker."""
        started = till.starts

        def connect() -> None:
            if till.starts == started:
                till.connect()

        self._after(self._chance.randint(100, 3_000), f"connect {till.code}", connect)

    def _away_ms(self) -> int:
        return self._chance.choice((300, 3_000, 20_000, 120_000, 900_000))

    def _partition(self) -> None:
        till = self._till()
        till.disconnect()
        self._after(self._away_ms(), f"back {till.code}", till.connect)

    def _silent(self) -> None:
        till = self._till()
        if self._chance.random() < 0.5:
            till.line.silent = True
        else:
            till.line.deaf = True
        noticed = self._chance.randint(2_000, 60_000)
        self._after(noticed, f"noticed {till.code}", till.disconnect)
        self._after(noticed + self._away_ms(), f"back {till.code}", till.connect)

    def _broker(self) -> None:
        self._world.net.forget_all()
        for till in self._world.tills:
            till.disconnect()
            self._after(self._chance.randint(500, 30_000), f"back {till.code}", till.connect)

    # Power and disks.

    def till_went(self, till: Till) -> None:
        """A till is dark; somebody switches it on again."""
        world = self._world
        world.witness.cut(till)
        till.forget_card()
        wait = 500 if world.is_healing else self._chance.randint(1_000, 40_000)
        self._after(wait, f"start {till.code}", lambda: self._till_comes(till))

    def _till_comes(self, till: Till) -> None:
        if till.is_on:
            return
        till.start()
        if till.is_on:
            self._world.witness.restarted(till)
            self.connect_soon(till)

    def _till_power(self) -> None:
        till, chance = self._till(), self._chance
        if not till.is_on:
            return
        kind = chance.randrange(5)
        if kind == 0:
            till.cut()
        elif kind == 4:
            till.cut_after_talks(chance.randint(1, 14))
        elif kind == 1:
            till.cut_after_sends(chance.randint(1, 4))
        elif kind == 2:
            till.cut_at_commit(chance.randint(1, 12), before=chance.random() < 0.5)
        else:
            till.cut_at_statement(chance.randint(1, 80))

    def _office_power(self) -> None:
        office, chance = self._world.office, self._chance
        if not office.is_on:
            return
        office.keeps_messages = chance.random() < 0.7
        kind = chance.randrange(4)
        if kind == 0:
            office.stop()
        elif kind == 1:
            office.cut_after_sends(chance.randint(1, 5))
        elif kind == 2:
            before = chance.random() < 0.5
            office.books.at_statement(
                chance.randint(1, 8), power_cut, instead=before, only="COMMIT"
            )
        else:
            office.books.at_statement(chance.randint(1, 120), power_cut, instead=False)

    def office_went(self) -> None:
        """The office is dark, whenever its trap went off; somebody switches it on again."""
        wait = self._chance.choice((2_000, 15_000, 90_000, 600_000))
        self._after(wait, "office on", self._office_on)

    def _office_on(self) -> None:
        office = self._world.office
        if not office.is_on:
            office.start()
            if self._world.is_healing:
                return
            for till in self._world.tills:
                if self._chance.random() < 0.3:
                    till.disconnect()
                    self._after(1_000, f"back {till.code}", till.connect)

    def _full(self) -> None:
        till = self._till()
        till.disk.fill()
        self._after(self._chance.randint(5_000, 120_000), f"room {till.code}", till.disk.free)

    def _broken(self) -> None:
        till = self._till()
        if till.is_on:
            till.fail_at_statement(self._chance.randint(1, 60))

    def _office_broken(self) -> None:
        office = self._world.office
        if office.is_on:
            office.fail_at_statement(self._chance.randint(1, 60))

    def _restore(self) -> None:
        """The office's disk dies: the last copy is put in its place."""
        office = self._world.office
        if not office.is_on:
            return
        if office.backup is None or self._chance.random() < 0.5:
            office.save_backup()
            return
        office.stop()
        office.restore()

    def _swap(self) -> None:
        """A till's disk dies, or is swapped: an old copy is put in its place."""
        till = self._till()
        if till.copy is None or self._chance.random() < 0.5:
            if till.copy is not None:
                till.copy.discard()
            till.copy = copied(till.disk.database)
            return
        till.cut()
        self._world.net.forget_sent(till.code)
        till.swap_disk()

    # Clocks, cards and the desk of the office.

    def _clock(self) -> None:
        if self._chance.random() < 0.2:
            self._world.office.clock_ahead = self._chance.randint(-5_000, 5_000)
            return
        till = self._till()
        far = self._chance.choice((1_000, 60_000, 3_600_000, DAY_MS))
        till.clock_ahead = self._chance.choice((0, self._chance.randint(-far, far)))

    def _clone(self) -> None:
        card = self._chance.choice(self._world.pockets.cards)
        if not card.is_clone and len(self._world.pockets.cards) < 40:
            self._world.pockets.cards.append(card.copied())

    def _command(self, name: str, said: dict[str, Any]) -> None:
        def answered(answer: dict[str, Any]) -> None:
            if answer.get("ok"):
                self.acknowledged.append((name, said))
                if name == "card.block":
                    change = self.blocked.add if said["blocked"] else self.blocked.discard
                    change(said["number"])

        self._world.office.command(name, said, answered)

    def _block(self) -> None:
        number = self._chance.choice(self._world.pockets.cards).number
        blocked = self._chance.random() < 0.6
        self._command("card.block", {"number": number, "blocked": blocked})

    def _prices(self) -> None:
        self.edition += 1
        text = market_text(self.edition, offline=self._world.options.offline)
        self._command("apply", {"text": text})

    def _next_order(self) -> None:
        self._after(self._chance.randint(20_000, 150_000), "desk", self._order)

    def _order(self) -> None:
        """Top-ups at the office's desk, and now and then a new card."""
        world, chance = self._world, self._chance
        if world.is_healing:
            return
        if chance.random() < 0.1 and world.office.is_on and len(world.pockets.cards) < 30:
            self._new_card()
        else:
            number = chance.choice(world.pockets.cards).number
            op, amount = chance.randbytes(16).hex(), chance.randint(1, 15) * 100
            till = chance.choice(("", world.tills[0].code))
            self._command(
                "card.topup", {"number": number, "op": op, "amount": amount, "till": till}
            )
        self._next_order()

    def _new_card(self) -> None:
        world = self._world
        pockets = world.pockets
        pockets.handed_out += 1
        chip = f"{1000 + pockets.handed_out:014x}"
        wishes = {"chip": chip, "valid_to": 20991231, "kind": 3, "level": 1, "opening": 5_000}

        def reserved(answer: dict[str, Any]) -> None:
            if not answer.get("ok"):
                return
            row = answer["result"]

            def activated(answer: dict[str, Any]) -> None:
                if answer.get("ok"):
                    token = bytes.fromhex(row["token"])
                    made = Issued(row["number"], 3, 1, row["token_seq"], token)
                    pockets.cards.append(Card(made))

            world.office.command("card.activate", {"number": row["number"]}, activated)

        world.office.command("card.reserve", wishes, reserved)

    # The end of all faults.

    def end(self) -> None:
        """The network heals, traps are taken away, clocks are set."""
        world = self._world
        world.net.calm = True
        world.office.clock_ahead = 0
        world.office.books.disarm()
        world.office._steps_left = 0
        world.office.keeps_messages = True
        for till in world.tills:
            till.clock_ahead = 0
            till.pan.strikes = False
            till.disk.free()
            till.disk.database.disarm()
            till._sends_left = till._talks_left = 0
            till.tears = lambda: False
        self.mend()

    def mend(self) -> None:
        """Whatever is still down is put up."""
        world = self._world
        if not world.office.is_on:
            world.office.start()
        for till in world.tills:
            self.look_after(till)
            self.reconnect(till)

    def reconnect(self, till: Till) -> None:
        """A link that is down or half open comes up."""
        if till.is_on and (till.line.silent or till.line.deaf):
            till.disconnect()
        if till.is_on and not till.line.up:
            till.connect()

    def look_after(self, till: Till) -> None:
        """A till that has stopped is switched off and on."""
        if not till.is_on:
            self._till_comes(till)
        elif till.stage in (Stage.STOPPED, Stage.STARTING):
            till.cut()
