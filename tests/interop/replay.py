#!/usr/bin/env python3
"""Replays proto/vectors with an implementation written from docs/PROTOCOL.md alone.

A line for each construction; ends with 1 at the first byte that differs."""

import json
import sys
import time
from pathlib import Path

import ake
import blake3
import edge
import group
import invitation
import link
import mailbox
import meeting
import mlkem
import notation
import parcel
import payload
import published
import ratchet
import x25519
from noise import Cipher
from notation import D, MAC, STREAM, Entropy, Identity, fields

H = bytes.fromhex
VECTORS = Path(__file__).parents[2] / "proto" / "vectors"


class Mismatch(Exception):
    pass


def hold(what, computed, kept):
    """Both are bytes (kept perhaps in hex), or anything that can be compared."""
    kept = H(kept) if isinstance(computed, bytes) and isinstance(kept, str) else kept
    if computed == kept:
        return
    if not isinstance(computed, bytes):
        raise Mismatch(f"{what}: {computed!r} where {kept!r} is kept")
    at = next((n for n, (a, b) in enumerate(zip(computed, kept)) if a != b), min(len(computed), len(kept)))
    raise Mismatch(f"{what}: {len(computed)} bytes, {len(kept)} are kept, and they part at byte {at}")


def hold_all(where, keys, kept, names):
    for name in names:
        hold(f"{where} {name}", getattr(keys, name), kept[name])


def refuses(what, action, *errors):
    try:
        action()
    except errors or ValueError:
        return
    raise Mismatch(f"{what}: was not refused")


def read(file):
    return json.loads((VECTORS / f"{file}.json").read_text())


def draw(kept):
    return Entropy(H(kept["entropy"]))


def pair():
    """Alice of seed 01.., Bob of seed 02.., and their edge of ER_0 = 03.."""
    alice, bob = Identity(bytes([1] * 32)), Identity(bytes([2] * 32))
    root = bytes([3] * 32)
    return alice, bob, edge.Edge(root, alice.ik, bob.ik), edge.Edge(root, bob.ik, alice.ik)


# One for each construction.


def primitives(_):
    for check in published.CHECKS:
        check()
    return ", ".join(check.__name__.split("_")[0] for check in published.CHECKS)


def derivations(kept):
    for case in kept["derive"]:
        label = case["context"].removeprefix("kith 2026 v1 ")
        hold(case["what"], D(label, *map(H, case["fields"]), length=len(H(case["out"]))), case["out"])
    for case in kept["mac"]:
        hold(case["what"], MAC(H(case["key"]), *map(H, case["fields"]), length=len(H(case["out"]))), case["out"])
    stream, entropy, handshake = kept["stream"], kept["entropy"], kept["ephemeral"]
    hold("stream", STREAM(H(stream["key"]), H(stream["nonce"]), H(stream["in"])), stream["out"])
    source = Entropy(H(entropy["entropy"]))
    for length, expected in zip(entropy["lengths"], entropy["draws"]):
        hold("entropy", source.draw(length), expected)
    hold("ephemeral", D("entropy", H(handshake["draw"])), handshake["scalar"])
    return f"{len(kept['derive'])} derivations, {len(kept['mac'])} MACs, a stream, entropy"


def identity(kept):
    for case in kept["identities"]:
        me = Identity(H(case["seed"]))
        hold("ik_sec", me.scalar, case["ik_sec"])
        hold("ik", me.ik, case["ik"])
    for case in kept["refused"]:
        hold(case["what"], x25519.refused(H(case["point"])), True)
    return f"{len(kept['identities'])} identities, {len(kept['refused'])} points refused"


def edge_keys(kept):
    names = ("k_i", "k_r", "ss_kem", "meeting_secret", "r_i", "r_r", "h")
    hold("er_0", edge.root(*(H(kept["root"][name]) for name in names)), kept["root"]["er_0"])
    _, _, of_alice, _ = pair()
    new, (_, bob, _, _) = kept["renewal"], pair()
    er_0 = edge.renewed(of_alice.re, H(new["ik"]), H(new["s"]))
    hold("er_0 of a new identity", er_0, new["er_0"])
    renewed = edge.Edge(er_0, H(new["ik"]), bob.ik)
    hold("psk of a new identity", renewed.psk, new["psk"])
    for way, name in ((renewed.to, "alice_to_bob"), (renewed.of, "bob_to_alice")):
        hold_all(name, way, new[name], ("hint", "flight", "wrap", "hhk"))
    caro = kept["zone"]
    for name, mine in (("bob_to_alice", False), ("alice_to_bob", True)):
        hold(f"tag of a person, {name}", of_alice.zone(H(caro["ik"]), mine), caro[name])
    kept = kept["edge"]
    hold_all("edge", of_alice, kept, ("re", "e", "psk", "c_0"))
    for way, name in ((of_alice.to, "alice_to_bob"), (of_alice.of, "bob_to_alice")):
        hold_all(name, way, kept[name], ("hint", "flight", "wrap", "hhk"))
    hold("cont_id", edge.cont_id(of_alice.c_0), kept["cont_id"])
    return "the root, epoch 0, continuity, a new identity, whom they name"


