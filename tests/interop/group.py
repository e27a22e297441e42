"""PROTOCOL §7: what is said in a group, and what was decided: from the words alone."""

from notation import D, u16, u32

TEXT, MOTION, SAY, CLOSE, BEACON, MISSING, LEAVE, GENESIS, VOICE, REPORT = range(32, 42)
ADD, PROMOTE, REMOVE, SUSPEND, LIFT, RETURN, TEXT_MOTION, POLL, POLICY = range(1, 10)
AGREE, OBJECT, ASK, ABSTAIN, WITHDRAWN, CHOICE = 1, 2, 3, 4, 5, 16
MEMBER, SPECTATOR = 0, 1
OUTCOMES = ["passed", "blocked", "failed", "withdrawn", "unfounded"]
SUSPEND_MIN, COMPUTERS_MAX, SEAT_MAX = 3, 64, 4


def counted(parts):
    return bytes([len(parts)]) + b"".join(parts)


def circle_and(index, circle):
    return bytes([index | circle << 7])


def digest(it):
    return circle_and(it["index"], it["circle"]) + u16(it["inc"]) + u32(it["aseq"]) + bytes.fromhex(it["head"])


def result(it):
    byte = 128 | it["needs"] if it["outcome"] == "open" else OUTCOMES.index(it["outcome"])
    return bytes.fromhex(it["motion"]) + bytes([byte])


def head(it):
    h = lambda field: bytes.fromhex(it[field])
    return (
        u16(it["inc"]) + u32(it["aseq"]) + u32(it["minute"]) + u32(it["ttl"]) + h("gid") + h("view")
        + bytes([it["circle"]]) + h("prev") + counted([bytes.fromhex(name) for name in it["parents"]])
        + h("salt") + counted([digest(each) for each in it["digests"]])
    )


def body(kind, it, group):
    """As it stands behind a head, or behind kind and mid where there is none."""
    h = lambda field: bytes.fromhex(it[field])
    names = lambda field: counted([bytes.fromhex(name) for name in it[field]])
    if kind == MOTION:
        choices = [choice.encode() for choice in it["choices"]]
        return (
            h("base") + names("rests_on") + bytes([it["what"]]) + u16(it["hours"]) + h("target") + h("new")
            + counted([u16(len(choice)) + choice for choice in choices]) + it["text"].encode()
        )
    if kind == GENESIS:
        text = it["charter"].encode()
        return (
            group["gid"] + group["view"] + group["founding"] + u16(len(text)) + text + group["policy"]
            + group["set_and_voices"] + counted([bytes([index]) for index in it["suspended"]])
            + names("settled") + counted([digest(each) for each in it["heads"]]) + names("open")
            + b"".join(u16(each["inc"]) + u32(each["aseq"]) for each in it["yours"])
        )
    return {
        TEXT: lambda: it["text"].encode(),
        SAY: lambda: h("motion") + bytes([it["position"]]) + it["reason"].encode(),
        CLOSE: lambda: h("motion"),
        BEACON: lambda: h("gid") + h("view") + counted([digest(each) for each in it["digests"]])
        + counted([result(each) for each in it["results"]]),
        MISSING: lambda: h("gid") + h("view") + circle_and(it["index"], it["circle"]) + u16(it["inc"])
        + u32(it["first"]) + u32(it["last"]),
        LEAVE: lambda: b"",
        VOICE: lambda: h("computer"),
        REPORT: lambda: h("target") + it["text"].encode(),
    }[kind]()


def founding(random, name, charter, policy, founders):
    return random + bytes([len(name)]) + name + charter + policy + counted(founders) + bytes(16)


def first_head(gid, author, inc, circle):
    return D("group chain 0", gid, author, u16(inc), bytes([circle]))[:16]


def name_of(author, payload):
    return D("group msg", author, payload)[:16]


class Cursor:
    def __init__(self, left):
        self.left = left

    def take(self, count):
        if count > len(self.left):
            raise ValueError("a layout that ends too soon")
        taken, self.left = self.left[:count], self.left[count:]
        return taken

    def number(self, count=1):
        return int.from_bytes(self.take(count), "little")

    def names(self):
        return [self.take(16) for _ in range(self.number())]


class Seat:
    def __init__(self, role, computers, voice):
        self.role, self.computers, self.voice = role, sorted(computers), voice


