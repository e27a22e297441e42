# Tout ce que kith dit en français. Mêmes noms de messages que en.ftl, dans le même ordre.
# Une phrase dit ce qui est et, s'il y a quelque chose à faire, quoi. Pas de jargon.
# Espace insécable (U+00A0) avant : ; ! ? et à l'intérieur des guillemets.

## Le programme

about = Kith : parler entre ami·es d'ordinateur à ordinateur, sans personne entre vous.
error = kith : { $why }
output-failed = Impossible d'écrire le résultat.
disk-full = Le disque est plein.
disk-read-only = Le disque n'accepte que la lecture.
no-descriptors = Trop de fichiers sont ouverts.
answer-needed = Il faut répondre à une question, et il n'y a pas de terminal où la poser.
file-exists = { $path } existe déjà et reste tel quel.
file-not-read = Impossible de lire { $path }.
file-not-written = Impossible d'écrire { $path }.

## Aide

help-usage = Usage : { $line }
help-usage-flags = [options]
help-verbs = Ce que tu peux faire :
help-values = Arguments :
help-flags = Options :
help-more = Options qui vont avec tout : kith --help
help-about = Explique kith, un de ses verbes ou un sujet
help-topic = Un verbe, ou bien : exit-codes
help-unknown-topic = Pas d'aide sur « { $topic } ».
help-exit-codes =
    0    fait ; pour « send », au moins à l'abri sur ce disque
    1    non : rien de nouveau, pas fait
    2    ligne de commande pas comprise
    65   mauvaise invitation, texte trop long, nom impossible
    66   une question devait être posée et n'a pas pu l'être
    67   personne ne s'appelle ainsi
    69   le nœud ne tourne pas
    70   une erreur dans kith
    73   quelque chose se trouve déjà là où il fallait créer
    74   erreur de disque, ou tout n'a pas pu être effacé
    75   pas encore : gardé mais pas arrivé, ou trop à la fois
    77   refusé
    78   réglages invalides
    130  interrompu par Ctrl-C

value-verb = VERBE
value-name = NOM
value-to = À
value-text = TEXTE
value-text-or-dash = TEXTE|-
value-file = FICHIER
value-dir = DOSSIER
value-duration = DURÉE
value-address = IP:PORT
value-seq = NUMÉRO
value-count = NOMBRE
value-topic = SUJET

flag-home = Tout ce qui est à ce nœud se trouve dans ce dossier
flag-json = Répondre pour un programme
flag-plain = De simples lignes, pour lecteurs d'écran et terminaux simples
flag-lang = Langue des textes
flag-quiet = Pas de conseils à côté de la réponse
flag-no-input = Ne jamais rien demander
flag-passphrase-file = Lire la phrase de passe dans un fichier que toi seul·e peux lire (mode 0600)
flag-passphrase-fd = Lire la phrase de passe dans ce descripteur de fichier
flag-help = Expliquer, et ne rien faire
flag-version = Afficher la version

## Une ligne de commande pas comprise

usage-unknown-argument = « { $arg } » n'est pas attendu ici.
usage-unknown-verb = Il n'y a pas de verbe « { $verb } ».
usage-missing-verb = Il manque un verbe.
usage-missing-argument = Il manque quelque chose : { $arg }
usage-conflict = « { $arg } » et « { $other } » ne vont pas ensemble.
usage-twice = « { $arg } » est là deux fois.
usage-missing-value = Il manque une valeur à « { $arg } ».
usage-bad-value = « { $value } » ne convient pas à { $arg }.
usage-no-equals = La valeur de « { $arg } » se met après « = ».
usage-wrong-count = « { $arg } » a trop de valeurs, ou pas assez.
usage-not-utf8 = La ligne de commande n'est pas de l'UTF-8.
usage-unclear = La ligne de commande n'est pas comprise.
usage-perhaps = Peut-être { $near } ? { $more }
usage-help = Aide : { $command }