def epochs(kept):
    _, _, of_alice, _ = pair()
    turn, ask, answer = kept["rotation"], kept["rotation"]["ask"], kept["rotation"]["answer"]
    hold("er_1 of given shares", of_alice.rotated(turn["x"], H(turn["r_a"]), H(turn["r_b"])).er, turn["er_1"])
    hold("x", answer["x"], ask["a"])
    rotated = of_alice.rotated(answer["x"], H(ask["r_a"]), H(answer["r_b"]))
    hold("tag of the answer", rotated.tag_of_answer(), answer["tag"])
    for keys, case in ((rotated, turn), (of_alice.last_resort(), kept["recovery"])):
        hold(case["what"], keys.psk, case["psk"])
        for way, name in ((keys.to, "alice_to_bob"), (keys.of, "bob_to_alice")):
            hold_all(name, way, case[name], ("hint", "flight", "wrap", "hhk"))
    hold("number of epoch R", edge.R, kept["recovery"]["epoch"])
    hold("E of epoch R", of_alice.last_resort().e, kept["recovery"]["e"])
    return "an ask and its answer, epochs 1 and R"


def kem(kept):
    dk, ek = mlkem.generate(H(kept["seed"]))
    ct, ss = mlkem.encapsulate(ek, H(kept["m"]))
    for what, computed in (("ek", ek), ("ct", ct), ("ss", ss)):
        hold(what, computed, kept[what])
    hold("ss of the opener", mlkem.decapsulate(dk, ct), ss)
    return "key, ciphertext, shared secret"


def addresses(kept):
    for case in kept["addresses"]:
        data = H(case["bytes"])
        hold(case["what"], notation.addresses(data, 1), ([data], b""))
        told = data[1:-2].hex(), int.from_bytes(data[-2:], "little")
        hold(case["what"], told, (case["host"], case["port"]))
    for case in kept["no_addresses"]:
        refuses(case["what"], lambda: notation.addresses(H(case["bytes"]), 1))
    return f"{len(kept['addresses'])} read, {len(kept['no_addresses'])} refused"


def link_replay(kept):
    alice, bob, of_alice, of_bob = pair()
    dialler, answerer = kept["dialler"], kept["answerer"]
    noise, flight = link.dial(of_alice, alice, bob.ik, kept["stamp"], draw(dialler))
    hold("ephemeral of the dialler", noise.e, dialler["e"])
    hold("flight", flight, dialler["flight"])
    stamp, answered, answer = link.answer(of_bob, bob, alice.ik, flight, draw(answerer))
    hold("stamp", stamp, kept["stamp"])
    hold("ephemeral of the answerer", answered.e, answerer["e"])
    hold("answer", answer, answerer["answer"])
    link.finish(noise, of_alice, answer)
    sides = {by: [link.Direction(n, by == "I") for n in (noise, answered)] for by in "IR"}
    for n, case in enumerate(kept["records"]):
        (mine, theirs), data = sides[case["by"]][:: 1 if case["by"] == "I" else -1], H(case["data"])
        record = mine.seal(data, case["rekey"])
        hold(f"record {n}", record, case["record"])
        hold(f"record {n}, opened", theirs.open(record), (data, case["rekey"]))
    return f"flight, answer, {len(kept['records'])} records with rekeys"


def codes(kept):
    for case in kept["codes"]:
        code = invitation.Code.from_text(case["text"])
        hold(case["what"], code.to_text(), case["text"])
        told = (code.ik.hex(), code.secret.hex(), code.expiry, b"".join(code.addrs).hex(), code.english)
        hold(case["what"], told, tuple(case[name] for name in ("ik", "secret", "expiry_min", "addrs", "english")))
    return f"{len(kept['codes'])} codes"


