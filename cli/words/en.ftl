# Everything kith says in English. Same keys as fr.ftl, in the same order.
# A sentence says what is, and if something is to be done, what. No jargon.

## The program

about = Kith: talk with your friends from computer to computer, with nobody in between.
hint-verb = How it is meant: { $command }
hint-people = Who is called how: kith contact list, kith group list. To invite somebody: kith invite
hint-doctor = What is wrong here, and what to do: kith doctor
hint-later = How things are now: kith status
hint-in-person = Write nothing there until you met: kith help seizure
hint-config = To mend them: kith config edit
error = kith: { $why }
output-failed = The output could not be written.
disk-full = The disk is full.
disk-read-only = The disk can only be read.
no-descriptors = Too many files are open.
answer-needed = A question must be answered, and there is no terminal to ask it on.
file-exists = { $path } exists already and stays as it is.
file-not-read = { $path } cannot be read.
file-not-written = { $path } could not be written.
file-too-long = { $path } is too long: it holds something else.

## Help

help-usage = Usage: { $line }
help-usage-flags = [options]
help-verbs = What you can do:
help-values = What goes there:
help-flags = Options:
help-more = Options that go with everything: kith help options
help-example = For example:
help-about = Explains kith, one of its verbs, or a topic
help-topic = A verb, verbs, options, or a topic: names, seizure, exit-codes
help-unknown-topic = There is no help about “{ $topic }”.
help-unknown-topic-hint = Verbs and topics: kith help
help-root-more =
    kith help VERB     explains a verb            kith help verbs    tells them all
    kith help options  what goes with everything
    Also: names, accessibility, environment, exit-codes, formats, seizure
help-group-begin = begin
help-group-meet = find
help-group-talk = talk
help-group-name = name
help-group-group = together
help-group-away = away
help-group-keep = protect
help-group-tool = programs
help-names =
    A name is always given by somebody. A mark says by whom.

      zoé             no mark: the petname that you gave; it does not leave your
                      machine, unless you show it (kith name publish)
      bob/zoé         your friend bob calls somebody so: that is his word
      ~"Zoé 75"       somebody calls themselves so: anybody can
      ?lune-tigre     somebody of a group whom you do not know: two words drawn
                      from their identity, always the same
      #local          a group; in a command, leave out the #

    Beside the name, words say how you know this computer: met on a day, words
    compared by voice on a day, introduced by bob, or by code. That never rises by
    itself: kith meet, kith verify.

    A petname has 1 to 32 columns, begins with a letter, and does not mix two
    scripts; letters, digits, - _ . and single spaces. A name that looks like
    another of yours (zoé, Zoe, z0é), or like one of these, is refused:

    {"  "}{ $reserved }

    Change it: kith contact rename. Who that is: kith who NAME.
help-environment =
    An option on the command line comes before a variable, and that before the
    settings (kith config).

      KITH_HOME             all of this node in this directory, as --home
      KITH_PLAIN=1          plain lines, as --plain; TERM=dumb too
      KITH_PASSPHRASE_FILE  the passphrase's file (mode 0600)
      CREDENTIALS_DIRECTORY where to look for kith.passphrase, as systemd gives it
      KITH_LOG              what the node writes about itself: error, warn, info,
                            debug, trace; never a name, an address, a text
      NO_COLOR              no colour, if it is not empty
      LC_ALL, LC_MESSAGES,  the language; in this order, then the setting ui.lang,
      LANG, LANGUAGE        else English
      VISUAL, EDITOR        what kith config edit opens
      XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_RUNTIME_DIR
                            where settings, data and socket are

    There is no variable for the passphrase itself: what stands in one can be read
    in the list of processes. KITH_PASSPHRASE is ignored, and says so.
help-accessibility =
    kith --plain, or KITH_PLAIN=1, or for good: kith config set ui.plain true

    Plain lines: each is added and never changes, the cursor does not move, nothing
    is drawn, no symbol carries a meaning alone. A line always says the time, the
    name, the text, in this order; a state is said in words. What arrived is told
    once. On a pipe it is always so.

      kith chat --plain zoé     talk; each line typed is a message
      kith inbox                read what arrived, then be back at the prompt
      kith send zoé             write and leave nothing in the shell's history
      kith inbox --follow       let things come

    What comes while you type stands right behind what you have typed, and changes
    nothing of it: Enter sends only what you typed, and Ctrl-R says it again.

    No colour carries a meaning alone, and NO_COLOR takes all of them away. Words
    to compare are read aloud: four at a meeting, twelve for two people. An
    invitation can be given as a file instead of a picture.

    Whatever is in the way of a screen reader or a braille display is a fault: tell
    whoever gave you this program.
help-seizure =
    Before
      kith passphrase        without one, who takes the machine reads all of it
      kith doctor --disk     what they would find there now
      kith history NAME --keep none    what was read is erased at once
      kith lock              before you go out: the node can read its disk no more
      kith backup FILE       to be found again; no message is in it
    A node that opens by itself when it starts opens for whoever carries it off too.

    While it happens
      kith lock              first; the rest takes time
      kith wipe --all --now  destroys what opens everything, then the rest, unasked
    An SD card or SSD may remember old copies. To erase can have consequences before
    a court: talk about it beforehand, with people of the trade.

    After
      kith restore FILE      on another machine; on the one that came back, never
                             type your passphrase again
      kith identity new      there too: another identity, and friends confirm it
                             by voice
      kith contact drop NAME N   at your friends': to give up a lost computer
      kith group report GROUP NAME "why"    at the others': each message to that
                             machine will ask first
    It shows that two people know each other, never a proof of who said what.
help-formats =
    On screen    when it arrived, the name, the text; a line that goes on is set
                 back, so that no text can play another message
    --json       one object an answer, one object a line where it goes on
                 (inbox --follow, events); names in it are never translated, text
                 is exact, "v" is the version
    Durations    30s 15m 24h 7d            Sizes     64 MiB, 1 GiB
    Invitation   KITH: and symbols of 32 possible ones, no I, L, O or U; capitals,
                 hyphens and ends of lines change nothing
    Stick        a file of whole mebibytes, of bytes without a shape (kith carry)
    Backup       sealed under a passphrase of its own (kith backup)
    Keys         a friendship rests on an X25519 key of each side and a secret of
                 ML-KEM; no key is shown anywhere: people compare twelve words,
                 drawn from both, that each side reads
    Signatures   there are none: what authenticates, both sides can have made
help-exit-codes =
    0    done; for “send”, at least safely on this disk
    1    no: nothing new, not done, a motion not adopted, a transcript refused,
         or the node is locked or full
    2    the command line is not understood
    65   bad invitation, script or transcript, text too long, not a name,
         empty passphrase
    66   a question could not be asked, or a file not read
    67   no friend and no group is called so
    69   the node is not running, or runs already (daemon)
    70   a mistake in kith
    73   something stands already where something was to be made
    74   the disk failed, an address is not free, or a wipe left something
    75   not yet: saved but not delivered, or too much at once
    76   the words that were compared differ
    77   refused, or the node is locked
    78   the settings are wrong
    129  the terminal was closed
    130  interrupted with Ctrl-C
    143  ended by another program

value-verb = VERB
value-number = NUMBER
value-name = NAME
value-to = TO
value-text = TEXT
value-text-or-dash = TEXT|-
value-file = FILE
value-dir = DIR
value-duration = DURATION
value-address = IP:PORT
value-at = N[:BYTE]
value-message = NUMBER|NAME
value-seq = NUMBER
value-count = COUNT
value-size = SIZE
value-state = kept|delivered
value-topic = TOPIC
value-new-name = NEW
value-setting = SETTING
value-value = VALUE
value-keep = DURATION|none|default
value-timer = 1d|off

flag-home = Everything of this node is in this directory
flag-json = Answer for programs
flag-plain = Plain lines only, for screen readers and simple terminals
flag-lang = Language of the texts
flag-quiet = No advice beside the answer
flag-no-input = Never ask anything
flag-yes = Erase without asking
flag-yes-plain = Without asking
flag-passphrase-file = Read the passphrase from a file that only you can read (mode 0600)
flag-passphrase-fd = Read the passphrase from this file descriptor
flag-help = Explain, and do nothing
flag-version = Print the version

## A command line that is not understood

usage-unknown-argument = “{ $arg }” is not expected here.
usage-unknown-verb = There is no verb “{ $verb }”.
usage-missing-verb = A verb is missing.
usage-missing-argument = Something is missing: { $arg }
usage-conflict = “{ $arg }” and “{ $other }” do not go together.
usage-twice = “{ $arg }” is there twice.
usage-missing-value = “{ $arg }” needs a value.
usage-bad-value = “{ $value }” does not fit { $arg }.
usage-no-equals = “{ $arg }” takes its value after “=”.
usage-wrong-count = “{ $arg }” has too many values or too few.
usage-not-utf8 = The command line is not valid UTF-8.
usage-unclear = The command line is not understood.
usage-perhaps = Did you mean { $near }? { $more }
usage-takes = { $takes } { $more }
takes-duration = A time is written as a number and s, m, h or d (seconds, minutes, hours, days), like 30s or 7d.
takes-lifetime = Here a time is written as a number and m, h or d (minutes, hours, days), like 30m or 7d.
takes-keep = Here a time is written as a number and m, h or d (minutes, hours, days), like 30m or 7d; none keeps nothing, default does as with everybody.
takes-timer = Here a time is written as a number and m, h or d (minutes, hours, days), like 30m or 7d; off takes the limit away.
takes-size = A size is written as a number and MiB or GiB, like 64MiB.
usage-help = Help: { $command }

## The node

node-down = The node is not running.
node-down-hint = Start it: kith up
node-lost = The node stopped answering.
node-ended = The node has stopped.
node-garbled = The node that runs is of another version of kith.
node-garbled-hint = Restart it: kith down, then kith up
node-locked = The node is locked: it reads nothing and answers nobody.
node-locked-hint = Open it: kith unlock
no-home = There is no node here yet.
no-home-hint = Make one: kith init
no-home-but-the-system = The node here is the machine's: only its own account can do this.
no-home-but-the-system-hint = Begin the command with: sudo -u kith kith --home /var/lib/kith
no-place = It is not known where the node should be: HOME is not set.
no-place-hint = Name a directory: kith --home DIR
config-unreadable = The settings (config.toml) cannot be read.
config-wrong = Line { $line } of config.toml will not do: { $text }

run-held = Another process is using this node.
run-held-by = This node is running already (pid { $pid }).
run-wrong-passphrase = That is not the passphrase.
run-wrong-passphrase-hint = Look at capitals and the keyboard's language, then try again. Once forgotten, nobody can recover it.
run-no-device-key = device.key is missing or damaged: it opens this node, which has no passphrase.
run-slot-damaged = root.slot is missing or damaged: without it nothing in the store can be read.
run-too-new = A newer version of Kith made this home: run that one.
run-database-damaged = The store (data/db) is missing or damaged.
run-cannot-listen = The node cannot listen at the addresses in config.toml.
run-cannot-listen-hint = Another program may be using them, or they are not of this machine.
run-io = The disk refuses to work.
run-no-memory = There is not enough memory for the passphrase.
run-wipe-unfinished = A wipe was begun here and is not finished.
run-wipe-unfinished-hint = Finish it: kith wipe --all

## Passphrase

passphrase-ask = Passphrase:{" "}
passphrase-new = New passphrase:{" "}
passphrase-again = Once more:{" "}
passphrase-differs = The two are not the same. Nothing was done.
passphrase-empty = An empty passphrase protects nothing.
passphrase-short = This passphrase is short. Six words drawn at random hold much longer.
passphrase-needed = A passphrase is needed, and there is no terminal to ask for it.
passphrase-needed-hint = Give it with --passphrase-file or --passphrase-fd.
passphrase-unreadable = The passphrase cannot be read from where you said.
passphrase-file-open = Others can read the passphrase file.
passphrase-file-open-hint = Close it to them: chmod 600 FILE
passphrase-variable-ignored = KITH_PASSPHRASE is ignored: every program you run can read it. Remove it.
passphrase-not-text = The passphrase is not UTF-8 text.
passphrase-about = Changes the passphrase, or gives the node its first
passphrase-new-file = Read the new one from a file that only you can read (mode 0600)
passphrase-changed = From now on only the new passphrase opens this node.
passphrase-first = From now on this node opens with the passphrase, and asks for it at each start.
passphrase-copies = A copy of root.slot made before now, or one that a memory card remembers, still opens as it did.
passphrase-which-one = Try both passphrases: it is not known whether the new one holds already.

