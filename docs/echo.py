#!/usr/bin/env python3
"""Says again what it is told: python3 echo.py SOCKET"""
import json, socket, sys

def connect():
    node = socket.socket(socket.AF_UNIX)
    node.connect(sys.argv[1])
    return node, node.makefile(encoding="utf-8")

def ask(end, *calls):
    node, lines = end
    asked = [{"jsonrpc": "2.0", "id": 1, "method": m, "params": p} for m, p in calls]
    node.sendall("".join(json.dumps(call) + "\n" for call in asked).encode())
    return [json.loads(lines.readline()) for _ in calls]

asks, hears = connect(), connect()
ask(hears, ("subscribe", {}))
while True:
    while messages := ask(asks, ("inbox", {"max": 1}))[0]["result"]["messages"]:
        it, = messages
        said = {"to": it["from"]["petname"], "text": it["text"]}
        says = [] if "group" in it else [("send", said)]
        ask(asks, *says, ("inbox.ack", {"up_to": it["seq"]}))
    hears[1].readline() or sys.exit("the node is gone")