def invite(kept):
    inviter, joiner, _, _ = pair()
    code = invitation.Code.from_text(kept["code"]["text"])
    hold("secret", code.secret, kept["code"]["secret"])
    hold("expiry", code.expiry, kept["code"]["expiry_min"])
    keys = invitation.Keys(code)
    hold_all("key", keys, kept["keys"], kept["keys"])
    one, two, three, four = (kept[name] for name in ("message_1", "message_2", "message_3", "verdict"))
    j = invitation.Joiner(keys, joiner, code.ik, draw(one))
    hold("message 1", j.first, one["bytes"])
    i = invitation.Inviter(keys, inviter, j.first, draw(two))
    hold("message 2", i.second, two["bytes"])
    told = three["nick"].encode(), [H(addr) for addr in three["addrs"]]
    third = j.claim(i.second, *told, draw(three))
    hold("message 3", third, three["bytes"])
    hold("who claims", i.claimed(third), (joiner.ik, told))
    for who, side in (("joiner", j), ("inviter", i)):
        hold(f"er_0 of the {who}", side.er_0, kept["er_0"])
    told = four["nick"].encode(), [H(addr) for addr in four["addrs"]]
    record = i.verdict(four["verdict"], *told)
    hold("verdict", record, four["bytes"])
    hold("verdict, opened", j.open_verdict(record), (four["verdict"], told))
    return "keys, three messages, verdict, the same root on both sides"


def meet(kept):
    alice, bob, _, _ = pair()
    secret = meeting.board(kept["secret"]["numbers"])
    hold("secret", secret, kept["secret"]["bytes"])
    one, two = kept["star"]["message_1"], kept["star"]["message_2"]
    calls, answers = meeting.star(True, secret, draw(one)), meeting.star(False, secret, draw(two))
    first = calls.write(meeting.VERSION)
    hold("star, message 1", first, one["bytes"])
    hold("star, read", answers.read(first), meeting.VERSION)
    second = answers.write(meeting.VERSION)
    hold("star, message 2", second, two["bytes"])
    hold("star, read", calls.read(second), meeting.VERSION)
    room_id, english = H(kept["room_id"]), kept["list"]
    hello = meeting.hello(room_id, english)
    hold("hello", hello, kept["hello"])
    record = link.Direction(calls, by_initiator=True).seal(hello)
    hold("record", record, kept["star"]["hello_by_initiator"])
    guests = []
    for who, identity in (("alice", alice), ("bob", bob)):
        said = kept[who]
        guest = meeting.Guest(identity, said["nick"].encode(), room_id, draw(said))
        hold(f"share of {who}", guest.share, said["share"])
        hold(f"commit of {who}", guest.commit(), said["commit"])
        guests.append(guest)
    table = meeting.Table(guests, room_id, english, secret)
    hold("list", table.frame(), kept["list_frame"])
    for who, guest in zip(("alice", "bob"), guests):
        hold(f"open of {who}", table.open(guest), kept[who]["open"])
    hold("words", meeting.words(table.sas, meeting.WORDS), kept["word_numbers"])
    hold("who begins", table.guests[0] is guests[1], kept["pair"]["bob_begins"])
    said = kept["pair"]
    step_1 = table.pair_1(draw(said["step_1"]))
    hold("step 1", step_1, said["step_1"]["bytes"])
    step_2, of_r = table.pair_2(step_1, draw(said["step_2"]))
    hold("step 2", step_2, said["step_2"]["bytes"])
    for who, er_0 in (("i", table.root_of_i(step_2)), ("r", of_r)):
        hold(f"er_0 of {who}", er_0, kept["er_0"])
    for name, places, key in (("keep_of_i", (0, 1), 0), ("keep_of_r", (1, 0), 1)):
        choice, addrs = said[name]["choice"], [H(addr) for addr in said[name]["addrs"]]
        key = table.of_i.split()[key]
        frame = meeting.keep(Cipher(key), places, choice, addrs)
        hold(name, frame, said[name]["bytes"])
        plain = bytes([choice, len(addrs)]) + b"".join(addrs)
        hold(f"{name}, opened", meeting.read_keep(Cipher(key), frame, len(plain)), plain)
    return "the board, the star, commitments, list, words, a pair and what each says of the other"