## A new identity

identity-about = Who you are to your friends: who has not confirmed a new identity
identity-new-about = Begins a new identity and tells your friends
identity-new-yes = Begin without asking
identity-new-warning = Your friends will be asked to confirm your new identity: tell each of them four words by voice. Until then you go on with each of them under the old one. There is no way back.
identity-ask = Type “new” to do it:{" "}
identity-word = new
identity-not-done = Nothing was changed.
identity-new-done =
    { $friends ->
        [0] You have a new identity. There was nobody to tell.
        [one] You have a new identity. { $friends } friend is told.
       *[other] You have a new identity. { $friends } friends are told.
    }
identity-new-after = The words for each: kith contact check NAME. Once they have confirmed, make a new backup: older ones do not find them any more.
identity-waits = { $name } has not confirmed your new identity yet: kith contact check { TYPED($name) }
identity-nothing = No new identity waits to be confirmed.

## backup, restore

backup-about = Writes who you are and whom you know to a file, sealed under a passphrase of its own
backup-file = The file to write; one that exists is never replaced
backup-passphrase-file = Read the backup's passphrase from a file that only you can read (mode 0600)
backup-passphrase-note = The backup gets a passphrase of its own. Without it the file opens nothing, for you either.
backup-done =
    { $friends ->
        [one] The backup is written, with { $friends } friend.
       *[other] The backup is written, with { $friends } friends.
    }
backup-holds = It holds your identity, your friends, their names and how long you keep what is said. No message is in it.
backup-after = Friends made from now on are not in it. Whoever has the file and its passphrase can pass for you: keep them apart.
restore-about = Makes a node here that goes on from a backup
restore-file = The file that kith backup wrote
restore-passphrase-ask = Passphrase of the backup:{" "}
restore-done = Your node is back in { $place }. Messages are not: they were never in the backup.
restore-friends = Start it with kith up. Each friend is asked to compare four words with you before you can talk again; say them aloud, not in writing.
restore-one = If the former node still runs somewhere, end it: two with the same identity disturb each other.
restore-exists = There is a node already in { $place }. A backup is restored where there is none.
restore-wrong-passphrase = That is not the passphrase of this backup.
restore-damaged = This file is no backup, or it is damaged. Nothing was made.
restore-too-new = This backup was written by a newer kith. Nothing was made.

## init, up, down, daemon

init-about = Makes a new node here; nobody is told
init-no-passphrase = Whoever has this disk can open the node
init-cheap = For tests only: a passphrase that is quick to guess
init-done = Your node is ready in { $place }. Nobody was told.
init-passphrase-note = Nobody can recover a forgotten passphrase.
init-no-passphrase-note = Without a passphrase, whoever has this disk can read everything in it.
init-next = Next: kith up, then kith invite --as NAME
init-exists = There is a node already in { $place }.
init-unfinished = An earlier init was cut off half-way. Nothing was lost: no node lived here yet.
init-unfinished-hint = Clear it with: kith wipe --all
init-not-made = The node could not be made in { $place }.


up-about = Starts the node and leaves it running
up-done = up: node running (pid { $pid }), listening on { $addresses }, { $friends } online
up-addresses = { $count ->
    [one] { $count } address
   *[other] { $count } addresses
}
up-friends = { $count ->
    [one] { $count } friend
   *[other] { $count } friends
}
up-not-started = The node did not start.
up-not-started-hint = See why: kith daemon --foreground
up-locked = up: node running (pid { $pid }), locked. Open it: kith unlock
started-locked = The node runs locked: nobody gave its passphrase. Open it: kith unlock
down-about = Stops the node
down-done = down: node stopped
down-slow = The node is still finishing; it was told to stop.
daemon-about = Runs the node until it is stopped; kith up and systemd use this
daemon-foreground = Stay attached to the terminal
lock-about = Lets the node forget how to read what it holds
lock-done = Locked: nothing here can be read, and your friends see you as away. Open it: kith unlock
unlock-about = Gives a locked node its passphrase
unlock-done = Open: your friends can reach you again.
unlock-open = The node is open already.

## Meeting

meet-about = Meet around a table: compare four words together, once, then each chooses whom to keep
meet-join = Join a meeting: one found on this network, or the one at this address
meet-nick = How the others see you at the meeting
meet-replace = Give this name back to somebody who returns with a new computer
meet-secret = Eight words on a board keep out whoever is not in the room; who joins is asked for them
meet-timeout = Give up after this time: 15m, 1h
meet-needs-people = A meeting asks a person questions, and --no-input forbids them.
meet-ask-nick = Your first name for the others:{" "}
meet-qr = Draw these words as a picture, too, that a camera reads
meet-scan = Read them from a PNG picture, or a text
meet-scan-nothing = No words of a board can be read in this file.
meet-ask-secret = The eight words on the board:{" "}
meet-searching = Looking for a meeting on this network.
meet-none-found = Nobody waits on this network.
meet-none-found-hint = Ask whoever opened the meeting for its address: kith meet --join ADDRESS
meet-several = There are several meetings on this network. Ask whoever opened yours for its address.
meet-ask-which = Which one? (number){" "}
meet-goes-on = A meeting goes on here already: this is it. /quit leaves it.
meet-waits = Waiting on this network. The others type: kith meet --join  (or kith meet --join { $address } if nothing is found)
meet-waits-secret = Waiting on this network. The others type: kith meet --join --secret  (or kith meet --join { $address } --secret if nothing is found)
meet-secret-board = Write these eight words on the board; the others type kith meet --join --secret:
meet-here = { $count ->
    [one] { $count } computer here: you
   *[other] { $count } computers here: you, { $nicks }
}
meet-ask-count = How many computers are taking part, yours included? Count them with your eyes:{" "}
meet-counted = Waiting until everybody is there and has counted.
meet-agreeing = The computers come to an agreement.
meet-again = Once more from the beginning: somebody went.
meet-listen = Somebody reads four words aloud. Which line did you hear?
meet-ask-line = Number of the line you heard (0: none):{" "}
meet-read = Read this line aloud, slowly, to everybody:
meet-read-same = Then each says aloud their first name and “same”. You too.
meet-say-same = That is the line. Say aloud your first name and “same”; each does.
meet-ask-heard = Did { $nick } say their first name and “same”, in their own voice? (y: yes, n: no, I stop here, Enter: not yet){" "}
meet-all-same = Everybody said “same”: nobody stands between you.
meet-ask-name = What will YOU call { $nick }? (empty: do not keep){" "}
meet-named = Waiting for the others.
meet-met = { $name }: met in person on { $day }.
meet-waiting = { $name }: kept here, and their computer has not said so yet. It is settled as soon as the two talk; until then not met yet.
meet-declined = { $nick } did not keep you: nothing is stored.
meet-not-kept = { $nick }: not kept, nothing is stored.
meet-one-sided = { $name }: one of you still has the other as a friend, the other does not; nothing has changed. Who still has them does kith contact rm NAME, then meet again.
meet-gone = The computer of { $nick } went too soon: nothing is stored.
meet-nobody-else = Nothing was sent to anyone else.
meet-left = You left the meeting.
meet-no-answer = Nobody answers at this address, or the words on the board are other words.
meet-no-answer-hint = Check the address with whoever opened the meeting; if there are words on a board, add --secret.
meet-not-opened = This computer cannot open a meeting: it is on no network, or may not listen.
meet-not-opened-hint = Let somebody else open it, and join with kith meet --join
meet-nick-taken = Somebody here already has a first name that looks like yours.
meet-nick-taken-hint = Begin again with another: --nick NAME
meet-full = The meeting is full.
meet-begun = The meeting began without you.
meet-host-gone = The computer that opened the meeting went.
meet-again-hint = Nothing is lost: begin again with kith meet
meet-count-differs = You counted { $counted } computers and there are { $there }: somebody miscounted, or one computer too many listens.
meet-count-differs-hint = Count together aloud, then begin again. If the number stays wrong change the network.
meet-alike = Two first names look alike, one of them { $nick }: nobody could say who is who.
meet-broken = The computer that opened the meeting says what no honest kith says: nothing is stored.
meet-not-same = The words were not the same for everybody, or somebody did not say them: nothing is stored.
meet-not-same-hint = Begin once more. If it happens again somebody stands between you: change the network.
meet-change-place = The meeting was cut off too often at the wrong moment: perhaps somebody tries to get between you.
meet-change-place-hint = Begin again elsewhere, on another network.
meet-late = The time for the meeting is over.
meet-locked = The node was locked during the meeting.

## Becoming friends

invite-about = Makes an invitation: whoever uses it first becomes your friend
invite-as = What you will call the person it is for
invite-file = Write it to a new file that only you can read
invite-expires = How long it is good: 30m, 24h, 7d (7d if not said)
invite-at = Where your computer can be reached, if it does not know; may be repeated
invite-written = The invitation is in { $path }.
invite-qr = Draw it as a picture that a camera reads
invite-qr-not-here = A picture is drawn on a terminal with colours only. Here is the same as text:
invite-qr-too-small = This window is too small for the picture: it takes { $columns } columns and { $rows } rows. Here is the same as text:
invite-print = Print a sheet of paper instead: the code, until when it is good, what to do
invite-list = Only list those that nobody has used yet
invite-revoke = Only take back the one for this person
invite-none = No invitation is open.
invite-until = until { $until }
invite-not-open = No invitation is open for { $name }: it was used, or there never was one.
invite-not-open-hint = A friend is removed with: kith contact rm { TYPED($name) }
invite-sheet-before =
    KITH: AN INVITATION

    Good once, until { $until }.

    1. Put Kith on your computer. Whoever gave you this sheet can help.
    2. Type: kith init
    3. Type: kith up
    4. Type: kith accept
    5. Copy this code on one line, and press Enter. Blanks, hyphens and capitals count for nothing.
invite-sheet-after =
    6. Say what you will call whoever invites you. That name stays on your computer.
    7. Destroy this sheet.

    Whoever reads it before you can use it in your place. Then tell the person who gave it to you.
invite-advice = For { $name } alone, good once, until { $until }. Hand it over in person or over something you both rely on: whoever uses it first will be “{ $name }” for you. Leave kith running until then.
accept-about = Uses an invitation; its text is asked for, piped in, or read from a file
accept-as = What you call the person who gave it to you
accept-file = Read the invitation from a file; “-” for the standard input
accept-nick = What you call yourself, shown to them in quotes
accept-ask-code = Invitation:{" "}
accept-ask-more = That is not a whole invitation yet. What follows (nothing: that is all):{" "}
accept-scan = Read it from a PNG picture, or a text
scan-nothing = No invitation can be read in this file.
scan-nothing-hint = It must be a PNG picture with the whole code on it, large and sharp, or a text.
accept-ask-name = What do you call the person who gave it to you?{" "}
accept-paired = { $name }: linked by code. Not met yet.
accept-waiting = The other computer is not answering yet, or somebody used this invitation already, or it was taken back. It is good until { $until }; leave kith running, it keeps trying for { $name }.

## People