## Le nœud

node-down = Le nœud ne tourne pas.
node-down-hint = Démarre-le : kith up
node-lost = Le nœud ne répond plus.
node-ended = Le nœud s'est arrêté.
node-garbled = Le nœud qui tourne est d'une autre version de kith.
node-garbled-hint = Redémarre-le : kith down, puis kith up
node-locked = Le nœud est verrouillé : il ne lit rien et ne répond à personne.
node-locked-hint = Ouvre-le : kith unlock
no-home = Il n'y a pas encore de nœud ici.
no-home-hint = Crée-le : kith init
no-place = On ne sait pas où mettre le nœud : HOME n'est pas défini.
no-place-hint = Nomme un dossier : kith --home DOSSIER
config-unreadable = Impossible de lire les réglages (config.toml).
config-wrong = La ligne { $line } de config.toml n'est pas comprise : { $text }

run-held = Un autre processus utilise ce nœud.
run-held-by = Ce nœud tourne déjà (pid { $pid }).
run-wrong-passphrase = Ce n'est pas la phrase de passe.
run-no-device-key = device.key manque ou est abîmé : c'est lui qui ouvre ce nœud sans phrase de passe.
run-slot-damaged = root.slot manque ou est abîmé : sans lui, on ne peut rien lire dans le magasin.
run-database-damaged = Le magasin (data/db) manque ou est abîmé.
run-cannot-listen = Le nœud ne peut pas écouter aux adresses de config.toml.
run-cannot-listen-hint = Un autre programme les utilise peut-être.
run-io = Le disque refuse de travailler.
run-no-memory = Il n'y a pas assez de mémoire pour la phrase de passe.
run-wipe-unfinished = Un effacement a été commencé ici et n'est pas fini.
run-wipe-unfinished-hint = Termine-le : kith wipe --all

## Phrase de passe

passphrase-ask = Phrase de passe :{" "}
passphrase-new = Nouvelle phrase de passe :{" "}
passphrase-again = Encore une fois :{" "}
passphrase-differs = Les deux saisies diffèrent. Rien n'a été créé.
passphrase-empty = Une phrase de passe vide ne protège rien.
passphrase-short = Cette phrase de passe est courte. Six mots tirés au hasard tiennent bien plus longtemps.
passphrase-needed = Il faut une phrase de passe, et il n'y a pas de terminal où la demander.
passphrase-needed-hint = Donne-la avec --passphrase-file ou --passphrase-fd.
passphrase-unreadable = Impossible d'y lire la phrase de passe.
passphrase-file-open = D'autres peuvent lire le fichier de la phrase de passe.
passphrase-file-open-hint = Ferme-le : chmod 600
passphrase-variable-ignored = KITH_PASSPHRASE est ignorée : tous tes programmes peuvent la lire. Enlève-la.

## init, up, down, daemon

init-about = Crée un nouveau nœud ici ; personne n'en est averti
init-no-passphrase = Sans phrase de passe : quiconque a ce disque peut ouvrir le nœud
init-cheap = Pour les tests seulement : une phrase de passe vite devinée
init-done = Ton nœud est prêt dans { $place }. Personne n'en a été averti.
init-passphrase-note = Personne ne peut retrouver une phrase de passe oubliée.
init-no-passphrase-note = Sans phrase de passe, qui a ce disque peut tout y lire.
init-next = Ensuite : kith up, puis kith invite --as NOM
init-exists = Il y a déjà un nœud dans { $place }.
init-unfinished = Une création précédente a été interrompue. Rien n'est perdu : aucun nœud ne vivait encore ici.
init-unfinished-hint = Efface ce reste avec : kith wipe --all
init-not-made = Impossible de créer le nœud dans { $place }.