def parcels(kept):
    hk, mk, session, nonce = (H(kept[name]) for name in ("header_key", "mk_enc", "session_id", "nonce"))
    for case in kept["parcels"]:
        field = bytes(n % 251 for n in range(case["ext_len"]))
        core = parcel.Core(parcel.RATCHET, H(kept["dh"]), kept["pn"], kept["n"], len(field))
        said = bytes(n % 251 for n in range(case["length"]))
        hold("bucket", parcel.bucket_for(len(said)), case["bucket"])
        data = parcel.seal(core, hk, mk, session, nonce, said, case["bucket"], field)
        hold(case["what"] + ", head", data[:104], case["head"])
        hold(case["what"] + ", body_tag", data[-32:], case["body_tag"])
        hold(case["what"] + ", whole", blake3.blake3(data), case["blake3"])
        came = parcel.Parcel(data)
        hold(case["what"] + ", core", came.core(hk), core)
        hold(case["what"] + ", field", came.field(hk, core), field)
        hold(case["what"] + ", opened", came.open(core, mk, session), said)
    return f"{len(kept['parcels'])} parcels, every bucket and field"


def payloads(kept):
    for case in kept["payloads"]:
        said = payload.decode(H(case["payload"]))
        hold(case["what"], said.mid, case["mid"])
        hold(case["what"], type(said).__name__, case["what"].split()[0].strip(":"))
        hold(case["what"], payload.encode(said), case["payload"])
    for case in kept["refused"]:
        refuses(case["what"], lambda: payload.decode(H(case["payload"])))
    hold("unknown", type(payload.decode(H(kept["unknown"]["payload"]))), payload.Unknown)
    return f"{len(kept['payloads'])} kinds, {len(kept['refused'])} refused"


def hellos(kept):
    def progress(s):
        return s and payload.Progress(H(s["session"]), tuple(s["sent"]), tuple(s["got"]))

    for case in kept["hellos"]:
        told = list(map(progress, case["sessions"]))
        hold(case["what"], payload.hello(told), case["body"])
        hold(case["what"] + ", read", payload.read_hello(H(case["body"])), told)
    for case in kept["refused"]:
        refuses(case["what"], lambda: payload.read_hello(H(case["body"])))
    return f"{len(kept['hellos'])} laid and read, {len(kept['refused'])} refused"


def handshake(kept):
    """Both ends of the session: (I, R)."""
    alice, bob, of_alice, of_bob = pair()
    one, two = kept["a1"], kept["a2"]
    offer = ake.Offer(of_alice, alice, bob.ik, one["stamp"], draw(one))
    hold("A1", offer.a1, one["bytes"])
    answer = ake.Answer(of_bob, bob, alice.ik, offer.a1, draw(two))
    hold("stamp", answer.stamp, one["stamp"])
    hold("A2", answer.a2, two["bytes"])
    keys, dhr = offer.finish(answer.a2)
    hold("keys of the two", keys, answer.keys)
    hold("session_id", keys[3], kept["session_id"])
    return ratchet.Session(keys, dhr=dhr), ratchet.Session(answer.keys, dhs=answer.ratchet)


def session_begins(kept):
    handshake(kept)
    return "A1, A2, the same keys on both sides"


def under(kept, epoch, first):
    """An edge of epoch 0 in that epoch."""
    if epoch == edge.R:
        return first.last_resort()
    rotated = first.rotated(epoch, H(kept["epoch_1"]["r_a"]), H(kept["epoch_1"]["r_b"]))
    hold("er_1", rotated.er, kept["epoch_1"]["er_1"])
    return rotated


def session_goes_on(kept):
    alice, bob, of_alice, of_bob = pair()
    for case in kept["handshakes"]:
        one, two, what = case["a1"], case["a2"], case["what"]
        of_i, of_r = (under(kept, case["epoch"], of) for of in (of_alice, of_bob))
        of = {by: [edge.continuity(bytes([n] * 32)) for n in reversed(case[f"roots_{by}"])] for by in "ir"}
        offer = ake.Offer(of_i, alice, bob.ik, case["stamp"], draw(one), of["i"])
        hold(what + ", A1", offer.a1, one["bytes"])
        answer = ake.Answer(of_r, bob, alice.ik, offer.a1, draw(two), of["r"])
        hold(what + ", A2", answer.a2, two["bytes"])
        hold(what + ", named by I", [i.hex() for i in answer.ids if any(i)], case["named_by_i"])
        hold(what + ", named by R", answer.named, case["named_by_r"])
        keys, _ = offer.finish(answer.a2)
        hold(what + ", keys of the two", keys, answer.keys)
        hold(what + ", session_id", keys[3], case["session_id"])
        for by in "ir":
            before = of[by] if any(answer.named) else []
            values = edge.remembered([edge.continuity(keys[0])], before)
            hold(what + ", remembered", [edge.cont_id(c).hex() for c in values], case[f"remembered_by_{by}"])
    return f"{len(kept['handshakes'])} handshakes with and without a past, under epochs 1 and R"