contact-about = Your friends
contact-list-about = Lists them
contact-list-online = Only those who are online
contact-list-tree = Below each friend those they introduced, and what they call others
tree-friend = { $name }: { $how }
tree-introduced = introduced { $name }
tree-known = { $who }: your { $name }
tree-unknown = { $who }: nobody of yours
tree-as-told = Names of theirs are as they last told them. To ask again: kith who NAME/
contact-none-online = Nobody is online.
contact-show-about = Shows one of them from near, with the words to compare
contact-name = What you call them
contact-new-name = What you will call them
contact-check-about = Says whether the four words of a new session or identity are the same on both sides
contact-check-yes = The four words as heard by voice: they are the same
contact-check-no = The words differ, or nobody answered: forget that session or identity
contact-check-nothing = Nothing to check with { $name }.
contact-check-words = { $name } lost their state, or somebody else speaks in their place: compare these four words by voice: { $words }. The same: kith contact check { TYPED($name) } --yes WORDS. Different: kith contact check { TYPED($name) } --no
contact-restored-words = You came back from a backup, and { $name } is asked to compare four words. Say them by voice: { $words }.
contact-check-done-yes = It is { $name }: the new session speaks from now on, and what waited goes again.
contact-check-done-no = That session with { $name } is forgotten. Nothing it said was taken.
contact-check-identity = { $name } says they have a new identity, or somebody else speaks in their place: compare these four words by voice: { $words }. The same: kith contact check { TYPED($name) } --yes WORDS. Different: kith contact check { TYPED($name) } --no
contact-announced-words = { $name } is asked whether your new identity is yours. Say these four words by voice: { $words }.
contact-former = Somebody knocks with what { $name } and you shared before one of you got a new identity. One of you came back from an older backup or disk, or somebody has a copy of one. Nobody answers there, and you do not find each other any more under what is in it. Ask { $name } by voice. To begin again, both: kith contact rm NAME, then kith invite and kith accept
contact-silent = At { $name }'s address connections are taken and nobody answers. One of you may have come back from a backup or disk that is older than a new identity of yours or theirs: then you do not find each other any more. Or { $name } has ended this, or is somewhere else. Ask by voice. To begin again, both: kith contact rm NAME, then kith invite and kith accept
contact-check-identity-yes = It is { $name }: you go on under the new identity as soon as both computers have met, and nothing that waits is lost.
contact-check-identity-no = { $name }: the new identity is forgotten. You go on under the old one.
value-words = WORDS
mailbox-about = Messages that friends keep for each other while one is away
mailbox-list-about = Shows what is kept for whom
mailbox-ask-about = Asks a friend to keep messages for you while you are away
mailbox-offer-about = Offers a friend to keep messages for them, so that they need not ask
mailbox-quota-about = Keeps more or less for a friend from now on
mailbox-rm-about = Ends what you and a friend keep for each other
mailbox-name = Your petname for them
mailbox-quota = At most so much (8MiB if not said)
mailbox-asked = Asked { $name } to keep up to { $size } for you. It begins when they say yes; they see sizes and times, never words or who wrote.
mailbox-offered = Offered { $name } to keep up to { $size }. It begins when they ask.
mailbox-granted = You keep up to { $size } of sealed messages for { $name }. You cannot read them, nor see who wrote.
mailbox-ended = You and { $name } keep nothing for each other any more.
mailbox-none = Nobody keeps anything for anybody. To ask: kith mailbox ask NAME
mailbox-line-mine = { $name } keeps up to { $size } for you
mailbox-line-fetched = { $name } keeps up to { $size } for you; last looked there: { $time }
mailbox-line-asked = { $name } was asked to keep up to { $size } for you and has not said yes
mailbox-line-would = { $name } would keep up to { $size } for you: kith mailbox ask
mailbox-line-theirs = you keep up to { $size } for { $name }: { $count ->
    [one] { $count } message, { $used }
   *[other] { $count } messages, { $used }
}
mailbox-line-asks = { $name } asks you to keep up to { $size }: kith waiting yes { $id }
mailbox-line-offer = you offered { $name } to keep up to { $size }
token-about = Who may leave messages with whoever keeps yours, and how often
token-list-about = Shows who may, and where you may
token-grant-about = Lets a friend leave 16 more times
token-revoke-about = Takes back all permissions to leave messages with one friend; others get new ones
token-friend = Your petname for who may leave messages
token-keeper = Your petname for who keeps your messages
token-granted = { $name } may leave messages for you 16 more times, up to 64 each time.
token-revoked = What was given to leave messages with { $name } is worth nothing from now on; your friends get new permissions by themselves. What waits there now goes again from who wrote it.
token-none = Nobody may leave messages for you anywhere, nor you for others. First: kith mailbox ask NAME
token-line-given = { $name } got { $count ->
    [one] { $count } permission
   *[other] { $count } permissions
} to leave messages for you with { $keeper }
token-line-held = you may leave messages for { $name } { $count ->
    [one] { $count } more time
   *[other] { $count } more times
}
introduce-about = Introduces two friends to each other; it takes a yes of both
introduce-name = Your petname for one
introduce-to = Your petname for the other
introduce-say = What you say to each of the other
introduce-done = Asked { $one } and { $other }. Nothing is shared until both say yes.
introduce-names = { $one } sees the name “{ $other }”, { $other } the name “{ $one }”, and what you said. A no and silence look the same.
waiting-about = People at the door: who is introduced to you, and who waits for something
waiting-list-about = Shows the list
waiting-yes-about = Yes: you would like to know them
waiting-no-about = No, or not any more; nobody is told
waiting-id = Their number in the list
waiting-as = The petname you give them
waiting-ask-name = What petname do you give them?{" "}
waiting-nobody = Nobody is waiting.
waiting-introduced = { $id }  { $who }: { $said } Yes: kith waiting yes { $id } --as NAME. No: kith waiting no { $id }. Ends: { $until }.
waiting-said = { $by } introduces them and says “{ $said }”.
waiting-unsaid = { $by } introduces them.
waiting-agreed = { $id }  { $name }, introduced by { $by }: you said yes. What is missing is theirs, or that your computers find each other. Ends: { $until }.
waiting-mailbox = { $id }  { $name } asks you to keep up to { $size } of sealed messages while they are away; you cannot read them. Yes: kith waiting yes { $id }. No: kith waiting no { $id }.
waiting-introducing = { $id }  you introduce two friends: { $states }. Ends: { $until }.
waiting-said-yes = { $name } said yes
waiting-not-said = { $name } said nothing
waiting-invited = { $name } has not answered your invitation yet. To take it back: kith contact rm { TYPED($name) }
waiting-joining = { $name }: your computers have not found each other yet. To give it up: kith contact rm { TYPED($name) }
waiting-check = { $name }: to be checked by voice. The words: kith contact check { TYPED($name) }
waiting-copied = { $name }: a second person used the same invitation. Compare your words: kith verify { TYPED($name) }
waiting-yes-done = You said yes. If they do too your computers look for each other, and you find them here as “{ $name }”.
waiting-no-done = Forgotten. Nobody was told.
waiting-file = { $id }  { $by } offers you a file: { $file }, { $size }. Yes: kith waiting yes { $id }. No: kith waiting no { $id }. Ends: { $until }.
waiting-file-yes = You said yes: { $file } comes when your computers talk. To take it out then: kith file save { $id } DIRECTORY
waiting-file-no = You said no. Who offered it hears that.
verify-about = Compares twelve words by voice: if they are the same, nobody stands between you
verify-same = The twelve words that were heard, by voice: they are the same
verify-different = The words differ
verify-read = Read these twelve words to { $name } by voice, line by line. Meanwhile { $name } types kith verify and picks each line they hear. If kith asks the same of both sides (to read, or to listen), your words are not the same.
verify-ask-same = Type “same” if you heard { $name } say “same”:{" "}
verify-word-same = same
verify-listen = Ask { $name } to type kith verify and to read their twelve words to you, line by line. Go by their voice alone. If kith asks the same of both sides (to read, or to listen), your words are not the same.
verify-ask-line = Line { $line }: which number did you hear? (0: none){" "}
verify-computer = These twelve words are those of only one of their computers: number { $number } in “kith contact show”.
verify-done = All twelve words are the same: it is the voice of { $name }, and nobody stands between you.
verify-say-same = Say “same” aloud: { $name } is waiting for that word.
verify-mismatch = The words differ: somebody may stand between { $name } and you.
verify-mismatch-hint = Read them once more. If they still differ write nothing here any more: meet, then begin again with kith contact rm NAME.
contact-rename-about = Calls somebody otherwise; nobody is told
contact-renamed = { $name } is { $to } from now on. Nobody was told.
contact-note-about = Keeps a note on a friend; only you read it
contact-note-text = What to remember, in the place of what was noted; "" to erase it, - to read it from a pipe
contact-noted = Noted about { $name }. Only you read it: kith contact show
contact-note-erased = Nothing is noted about { $name }.
contact-mute-about = Lets what a friend says arrive unannounced: chat and inbox --follow pass over it, inbox shows it
contact-mute-off = Announce it again
contact-muted = { $name } is muted: what they say arrives and is counted; kith inbox shows it. Nobody was told.
contact-unmuted = { $name } is not muted any more.
contact-block-about = Becomes a stranger to a friend: nothing is answered, taken or sent; nobody is told
contact-block-off = Be there for them again
contact-blocked = You are a stranger to { $name } from now on: nothing is answered, taken or sent. Nobody was told; what waits goes on waiting.
contact-unblocked = You are there for { $name } again: what waited goes as soon as both computers have met.
contact-join-about = Says that a contact is another computer of somebody: one name, and what you write goes to both
contact-join-other = The name that the other computer has now
contact-join-to = Whose it is, by the name that stays
contact-join-asked = { $other } will be another computer under the name { $name }: one conversation for both, and all that you write to { $name } goes there too. It cannot be undone. Do it only if { $name } told you so in person or by voice. Is it theirs?
contact-joined = { $other } is called { $name } from now on: it is one of their computers.
join-ask = Type “join” to do it:{" "}
join-word = join
contact-drop-about = Gives up one of somebody's computers: lost, seized or broken
contact-drop-number = Its number in "kith contact show NAME"
contact-drop-asked = Computer { $number }, { $name }: it will get nothing more and will not be heard any more. What was said stays; what waits goes to the others. Give it up?
contact-dropped = Computer { $number }, { $name }: given up. Nobody was told.
drop-ask = Type “drop” to do it:{" "}
drop-word = drop
contact-rm-about = Removes somebody and all that you said; takes back an invitation
rm-warning = This erases { $name } and all that you said to each other, read or not. Waiting: { $waiting }. Nobody is told: for { $name } you will be away for ever.
rm-done = { $name } is gone from here, with all that you said. Not read: { $unread }. Not arrived: { $outbox }. Nobody was told.
rm-invited-warning = This takes back the invitation for { $name }: it opens nothing any more.
rm-invited-done = The invitation for { $name } is taken back. Whoever uses it hears nothing.
rm-joining-warning = This gives up the invitation that you took from { $name }.
rm-joining-done = The invitation from { $name } is given up.
erase-ask = Type “erase” to do it:{" "}
erase-word = erase
not-done = Nothing was changed.
erase-not-done = Nothing was erased.
contact-none = Nobody yet. Invite somebody: kith invite --as NAME
column-name = name
column-how = how
column-last = last seen
column-waiting = waiting
how-invited = invited, no answer yet
how-joining = invitation accepted, computer not reached yet
how-met = met in person on { $day }
how-compared = words compared by voice on { $day }, not met
how-introduced = introduced by { $names }, not met
how-code = by code, not met
introducer-removed = somebody who is not in your list any more
list-and = { $names } and { $last }
how-recheck = to be checked again
how-copied = by code, and a second person used it: compare your words
how-new-identity = says they have a new identity: compare the words
how-announced = does not know your new identity yet
how-former = somebody knocks with a former identity
mark-muted = muted
mark-blocked = blocked
presence-stopped = stopped: one of the two disks went back in time
presence-online = online
presence-offline = not online now
presence-last = { $time }
presence-never = never
offline-since = offline since { $time }
offline-short = offline { $time }
offline-always = never seen online yet
waiting-nothing = nothing
waiting-unread = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
waiting-outbox = { $count } on the way
waiting-no-room = no room on their computer
looks-like = ! same look as your { $name }, another person
may-look-like = ! same look as your { $name }, perhaps another person
card-how = how        { $how }, since { $since }
card-nick = own name   { $nick }
card-introduced = introduced by { $name } on { $day }
card-introduced-said = introduced by { $name } on { $day }: { $said }
card-note = noted      { $note }
card-last = last seen  { $last }
card-why = to reach   { $why }
card-computers = Computers (what you write goes to all):
card-waiting = waiting    { $waiting }
card-keeps = kept here  { $time } after reading
card-keeps-nothing = kept here  nothing, once it was read
card-words = Words to compare, by voice or face to face:
card-words-advice = Your friend must see the same twelve. If not, somebody stands between you.