up-about = Démarre le nœud et le laisse tourner
up-done = up : le nœud tourne (pid { $pid }), il écoute sur { $addresses }, { $friends } en ligne
up-addresses = { $count ->
    [one] { $count } adresse
   *[other] { $count } adresses
}
up-friends = { $count ->
    [one] { $count } ami·e
   *[other] { $count } ami·es
}
up-not-started = Le nœud n'a pas démarré.
up-not-started-hint = Pour voir pourquoi : kith daemon --foreground
down-about = Arrête le nœud
down-done = down : le nœud est arrêté
down-slow = Le nœud finit encore son travail ; il sait qu'il doit s'arrêter.
daemon-about = Fait tourner le nœud jusqu'à son arrêt ; kith up et systemd s'en servent
daemon-foreground = Rester attaché au terminal

## Devenir ami·es

invite-about = Fait une invitation : qui s'en sert en premier devient ton ami·e
invite-as = Le petit nom que tu donnes à la personne invitée
invite-file = L'écrire dans un nouveau fichier que toi seul·e peux lire
invite-expires = Durée de validité : 30m, 24h, 7d (7d par défaut)
invite-at = Où joindre ton ordinateur, s'il ne le sait pas ; peut être répété
invite-written = L'invitation est dans { $path }.
invite-advice = Pour « { $name } », valable une seule fois, fin : { $until }. Donne-la en main propre ou par une voie sûre pour vous deux : la première personne qui l'utilise prendra ce nom chez toi. Laisse kith tourner jusque-là.
accept-about = Se sert d'une invitation ; son texte est demandé, reçu par un tube ou lu dans un fichier
accept-as = Le petit nom que tu donnes à qui te l'a donnée
accept-file = Lire l'invitation dans un fichier ; « - » pour l'entrée standard
accept-nick = Comment tu t'appelles toi-même, montré entre guillemets
accept-ask-code = Invitation :{" "}
accept-ask-name = Quel petit nom donnes-tu à qui te l'a donnée ?{" "}
accept-paired = { $name } : lié·e par code. Pas encore rencontré·e.
accept-waiting = L'autre ordinateur ne répond pas encore, ou quelqu'un s'est déjà servi de cette invitation. Elle finit { $until } ; laisse kith tourner, il continue d'essayer pour { $name }.

## Les gens