class Group:
    """Who is in it, and how it decides."""

    def __init__(self, seats, policy):
        self.seats, self.policy, self.suspended = list(seats), policy, []

    def copy(self):
        other = Group([Seat(seat.role, seat.computers, seat.voice) for seat in self.seats], self.policy)
        other.suspended = [other.seat_of(seat.computers[0]) for seat in self.suspended]
        return other

    def seat_of(self, computer):
        return next((seat for seat in self.seats if computer in seat.computers), None)

    def in_order(self):
        return sorted(self.seats, key=lambda seat: seat.computers)

    def set(self):
        return counted([bytes([seat.role]) + counted(seat.computers) for seat in self.in_order()])

    def voices(self):
        return bytes(seat.computers.index(seat.voice) for seat in self.in_order())

    def view(self):
        return D("group view", self.set())[:16]

    def deciding(self):
        return [seat for seat in self.in_order() if seat.role == MEMBER and seat not in self.suspended]

    def leave(self, seat):
        self.seats = [other for other in self.seats if other is not seat]
        self.suspended = [other for other in self.suspended if other is not seat]
        return True

    def apply(self, said):
        """Whether that changed anything."""
        if said.kind == LEAVE:
            seat = self.seat_of(said.author)
            return bool(seat) and self.leave(seat)
        seat = self.seat_of(said.target)
        if said.what == ADD:
            if seat or sum(len(other.computers) for other in self.seats) >= COMPUTERS_MAX:
                return False
            self.seats.append(Seat(SPECTATOR, [said.target], said.target))
        elif said.what == POLICY:
            before, self.policy = self.policy, said.new[:16]
            return before != self.policy
        elif said.what in (TEXT_MOTION, POLL) or not seat:
            return False
        elif said.what == PROMOTE:
            before, seat.role = seat.role, MEMBER
            return before != MEMBER
        elif said.what == REMOVE:
            return self.leave(seat)
        elif said.what == SUSPEND:
            if seat in self.suspended:
                return False
            self.suspended.append(seat)
        elif said.what == LIFT:
            if seat not in self.suspended:
                return False
            self.suspended.remove(seat)
        elif said.what == RETURN:
            if self.seat_of(said.new):
                return False
            if len(seat.computers) == SEAT_MAX:
                seat.computers.remove(said.target)
            seat.computers = sorted([*seat.computers, said.new])
            seat.voice = said.new
        return True


class Said:
    """Something that counts, taken from its payload."""

    def __init__(self, author, payload):
        self.author, self.name = author, name_of(author, payload)
        cursor = Cursor(payload)
        self.kind = cursor.number()
        cursor.take(16)
        self.inc, self.aseq = cursor.number(2), cursor.number(4)
        cursor.take(40)
        cursor.take(1)
        self.prev = cursor.take(16)
        cursor.names()
        cursor.take(16)
        for _ in range(cursor.number()):
            cursor.take(23)
        self.place = (self.inc, self.aseq, self.name)
        self.rests_on = []
        if self.kind == MOTION:
            self.base, self.rests_on = cursor.take(16), cursor.names()
            self.what, _ = cursor.number(), cursor.take(2)
            self.target, self.new = cursor.take(32), cursor.take(32)
            self.choices = [cursor.take(cursor.number(2)) for _ in range(cursor.number())]
        elif self.kind == VOICE:
            self.to = cursor.take(32)
        elif self.kind in (SAY, CLOSE):
            self.motion = cursor.take(16)
            self.position = cursor.number() if self.kind == SAY else None