def session_runs(kept):
    ends, sent, opened = dict(zip("IR", handshake(kept))), [], 0
    for n, step in enumerate(kept["steps"]):
        what, end = f"step {n}, {step['by']} {step['do']}s parcel {step['parcel']}", ends[step["by"]]
        if step["do"] == "seal":
            data = end.seal(H(step["payload"]), step["minute"], draw(step))
            hold(what, data, step["bytes"])
            hold(what + ", place", (end.chains, end.ns - 1), (step["chain"], step["n"]))
            bears = {mlkem.EK: "offer", mlkem.CT: "answer"}.get(len(end.step.bears), "none")
            hold(what + ", KEM step", bears, step["kem"] if step["kem"] in ("offer", "answer") else "none")
            sent.append(data)
        elif step["outcome"] == "Opened":
            hold(what, end.open(sent[step["parcel"]], step["minute"]), step["payload"])
            opened += 1
        else:
            refuses(what, lambda: end.open(sent[step["parcel"]], 0), getattr(ratchet, step["outcome"]))
    return f"{len(sent)} parcels sealed, {opened} opened late and out of order, a KEM step"


def a_box(kept):
    return mailbox.Box(H(kept["box_id"]), H(kept["k_box"]))


PARCEL = bytes(range(256)) * 8


def tokens(kept):
    box = a_box(kept)
    hold("door", box.door, kept["door"])
    for lock, name in ((box.leaving, "leaving"), (box.fetching, "fetching")):
        hold_all(name, lock, kept[name], ("hint", "flight", "wrap_in", "wrap_out"))
    hold("psk of fetching", box.psk, kept["fetching"]["psk"])
    day, only = mailbox.not_after(kept["day"]), mailbox.bound_to(PARCEL)
    conditions = ([], [day], [only], [day, only], [only, day])
    for case, caveats in zip(kept["tokens"], conditions, strict=True):
        data = H(case["shown"])
        serial, read_back, rest = mailbox.taken_apart(data)
        hold(f"{case['what']}: conditions", read_back, caveats)
        hold(f"{case['what']}: behind them", rest, b"")
        hold(f"{case['what']}: as shown", mailbox.shown(serial, caveats), data)
        t = box.token(serial, caveats)
        hold(f"{case['what']}: t", t, case["t"])
        hold(f"{case['what']}: psk", D("door psk", t), case["psk"])
    return f"{len(kept['tokens'])} tokens"


def mailbox_replay(kept):
    of_token = read("token")
    box = a_box(of_token)
    token = H(of_token["tokens"][1]["shown"])
    deposit, fetch = kept["deposit"], kept["fetch"]
    psk = D("door psk", box.token(*mailbox.taken_apart(token)[:2]))
    who, by = deposit["visitor"], deposit["keeper"]
    name, lock = b"kith/deposit/1", box.leaving
    i, first = mailbox.knock(name, lock, box, psk, 0, token, draw(who))
    hold("flight of a visitor", first, who["flight"])
    stamp, claimed = mailbox.opened(lock, first)
    serial, caveats, noise = mailbox.taken_apart(claimed)
    hold("what it shows", (stamp, mailbox.shown(serial, caveats)), (0, token))
    r, second = mailbox.answer(name, lock, box, psk, noise, bytes([by["code"]]), draw(by))
    hold("answer to a visitor", second, by["answer"])
    hold("its code", mailbox.finish(name, lock, i, second), b"\0")
    left = link.Direction(i, True).seal(mailbox.frame(mailbox.PARCEL, PARCEL))
    hold("a parcel that is left", left, deposit["parcel_by_visitor"])
    status = link.Direction(r, False).seal(mailbox.frame(mailbox.STATUS, b"\0"))
    hold("what became of it", status, deposit["stored_by_keeper"])

    who, by = fetch["owner"], fetch["keeper"]
    name, lock = b"kith/fetch/1", box.fetching
    i, first = mailbox.knock(name, lock, box, box.psk, fetch["stamp"], b"", draw(who))
    hold("flight of an owner", first, who["flight"])
    stamp, noise = mailbox.opened(lock, first)
    hold("its stamp", stamp, fetch["stamp"])
    r, second = mailbox.answer(name, lock, box, box.psk, noise, b"", draw(by))
    hold("answer to an owner", second, by["answer"])
    hold("what it says", mailbox.finish(name, lock, i, second), b"")
    owner, keeper = link.Direction(i, True), link.Direction(r, False)
    hold("greeting", owner.seal(b""), fetch["greeting_by_owner"])
    slot = link.u32(fetch["slot"])
    hold("a slot", keeper.seal(mailbox.frame(mailbox.SLOT, slot + PARCEL)), fetch["slot_by_keeper"])
    hold("all", keeper.seal(mailbox.frame(mailbox.STATUS, b"\0")), fetch["all_by_keeper"])
    receipt = box.receipt(fetch["slot"], PARCEL)
    hold("deletion", owner.seal(mailbox.frame(mailbox.DEL, slot + receipt)), fetch["deleted_by_owner"])
    return "one visit, one fetch"