contact-about = Tes ami·es
contact-list-about = Affiche la liste
contact-show-about = Montre une personne de près, avec les mots à comparer
contact-name = Son petit nom
contact-none = Pas encore d'ami·es. Invite quelqu'un : kith invite --as NOM
column-name = nom
column-how = lien
column-last = vu·e
column-waiting = en attente
how-invited = invité·e, pas encore de réponse
how-joining = invitation acceptée, ordinateur pas encore joint
how-code = par code, pas rencontré·e
how-copied = par code, et une autre personne s'en est servie : comparez vos mots
presence-stopped = arrêté : un des deux disques a reculé dans le temps
presence-online = en ligne
presence-offline = pas en ligne
presence-last = { $time }
presence-never = jamais
waiting-nothing = rien
waiting-unread = { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
waiting-outbox = { $count } en route
card-how = comment     { $how }, depuis le { $since }
card-nick = se dit      { $nick }
card-last = vu·e        { $last }
card-waiting = en attente  { $waiting }
card-words = Mots à comparer, de vive voix ou face à face :
card-words-advice = L'autre doit voir les douze mêmes. Sinon, quelqu'un se tient entre vous.

## Messages

send-about = Écrit à un·e ami·e
send-to = Son petit nom
send-text = Quoi dire ; « - » le lit sur l'entrée standard
send-wait = Attendre l'arrivée, au plus ce temps-là (30s si rien n'est dit)
send-saved = Gardé ici, pas encore arrivé. Le message part dès que l'ordinateur de « { $name } » répond.
send-delivered = Arrivé chez { $name }.
send-unknown = Plus personne ne sait ce qu'est devenu ce message pour { $name }.
send-not-text = Ce n'est pas du texte.
send-not-read = Impossible de lire le texte.
inbox-about = Affiche ce qui est arrivé, et laisse le nœud oublier ce qui est affiché
inbox-follow = Continuer d'afficher ce qui arrive
inbox-peek = Ne rien laisser oublier au nœud
inbox-since = Seulement après ce numéro, sans rien laisser oublier au nœud
inbox-from = Seulement ceux de cette personne
inbox-max = Pas plus que cela (50 si rien n'est dit)
inbox-nothing-new = Rien de nouveau.
line-message = { $time } { $name } : { $text }
line-mine = { $time } moi à { $name } : { $text }
line-state = { $time } état : { $state }
time-claimed = { $time } (dit { $claimed })
time-today = aujourd'hui à { $hour }
time-tomorrow = demain à { $hour }
time-date = { $date } à { $hour }
prompt-to = à { $name } >{" "}
prompt-nobody = à personne >{" "}

## chat

chat-about = Ouvre une conversation (/quit pour en sortir)
chat-name = À qui tu écris d'abord
chat-welcome = /help explique, /quit quitte.
chat-to = Tu écris à { $name } : { $how }, { $presence }.
chat-to-nobody = Tu n'écris encore à personne. Choisis quelqu'un : @NOM
chat-unknown = { $command } n'existe pas. Rien n'a été envoyé. /help explique.
chat-help =
    @NOM           écrire à quelqu'un d'autre à partir de là
    @NOM TEXTE     dire une chose à quelqu'un d'autre
    /who           tes ami·es
    /who NOM       une personne de près
    /quit          quitter
    Pour commencer un texte par / ou @, double ce signe.
state-saved = gardé pour { $name }, pas encore arrivé
state-delivered = arrivé chez { $name }
state-online = { $name } est en ligne
state-offline = { $name } n'est plus en ligne
state-paired = { $name } : lié·e par code, pas rencontré·e
state-copied = ATTENTION : une deuxième personne s'est servie de l'invitation pour { $name }. Quelqu'un l'a copiée. Comparez vos mots : /who { $name }
state-expired = l'invitation pour { $name } est finie, personne ne s'en est servi
state-rolled-back = ATTENTION : le disque de { $name } a reculé dans le temps, comme après le retour d'une vieille copie
state-rolled-back-mine = ATTENTION : ce disque a reculé dans le temps, comme après le retour d'une vieille copie
state-locked = le nœud est verrouillé
state-unlocked = le nœud est de nouveau ouvert
state-inbox-full = trop de messages non lus : ceux de { $name } attendent chez l'autre
state-read-elsewhere = un message de { $name } a été lu dans une autre fenêtre

## status

status-about = Affiche l'état du nœud
status-node = nœud        en marche, déverrouillé
status-friends = ami·es      { $online } en ligne, { $offline } hors ligne
status-inbox = arrivée     { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
status-outbox = départ      { $count ->
    [one] { $count } message en route
   *[other] { $count } messages en route
}
status-pending = en attente  { $count ->
    [one] { $count } invitation ouverte
   *[other] { $count } invitations ouvertes
}
status-addresses = réseau      { $count ->
    [one] à l'écoute sur { $count } adresse
   *[other] à l'écoute sur { $count } adresses
}
status-disk = disque      { $size }

## wipe

wipe-about = Efface tout ce qui est à ce nœud
wipe-all = Oui, tout : ami·es, messages, réglages
wipe-now = Ne rien demander
wipe-warning = Ceci efface le nœud dans { $place } : ami·es, messages, tout. Personne ne pourra le faire revenir.
wipe-ask = Écris « effacer » pour le faire :{" "}
wipe-word = effacer
wipe-not-done = Rien n'a été effacé.
wipe-done = Effacé : plus rien de ce nœud ne peut être ouvert. Une carte SD ou un SSD peut se souvenir de vieilles copies.
wipe-incomplete = { $count ->
    [one] Ceci est encore là. L'effacement n'est PAS complet.
   *[other] Ces { $count } choses sont encore là. L'effacement n'est PAS complet.
}
wipe-incomplete-hint = Essaie encore : kith wipe --all. Si cela reste, détruis le disque.
wipe-held-hint = Les fichiers n'y sont plus, mais ce processus les tient peut-être encore en mémoire : arrête-le tout de suite.

## Quand le nœud dit non

refused-no-such-friend = Personne ne s'appelle ainsi.
refused-near = Tout près : { $names }
refused-bad-name = Cela ne peut pas être un petit nom.
refused-bad-name-hint = Un petit nom a de 1 à 32 lettres, chiffres, espaces au milieu, ou - _ . et commence par une lettre.
refused-reserved-name = kith garde ce nom pour lui.
refused-name-taken = Ce nom est pris, ou ressemble trop à un autre : { $name }
refused-name-taken-hint = Choisis-en un autre : on ne doit pas confondre deux petits noms.
refused-empty-text = Il n'y a rien à envoyer.
refused-text-too-long = Le texte est trop long : 32 Kio au plus.
refused-outbox-full = Trop de messages attendent déjà pour cette personne.
refused-bad-code = Ce n'est pas une invitation, ou il y a une faute de frappe.
refused-bad-code-hint = Elle commence par KITH: et doit être entière.
refused-code-expired = L'invitation est finie.
refused-code-expired-hint = Demandes-en une autre.
refused-own-code = Cette invitation vient de toi.
refused-already-friend = Qui a donné cette invitation est déjà ton ami·e : { $name }
refused-too-many-invitations = Trop d'invitations sont ouvertes, ou ont été faites aujourd'hui.
refused-bad-lifetime = Une invitation ne peut pas durer si longtemps, ou si peu.
refused-no-address = On ne sait pas où les autres pourraient joindre cet ordinateur.
refused-no-address-hint = Dis-le : kith invite --at IP:PORT
refused-no-passphrase = Ce nœud n'a pas de phrase de passe : sa clé se trouve à côté de ses données, le verrouiller ne protégerait rien.
refused-bad-passphrase = La nouvelle phrase de passe est vide ou bien trop longue.
refused-busy = Une phrase de passe est déjà à l'essai.
refused-too-many-friends = Tu as autant d'ami·es qu'un nœud peut en avoir.

## demo

demo-about = Montre sur cette machine que Kith tient ses promesses
demo-step = { $number }  { $text }
demo-nodes = Trois nœuds créés et lancés en { $ms } ms. Personne ne s'est inscrit nulle part.
demo-pair = Anne a donné deux invitations ; chaque ami·e lui donne le petit nom de son choix. Les deux écrans montrent les mêmes mots : { $words } ...
demo-talk = Anne et Bruno se sont parlé dans les deux sens : sur l'autre disque en { $ms } ms, chaque ligne sous un secret qui ne sert qu'une fois.
demo-absent = { $count ->
    [one] Camille était absente. { $count } message a attendu sur le disque d'Anne, malgré un redémarrage, et n'est arrivé qu'une fois.
   *[other] Camille était absente. { $count } messages ont attendu sur le disque d'Anne, malgré un redémarrage, et ne sont arrivés qu'une fois, dans l'ordre.
}
demo-stranger = { $strangers } inconnu·es ont appelé le nœud d'Anne : silence, bruit, salutation connue, premiers octets de Bruno enregistrés. Reçu en retour : { $bytes } octet.
demo-wire = { $wire } Kio entendus sur la ligne et { $disk } Kio de disque brut fouillés pour chaque mot et chaque nom : { $hits } trouvé.
demo-wipe = Les trois sont effacés en { $ms } ms : plus rien ne s'ouvre, il reste { $left } octet.
demo-end = Chaque étape a tenu. L'endroit temporaire a disparu.
demo-broken = La démonstration a échoué à « { $place } ». Cela ne devrait pas arriver : merci de le signaler.