## What others are called

name-about = To whom you show what you call somebody; to nobody unless you say so
name-name = Your name for whom you show
name-publish-about = Shows a friend what you call somebody
name-publish-to = Who can see it, when they ask
name-publish-note = What you say of them, in one line (at most 64 bytes)
name-publish-days = For how many days an answer counts there: 1 to 7 (7 if nothing is said)
name-publish-yes = Show without asking
name-publish-shows = { $to } will see that you know somebody as “{ $name }” and, if they know this person already, that it is the same one. What was seen is not forgotten on command. { $name } is not told: ask them first.
name-publish-ask = Type “show” to do it:{" "}
name-publish-word = show
name-publish-not-done = Nothing is shown.
name-published = { $count ->
    [one] { $to } can see “{ $name }” with you. Each answer counts for { $count } day.
   *[other] { $to } can see “{ $name }” with you. Each answer counts for { $count } days.
}
name-unpublish-about = Shows somebody no more
name-unpublish-to = To this person only; to everybody if nothing is said
name-unpublished = “{ $name }” is no longer shown to { $to }. Their computer forgets it at the next contact, or by itself after at most 7 days.
name-unpublished-nobody = “{ $name }” was shown to nobody.
name-list-about = Shows whom you show, and to whom
name-none = You show nobody what you call others.
column-seen-by = shown to
column-days = counts
column-said = what is said
column-mine = with you
column-until = until
who-about = Says who somebody is, or whom a friend calls so: kith who bob/zoé
value-who = NAME|FRIEND/NAME
who-name = A name of yours; “bob/zoé” for whom bob calls zoé, “bob/” for all the names that bob shows you
who-no-ask = Ask nobody: show what was said before
who-away = { $name } is not there to answer.
who-too-often = Too many questions to { $name } for now.
who-no-answer = { $name } did not answer.
who-names-nobody = { $name } shows you nobody.
who-not-called = { $name } shows you nobody called “{ $label }”.
who-nobody-of-mine = -
who-says = name       “{ $name }” with { $by }, said on { $day }
who-says-more = name       “{ $name }” with { $by }: { $note }, said on { $day }
who-note = “{ $note }”
who-until = counts     until { $time }
who-known = with you   { $name }: { $how }
who-unknown = with you   nobody on your list: only { $by }'s word says who this is
who-also = also       { $name }, { $by } says so
who-next-compare = next       meet, or compare twelve words by voice: kith verify { TYPED($name) }
who-next-introduction = next       meet, or ask { $by } to introduce you
refused-shown-to-themselves = Nobody is shown what you call them.
refused-bad-saying = What is said of a name is one line of at most 64 bytes.
refused-bad-days = A name that is shown counts for 1 to 7 days.
refused-too-much-shown = You show as many names, or say as much about them, as there can be.
refused-too-many-labels = Two names at most: “bob/zoé”. What your friends' friends call others is not asked.
contact-renamed-shown = “{ $name }” was shown to { $to }: it is no more. To show the new name: kith name publish
contact-rm-shown = “{ $name }” was shown to { $to }: it will be no more.

## Messages

send-about = Writes to a friend
send-to = What you call them
send-text = What to say; “-” reads it from the standard input
send-wait = Wait for the delivery, at most so long (30s if not said)
send-at-least = What --wait waits for: that somebody keeps it sealed for them, or that it arrived
send-ttl = How long it is kept at most: there after reading, here after writing (1h, 1d)
send-saved = Saved, not arrived yet. It leaves as soon as { $name }'s computer answers.
send-waits-words = Kept here, not arrived yet. First compare four words by voice: kith contact check { TYPED($name) }
send-kept = Saved, not arrived yet. { $keeper } keeps it sealed for { $name } until { $until }; { $keeper } cannot read it.
send-kept-by-friend = Saved, not arrived yet. A friend of { $name } keeps it sealed for them until { $until }, and cannot read it.
send-delivered = Delivered to { $name }.
send-unknown = Nobody knows any more what became of this message to { $name }.
send-not-arrived = It did not reach { $name } in time and was given up.
send-no-room = Saved, not arrived: there is no room on { $name }'s computer right now. It will go when there is.
send-not-text = That is not text.
send-not-read = The text cannot be read.
why-about = Says what a message waits for, and what is being tried
why-message = The number that “kith send --json” gave, or a name: then the oldest message that waits
why-example = kith why bob
why-arrived = This message has arrived at { $name }'s.
why-kept = { $keeper } keeps it sealed until { $until }, and it goes from there or from here. { $tried }
why-kept-by-friend = A friend of theirs keeps it sealed until { $until }, and it goes from there or from here. { $tried }
why-given-up = This message did not reach { $name } in time and was given up.
why-nothing = Nothing waits for { $name }: the link is open.
why-sent = The message has left for { $name }'s computer, which has not confirmed it yet.
why-blocked = You blocked { $name }: nothing leaves and nothing comes in before kith contact block { TYPED($name) } --off
why-unpaired = { $name }'s computer has not confirmed yet that you know each other; { $tried }.
why-check = First a person has to compare four words with { $name }: kith contact check { TYPED($name) }
why-stopped = One of the two disks went back in time: everything waits until you have compared four words, kith contact check { TYPED($name) }
why-starting = The link with { $name } has just opened; the two computers are agreeing.
why-full = There is no room on { $name }'s computer; the message will go when there is.
why-silent = At { $name }'s address connections are taken and nobody answers; { $tried }.
why-no-address = Nothing leads to { $name } from here; the message will go when their computer calls.
why-shut = Your settings (net.profile, net.tor) allow no address of { $name }'s to be called; the message will go when their computer calls, or when you change them.
why-never = { $name } has never answered since { $day }; { $tried }.
why-away = { $name } has been away since { $time }; { $tried }.
tried-near = the networks around are listened to
tried-through = { $count ->
    [one] a friend who is online is asked whether their computer can pass things on
   *[other] { $count } friends who are online are asked whether their computers can pass things on
}
tried-nothing = nothing can be tried from here
tried-now = { $count ->
    [one] one address is being tried right now
   *[other] { $count } addresses are being tried right now
}
tried-soon = { $count ->
    [one] one address will be tried in less than a minute
   *[other] { $count } addresses will be tried in less than a minute
}
tried-next = { $count ->
    [one] one address will be tried in { $time }
   *[other] { $count } addresses will be tried in { $time }
}
send-file = A picture or a document, offered with its name and size
send-file-none = { $path } is no file that can be read.
send-file-filling = Handing in
send-file-inside = A file may hold more than one sees: a picture often says where and when it was taken, a document who wrote it. It is sent as it is.
send-file-offered = { $id }  { $file } ({ $size }) is offered to { $name }. It leaves when they say yes; a sealed copy waits here, the original may go.
send-file-arrived = { $file } arrived at { $name }'s.
send-file-refused = { $name } does not want { $file }, or not any more.
send-file-ended = { $file } did not reach { $name }, and was given up.
send-file-waits = { $file } has not arrived at { $name }'s yet. It goes on by itself: kith file

## Files

file-about = Pictures and documents: under way, here, taken out, given up
file-list-about = Shows the list
file-save-about = Takes out a file that came, and erases it in Kith's store
file-rm-about = Gives a file up, on either side, or erases one that came
file-id = Its number in the list
file-save-path = Where to: a directory, or a new name
file-save-keep = Keep it in Kith's store, too
file-wait = Wait until it is all there, at most so long (1h if not said)
file-none = No file is under way, and none is here.
file-filling = { $id }  { $file } ({ $size }) for { $name }: being handed in.
file-offered = { $id }  { $file } ({ $size }) for { $name }: their yes is waited for. To take it back: kith file rm { $id }
file-going = { $id }  { $file } ({ $size }) to { $name }: on its way, { $percent } %. To give it up: kith file rm { $id }
file-asked = { $id }  { $file } ({ $size }) from { $name }: your yes is waited for. Yes: kith waiting yes { $id }. No: kith waiting no { $id }
file-coming = { $id }  { $file } ({ $size }) from { $name }: on its way, { $percent } %. To give it up: kith file rm { $id }
file-whole = { $id }  { $file } ({ $size }) from { $name }: here. To take it out: kith file save { $id } DIRECTORY
file-rm-whole = This erases { $file } from { $name }. Nobody is told: { $name } was told that it arrived.
file-rm-under-way = This gives up { $file }, here and at { $name }'s, who hears that.
file-rm-done = { $file } is given up and erased.
file-save-done = Saved as { $path }.
file-save-erased = In Kith's store it is erased. Whoever opens it with another program lets that program do what it likes.
file-save-not-whole = It is not all here yet.
file-save-not-whole-hint = Wait for it: --wait
file-save-asked = You have not said yes to it.
file-save-asked-hint = Yes: kith waiting yes { $id }
file-save-ended = It was given up, taken back, or was not what was offered.
file-save-mine = That one is yours, on its way to somebody.

## By hand

carry-about = Messages on a stick or on paper
carry-out-about = Puts what waits for friends into a file
carry-in-about = Takes in what somebody brings
carry-out-path = The new file; it shows nothing but how large it is
carry-in-path = The file, or a picture with a code in it
carry-for = Only for this friend; may be said several times
carry-qr = One short message as a code, in a picture (a .png) or as text (“-”)
carry-nothing = Nothing waits that could be carried.
carry-out-done = { $messages ->
    [one] { $messages } sealed message
   *[other] { $messages } sealed messages
} for { $friends ->
    [one] { $friends } friend
   *[other] { $friends } friends
}, { $size }.
carry-out-left = { $count ->
    [one] { $count } message cannot go with it
   *[other] { $count } messages cannot go with it
}: the file is full, or your two computers have never talked.
carry-out-then = Whoever has the file can hand it on; only for whom it is can open it. It counts as arrived when their computer has said so, by a file that comes back or over the network.
carry-qr-for-whom = A code is for one friend: kith carry out FILE --qr --for NAME
carry-qr-nothing = No short message waits for them.
carry-qr-done = One sealed message is in { $path }.
carry-in-nothing = Nothing in it is for you.
carry-in-known = { $count ->
    [one] { $count } message for you, which you had already.
   *[other] { $count } messages for you, which you had already.
}
carry-in-done = { $count ->
    [one] { $count } sealed message from { $names }.
   *[other] { $count } sealed messages from { $names }.
}
carry-in-full = Something is for you for which there is no room now. Read what is there, then bring it in again.
carry-in-then = Read: kith inbox. The file may go on to others as it is. To say that it arrived: kith carry out, or be connected.

## Cover