def groups(kept):
    random, name, policy = H(kept["random"]), kept["name"].encode(), H(kept["policy"])
    charter = D("group charter", kept["charter"]["text"].encode())[:16]
    hold("charter", charter, kept["charter"]["digest"])
    seats = [group.Seat(group.MEMBER, computers, computers[0]) for computers in read_all(kept["seats"])]
    founders = sorted(computer for seat in seats for computer in seat.computers)
    founding = group.founding(random, name, charter, policy, founders)
    hold("founding", founding, kept["founding"])
    gid = D("group", founding)[:16]
    hold("gid", gid, kept["gid"])
    ground = group.Group(seats, policy)
    hold("view", ground.view(), kept["view"])
    hold("set", ground.set() + ground.voices(), kept["set_and_voices"])
    hold("chain of all", group.first_head(gid, founders[0], 330, 1), kept["chain_of_all"])
    parts = {"gid": gid, "view": ground.view(), "founding": founding, "policy": policy}
    parts["set_and_voices"] = ground.set() + ground.voices()
    for said in kept["messages"]:
        bare = group.body(said["kind"], said["body"], parts)
        head = group.head(said["head"]) if "head" in said else b""
        hold(f"a message of kind {said['kind']}", bytes([said["kind"]]) + H(said["mid"]) + head + bare, said["bytes"])
    told, chains, life = [], {}, kept["life"]
    for kept_said in life["said"]:
        said = group.Said(H(kept_said["author"]), H(kept_said["bytes"]))
        prev = chains.get(said.author, group.first_head(gid, said.author, said.inc, 0))
        hold("name", said.name, kept_said["name"])
        hold("prev", said.prev, prev)
        chains[said.author] = D("group chain", prev, said.name)[:16]
        hold("chain", chains[said.author], kept_said["chain"])
        told.append(said)
    tally = group.Tally(ground, told)
    hold("results", {name.hex(): result for name, result in tally.results.items()}, life["results"])
    now = tally.now
    hold("set after it", now.set() + now.voices(), life["set_and_voices"])
    hold("view after it", now.view(), life["view"])
    hold("suspended", sorted(seat.computers[0].hex() for seat in now.suspended), life["suspended"])
    hold("policy after it", now.policy, life["policy"])
    hold("frontier", [name.hex() for name in tally.frontier], life["frontier"])
    hold("base", tally.base, life["base"])
    return f"what is said, and {len(tally.results)} motions decided from {len(told)} words"


def read_all(kept):
    return [[H(each) for each in row] for row in kept]


CONSTRUCTIONS = (
    ("primitives", None, primitives),
    ("notation", "notation", derivations),
    ("addresses", "wire", addresses),
    ("identity", "identity", identity),
    ("edge", "edge", edge_keys),
    ("epochs", "edge", epochs),
    ("KEM", "kem", kem),
    ("link", "link", link_replay),
    ("invitation code", "invite_code", codes),
    ("invitation", "invite", invite),
    ("meeting", "meeting", meet),
    ("group", "group", groups),
    ("token", "token", tokens),
    ("mailbox", "mailbox", mailbox_replay),
    ("hello", "hello", hellos),
    ("payloads", "payload", payloads),
    ("parcel", "parcel", parcels),
    ("session begins", "session", session_begins),
    ("session goes on", "ake", session_goes_on),
    ("session runs", "session", session_runs),
)


def main():
    for name, file, replay in CONSTRUCTIONS:
        begun = time.monotonic()
        try:
            said = replay(read(file) if file else None)
        except Exception as error:
            print(f"{name}: FAILED: {type(error).__name__}: {error}")
            return 1
        print(f"{name}: {said} ({time.monotonic() - begun:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
