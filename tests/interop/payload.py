"""PROTOCOL §4.5: what is said inside a parcel; and §3, the Hello."""

from collections import namedtuple

from notation import take, u16, u32

TEXT_BYTES_MAX, ACK_IDS_MAX, HELLO_SESSIONS = 32768, 40, 4
LABEL_BYTES_MAX, NOTE_BYTES_MAX, DAYS_MAX, RECORDS_MAX = 128, 64, 7, 256
INTRODUCTION_NOTE_BYTES_MAX, INVITATION_BYTES_MAX = 160, 93

Confirm = namedtuple("Confirm", "mid")
Ack = namedtuple("Ack", "mid mids")
Text = namedtuple("Text", "mid inc aseq minute ttl text")
Timer = namedtuple("Timer", "mid count ttl")
EdgeRekey = namedtuple("EdgeRekey", "mid epoch r")
EdgeRekeyAck = namedtuple("EdgeRekeyAck", "mid epoch r tag")
NextIdentity = namedtuple("NextIdentity", "mid ik s")
IntroAsk = namedtuple("IntroAsk", "mid id label note")
IntroAnswer = namedtuple("IntroAnswer", "mid id invitation")
IntroGive = namedtuple("IntroGive", "mid id join ik invitation")
ZoneAsk = namedtuple("ZoneAsk", "mid label")
ZoneAnswer = namedtuple("ZoneAnswer", "mid of records")
Unknown = namedtuple("Unknown", "mid kind body")
Progress = namedtuple("Progress", "session sent got")


def numbers(parts):
    return [int.from_bytes(part, "little") for part in parts]


def counted(data, most, size):
    """n u8, then n elements, and nothing else."""
    if not data or data[0] > most:
        raise ValueError("too many")
    return take(data[1:], *[size] * data[0])


def decode(data):
    kind, mid, body = *take(data[:17], 1, 16), data[17:]
    if kind == b"\1":
        take(body)
        return Confirm(mid)
    if kind == b"\2":
        return Ack(mid, counted(body, ACK_IDS_MAX, 16))
    if kind == b"\3":
        text = body[14:].decode()
        if not 1 <= len(body) - 14 <= TEXT_BYTES_MAX:
            raise ValueError("a text without a letter, or too long")
        return Text(mid, *numbers(take(body[:14], 2, 4, 4, 4)), text)
    if kind == b"\7":
        return Timer(mid, *numbers(take(body, 4, 4)))
    if kind == b"\x09":
        epoch, r = take(body, 4, 32)
        return EdgeRekey(mid, *numbers([epoch]), r)
    if kind == b"\x0a":
        epoch, r, tag = take(body, 4, 32, 16)
        return EdgeRekeyAck(mid, *numbers([epoch]), r, tag)
    if kind == b"\x0d":
        return NextIdentity(mid, *take(body, 32, 32))
    if kind == b"\x11":
        name, rest = short(body[16:], LABEL_BYTES_MAX)
        note, rest = short(rest, INTRODUCTION_NOTE_BYTES_MAX)
        take(rest)
        return IntroAsk(mid, body[:16], name, note)
    if kind == b"\x12":
        return IntroAnswer(mid, body[:16], whole(body[16:], INVITATION_BYTES_MAX))
    if kind == b"\x13":
        intro, join, ik = take(body[:49], 16, 1, 32)
        if join not in (b"\0", b"\1"):
            raise ValueError("neither opens nor joins")
        return IntroGive(mid, intro, join, ik, whole(body[49:], INVITATION_BYTES_MAX))
    if kind == b"\x14":
        text, rest = short(body, LABEL_BYTES_MAX)
        take(rest)
        return ZoneAsk(mid, label(text) if text else "")
    if kind == b"\x15":
        of, n, body = body[:16], int.from_bytes(body[16:18], "little"), body[18:]
        if n > RECORDS_MAX:
            raise ValueError("too many names")
        records = []
        for _ in range(n):
            name, body = short(body, LABEL_BYTES_MAX)
            tag, body = body[:16], body[16:]
            note, body = short(body, NOTE_BYTES_MAX)
            days, body = body[:1], body[1:]
            if not days or days[0] > DAYS_MAX:
                raise ValueError("for longer than a week")
            records.append((label(name), tag, note, days[0]))
        take(body)
        return ZoneAnswer(mid, of, records)
    return Unknown(mid, kind, body)


def encode(said):
    match said:
        case Confirm(mid):
            return b"\1" + mid
        case Ack(mid, mids):
            return b"\2" + mid + bytes([len(mids)]) + b"".join(mids)
        case Text(mid, inc, aseq, minute, ttl, text):
            return b"\3" + mid + u16(inc) + u32(aseq) + u32(minute) + u32(ttl) + text.encode()
        case Timer(mid, count, ttl):
            return b"\7" + mid + u32(count) + u32(ttl)
        case EdgeRekey(mid, epoch, r):
            return b"\x09" + mid + u32(epoch) + r
        case EdgeRekeyAck(mid, epoch, r, tag):
            return b"\x0a" + mid + u32(epoch) + r + tag
        case NextIdentity(mid, ik, s):
            return b"\x0d" + mid + ik + s
        case IntroAsk(mid, intro, name, note):
            return b"\x11" + mid + intro + counted_text(name) + counted_text(note)
        case IntroAnswer(mid, intro, invitation):
            return b"\x12" + mid + intro + bytes([len(invitation)]) + invitation
        case IntroGive(mid, intro, join, ik, invitation):
            return b"\x13" + mid + intro + join + ik + bytes([len(invitation)]) + invitation
        case ZoneAsk(mid, name):
            return b"\x14" + mid + counted_text(name)
        case ZoneAnswer(mid, of, records):
            laid = (counted_text(n) + tag + counted_text(note) + bytes([days]) for n, tag, note, days in records)
            return b"\x15" + mid + of + u16(len(records)) + b"".join(laid)


def counted_text(text):
    return bytes([len(text.encode())]) + text.encode()


def short(data, most):
    """len u8, then so much UTF-8, and what is left."""
    if not data or data[0] > most or len(data) <= data[0]:
        raise ValueError("too long, or cut short")
    return data[1:1 + data[0]].decode(), data[1 + data[0]:]


def whole(data, most):
    """len u8, then so many bytes, and nothing else."""
    if not data or data[0] > most:
        raise ValueError("too long")
    return take(data[1:], data[0])[0]


def label(text):
    """The one rule of petnames that the known answers try."""
    if not text or "/" in text:
        raise ValueError("not a name")
    return text


def hello(sessions):
    """Of the active, previous, pending and parked session, or None."""
    def slot(s):
        return bytes(48) if s is None else s.session + b"".join(map(u32, (*s.sent, *s.got)))
    return bytes([len(sessions)]) + b"".join(map(slot, sessions))


def read_hello(data):
    if data[:1] != bytes([HELLO_SESSIONS]):
        raise ValueError("as many as there are kinds")
    return [read_slot(one) for one in counted(data, HELLO_SESSIONS, 48)]


def read_slot(data):
    if data == bytes(48):
        return None
    session, *progress = take(data, 32, 4, 4, 4, 4)
    if session == bytes(32):
        raise ValueError("numbers of no session")
    progress = numbers(progress)
    return Progress(session, tuple(progress[:2]), tuple(progress[2:]))