cover-about = Parcels that say nothing, for who counts those that do
cover-on-about = Begins, until you end it or the node stops
cover-off-about = Ends
cover-cost = One small parcel a minute to each friend who is there: { $each } a day for each, { $count ->
    [one] { $all } at most with the friend you have.
   *[other] { $all } at most with your { $count } friends.
}
cover-on = On { $count ->
    [one] for { $count } link
   *[other] for { $count } links
} now. Your friends see nothing of it. It does not hide that your computers are connected, and a message is still answered at once.
cover-off = Off.
inbox-about = Prints what arrived; from then on it counts as read
inbox-follow = Keep printing what comes
inbox-peek = Let nothing count as read
inbox-since = Only those after this number, and let nothing count as read
inbox-from = Only those of this friend
inbox-max = At most so many (50 if not said)
inbox-ack = Print nothing: all up to this number counts as read
inbox-acked = { $count ->
    [0] None was unread.
    [one] One message counts as read.
   *[other] { $count } messages count as read.
}
inbox-nothing-new = Nothing new.
inbox-door = { $count ->
    [one] { $count } request waits for your yes or no: kith waiting
   *[other] { $count } requests wait for your yes or no: kith waiting
}
inbox-to-answer = { $group }: { $count ->
    [one] { $count } motion waits
   *[other] { $count } motions wait
} for your answer. Read and answer: kith group show { TYPED($name) }
inbox-objected = { $group }: { $count ->
    [one] an objection holds up { $count } motion of yours
   *[other] objections hold up { $count } motions of yours
}. Read why: kith group show { TYPED($name) }
inbox-split = { $group } has split. Say with whom you go on: kith group show { TYPED($name) }
line-message = { $time } { $name }: { $text }
line-mine = { $time } me to { $name }: { $text }
line-state = { $time } state: { $state }
line-me = me
mark-waiting = waiting
mark-kept = kept by { $name } until { $until }
mark-kept-by-friend = kept by a friend of theirs until { $until }
mark-arrived = arrived
mark-not-arrived = not arrived
mark-left = { $time } left
mark-limit = { $time } at most
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
span-hours = { $count } h
span-minutes = { $count } min
size-bytes = { $count } B
size-kib = { $count } KiB
size-mib-tenths = { $whole }.{ $tenths } MiB
size-mib = { $count } MiB
size-gib = { $count } GiB
progress-sizes = { $done } / { $all }
time-claimed = { $time } (says { $claimed })
day-long = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
time-today = today at { $hour }
time-tomorrow = tomorrow at { $hour }
time-date = { $date } at { $hour }
prompt-to = to { $name } >{" "}
prompt-to-unmet = to { $name } (not met) >{" "}
prompt-to-silent = to { $name } (silent) >{" "}
unmet-first = This is your first message to { $name } ({ $how }). Nothing proves yet who will read it; to know, compare your words by voice: kith verify { TYPED($name) }
unmet-ask = Send it? [y/N]{" "}
unmet-not-sent = Not sent.
prompt-nobody = to nobody >{" "}
## history

history-about = Prints what you said to each other and is still kept
history-last = Only the last lines (50 if not said)
history-grep = Only lines with this text; accents and capitals do not matter
history-erase = Erase what is kept of this conversation here
history-keep = How long what is said stays here from now on; what is older goes at once
history-timer = Propose how long both of you keep each line; off for no limit
history-kept = Kept here for { $time } after reading; what you write, for { $time } after writing.
history-kept-none = Kept here: nothing, once it was read or has arrived.
history-unread = { $count ->
    [one] { $count } new message is not among them: kith inbox
   *[other] { $count } new messages are not among them: kith inbox
}
history-empty = Nothing of it is kept.
history-not-found = Not found in what is kept.
history-erase-warning = This erases what is kept here of what { $name } and you said. The other computer keeps its own.
history-erased = { $count ->
    [one] { $count } line erased.
   *[other] { $count } lines erased.
}
history-erased-but = What you have not read, or has not arrived, is still here.
timer-none = No limit is set: each of you keeps lines as long as you like.
timer-holds = You agree: since then, a line to or from { $name } is kept for { $time } at most.
timer-mine = You propose { $time } at most on both sides. It holds once { $name } says the same.
timer-mine-off = You propose to keep lines without a limit. It holds once { $name } says the same.
timer-theirs = { $name } proposes { $time } at most on both sides. Say the same: kith history { TYPED($name) } --timer { $typed }
timer-theirs-off = { $name } proposes to keep lines without a limit. Say the same: kith history { TYPED($name) } --timer off

## edit, forge

edit-about = Lets a line of the history have said something else; nothing shows that it did not
edit-back = Which line, counted from the last one that history shows: 1 is the last
edit-text = What it shall have said
edit-example = kith edit bob 1 "see you at eight"
edit-done = It is as if it had always said so. The other computer keeps its own.
forge-about = Makes and reads transcripts that prove nothing: whoever heard can write
forge-file = A transcript; “-” for the standard input
forge-out = Write it to a new file that only you can read
forge-other = the other
forge-with = With whom it is to have been
forge-script = Who is to have said what, a line each: “me: ...” or “NAME: ...”
forge-at = Which parcel, as parse numbers them, and at which byte of its text if not the first place
forge-old = What stands there
forge-new = What shall stand there, of the same length
forge-sealed = As whoever has no secret of it sees it
forge-verify-with = Let the node try it as if it came from this friend
forge-make-about = Makes a whole conversation that never was, with all its secrets
forge-make-example = kith forge transcript --with bob --script said.txt --out talk.txt
forge-edit-about = Changes a word in a sealed parcel, so that it still opens
forge-edit-example = kith forge edit --at 7 --old yes --new "no " --out other.txt talk.txt
forge-parse-about = Lays each parcel of a transcript open
forge-parse-example = kith forge parse talk.txt
forge-verify-about = Runs a transcript through what a node reads with, and says what it reads
forge-verify-example = kith forge verify --with bob talk.txt
forge-made = None of this was ever said. Nothing in it shows that. It went to nobody.
forge-edited = The word is another one, and the parcel opens as before.
forge-parsed = Whoever holds these secrets could have written each of these parcels.
forge-parsed-sealed = Without the secrets there are sizes and times, and noise.
forge-accepted = { $count ->
    [one] { $count } parcel, accepted as a node would have. That does not show who wrote it.
   *[other] { $count } parcels, all accepted as a node would have. That does not show who wrote them.
}
forge-accepted-with = { $count ->
    [one] { $count } parcel, accepted by this node as from { $name }. That does not show who wrote it: this node could have.
   *[other] { $count } parcels, all accepted by this node as from { $name }. That does not show who wrote them: this node could have.
}
forge-refused = A node would have refused parcel { $line }.
forge-bad-file = This is no transcript: line { $line } is not what it should be.
forge-bad-script = Line { $line } of the script says neither “me: ...” nor “{ $name }: ...”.
forge-not-there = That does not stand there.
forge-other-length = The new words must be as long as the old ones, in bytes: an accent counts for two.
forge-closed = The secrets in this transcript do not open that parcel.
column-number = no.
column-time = time
column-from = from
column-bytes = bytes
column-chain = chain
column-what = what
what-noise = noise
what-offer = (begins the session)
what-answer = (answers)
what-received = (received)
what-confirmation = (confirms)
what-timer = (how long to keep)
what-unknown = (not known here)

## Groups