class Tally:
    def __init__(self, ground, said):
        self.ground, self.said = ground, {each.name: each for each in said}
        self.closures, self.results = {}, {}
        motions = [each for each in said if each.kind == MOTION]
        for motion in self.sorted(motions):
            self.results[motion.name] = self.judged(motion)
        names = {name for name in self.results if self.passed(name)}
        names |= {each.name for each in said if each.kind == LEAVE}
        self.now, effective = self.replay(names)
        behind = set().union(*(self.closures.get(name, ()) for name in effective))
        self.frontier = sorted(set(effective) - behind)
        closure = set(self.frontier).union(*(self.closures.get(name, ()) for name in self.frontier))
        self.base = self.replay(closure)[0].view()

    def passed(self, name):
        return self.results.get(name, [None])[0] == "passed"

    def sorted(self, said):
        """Each after what it rests on, motions by name first, a leave when nothing else is left to do."""
        waiting, names = list(said), {each.name for each in said}
        named = {name for each in said for name in each.rests_on}
        while waiting:
            free = [each for each in waiting if not names & set(each.rests_on)]
            turn = lambda each: (each.kind == LEAVE, each.kind == LEAVE and each.name not in named, each.name)
            following = min(free, key=turn)
            waiting.remove(following)
            names.remove(following.name)
            yield following

    def replay(self, names):
        now = self.ground.copy()
        in_order = self.sorted([self.said[name] for name in names])
        return now, [each.name for each in in_order if now.apply(each)]

    def founded(self, motion):
        closure = set()
        for name in motion.rests_on:
            said = self.said.get(name)
            if not said or said.kind == MOTION and not self.passed(name):
                return None
            closure |= {name} | self.closures.get(name, set())
        base = self.replay(closure)[0]
        seat = base.seat_of(motion.author)
        if base.view() != motion.base or seat not in base.deciding():
            return None
        self.closures[motion.name] = closure
        return base

    def turns(self, seat):
        """Its voices, each with the part of its chain in which it was the voice."""
        voice, since = seat.voice, {}
        while True:
            said = sorted((each for each in self.said.values() if each.author == voice), key=lambda each: each.place)
            said = [each for each in said if voice not in since or each.place > since[voice]]
            hands_over = lambda each: each.kind == VOICE and each.to != voice and each.to in seat.computers
            over = next((each for each in said if hands_over(each)), None)
            yield [each for each in said if not over or each.place < over.place]
            if not over:
                return
            since[voice], voice = over.place, over.to

    def last_word(self, motion, seat):
        at_once, last = motion.what in (SUSPEND, LIFT), None
        for turn in self.turns(seat):
            for said in turn:
                if said.name == motion.name:
                    position = AGREE
                elif said.kind in (SAY, CLOSE) and said.motion == motion.name:
                    position = said.position
                else:
                    continue
                if position is None:
                    return last, True
                if position in (ASK, ABSTAIN):
                    fits = True
                elif motion.what == POLL:
                    fits = 0 <= position - CHOICE < len(motion.choices)
                else:
                    fits = position in (AGREE, OBJECT)
                if not fits:
                    continue
                last = position
                if at_once and position != ASK:
                    return last, True
        return last, False

    def withdrawn(self, motion):
        of = [each for each in self.said.values() if each.kind in (SAY, CLOSE)]
        of = [each for each in of if each.author == motion.author and each.motion == motion.name]
        for said in sorted(of, key=lambda each: each.place):
            if said.kind == CLOSE:
                return False
            if said.position == WITHDRAWN:
                return motion.what not in (SUSPEND, LIFT)
        return False

    def judged(self, motion):
        base = self.founded(motion)
        if not base:
            return ["unfounded", 0, 0, 0, []]
        target = base.seat_of(motion.target)
        seats = [seat for seat in base.deciding() if motion.what != REMOVE or seat is not target]
        words = [(seat, *self.last_word(motion, seat)) for seat in seats]
        agree = [(seat, closed) for seat, word, closed in words if word == AGREE and seat is not target]
        closed = sum(last for _, last in agree)
        waiting = sum(not last and seat is not target for seat, _, last in words)
        counts = [sum(word == CHOICE + n for _, word, _ in words) for n in range(len(motion.choices))]
        needed, blocks = rule(motion.what, base.policy, len(seats))
        sponsor = base.seat_of(motion.author)
        sponsored = not (blocks and motion.what == ADD) or (sponsor, True) in agree
        sponsor_open = any(seat is sponsor and not last for seat, _, last in words)
        if self.withdrawn(motion):
            result = "withdrawn"
        elif motion.what == POLL:
            result = "open" if waiting else "passed" if any(counts) else "failed"
        elif blocks and any(word == OBJECT for _, word, _ in words):
            result = "blocked"
        elif sponsored and closed >= needed:
            result = "passed"
        elif not sponsored and not sponsor_open or closed + waiting < needed:
            result = "failed"
        else:
            result = "open"
        return [result, len(agree), needed, len(seats), counts]


def rule(what, policy, n):
    """How many it takes, and whether an objection holds it up."""
    preset, k = policy[:2]
    of_group = n // 2 + 1 if preset == 1 else min(k, n)
    if what == REMOVE:
        return max(1, -(-2 * n // 3)), False
    if what == SUSPEND:
        return max(SUSPEND_MIN, n // 2 + 1), False
    if what == LIFT:
        return 1, False
    if preset:
        return max(2 if what in (ADD, RETURN) else 1, of_group), False
    return {ADD: 2, RETURN: 2, POLICY: max(1, n)}.get(what, max(1, -(-n // 2))), True