value-group = GROUP
value-motion = MOTION
value-names = NAME,NAME
value-policy = consent|majority|5-of
value-proposal = WHAT
value-position = ANSWER
value-choices = A,B,C
value-side = 1|2|both
value-history = none|DAY
group-about = Groups that nobody owns: found, welcome, decide, suspend, part ways
group-list-about = Show your groups
group-show-about = Show who is in it, how it decides, what is proposed
group-cost-flag = Only what a message costs
group-new-about = Found a group; everybody named is asked for a yes
group-new-example = kith group new collectif --with anne,bruno,karim --charter charter.txt
group-new-name = What you call it, and propose that the others call it
group-name = What you call it
group-with = Friends, by your names for them
group-charter = A text that everybody reads before saying yes (at most 8 KiB)
group-policy = By whose yes it decides: without objection, by majority, or by so many
group-add-hours = Hours to answer when somebody comes to watch, returns or is suspended (24 unless you say)
group-promote-hours = Hours to answer when somebody becomes a member (72 unless you say)
group-hours = Hours to answer all else (72 unless you say)
group-spectator-days = Days of watching before somebody can become a member (7 unless you say)
group-silent-days = Days of silence before a suspension: at least 7
group-propose-about = Propose something to the group
group-propose-example = kith group propose collectif poll "Which evening" --choices tuesday,friday
group-what = add, promote, remove, suspend, lift, return, text, poll or policy
group-value = Who, which text, which question, or which settings (hours=48 policy=majority)
group-computer = With return: your name for their new computer
group-choices = With poll: 2 to 8 choices
group-file = With text: a file, known by its BLAKE3; it is not sent
group-for = How long people have to answer (as the group agreed unless you say)
group-say = Why, in your words
group-answer-about = Answer a motion, or answer otherwise as long as your time runs
group-answer-example = kith group answer collectif 3 object "too early for us"
group-motion = Its number, or its two words (moon-tiger)
group-position = agree, object, ask, abstain (accord, objection, question, abstention), or a choice
group-reason = Why; an objection has to say so
group-amend-about = Take a motion of yours back and propose it in other words
group-amend-text = The new words
group-withdraw-about = Take a motion of yours back
group-result-about = Succeeds if a motion was adopted, and tells how it stands
group-minutes-about = Write what was decided and why, as plain text
group-fork-about = Begin again elsewhere with some of the people
group-fork-as = The new group's name
group-fork-example = kith group fork collectif --as workshop --with anne,bruno --history none
group-history = Lines of yours from the old one to keep under the new name: none, or from a day on (2026-11-20)
group-follow-about = Say with whom you go on when a group has come apart
group-side = One side, by its number in "kith group show", or all
group-mute-about = Fold what somebody says in a group; nobody is told
group-who = Your name for them
group-mute-off = As before
group-mute-why = Why, for you alone
group-voice-about = Let another computer of yours speak for you in a group
group-voice-who = What you call that computer
group-report-about = Tell the others that a machine is in other hands
group-report-text = What you know
group-leave-about = Leave a group and erase everything of it here
group-none = You are in no group. To found one: kith group new NAME --with NAME,NAME
group-nameless = a name that cannot be shown
group-you = you
group-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
group-spectators = { $count ->
    [one] { $count } watching
   *[other] { $count } watching
}
group-to-answer = { $count ->
    [one] { $count } motion waits for your answer
   *[other] { $count } motions wait for your answer
}
group-objected = { $count ->
    [one] an objection holds up { $count } motion of yours
   *[other] objections hold up { $count } motions of yours
}
group-i-watch = you watch and do not decide
group-split = come apart: say with whom you go on
group-card-proposed = called     { $name } by its founder
group-card-decides = decides    { $preset }
group-card-hours = to answer  { $add } to welcome, return or suspend; { $promote } to become a member; { $hours } for all else
group-card-days = before     { $watch } of watching to become a member; { $silent } of silence to be suspended
group-card-since = since      { $day } for you
group-card-parent = came from  { $group }
group-card-charter = Charter: “{ $text }”
group-card-people = Who is in it:
group-card-motions = Motions:
group-cost = A message of a page at most: { $count ->
    [one] { $count } parcel
   *[other] { $count } parcels
}, { $size }. With those who watch: { $all }, { $more }.
policy-consent = by consent (enough agree, nobody objects)
policy-majority = by a majority of all members
policy-of = { $count ->
    [one] by { $count } yes
   *[other] by { $count } yeses
}
policy-at-once = none
role-member = member
role-spectator = watches
seat-heard = heard: { $time }
seat-not-here = not here yet
seat-computers = { $count ->
    [one] { $count } computer
   *[other] { $count } computers
}
seat-unreached = no link with you: nothing of yours arrives there
seat-partly-unreached = { $count ->
    [one] { $count } computer without a link with you
   *[other] { $count } computers without a link with you
}
seat-suspended = suspended: nothing is sent there
seat-reported = machine in other hands, somebody says
doubt-disagreement = Disagreement: { $teller } has something else than you for message { $number } of “{ $author }”. Either { $author } said two things, or { $teller } is mistaken or lies, or a disk is damaged. Nobody can know from here: ask each other aloud.
doubt-gap = { $count ->
    [one] { $count } message of “{ $author }” is missing; only they can send it again.
   *[other] { $count } messages of “{ $author }” are missing; only they can send them again.
}
doubt-other-set = { $name } counts other people in the group than you, since { $time }.
doubt-other-result = Motion { $motion } does not stand for { $name } as it does for you, since { $time }: for { $name } it is “{ $outcome }”. Something did not reach one of you. Ask each other aloud.
split-said = The group has come apart: each side takes the other's list for wrong.
side-mine = Side { $number }, yours: { $names }
side-other = Side { $number }: { $names }
split-advice = To go on with one side: kith group follow { TYPED($name) } 1; with all: kith group follow { TYPED($name) } both. There is no hurry: nothing is erased elsewhere.
motion-line = { $id }  { $words }  { $what }; by { $by }
motion-text = “{ $text }”
motion-choice = { $number }  { $choice }: { $count }
motion-hangs = hangs on the words of { $who }, who decide here no more: others may count otherwise
motion-mine = your answer: { $said }
motion-until = To answer (until { $until }):
motion-until-otherwise = To answer otherwise (until { $until }):
motion-answer = kith group answer { TYPED($name) } { $id } agree|object|ask|abstain
motion-choose = kith group answer { TYPED($name) } { $id } NUMBER
what-add = that { $name } may watch
what-promote = that { $name } become a member
what-remove = that { $name } be in it no more
what-suspend = that nothing more be sent to { $name } (suspension)
what-lift = that all be sent to { $name } again (end of the suspension)
what-return = that { $name } return with a new computer
what-text = a text
what-text-file = a text and a file, BLAKE3 { $hash }
what-poll = a choice to make
what-policy = decide otherwise
outcome-open = waits for { $count } more yes ({ $agree } of { $of }, it takes { $needed })
outcome-windows = waits for everybody's time to end: { $agree } yes of { $of }, it takes { $needed }
outcome-passed = adopted: { $agree } yes of { $of }, it took { $needed }
outcome-undone = undone: it was adopted, and something that came late annuls it
outcome-blocked = blocked by an objection: { $agree } yes of { $of }
outcome-failed = not adopted: { $agree } yes of { $of }, it took { $needed }
outcome-withdrawn = taken back by who proposed it
outcome-unfounded = without effect: what it rests on does not hold here
poll-open = waits for everybody's time to end
poll-over = decided: the choice that most chose
poll-failed = not decided
moved-open = waits
moved-passed = adopted
moved-undone = undone by something that came late
moved-blocked = blocked by an objection
moved-failed = not adopted
moved-withdrawn = taken back
moved-unfounded = without effect
position-agree = agrees
position-object = objects
position-ask = asks
position-abstain = abstains
position-choice = choice { $number }
say-line = { $name }: { $said }
say-why = { $name }: { $said } “{ $reason }”
say-not-last = can still change
minutes-title = What { $group } decided, written on { $day } from what this computer received. This text proves nothing to anybody.
minutes-day = Proposed on { $day }:
minutes-none = Nothing was decided yet.
group-new-done = { $group } is founded and waits for the others.
group-new-then = Everybody sees who is in it and how it decides, then says yes or no: kith waiting. Who is in it: kith group show { TYPED($name) }
group-say-twice = Here the text is what you propose already: --say is one too many.
group-flag-elsewhere = --computer goes with return, --choices with poll, --file with text.
group-computer-missing = Which is their new computer? --computer and your name for it.
group-policy-unclear = A setting is written policy=majority, add-hours=24, promote-hours=72, hours=72, spectator-days=7 or silent-days=7.
group-position-unclear = The answers are agree, object, ask and abstain; to a choice, its number or its words.
group-fork-done = { $group } is founded and waits for the others. { $old } stays as it is; to leave it: kith group leave
group-follow-done = { $group }: you go on with side { $number }. Nothing of yours goes to the others any more.
group-follow-both = { $group }: you go on with everybody.
group-mute-done = { $group }: what { $name } says arrives folded and unannounced. Nobody was told. As before: --off
group-unmute-done = { $group }: what { $name } says arrives as before.
group-voice-done = { $group }: “{ $name }” speaks for you from now on. This computer only reads.
group-report-done = { $group }: the group hears that the machine of “{ $name }” is in other hands. Each message that would reach it will ask first.
group-leave-warning = This leaves { $group } and erases everything of it here: messages, motions, who was in it. The others hear of it and keep what was said there.
group-leave-not-done = You stay in { $group }.
group-left = { $count ->
    [one] You are not in { $group } any more; everything of it is erased here. { $count } person hears of it.
   *[other] You are not in { $group } any more; everything of it is erased here. { $count } people hear of it.
}
waiting-group = { $id }  { $welcome }
waiting-group-how-yes = Yes: kith waiting yes { $id } --as NAME
waiting-group-how-no = No: kith waiting no { $id }
waiting-group-until = End: { $until }
waiting-group-read = { $welcome }
waiting-ask-group = To say yes, what do you call this group?{" "}
waiting-group-yes = You are in { $group }. Who is in it: kith group show { TYPED($name) }
waiting-group-watch = You watch in { $group }: you read what is said to you too, and do not decide. Who is in it: kith group show { TYPED($name) }
welcome-line = { $by } asks you into a group: { $group }
welcome-with = Who is in it: { $names }
welcome-member = You would be a member.
welcome-spectator = You would watch at first, without deciding.
welcome-no-charter = It has no charter.
reported-first = Somebody in a group says that this machine is in other hands: { $names }. The message would arrive there too.
send-spectators = In a group: for those who watch too
send-yes = Ask nothing, neither before the first words to somebody not met (scripts are never asked that), nor for a machine that may be in other hands
send-group-all = Arrived with everybody in { $group }.
send-group-seen = Saved here; seen by { $seen } of { $of } in { $group }. The rest goes when the computers speak.
send-group-saved = Saved here, not arrived with anybody in { $group } yet. The message goes as soon as the computers speak.
mark-seen = seen by { $seen } of { $of }
mark-to-all = for those who watch too
chat-to-group = You write to { $group }: { $about }. For those who watch to read it too: /all TEXT
chat-to-no-group = /all is for a group where people watch. Choose the group first: #NAME
prompt-to-group = to { $group } >{" "}
prompt-to-watched = to { $group } (watching: { $names }) >{" "}
state-group-delivered = arrived with everybody in { $group }
state-group-seen = seen by { $seen } of { $of } in { $group }
state-group-saved = saved for { $group }, not arrived with anybody yet
state-group-asked = { $name } asks you into a group, { $group }: kith waiting
state-group-here = { $group }: { $name } is there
state-group-proposed = { $group }: a motion came, number { $id }: kith group show { TYPED($name) }
state-group-moved = { $group }: motion { $id }: { $outcome }
state-group-in = { $group }: { $name } is in it, or in another role
state-group-out = { $group }: { $name } is in it no more
state-group-ended = { $group }: you are in it no more, nothing of it arrives from now on
state-group-suspended = { $group }: nobody sends to { $name } for now
state-group-lifted = { $group }: everybody sends to { $name } again
state-group-reported = WARNING: { $group }: { $by } says that this machine is in other hands: { $name }. Each message will ask first
state-group-doubt = { $group }: something does not fit together: kith group show { TYPED($name) }
state-group-split = WARNING: { $group } has come apart: kith group show { TYPED($name) }
status-groups = groups      { $count ->
    [one] { $count } group
   *[other] { $count } groups
}
status-to-answer = to decide   { $count ->
    [one] { $count } motion waits for your answer: kith group
   *[other] { $count } motions wait for your answer: kith group
}
status-split = come apart  { $group }: kith group show { TYPED($name) }
meet-group = Then found a group of those who kept each other: who opened founds it, the others say yes to it
meet-group-nobody = Nobody was kept: there is no group to found.
meet-group-waits = Waiting for the group of this meeting.
meet-group-none = The group of this meeting did not come, or there is something in it to be read first.
meet-group-none-hint = What waits for your yes: kith waiting
refused-not-a-group = { $name } is a person, not a group.
refused-only-a-group = “{ $name }” is a group; this is done with a person only.
refused-not-in-group = Nobody in this group is called “{ $name }”.
refused-not-in-group-hint = Who is in it: kith group show
refused-in-group = { $name } is in it already.
refused-too-many-groups = You have as many groups as a node can have.
refused-group-full = There are as many computers in this group as there can be.
refused-nobody-else = A group is at least two people.
refused-other-voice = Another computer of yours speaks for you in this group: it has to be done there.
refused-not-my-computer = No computer of yours in this group is called “{ $name }” here.
refused-only-spectator = You watch in this group: only members write and decide there.
refused-charter-too-long = The charter is too long: at most 8 KiB.
refused-no-such-motion = There is no such motion in this group.
refused-no-such-motion-hint = Those there are: kith group show
refused-others-motion = This motion is not yours.
refused-window-over = Your time is over, or you said your last word.
refused-too-many-motions = Too many motions wait, in this group or of yours.
refused-motion-too-long = What you propose is too long: at most 4 KiB.
refused-reason-missing = An objection says why.
refused-reason-missing-hint = kith group answer GROUP MOTION object "why"
refused-reason-too-long = A reason, or what you know of a machine, takes at most 512 bytes.
refused-bad-window = There can be at most 14 days to answer.
refused-bad-policy = No group can decide like this.
refused-bad-policy-hint = From 1 to 336 hours, at least 7 days of silence, and no more yeses than members.
refused-bad-choices = It takes 2 to 8 choices, each of one line.
refused-bad-position = This motion is not answered like that.
refused-too-soon = { $count ->
    [one] They have not watched for long enough: { $count } more day.
   *[other] They have not watched for long enough: { $count } more days.
}
refused-not-silent = { $count ->
    [one] They have not been silent for long enough: it takes { $count } more day.
   *[other] They have not been silent for long enough: it takes { $count } more days.
}
refused-one-a-day = You agreed to a suspension today already.
refused-not-heard = They have said nothing to you since their suspension.
refused-not-met = You did not meet { $name } with this computer.
refused-not-met-hint = In person: kith meet --replace NAME
refused-not-split = This group has not come apart, or has no such side.
refused-not-joined = This group still waits for a yes without which nothing begins.

## chat

chat-about = Talk, until you leave
chat-name = Whom you write to first
chat-fullscreen = On the whole screen, even where lines are set
chat-timer = /timer 1d proposes to whom you write to keep each line for a day at most; /timer off, without a limit.
chat-welcome = /help explains, /quit leaves.
chat-to = You are writing to { $name }: { $how }, { $presence }.
chat-to-nobody = You are writing to nobody yet. Choose somebody: @NAME
chat-waits = { $option } would hold up the conversation: type this in another window.
chat-unknown = There is no { $command }. Nothing was sent. /help explains.
chat-help =
    @NAME          write to somebody else from now on
    @NAME TEXT     say one thing to somebody else
    /who           your friends
    /who NAME      one of them from near
    #GROUP         write to a group; #GROUP TEXT a single time
    /all TEXT      in a group, for those who watch too
    /timer 1d      propose how long both keep each line
    /waiting, /group, /contact, /history, /why, /mailbox, /doctor, /lock:
                   as on the command line, without kith
    /quit          leave
    A text that begins with /, @ or #: write it twice.
state-saved = saved for { $name }, not arrived yet
state-not-arrived = a message did not reach { $name } in time, and was given up
state-delivered = delivered to { $name }
state-online = { $name } is online
state-offline = { $name } is offline
state-paired = { $name } is linked by code, not met
state-copied = WARNING: a second person used the invitation for { $name }. Somebody copied it. Compare your words: /who { $name }
state-expired = the invitation for { $name } has ended, unused
state-rolled-back = WARNING: { $name }'s disk went back in time, as after restoring an old copy
state-rolled-back-mine = WARNING: this disk went back in time, as after restoring an old copy
state-renewed = the conversation with { $name } goes on in a new session; what had not arrived goes again
state-forked = WARNING: two computers speak in the same place in the conversation with { $name }: a copy of the disk of one of you is in use
state-to-check = WARNING: { $name } lost their state, or somebody else speaks in their place: compare these four words by voice: { $words }. Then: kith contact check { TYPED($name) }
state-new-identity = { $name } says they have a new identity. Nothing changes before you have compared four words by voice: kith contact check { TYPED($name) }
state-former-knock = WARNING: somebody knocks with what { $name } and you shared before a new identity: from an older backup, or a copy of one. Nobody answers there: kith contact show
state-identity-mine = { $name } has confirmed your new identity: you go on under it
state-identity-theirs = { $name } goes on under the new identity that you confirmed
state-locked = the node is locked: nothing goes or comes until kith unlock
state-unlocked = the node is open again
state-names = { $name } answered kith who.
state-waiting = { $name } introduces somebody to you: kith waiting
state-both-agreed = { $one } and { $other } both said yes: their computers look for each other
state-no-way = { $one } and { $other } said yes, but neither computer can be reached by the other: nothing came of it
state-misused = somebody else used what you gave { $name } for one person alone: nothing was accepted
state-mailbox-offered = { $name } would keep messages for you while you are away, up to { $size }: kith mailbox ask
state-mailbox-asked = { $name } asks you to keep up to { $size } of sealed messages for them: kith waiting
state-mailbox-granted = { $name } keeps messages for you while you are away, up to { $size }
state-mailbox-ended = { $name } does not keep messages for you any more
state-kept = not arrived yet at { $name }'s: { $keeper } keeps it sealed for them
state-kept-by-friend = not arrived yet at { $name }'s: a friend of theirs keeps it sealed for them
state-inbox-full = too many unread messages: { $name }'s wait on their computer
state-timer = { $name } said how long to keep what you say to each other
state-friend-full = there is no room on { $name }'s computer: what you write waits here
state-friend-has-room = there is room on { $name }'s computer again
state-meeting = the meeting goes on
state-history = what is kept has changed
state-file-offered = { $name } offers you a file, { $file }: kith waiting
state-file-taken = { $name } wants { $file }: it leaves
state-file-moves = { $file } is on its way
state-file-whole = { $file } from { $name } is here: kith file
state-file-arrived = { $file } arrived at { $name }'s
state-file-refused = { $name } does not want { $file }, or not any more
state-file-withdrawn = { $name } took back { $file }
state-file-broken = what came from { $name } as { $file } is not what was offered: it was erased
state-file-ended = { $file } took too long and was given up
state-disk-full = this node's disk is full: nothing new can be kept. Make room: kith history NAME --erase
state-disk-has-room = there is room on this node's disk again
state-read-elsewhere = a message from { $name } was read in another window

## screen

screen-too-small = This window has fewer than 60 columns or 16 rows: you talk in lines.
screen-too-small-now = Too little room: 60 columns and 16 rows are needed. Ctrl-Q leaves.
screen-locked = The node is locked: nothing goes or comes. Ctrl-Q leaves, then: kith unlock
screen-lost = The node has ended. Looking for it again, for a minute.
screen-away = nothing goes or comes
screen-nobody = Nobody chosen yet: Ctrl-N, Alt-1 or @NAME
screen-new = new
screen-online = { $count } online
screen-door = { $count ->
    [one] { $count } waits at the door (F2)
   *[other] { $count } wait at the door (F2)
}
screen-full = disk full
screen-paste = { $count ->
    [one] Insert this { $count } line? [y/N]
   *[other] Insert these { $count } lines? [y/N]
}{" "}
screen-not-pasted = Nothing was inserted.
screen-not-found = Nothing more is found.
screen-found-nothing = Nothing is found.
screen-marks = In the list: > the open conversation, + online, a number for what you have not read.
# What does not fit falls off at the end.
hints = F1 help  Ctrl-Q leave  Ctrl-X lock  Ctrl-W who  Ctrl-P/N switch  Ctrl-F find
hints-page = Esc closes  PgUp and PgDn scroll
hints-found = F5 older  F6 newer  Esc ends
cap-enter = Enter
cap-alt-enter = Alt-Enter
cap-page-up = PgUp
cap-page-down = PgDn
cap-home = Home
cap-end = End
cap-escape = Esc
key-send = say it
key-new-line = begin a new line; Ctrl-J too
key-complete = complete a name or a command
key-previous = the conversation above
key-next = the conversation below
key-nth = the first of the list, the second..., or @NAME
key-page-up = scroll to what is older
key-page-down = scroll to what is newer
key-oldest = the oldest line that is kept
key-newest = the newest line
key-find = find words in this conversation
key-older = then: the same words, further back
key-newer = then: the same words, more recent
key-who = who this is
key-waiting = who and what waits for your yes
key-group = the group: its people and its motions
key-doctor = what could go wrong here
key-recall = what you said before, to say it again
key-timer = propose how long both keep each line
key-lock = lock the node now; the screen and what you are typing are forgotten
key-redraw = draw everything anew
key-close = close what is open; what opened a page closes it, too
key-help = this page
key-leave = leave; what you are typing is forgotten
key-leave-empty = the same, where nothing is typed
key-interrupt = the same, at once

## status

status-about = Tells how the node is
status-wait-online = First wait until a friend is online, at most so long
status-nobody-online = Nobody came online in this time.
status-node = node       running, open
status-locked = node       running, locked. Open it: kith unlock
status-friends = friends    { $online } online, { $offline } offline
status-inbox = inbox      { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
status-outbox = outbox     { $count ->
    [one] { $count } message on the way
   *[other] { $count } messages on the way
}
status-history = history    { $count ->
    [one] { $count } line kept, { $time } after reading unless you said otherwise
   *[other] { $count } lines kept, { $time } after reading unless you said otherwise
}
status-history-some = history    { $count ->
    [one] { $count } line kept, where you said so
   *[other] { $count } lines kept, where you said so
}
status-history-none = history    nothing is kept
status-pending = pending    { $count ->
    [one] { $count } open invitation
   *[other] { $count } open invitations
}
status-to-check = to check   { $count ->
    [one] { $count } person lost their state or has a new identity, or somebody else speaks in their place: kith contact
   *[other] { $count } people lost their state or have a new identity, or somebody else speaks in their place: kith contact
}
status-waiting = at the door { $count ->
    [one] { $count } waits for your yes or no: kith waiting
   *[other] { $count } wait for your yes or no: kith waiting
}
status-addresses = network    { $count ->
    [one] listening on { $count } address
   *[other] listening on { $count } addresses
}
status-disk = disk       { $size } of { $max }
status-full = room       none: nothing new is taken. Make some: kith history NAME --erase
status-tor = Tor        { $says }
tor-off = not used
tor-asking = it is being asked
tor-missing = nobody answers at its control port (net.control): friends cannot come that way. Is it installed, does it run?
tor-forbidden = its control port may not be opened by you. On Debian: become a member of the group debian-tor, and log in again.
tor-cookie-unreadable = its cookie file cannot be read by you, so it does not obey you. On Debian: become a member of the group debian-tor, and log in again.
tor-refused = it does not take what shows who you are. Put CookieAuthentication 1 in its torrc.
tor-strange = what answers at its control port (net.control) is not Tor.
tor-taken = it publishes your address already: for this node, a moment ago, as a rule. If that lasts, another node has the same identity.
tor-starting = it looks for its way into the network: { $percent } %
tor-publishing = your address there is being told to the network
tor-published = friends can come that way
doctor-by-tor = The node listens for nobody but those whom Tor brings.
doctor-socks = Tor takes calls at { $place }.
doctor-no-socks = Nobody answers at { $place }, where Tor should take calls: friends cannot be called that way.

## doctor

doctor-about = Looks at disk, network, clock and process, and says what to do
doctor-disk = Only the disk: what somebody would find who took it now
doctor-net = Only the network
doctor-time = Only the clock
doctor-unit = Only the process and its memory
doctor-ok = ok
doctor-warn = warn
doctor-fail = FAIL
doctor-do = { $says } Do: { $command }
doctor-wipe-unfinished = A wipe was begun here and did not end everything.
doctor-opens-passphrase = The passphrase opens this disk; without it, one sees that a node is here, its settings, and how many records it holds.
doctor-opens-now = The passphrase opens this disk. While the node is open, who takes the running machine has no need of it: kith lock closes it.
doctor-opens-alone = There is no passphrase: who takes this disk reads everything on it.
doctor-kept = Who opened it now would find: friends { $friends }, messages not read { $unread }, kept { $history }, not arrived { $outbox }; the oldest is { $age } old.
doctor-kept-nothing = Who opened it now would find: friends { $friends }, and no message.
doctor-files = And files { $files }, of which { $size } are on this disk.
doctor-kept-unknown = Only an open node can count what is kept.
doctor-keeps = What was read stays { $time }, if you did not say otherwise; what was not stays until you read it.
doctor-keeps-nothing = What was read is erased at once, if you did not say otherwise; what was not stays until you read it.
doctor-kept-longer = { $count ->
    [one] { $count } conversation is kept longer, as you said.
   *[other] { $count } conversations are kept longer, as you said.
}
doctor-late = { $count ->
    [one] { $count } message is late. Whoever recorded it and opens this disk can read it, for { $time } at most.
   *[other] { $count } messages are late. Whoever recorded them and opens this disk can read them, for { $time } at most.
}
doctor-room = { $used } used of { $max }; { $free } free on the disk.
doctor-full = There is no room: nothing new is taken. Erase some (kith history NAME --erase), or raise [disk] max in config.toml.
doctor-stick = root.slot lies elsewhere: who destroys that, destroys everything.
doctor-copies = The file system ({ $kind }) writes beside what it replaces: erased things stay for a while.
doctor-overwrites = The file system ({ $kind }) overwrites in place; an SD card or SSD below it may not.
doctor-private = Nobody but you and root can look into the files.
doctor-not-private = Others can look into { $path }.
doctor-node = The node runs and is open.
doctor-listening = { $count ->
    [one] Friends can knock at { $count } address.
   *[other] Friends can knock at { $count } addresses.
}
doctor-loopback = The node listens to this machine alone: your friends cannot knock there.
doctor-calls-only = The node listens nowhere, as config.toml says: it only calls.
doctor-deaf = The node listens nowhere: friends cannot reach it.
doctor-socket = Only you can talk to the node on this machine.
doctor-socket-group = You and whoever is in the group { $group } can talk to the node on this machine.
doctor-socket-open = Others can open the node's socket.
doctor-clock = The clock says { $day }.
doctor-clock-wrong = The clock says { $day }, and that cannot be. Lifetimes do not suffer, invitations do.
doctor-leap-ahead = The clock leapt { $time } ahead. Lifetimes follow only if it stays so for a day of running.
doctor-leap-back = The clock leapt { $time } back. Lifetimes follow only if it stays so for a day of running.
doctor-by-systemd = systemd started the node and will again.
doctor-by-hand = Somebody started the node by hand: after a restart of the machine, kith up.
doctor-no-dumps = A crash leaves nothing of the memory, and no other program can look into it.
doctor-dumps = A crash may leave the memory on the disk, or other programs can look into it.
doctor-memory-locked = The memory never reaches the swap.
doctor-no-swap = There is no swap: the memory never reaches a disk.
doctor-swap-in-memory = The swap is in memory, and gone with the power.
doctor-swap-on-disk = The memory may reach the swap on a disk, and stay there.

## wipe

wipe-about = Destroys everything of this node
wipe-all = Yes, everything: friends, messages, settings
wipe-history = Only what was said with everybody, and read
wipe-history-warning = This erases here what you and others said to each other, and that was read. Friends stay.
wipe-now = Ask nothing
wipe-warning = This destroys the node in { $place }: friends, messages, everything. Nobody can bring it back.
wipe-ask = Type “wipe” to do it:{" "}
wipe-word = wipe
wipe-not-done = Nothing was destroyed.
wipe-done = Wiped: nothing of this node can be opened any more. An SD card or SSD may remember old copies.
wipe-incomplete = { $count ->
    [one] This is still there. The wipe is NOT complete.
   *[other] These { $count } are still there. The wipe is NOT complete.
}
wipe-incomplete-hint = Try again: kith wipe --all. If it stays, destroy the disk. An SD card or SSD may remember old copies besides.
wipe-incomplete-opens = As long as it is there, older copies can still be opened: plug in what is missing and repeat kith wipe --all, or destroy it. An SD card or SSD may remember old copies besides.
wipe-finished = An earlier wipe here had not ended everything. It was repeated just now: nothing is left. An SD card or SSD may remember old copies.
wipe-repeated = An earlier wipe here had not ended everything. It was repeated just now.
wipe-again = An earlier wipe here had not ended everything: this repeats it.
wipe-held-hint = The files are gone, but that process may still hold them in memory: end it now.

## When the node says no

refused-not-yet = { $name } has not answered the invitation yet.
refused-not-yet-hint = Both nodes must be running, and one must be able to reach the other.
refused-same-person = Both names are those of one person.
refused-too-many-computers = A person cannot have that many computers here.
refused-no-such-computer = This person has no computer with that number.
refused-no-such-computer-hint = Their computers and the numbers: kith contact show NAME
refused-only-computer = It is their only computer.
refused-only-computer-hint = To erase the person and what you said: kith contact rm NAME
refused-blocked = You blocked { $name }: nothing is sent to them.
refused-blocked-hint = To be there again: kith contact block NAME --off
refused-note-too-long = A note has at most 1000 bytes.
refused-notes-full = All notes together have at most 16 KiB: shorten one.
refused-backup-too-long = There is more to back up than a backup holds: nothing was written.
refused-said-too-long = What you say as you introduce them has at most 160 bytes.
refused-nobody-waits = Nobody waits under this number.
refused-nobody-waits-hint = The numbers: kith waiting
refused-one-and-the-same = They are one and the same person.
refused-too-many-introductions = You introduce these two already, or too many at once.
refused-no-mailbox = There is nothing that is kept, or was offered.
refused-no-mailbox-hint = What there is: kith mailbox
refused-too-many-mailboxes = Four friends keep messages for you already. To end one: kith mailbox rm NAME
refused-bad-quota = A friend can keep 1 MiB to 64 MiB.
refused-not-confirmed = { $name } does not know your new identity yet and cannot say who you are: first, kith contact check { TYPED($name) }
refused-no-such-friend = Nobody is called so, and no group either.
refused-near = Near: { $names }
refused-bad-name = That cannot be a name.
refused-bad-name-hint = A name has 1 to 32 letters, digits, spaces inside, or - _ . and begins with a letter.
refused-reserved-name = This name is reserved.
refused-reserved-name-hint = The reserved names: kith help names
refused-name-taken = The name is taken, or looks like one you have: { $name }
refused-name-taken-hint = Choose another: names must not be mistaken for one another.
refused-empty-text = There is nothing to send.
refused-text-too-long = The text is too long: at most 32 KiB.
refused-outbox-full = Too many messages wait for this friend already, or for all of them.
refused-outbox-full-hint = They go when computers answer: kith contact list says whose.
refused-disk-full = This node's disk is full: the message was not kept.
refused-disk-full-hint = Make room: kith history NAME --erase, free the disk, or raise [disk] max in config.toml
refused-bad-limit = Nothing is kept so long: 366 days at most.
refused-nothing-to-check = There is nothing to check with this person.
refused-invitation-open = The invitation between you and { $name } is not finished, and it bears your present identity.
refused-invitation-open-hint = Wait until you are linked, or take it back: kith contact rm NAME
refused-too-many-identities = Too many of your former identities still wait for friends to confirm the next one: kith identity
refused-other-words = These are not the words to compare.
refused-other-words-hint = Look at them again: kith contact check NAME. If they differ by voice: --no
refused-no-such-message = No message of yours has this number, or nothing of it is kept any more.
refused-no-such-message-hint = Why the oldest waits: kith why NAME
refused-no-such-line = No such line is kept here.
refused-line-waits = This line has not arrived yet: it would go out as it was written. Wait until it has.
refused-script-too-long = This is more than a transcript holds: 24 short texts at most.
refused-no-transcript = The node sees no transcript in that.
refused-bad-code = That is not an invitation, or it has a typing error.
refused-bad-code-hint = It begins with KITH: and must be complete.
refused-code-expired = The invitation has ended.
refused-code-expired-hint = Ask for another.
refused-own-code = This invitation is one of yours.
refused-already-friend = Whoever gave this invitation is your friend already: { $name }
refused-already-friend-hint = If they removed you and want to begin again: kith contact rm { TYPED($name) }
refused-too-many-invitations = Too many invitations are open, or were made today.
refused-bad-lifetime = An invitation cannot last so long, or so short.
refused-no-address = It is not known where others could reach this computer.
refused-no-address-hint = Say it: kith invite --at IP:PORT
refused-no-passphrase = This node opens without a passphrase: locking it would protect nothing.
refused-no-passphrase-hint = Give it one: kith passphrase
refused-bad-passphrase = The new passphrase is empty or far too long.
refused-busy = A passphrase is being tried already.
refused-too-many-friends = You have as many friends as a node can have.
refused-meeting-open = A meeting goes on already.
refused-not-now = There is no meeting, or it waits for something else now.
refused-bad-nick = Nothing of this nickname can be shown to others.
refused-bad-secret = The words of a room are eight words of one of the two lists.
refused-empty-file = There is nothing in this file.
refused-file-too-long = A file is { $size } at most.
refused-too-many-files = Too many files are under way.
refused-too-many-files-hint = Which ones: kith file
refused-no-room-for-file = There is no room for it: files may take { $size } more here.
refused-no-room-for-file-hint = Take out or give up some: kith file
refused-no-such-file = No such file has this number now.
refused-no-such-file-hint = The numbers: kith file

## demo

demo-about = Shows on this machine that Kith keeps its promises
demo-step = { $number }  { $text }
demo-nodes = Three nodes made and started in { $ms } ms. Nobody registered anywhere.
demo-pair = Anne gave two invitations; each friend has a name of their own for her. Both screens show the same words: { $words } ...
demo-talk = Anne and Bruno talked both ways: on the other disk after { $ms } ms, each line under a secret used once.
demo-absent = { $count ->
    [one] Camille was away. { $count } message waited on Anne's disk, through a restart, and arrived once.
   *[other] Camille was away. { $count } messages waited on Anne's disk, through a restart, and arrived once, in order.
}
demo-introduce = Anne introduced Bruno and Camille: two questions, two yeses, and the two talk without her. Each chose a name of their own and reads "introduced by", not "met".
demo-alike = Bruno tried to call Camille by { $count } names that read like Anne's (a zero, a capital, a Cyrillic letter): all refused.
demo-meet = The three met at a table that Anne opened. One line read aloud, the same everywhere: { $words }. From now on "met in person", and nothing else has changed.
demo-stick = Anne's computer was off when Bruno's was on. Camille carried a file of { $size } from one to the other and could open nothing; read in twice, the message arrived once.
demo-kept = Bruno was away. What Anne wrote to him Camille kept; Anne left, Bruno came back and read it. At Camille's, { $disk } KiB of raw disk searched for this text, every other word and every name: { $hits } hits.
demo-token = Anne's permission to leave it there was good for once. The very bytes she knocked with, recorded and played again at Camille's door: { $first } bytes came back the first time, { $again } the second.
demo-stranger = { $strangers } strangers called Anne's node: silence, noise, a known greeting, Bruno's own recorded first bytes. They got { $bytes } bytes.
demo-wire = { $wire } KiB overheard on the line and { $disk } KiB of raw disk searched for every word and name: { $hits } hits.
demo-forge = Stand-ins for Anne and Bruno, each with secrets of their own, said one of the two; Bruno's made the other one up alone. What a node reads with takes both, { $count } parcels in all, of the same lengths and fields. The true one was number { $number }: nobody can tell, and that is the point.
demo-forge-which = Which of the two was said, 1 or 2?{" "}
demo-forge-guess = Both could be. Here is the answer.
demo-wipe = All three wiped in { $ms } ms: nothing opens any more, { $left } bytes are left.
demo-end = Every step held. The temporary place is gone.
demo-broken = The demonstration failed at “{ $place }”. This should not happen: please report it.

## config

config-about = Shows and changes settings
config-list-about = All settings
config-get-about = One setting
config-set-about = Changes a setting, from the node's next start on
config-unset-about = Makes a setting what it is if nobody says anything, from the next start on
config-edit-about = Opens all of them in your editor (VISUAL, EDITOR, else nano)
config-unchanged = The settings are as they were.
config-edited = The settings are changed.
config-edit-kept = What was written there is not kept: the settings are as they were. What each takes: kith config list
config-no-editor = An editor was to be opened.
config-no-editor-hint = One setting is changed with: kith config set. Another editor: EDITOR=nano kith config edit
config-editor-failed = The editor did not start or did not end well: the settings are as they were.
config-path-about = Where the settings are
config-name = Which one: kith config list shows them all
config-value = What it shall be
config-is = { $name } = { $value }
config-next-start = The node that runs keeps what it began with. Restart it: kith down, then kith up
config-unknown = There is no setting { $name }.
config-unknown-hint = All of them: kith config list
config-no-value = { $name } cannot be { $value }.
config-no-value-hint = What each takes: kith config list
config-no-port = The port is missing, after a colon, like 192.0.2.7:20555 or [::]:20555.
config-takes-keep = It takes a number and m, h or d (minutes, hours, days), like 12h or 7d, and { $most }d at most; or none.
config-takes-post = It takes a number and h or d (hours, days), like 10d: from { $least }d to { $most }d.
config-takes-room = It takes a number and MiB or GiB, like 512MiB: at least { $least }.
config-unwritten = The settings (config.toml) cannot be written.
config-net-profile = normal, lan-only, tor-only or hostile: which ways to friends are open
config-net-listen = IP:PORT, with commas between several: where friends can knock
config-net-beacons = true or false: whether friends on the same network find each other
config-net-tor = true or false: whether Tor is used, where net.profile leaves the choice
config-net-socks = IP:PORT on this machine: where Tor takes calls (SocksPort)
config-net-control = IP:PORT or a path on this machine: where Tor is told of us (ControlPort, ControlSocket)
config-net-circuits = true or false: whether two friends of yours who do not reach each other speak through your machine
config-messages-keep = 12h, 7d or none: how long what was read stays
config-messages-post = 10d: how long a message may take to arrive
config-disk-max = 512 MiB: what Kith may take of the disk
config-ui-lang = fr or en: the language, where nothing else names one
config-ui-plain = true or false: lines only, no full screen
profile-normal = Friends are called at every address they told, except at Tor's: for those, kith config set net.tor true
profile-normal-tor = Friends are called at every address they told, and through Tor. Your own address at Tor's is told to them.
profile-lan-only = Only machines of the same house are called, told and heard: nothing beyond this network, no Tor, no way through a friend.
profile-tor-only = Everything goes through Tor, in and out. Friends whose addresses are not Tor's cannot be reached, and kith meet does not work: invite, or meet before you set this.
profile-hostile = The network around hears no beacon and no call, and your address on it is told to nobody. Friends are called at addresses of the internet. With Tor as well: kith config set net.tor true
profile-hostile-tor = The network around hears no beacon and no call, and your address on it is told to nobody. Friends are called at addresses of the internet and through Tor.

## Manual pages, completions, events

man-about = The manual's pages: kith's, a verb's, or all of them
man-verb = Of which verb
man-out = All of them, in both languages, in the folders man1 and fr/man1 of this one
man-written = { $count } pages are in { $place }.
man-name = NAME
man-synopsis = SYNOPSIS
man-verbs = VERBS
man-values = Arguments
man-options = Options
man-example = Example
man-environment = Environment
man-exit-codes = Exit codes
man-see = SEE ALSO
value-shell = bash|zsh|fish
completions-about = What a shell needs to finish a half-typed command; no name is in it
completions-shell = For which shell
events-about = What happens, one object a line, for programs; never what is said
## What the system is told

daemon-group = For the system's service: who is in this group may use the node
daemon-open = Running
daemon-locked = Locked, waits for kith unlock
run-no-group = There is no group { $name } on this machine.
run-not-in-group = The system does not let the node open its socket to that group: the node has to run in it.
config-hooks-on-message = A program by its whole path, and its words with commas: run for new messages, reads how many and nothing else
