# Tout ce que kith dit en français. Mêmes noms de messages que en.ftl, dans le même ordre.
# Une phrase dit ce qui est et, s'il y a quelque chose à faire, quoi. Pas de jargon.
# Espace insécable (U+00A0) avant : ; ! ? et à l'intérieur des guillemets.

## Le programme

about = Kith : parler entre ami·es d'ordinateur à ordinateur, sans personne entre vous.
hint-verb = Mode d'emploi : { $command }
hint-people = Qui s'appelle comment : kith contact list, kith group list. Inviter quelqu'un : kith invite
hint-doctor = Ce qui ne va pas ici, et que faire : kith doctor
hint-later = Où en sont les choses : kith status
hint-in-person = N'écris rien là avant de vous être vus : kith help saisie
hint-config = Pour les réparer : kith config edit
error = kith : { $why }
output-failed = Impossible d'écrire le résultat.
disk-full = Le disque est plein.
disk-read-only = Le disque n'accepte que la lecture.
no-descriptors = Trop de fichiers sont ouverts.
answer-needed = Il faut répondre à une question, et il n'y a pas de terminal où la poser.
file-exists = { $path } existe déjà et reste tel quel.
file-not-read = Impossible de lire { $path }.
file-not-written = Impossible d'écrire { $path }.
file-too-long = { $path } est trop long : il contient autre chose.

## Aide

help-usage = Usage : { $line }
help-usage-flags = [options]
help-verbs = Ce que tu peux faire :
help-values = Arguments :
help-flags = Options :
help-more = Options qui vont avec tout : kith help options
help-example = Par exemple :
help-about = Explique kith, un de ses verbes ou un sujet
help-topic = Un verbe, verbes, options, ou un sujet : noms, saisie, codes
help-unknown-topic = Pas d'aide sur « { $topic } ».
help-unknown-topic-hint = Les verbes et les sujets : kith help
help-root-more =
    kith help VERBE    explique un verbe          kith help verbes   les dit tous
    kith help options  ce qui va avec tout
    Aussi : noms, accessibilité, environnement, codes, formats, saisie
help-group-begin = commencer
help-group-meet = se trouver
help-group-talk = parler
help-group-name = nommer
help-group-group = à plusieurs
help-group-away = au loin
help-group-keep = se garder
help-group-tool = programmes
help-names =
    Un nom est toujours donné par quelqu'un. Une marque dit par qui.

      zoé             sans marque : le petit nom que toi, tu donnes ; il ne quitte
                      pas ta machine, sauf si tu le montres (kith name publish)
      bob/zoé         ton ami·e bob appelle quelqu'un ainsi : c'est sa parole
      ~"Zoé 75"       quelqu'un se dit ainsi : n'importe qui peut se dire ainsi
      ?lune-tigre     quelqu'un d'un groupe, que tu ne connais pas : deux mots
                      tirés de son identité, toujours les mêmes
      #local          un groupe ; dans une commande, écris-le sans le #

    À côté du nom, des mots disent comment tu connais cet ordinateur : rencontré·e
    tel jour, mots comparés de vive voix tel jour, présenté·e par bob, ou par code.
    Cela ne monte jamais tout seul : kith meet, kith verify.

    Un petit nom fait 1 à 32 colonnes, commence par une lettre, et ne mêle pas deux
    écritures ; lettres, chiffres, - _ . et espaces simples. Un nom qui ressemble à
    un autre des tiens (zoé, Zoe, z0é), ou à l'un de ceux-ci, est refusé :

    {"  "}{ $reserved }

    Changer : kith contact rename. Qui est-ce : kith who NOM.
help-environment =
    Une option de la ligne de commande l'emporte sur une variable, et celle-ci sur
    les réglages (kith config).

      KITH_HOME             tout ce nœud dans ce dossier, comme --home
      KITH_PLAIN=1          des lignes simples, comme --plain ; TERM=dumb aussi
      KITH_PASSPHRASE_FILE  le fichier de la phrase de passe (mode 0600)
      CREDENTIALS_DIRECTORY y chercher kith.passphrase, comme systemd le donne
      KITH_LOG              ce que le nœud écrit sur lui-même : error, warn, info,
                            debug, trace ; jamais un nom, une adresse, un texte
      NO_COLOR              aucune couleur, si elle n'est pas vide
      LC_ALL, LC_MESSAGES,  la langue ; dans cet ordre, puis le réglage ui.lang,
      LANG, LANGUAGE        sinon l'anglais
      VISUAL, EDITOR        ce que kith config edit ouvre
      XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_RUNTIME_DIR
                            où sont les réglages, les données, le socket

    Il n'y a pas de variable pour la phrase de passe elle-même : ce qui s'y trouve
    se lit dans la liste des processus. KITH_PASSPHRASE est ignorée et le dit.
help-accessibility =
    kith --plain, ou KITH_PLAIN=1, ou pour toujours : kith config set ui.plain true

    Des lignes simples : chaque ligne s'ajoute et ne change plus, le curseur ne
    bouge pas, aucun dessin, aucun symbole qui serait seul à porter un sens. Une
    ligne dit toujours l'heure, le nom, le texte, dans cet ordre ; un état se dit en
    mots. Ce qui est arrivé s'annonce une fois. Sur un tuyau, c'est toujours ainsi.

      kith chat --plain zoé     parler ; chaque ligne tapée est un message
      kith inbox                lire ce qui est arrivé, puis revenir au terminal
      kith send zoé             écrire sans rien laisser dans l'historique du shell
      kith inbox --follow       laisser arriver

    Ce qui arrive pendant que tu tapes se met à la suite de ce que tu as tapé, sans
    rien y changer : Entrée n'envoie que ce que tu as tapé, et Ctrl-R le redit.

    Aucune couleur ne porte un sens à elle seule, et NO_COLOR les retire toutes.
    Les mots à comparer se disent à voix haute : quatre à une rencontre, douze pour
    deux personnes. Une invitation peut se donner en fichier plutôt qu'en image.

    Ce qui gêne avec un lecteur d'écran ou une plage braille est un défaut :
    dis-le à qui t'a donné ce programme.
help-seizure =
    Avant
      kith passphrase        sans elle, qui prend la machine lit tout ce qui y est
      kith doctor --disk     ce qu'on y trouverait maintenant
      kith history NOM --keep none    ce qui est lu s'efface aussitôt
      kith lock              avant de sortir : le nœud ne sait plus lire son disque
      kith backup FICHIER    de quoi te retrouver ; aucun message n'y est
    Un nœud qui s'ouvre seul au démarrage s'ouvre aussi pour qui l'emporte.

    Pendant
      kith lock              d'abord ; le reste demande du temps
      kith wipe --all --now  détruit ce qui ouvre tout, puis le reste, sans question
    Une carte SD ou un SSD peut se souvenir de vieilles copies. Effacer peut avoir
    des suites devant un tribunal : parlez-en avant, avec des personnes du métier.

    Après
      kith restore FICHIER   sur une autre machine ; sur celle qui est revenue, ne
                             tape plus jamais ta phrase
      kith identity new      là aussi : une autre identité, et les ami·es la
                             confirment de vive voix
      kith contact drop NOM N    chez les ami·es : renoncer à un ordinateur perdu
      kith group report GROUPE NOM "pourquoi"    chez les autres : chaque envoi
                             vers cette machine demandera d'abord
    On verra que deux personnes se connaissent, jamais une preuve de qui a dit quoi.
help-formats =
    À l'écran    l'heure d'arrivée, le nom, le texte ; une ligne qui suit est en
                 retrait, pour qu'un texte n'imite pas un autre message
    --json       un objet par réponse, une ligne par objet là où cela continue
                 (inbox --follow, events) ; les noms n'y sont pas traduits, le texte
                 y est exact, « v » est la version
    Durées       30s 15m 24h 7d            Tailles   64 MiB, 1 GiB (ou Mio, Gio)
    Invitation   KITH: puis 32 symboles possibles, ni I, ni L, ni O, ni U ;
                 majuscules, tirets et retours à la ligne n'y changent rien
    Bâton        un fichier de mébioctets entiers, d'octets sans forme (kith carry)
    Sauvegarde   scellée sous une phrase de passe à elle (kith backup)
    Clés         une amitié repose sur une clé X25519 pour chaque côté et un secret
                 ML-KEM ; nulle part une clé ne s'affiche : on compare douze mots,
                 tirés des deux, que chaque côté lit
    Signatures   aucune : ce qui authentifie, l'un comme l'autre a pu le faire
help-exit-codes =
    0    fait ; pour « send », au moins à l'abri sur ce disque
    1    non : rien de nouveau, pas fait, proposition pas adoptée, transcription
         refusée, ou nœud verrouillé ou plein
    2    ligne de commande pas comprise
    65   invitation, scénario ou transcription invalides, texte trop long, nom
         impossible, phrase de passe vide
    66   une question n'a pas pu être posée, ou un fichier lu
    67   aucun·e ami·e ni groupe ne s'appelle ainsi
    69   le nœud ne tourne pas, ou tourne déjà (daemon)
    70   une erreur dans kith
    73   quelque chose se trouve déjà là où il fallait créer
    74   disque en panne, adresse pas libre, ou tout n'a pas pu être effacé
    75   pas encore : gardé mais pas arrivé, ou trop à la fois
    76   les mots comparés sont différents
    77   refusé, ou nœud verrouillé
    78   réglages invalides
    129  le terminal a été fermé
    130  interrompu par Ctrl-C
    143  terminé par un autre programme

value-verb = VERBE
value-number = NUMÉRO
value-name = NOM
value-to = NOM
value-text = TEXTE
value-text-or-dash = TEXTE|-
value-file = FICHIER
value-dir = DOSSIER
value-duration = DURÉE
value-address = IP:PORT
value-at = N[:OCTET]
value-message = NUMÉRO|NOM
value-seq = NUMÉRO
value-count = NOMBRE
value-size = TAILLE
value-state = kept|delivered
value-topic = SUJET
value-new-name = NOUVEAU
value-setting = RÉGLAGE
value-value = VALEUR
value-keep = DURÉE|none|default
value-timer = 1d|off

flag-home = Tout ce qui est à ce nœud se trouve dans ce dossier
flag-json = Répondre pour un programme
flag-plain = De simples lignes, pour lecteurs d'écran et terminaux simples
flag-lang = Langue des textes
flag-quiet = Pas de conseils à côté de la réponse
flag-no-input = Ne jamais rien demander
flag-yes = Effacer sans demander
flag-yes-plain = Sans demander
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
usage-perhaps = Voulais-tu dire { $near } ? { $more }
usage-takes = { $takes } { $more }
takes-duration = Une durée s'écrit avec un nombre puis s, m, h ou d (secondes, minutes, heures, jours), comme 30s ou 7d.
takes-lifetime = Ici une durée s'écrit avec un nombre puis m, h ou d (minutes, heures, jours), comme 30m ou 7d.
takes-keep = Ici une durée s'écrit avec un nombre puis m, h ou d (minutes, heures, jours), comme 30m ou 7d ; none ne garde rien, default fait comme pour tout le monde.
takes-timer = Ici une durée s'écrit avec un nombre puis m, h ou d (minutes, heures, jours), comme 30m ou 7d ; off enlève la limite.
takes-size = Une taille s'écrit avec un nombre puis Mio ou Gio, comme 64Mio.
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
no-home-but-the-system = Le nœud d'ici est celui de la machine : cela ne se fait que par son propre compte.
no-home-but-the-system-hint = Devant la commande, mets : sudo -u kith kith --home /var/lib/kith
no-place = On ne sait pas où mettre le nœud : HOME n'est pas défini.
no-place-hint = Nomme un dossier : kith --home DOSSIER
config-unreadable = Impossible de lire les réglages (config.toml).
config-wrong = La ligne { $line } de config.toml ne convient pas : { $text }

run-held = Un autre processus utilise ce nœud.
run-held-by = Ce nœud tourne déjà (pid { $pid }).
run-wrong-passphrase = Ce n'est pas la phrase de passe.
run-wrong-passphrase-hint = Regarde les majuscules et la langue du clavier, puis essaie encore. Oubliée, personne ne peut la retrouver.
run-no-device-key = device.key manque ou est abîmé : c'est lui qui ouvre ce nœud sans phrase de passe.
run-slot-damaged = root.slot manque ou est abîmé : sans lui, on ne peut rien lire dans le magasin.
run-too-new = Une version plus récente de Kith a fait ce dossier : relance celle-là.
run-database-damaged = Le magasin (data/db) manque ou est abîmé.
run-cannot-listen = Le nœud ne peut pas écouter aux adresses de config.toml.
run-cannot-listen-hint = Un autre programme les utilise peut-être, ou cette machine ne les a pas.
run-io = Le disque refuse de travailler.
run-no-memory = Il n'y a pas assez de mémoire pour la phrase de passe.
run-wipe-unfinished = Un effacement a été commencé ici et n'est pas fini.
run-wipe-unfinished-hint = Termine-le : kith wipe --all

## Phrase de passe

passphrase-ask = Phrase de passe :{" "}
passphrase-new = Nouvelle phrase de passe :{" "}
passphrase-again = Encore une fois :{" "}
passphrase-differs = Les deux saisies diffèrent. Rien n'a été fait.
passphrase-empty = Une phrase de passe vide ne protège rien.
passphrase-short = Cette phrase de passe est courte. Six mots tirés au hasard tiennent bien plus longtemps.
passphrase-needed = Il faut une phrase de passe, et il n'y a pas de terminal où la demander.
passphrase-needed-hint = Donne-la avec --passphrase-file ou --passphrase-fd.
passphrase-unreadable = Impossible de lire la phrase de passe là où tu l'as dit.
passphrase-file-open = D'autres peuvent lire le fichier de la phrase de passe.
passphrase-file-open-hint = Ferme-le : chmod 600 FICHIER
passphrase-variable-ignored = KITH_PASSPHRASE est ignorée : tous tes programmes peuvent la lire. Enlève-la.
passphrase-not-text = La phrase de passe n'est pas du texte UTF-8.
passphrase-about = Change la phrase de passe, ou en donne une au nœud
passphrase-new-file = Lire la nouvelle dans un fichier que toi seul·e peux lire (mode 0600)
passphrase-changed = Désormais, seule la nouvelle phrase de passe ouvre ce nœud.
passphrase-first = Désormais, ce nœud s'ouvre avec la phrase de passe et la demande à chaque démarrage.
passphrase-copies = Une copie de root.slot faite avant maintenant, ou gardée par une carte mémoire, s'ouvre encore comme avant.
passphrase-which-one = Essaie les deux phrases de passe : on ne sait pas si la nouvelle vaut déjà.

## A new identity

identity-about = Qui tu es pour tes ami·es : qui n'a pas confirmé une nouvelle identité
identity-new-about = Commence une nouvelle identité et le dit à tes ami·es
identity-new-yes = Commencer sans demander
identity-new-warning = Tes ami·es devront confirmer ta nouvelle identité : dis quatre mots à chacun·e de vive voix. D'ici là, tu continues avec chacun·e sous l'ancienne. On ne revient pas en arrière.
identity-ask = Écris « nouvelle » pour le faire :{" "}
identity-word = nouvelle
identity-not-done = Rien n'a changé.
identity-new-done =
    { $friends ->
        [0] Tu as une nouvelle identité. Il n'y avait personne à prévenir.
        [one] Tu as une nouvelle identité. { $friends } ami·e en est averti·e.
       *[other] Tu as une nouvelle identité. { $friends } ami·es en sont averti·es.
    }
identity-new-after = Les mots pour chacun·e : kith contact check NOM. Quand c'est confirmé, fais une nouvelle sauvegarde : les anciennes ne retrouvent plus ces ami·es.
identity-waits = { $name } n'a pas encore confirmé ta nouvelle identité : kith contact check { TYPED($name) }
identity-nothing = Aucune nouvelle identité n'attend d'être confirmée.

## backup, restore

backup-about = Écrit dans un fichier scellé qui tu es et qui tu connais, avec une phrase de passe à part
backup-file = Le fichier à écrire ; un fichier existant n'est jamais remplacé
backup-passphrase-file = Lire la phrase de passe de la sauvegarde dans un fichier que toi seul·e peux lire (mode 0600)
backup-passphrase-note = La sauvegarde a sa propre phrase de passe. Sans elle, le fichier n'ouvre rien, pour toi non plus.
backup-done =
    { $friends ->
        [one] La sauvegarde est écrite, avec { $friends } ami·e.
       *[other] La sauvegarde est écrite, avec { $friends } ami·es.
    }
backup-holds = Elle contient ton identité, tes ami·es, leurs noms et combien de temps tu gardes ce qui se dit. Aucun message.
backup-after = Les amitiés nouées ensuite n'y seront pas. Qui a le fichier et sa phrase de passe peut se faire passer pour toi : garde-les séparément.
restore-about = Crée ici un nœud qui reprend à partir d'une sauvegarde
restore-file = Le fichier écrit par kith backup
restore-passphrase-ask = Phrase de passe de la sauvegarde :{" "}
restore-done = Ton nœud est de retour dans { $place }. Pas les messages : ils n'étaient pas dans la sauvegarde.
restore-friends = Démarre-le avec kith up. Chaque ami·e devra comparer quatre mots avec toi avant que vous puissiez reparler ; dites-les de vive voix, pas par écrit.
restore-one = Si l'ancien nœud tourne encore quelque part, arrête-le : deux nœuds de même identité se gênent.
restore-exists = Il y a déjà un nœud dans { $place }. Une sauvegarde se restaure là où il n'y en a pas.
restore-wrong-passphrase = Ce n'est pas la phrase de passe de cette sauvegarde.
restore-damaged = Ce fichier n'est pas une sauvegarde, ou il est abîmé. Rien n'a été créé.
restore-too-new = Cette sauvegarde vient d'un kith plus récent. Rien n'a été créé.

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
up-locked = up : le nœud tourne (pid { $pid }), verrouillé. Ouvre-le : kith unlock
started-locked = Le nœud tourne verrouillé : personne n'a donné sa phrase de passe. Ouvre-le : kith unlock
down-about = Arrête le nœud
down-done = down : le nœud est arrêté
down-slow = Le nœud finit encore son travail ; il sait qu'il doit s'arrêter.
daemon-about = Fait tourner le nœud jusqu'à son arrêt ; kith up et systemd s'en servent
daemon-foreground = Rester attaché au terminal
lock-about = Fait oublier au nœud comment lire ce qu'il garde
lock-done = Verrouillé : rien ici ne peut être lu, et tes ami·es te voient hors ligne. Pour ouvrir : kith unlock
unlock-about = Donne sa phrase de passe à un nœud verrouillé
unlock-done = Ouvert : tes ami·es peuvent te joindre de nouveau.
unlock-open = Le nœud est déjà ouvert.

## Se rencontrer

meet-about = Se rencontrer autour d'une table : comparez quatre mots ensemble, une fois, puis chacun·e choisit qui garder
meet-join = Rejoindre une rencontre : trouvée sur ce réseau, ou à cette adresse
meet-nick = Comment les autres te voient pendant la rencontre
meet-replace = Rendre ce petit nom à une personne qui revient avec un nouvel ordinateur
meet-secret = Huit mots écrits au tableau tiennent dehors qui n'est pas dans la salle ; pour rejoindre, ils sont demandés
meet-timeout = Abandonner après ce temps : 15m, 1h
meet-needs-people = Une rencontre pose des questions à une personne, et --no-input les interdit.
meet-ask-nick = Ton prénom pour les autres :{" "}
meet-qr = Dessiner aussi ces mots en image, qu'un appareil photo lit
meet-scan = Les lire dans une image PNG, ou un texte
meet-scan-nothing = Aucun mot du tableau ne se lit dans ce fichier.
meet-ask-secret = Les huit mots du tableau :{" "}
meet-searching = Je cherche une rencontre sur ce réseau.
meet-none-found = Personne n'attend sur ce réseau.
meet-none-found-hint = Demande l'adresse à qui a ouvert la rencontre : kith meet --join ADRESSE
meet-several = Il y a plusieurs rencontres sur ce réseau. Demande son adresse à qui a ouvert la tienne.
meet-ask-which = Laquelle ? (numéro){" "}
meet-goes-on = Une rencontre est déjà en cours ici : la voici. /quit la quitte.
meet-waits = J'attends sur ce réseau. Les autres tapent : kith meet --join  (ou kith meet --join { $address } si rien n'est trouvé)
meet-waits-secret = J'attends sur ce réseau. Les autres tapent : kith meet --join --secret  (ou kith meet --join { $address } --secret si rien n'est trouvé)
meet-secret-board = Écris ces huit mots au tableau ; les autres tapent kith meet --join --secret :
meet-here = { $count ->
    [one] { $count } ordinateur ici : toi
   *[other] { $count } ordinateurs ici : toi, { $nicks }
}
meet-ask-count = Combien d'ordinateurs participent, le tien compris ? Compte-les des yeux :{" "}
meet-counted = J'attends que tout le monde soit là et ait compté.
meet-agreeing = Les ordinateurs se mettent d'accord.
meet-again = On recommence : quelqu'un est parti.
meet-listen = Quelqu'un lit quatre mots à voix haute. Quelle ligne as-tu entendue ?
meet-ask-line = Numéro de la ligne entendue (0 : aucune) :{" "}
meet-read = Lis cette ligne à voix haute, lentement, pour tout le monde :
meet-read-same = Puis chacun·e dit à voix haute son prénom et « pareil ». Toi aussi.
meet-say-same = C'est la bonne ligne. Dis à voix haute ton prénom et « pareil » ; chacun·e le dit.
meet-ask-heard = { $nick } a dit son prénom et « pareil », de sa propre voix ? (o : oui, n : non, j'arrête, Entrée : pas encore){" "}
meet-all-same = Tout le monde a dit « pareil » : personne ne se tient entre vous.
meet-ask-name = Quel petit nom donnes-TU à { $nick } ? (vide : ne pas garder){" "}
meet-named = J'attends les autres.
meet-met = { $name } : rencontré·e en personne le { $day }.
meet-waiting = { $name } : gardé·e ici, et son ordinateur ne l'a pas encore dit. Cela se règle dès que les deux se parlent ; d'ici là, pas encore rencontré·e.
meet-declined = { $nick } ne t'a pas gardé·e : rien n'est enregistré.
meet-not-kept = { $nick } : pas gardé·e, rien n'est enregistré.
meet-one-sided = { $name } : l'un·e de vous a encore l'autre dans ses ami·es, l'autre ne l'a plus ; rien n'a changé. Qui l'a encore fait kith contact rm NOM, puis recommencez.
meet-gone = L'ordinateur de { $nick } est parti trop tôt : rien n'est enregistré.
meet-nobody-else = Rien n'a été envoyé à personne d'autre.
meet-left = Tu as quitté la rencontre.
meet-no-answer = Personne ne répond à cette adresse, ou les mots du tableau sont d'autres mots.
meet-no-answer-hint = Vérifie l'adresse avec qui a ouvert la rencontre ; s'il y a des mots au tableau, ajoute --secret.
meet-not-opened = Cet ordinateur ne peut pas ouvrir de rencontre : il n'est sur aucun réseau, ou n'a pas le droit d'écouter.
meet-not-opened-hint = Laisse quelqu'un d'autre ouvrir, et rejoins avec kith meet --join
meet-nick-taken = Quelqu'un ici a déjà un prénom qui ressemble au tien.
meet-nick-taken-hint = Recommence avec un autre : --nick PRÉNOM
meet-full = La rencontre est complète.
meet-begun = La rencontre a commencé sans toi.
meet-host-gone = L'ordinateur qui a ouvert la rencontre est parti.
meet-again-hint = Rien n'est perdu : recommencez avec kith meet
meet-count-differs = Tu as compté { $counted } ordinateurs et il y en a { $there } : quelqu'un a mal compté, ou un ordinateur de trop écoute.
meet-count-differs-hint = Comptez ensemble à voix haute, puis recommencez. Si le nombre reste faux, changez de réseau.
meet-alike = Deux prénoms se ressemblent trop, dont { $nick } : personne ne saurait qui est qui.
meet-broken = L'ordinateur qui a ouvert la rencontre dit des choses qu'aucun kith honnête ne dit : rien n'est enregistré.
meet-not-same = Les mots n'étaient pas les mêmes pour tout le monde, ou quelqu'un ne les a pas dits : rien n'est enregistré.
meet-not-same-hint = Recommencez une fois. Si cela se répète, quelqu'un se tient entre vous : changez de réseau.
meet-change-place = La rencontre a été interrompue trop souvent au mauvais moment : quelqu'un essaie peut-être de se glisser entre vous.
meet-change-place-hint = Recommencez ailleurs, sur un autre réseau.
meet-late = Le temps de la rencontre est écoulé.
meet-locked = Le nœud a été verrouillé pendant la rencontre.

## Devenir ami·es

invite-about = Fait une invitation : qui s'en sert en premier devient ton ami·e
invite-as = Le petit nom que tu donnes à la personne invitée
invite-file = L'écrire dans un nouveau fichier que toi seul·e peux lire
invite-expires = Durée de validité : 30m, 24h, 7d (7d par défaut)
invite-at = Où joindre ton ordinateur, s'il ne le sait pas ; peut être répété
invite-written = L'invitation est dans { $path }.
invite-qr = La dessiner en image, qu'un appareil photo lit
invite-qr-not-here = Une image ne se dessine que sur un terminal en couleurs. Voici la même chose en texte :
invite-qr-too-small = Cette fenêtre est trop petite pour l'image : il faut { $columns } colonnes et { $rows } lignes. Voici la même chose en texte :
invite-print = Imprimer une feuille à la place : le code, sa durée, que faire
invite-list = Seulement lister celles dont personne ne s'est encore servi
invite-revoke = Seulement reprendre celle pour cette personne
invite-none = Aucune invitation n'est ouverte.
invite-until = fin : { $until }
invite-not-open = Aucune invitation n'est ouverte pour { $name } : quelqu'un s'en est servi, ou il n'y en a jamais eu.
invite-not-open-hint = Pour retirer un·e ami·e : kith contact rm { TYPED($name) }
invite-sheet-before =
    KITH : UNE INVITATION

    Valable une seule fois, fin : { $until }.

    1. Installe Kith sur ton ordinateur. Qui t'a donné cette feuille peut t'aider.
    2. Tape : kith init
    3. Tape : kith up
    4. Tape : kith accept
    5. Recopie ce code sur une seule ligne, puis Entrée. Les blancs, les traits d'union et les majuscules ne comptent pas.
invite-sheet-after =
    6. Dis quel petit nom tu donnes à qui t'invite. Ce nom reste sur ton ordinateur.
    7. Détruis cette feuille.

    Qui la lit avant toi peut s'en servir à ta place. Dans ce cas, préviens qui te l'a donnée.
invite-advice = Pour « { $name } », valable une seule fois, fin : { $until }. Donne-la en main propre ou par une voie sûre pour vous deux : la première personne qui l'utilise prendra ce nom chez toi. Laisse kith tourner jusque-là.
accept-about = Se sert d'une invitation ; son texte est demandé, reçu par un tube ou lu dans un fichier
accept-as = Le petit nom que tu donnes à qui te l'a donnée
accept-file = Lire l'invitation dans un fichier ; « - » pour l'entrée standard
accept-nick = Comment tu t'appelles toi-même, montré entre guillemets
accept-ask-code = Invitation :{" "}
accept-ask-more = Ce n'est pas encore une invitation entière. La suite (rien : c'est tout) :{" "}
accept-scan = La lire dans une image PNG, ou un texte
scan-nothing = Aucune invitation ne se lit dans ce fichier.
scan-nothing-hint = Il faut une image PNG avec tout le code, grand et net, ou un texte.
accept-ask-name = Quel petit nom donnes-tu à qui te l'a donnée ?{" "}
accept-paired = { $name } : lié·e par code. Pas encore rencontré·e.
accept-waiting = L'autre ordinateur ne répond pas encore, ou quelqu'un s'est déjà servi de cette invitation, ou elle a été reprise. Fin : { $until } ; laisse kith tourner, il continue d'essayer pour { $name }.

## Les gens

contact-about = Tes ami·es
contact-list-about = Affiche la liste
contact-list-online = Seulement qui est en ligne
contact-list-tree = Par ami·e : qui t'a été présenté, et quels noms sont donnés à d'autres
tree-friend = { $name } : { $how }
tree-introduced = t'a présenté { $name }
tree-known = { $who } : chez toi { $name }
tree-unknown = { $who } : personne que tu connais
tree-as-told = Ces noms sont ceux dits en dernier par chaque ami·e. Pour redemander : kith who NOM/
contact-none-online = Personne n'est en ligne.
contact-show-about = Montre une personne de près, avec les mots à comparer
contact-name = Son petit nom
contact-new-name = Le petit nom que tu lui donnes désormais
contact-check-about = Dit si les quatre mots d'une nouvelle session ou identité sont les mêmes des deux côtés
contact-check-yes = Les quatre mots entendus de vive voix : ils sont les mêmes
contact-check-no = Les mots sont différents, ou personne n'a répondu : oublie cette session ou identité
contact-check-nothing = Rien à vérifier avec { $name }.
contact-check-words = { $name } a perdu son état, ou quelqu'un d'autre parle à sa place : comparez ces quatre mots de vive voix : { $words }. Les mêmes : kith contact check { TYPED($name) } --yes MOTS. Différents : kith contact check { TYPED($name) } --no
contact-restored-words = Tu reviens d'une sauvegarde, et { $name } doit comparer quatre mots. Dis-les de vive voix : { $words }.
contact-check-done-yes = C'est bien { $name } : la nouvelle session parle désormais, et ce qui attendait repart.
contact-check-done-no = Cette session avec { $name } est oubliée. Rien de ce qu'elle a dit n'a été pris.
contact-check-identity = { $name } dit avoir une nouvelle identité, ou quelqu'un d'autre parle à sa place : comparez ces quatre mots de vive voix : { $words }. Les mêmes : kith contact check { TYPED($name) } --yes MOTS. Différents : kith contact check { TYPED($name) } --no
contact-announced-words = { $name } doit dire si ta nouvelle identité est bien la tienne. Dis ces quatre mots de vive voix : { $words }.
contact-former = Quelqu'un frappe avec ce que { $name } et toi partagiez avant la nouvelle identité de l'un·e de vous. L'un·e de vous revient d'une sauvegarde ou d'un disque plus anciens, ou quelqu'un en a une copie. Personne n'y répond, et avec ce qu'elle contient vous ne vous retrouvez plus. Demande à { $name } de vive voix. Pour recommencer, des deux côtés : kith contact rm NOM, puis kith invite et kith accept
contact-silent = À l'adresse de { $name } les connexions aboutissent et personne ne répond. Peut-être que l'un·e de vous revient d'une sauvegarde ou d'un disque plus anciens que sa nouvelle identité ou la tienne : alors vous ne vous retrouvez plus. Ou { $name } a mis fin à ce lien, ou se trouve ailleurs. Demande de vive voix. Pour recommencer, des deux côtés : kith contact rm NOM, puis kith invite et kith accept
contact-check-identity-yes = C'est bien { $name } : vous continuez avec la nouvelle identité dès que les deux ordinateurs se seront parlé, et rien de ce qui attend n'est perdu.
contact-check-identity-no = { $name } : la nouvelle identité est oubliée. Vous continuez avec l'ancienne.
value-words = MOTS
mailbox-about = Les messages que des ami·es se gardent pendant une absence
mailbox-list-about = Affiche ce qui est gardé, et pour qui
mailbox-ask-about = Demande à un·e ami·e de garder tes messages en ton absence
mailbox-offer-about = Propose à un·e ami·e de garder ses messages, sans qu'il faille demander
mailbox-quota-about = Garde plus ou moins pour un·e ami·e à partir de maintenant
mailbox-rm-about = Met fin à ce que vous gardez l'un·e pour l'autre
mailbox-name = Son petit nom
mailbox-quota = Au plus autant (8Mio si rien n'est dit)
mailbox-asked = Demandé à { $name } de garder jusqu'à { $size } pour toi. Cela commence à son oui ; on y voit des tailles et des heures, jamais les mots ni qui écrit.
mailbox-offered = Proposé à { $name } de garder jusqu'à { $size }. Cela commence à sa demande.
mailbox-granted = Tu gardes jusqu'à { $size } de messages scellés pour { $name }. Tu ne peux pas les lire, ni voir qui écrit.
mailbox-ended = { $name } et toi ne gardez plus rien l'un·e pour l'autre.
mailbox-none = Personne ne garde rien pour personne. Demander : kith mailbox ask NOM
mailbox-line-mine = { $name } garde jusqu'à { $size } pour toi
mailbox-line-fetched = { $name } garde jusqu'à { $size } pour toi ; dernier passage : { $time }
mailbox-line-asked = { $name } n'a pas encore dit oui pour garder jusqu'à { $size } pour toi
mailbox-line-would = { $name } veut bien garder jusqu'à { $size } pour toi : kith mailbox ask
mailbox-line-theirs = tu gardes jusqu'à { $size } pour { $name } : { $count ->
    [one] { $count } message, { $used }
   *[other] { $count } messages, { $used }
}
mailbox-line-asks = { $name } te demande de garder jusqu'à { $size } : kith waiting yes { $id }
mailbox-line-offer = tu as proposé à { $name } de garder jusqu'à { $size }
token-about = Qui peut laisser des messages chez qui garde les tiens, et combien de fois
token-list-about = Affiche qui le peut, et où tu le peux
token-grant-about = Permet à un·e ami·e d'en laisser 16 fois de plus
token-revoke-about = Reprend toutes les permissions d'en laisser chez un·e ami·e ; les autres en reçoivent de nouvelles
token-friend = Le petit nom de qui peut laisser des messages
token-keeper = Le petit nom de qui garde tes messages
token-granted = { $name } peut te laisser des messages 16 fois de plus, jusqu'à 64 chaque fois.
token-revoked = Ce qui permettait de laisser des messages chez { $name } ne vaut plus rien ; tes ami·es reçoivent de nouvelles permissions sans rien faire. Ce qui y attend repart de chez qui l'a écrit.
token-none = Personne ne peut te laisser de message quelque part, ni toi aux autres. D'abord : kith mailbox ask NOM
token-line-given = { $name } a reçu { $count ->
    [one] { $count } permission
   *[other] { $count } permissions
} de te laisser des messages chez { $keeper }
token-line-held = tu peux encore laisser des messages pour { $name } { $count ->
    [one] { $count } fois
   *[other] { $count } fois
}
introduce-about = Présente deux ami·es l'un·e à l'autre ; il faut leurs deux oui
introduce-name = Le petit nom de l'un·e
introduce-to = Le petit nom de l'autre
introduce-say = Ce que tu dis à chacun·e de l'autre
introduce-done = Demandé à { $one } et { $other }. Rien n'est partagé avant que les deux disent oui.
introduce-names = { $one } voit le nom « { $other } », { $other } le nom « { $one } », et ce que tu as dit. Un refus et un silence se ressemblent.
waiting-about = Les gens à la porte : qui t'est présenté·e, et qui attend quelque chose
waiting-list-about = Affiche la liste
waiting-yes-about = Oui : tu veux bien connaître cette personne
waiting-no-about = Non, ou plus maintenant ; personne n'en est averti
waiting-id = Son numéro dans la liste
waiting-as = Le petit nom que tu lui donnes
waiting-ask-name = Quel petit nom lui donnes-tu ?{" "}
waiting-nobody = Personne n'attend.
waiting-introduced = { $id }  { $who } : { $said } Oui : kith waiting yes { $id } --as NOM. Non : kith waiting no { $id }. Fin : { $until }.
waiting-said = { $by } te présente cette personne et dit « { $said } ».
waiting-unsaid = { $by } te présente cette personne.
waiting-agreed = { $id }  { $name }, présenté·e par { $by } : tu as dit oui. Il manque son oui, ou que vos ordinateurs se trouvent. Fin : { $until }.
waiting-mailbox = { $id }  { $name } te demande de garder jusqu'à { $size } de messages scellés en son absence ; tu ne peux pas les lire. Oui : kith waiting yes { $id }. Non : kith waiting no { $id }.
waiting-introducing = { $id }  tu présentes deux ami·es : { $states }. Fin : { $until }.
waiting-said-yes = { $name } a dit oui
waiting-not-said = { $name } n'a rien dit
waiting-invited = { $name } n'a pas encore répondu à ton invitation. Pour la reprendre : kith contact rm { TYPED($name) }
waiting-joining = { $name } : vos ordinateurs ne se sont pas encore trouvés. Pour y renoncer : kith contact rm { TYPED($name) }
waiting-check = { $name } : à vérifier de vive voix. Les mots : kith contact check { TYPED($name) }
waiting-copied = { $name } : une autre personne s'est servie de la même invitation. Comparez vos mots : kith verify { TYPED($name) }
waiting-yes-done = Tu as dit oui. Si l'autre dit oui aussi, vos ordinateurs se cherchent, et tu le trouves ici sous le nom « { $name } ».
waiting-no-done = Oublié. Personne n'en a été averti.
waiting-file = { $id }  { $by } te propose un fichier : { $file }, { $size }. Oui : kith waiting yes { $id }. Non : kith waiting no { $id }. Fin : { $until }.
waiting-file-yes = Tu as dit oui : { $file } vient quand vos ordinateurs se parlent. Pour le sortir ensuite : kith file save { $id } DOSSIER
waiting-file-no = Tu as dit non. La personne qui le proposait l'apprend.
verify-about = Compare douze mots de vive voix : s'ils sont les mêmes, personne ne se tient entre vous
verify-same = Les douze mots entendus de vive voix : ils sont les mêmes
verify-different = Les mots sont différents
verify-read = Lis ces douze mots à { $name } de vive voix, ligne par ligne. Pendant ce temps, { $name } tape kith verify et choisit chaque ligne entendue. Si kith demande la même chose des deux côtés (de lire, ou d'écouter), vos mots ne sont pas les mêmes.
verify-ask-same = Écris « pareil » si tu as entendu { $name } dire « pareil » :{" "}
verify-word-same = pareil
verify-listen = Demande à { $name } de taper kith verify et de te lire ses douze mots, ligne par ligne. Fie-toi à sa voix seulement. Si kith demande la même chose des deux côtés (de lire, ou d'écouter), vos mots ne sont pas les mêmes.
verify-ask-line = Ligne { $line } : quel numéro as-tu entendu ? (0 : aucun){" "}
verify-computer = Ces douze mots sont ceux d'un seul de ses ordinateurs : le numéro { $number } dans « kith contact show ».
verify-done = Les douze mots sont les mêmes : c'est la voix de { $name }, et personne ne se tient entre vous.
verify-say-same = Dis « pareil » à voix haute : { $name } attend ce mot.
verify-mismatch = Les mots ne sont pas les mêmes : quelqu'un se tient peut-être entre { $name } et toi.
verify-mismatch-hint = Relisez-les une fois. S'ils restent différents, n'écris plus rien ici : voyez-vous, puis recommencez avec kith contact rm NOM.
contact-rename-about = Donne un autre petit nom à quelqu'un ; personne n'en est averti
contact-renamed = { $name } s'appelle désormais { $to }. Personne n'en a été averti.
contact-note-about = Note quelque chose au sujet de quelqu'un ; toi seul·e le lis
contact-note-text = Ce qu'il faut retenir, à la place de ce qui était noté ; "" pour l'effacer, - pour le lire d'un tube
contact-noted = C'est noté au sujet de { $name }. Toi seul·e le lis : kith contact show
contact-note-erased = Rien n'est noté au sujet de { $name }.
contact-mute-about = Laisse arriver sans annonce ce que dit quelqu'un : chat et inbox --follow passent dessus, inbox le montre
contact-mute-off = Annonce de nouveau
contact-muted = { $name } est en sourdine : ses messages arrivent et sont comptés ; kith inbox les montre. Personne n'en a été averti.
contact-unmuted = { $name } n'est plus en sourdine.
contact-block-about = Fait de toi un·e inconnu·e pour quelqu'un : rien n'est répondu, pris ni envoyé ; personne n'en est averti
contact-block-off = Sois là de nouveau pour cette personne
contact-blocked = Tu es désormais un·e inconnu·e pour { $name } : rien n'est répondu, pris ni envoyé. Personne n'en a été averti ; ce qui attend continue d'attendre.
contact-unblocked = Tu es là de nouveau pour { $name } : ce qui attendait part dès que les deux ordinateurs se seront parlé.
contact-join-about = Dit qu'un contact est un autre ordinateur de quelqu'un : un seul nom, et ce que tu écris va aux deux
contact-join-other = Le nom qu'a l'autre ordinateur pour l'instant
contact-join-to = La personne à qui il est, par le nom qui reste
contact-join-asked = { $other } sera un autre ordinateur, sous le nom { $name } : une seule conversation pour les deux, et tout ce que tu écris à { $name } ira aussi là. Cela ne se défait pas. Ne le fais que si { $name } te l'a dit de vive voix. C'est bien son ordinateur ?
contact-joined = { $other } s'appelle désormais { $name } : c'est un de ses ordinateurs.
join-ask = Écris « joindre » pour le faire :{" "}
join-word = joindre
contact-drop-about = Abandonne un des ordinateurs de quelqu'un : perdu, saisi ou cassé
contact-drop-number = Son numéro dans « kith contact show NOM »
contact-drop-asked = Ordinateur { $number }, { $name } : il ne recevra plus rien et ne sera plus entendu. Ce qui a été dit reste ; ce qui attend ira aux autres. L'abandonner ?
contact-dropped = Ordinateur { $number }, { $name } : abandonné. Personne n'en a été averti.
drop-ask = Écris « abandonner » pour le faire :{" "}
drop-word = abandonner
contact-rm-about = Efface quelqu'un et tout ce que vous avez dit ; reprend une invitation
rm-warning = Ceci efface { $name } et tout ce que vous vous êtes dit, lu ou pas. En attente : { $waiting }. Personne n'en est averti : pour { $name }, tu ne seras plus jamais en ligne.
rm-done = { $name } n'est plus ici, ni rien de ce que vous avez dit. Pas lus : { $unread }. Pas arrivés : { $outbox }. Personne n'en a été averti.
rm-invited-warning = Ceci reprend l'invitation pour { $name } : elle n'ouvrira plus rien.
rm-invited-done = L'invitation pour { $name } est reprise. Qui s'en sert n'entend rien.
rm-joining-warning = Ceci renonce à l'invitation reçue de « { $name } ».
rm-joining-done = Tu as renoncé à l'invitation de « { $name } ».
erase-ask = Écris « effacer » pour le faire :{" "}
erase-word = effacer
not-done = Rien n'a changé.
erase-not-done = Rien n'a été effacé.
contact-none = Pas encore d'ami·es. Invite quelqu'un : kith invite --as NOM
column-name = nom
column-how = lien
column-last = vu·e
column-waiting = en attente
how-invited = invité·e, pas encore de réponse
how-joining = invitation acceptée, ordinateur pas encore joint
how-met = rencontré·e en personne le { $day }
how-compared = mots comparés de vive voix le { $day }, pas rencontré·e
how-introduced = présenté·e par { $names }, pas rencontré·e
how-code = par code, pas rencontré·e
introducer-removed = quelqu'un qui n'est plus dans ta liste
list-and = { $names } et { $last }
how-recheck = à vérifier de nouveau
how-copied = par code, et une autre personne s'en est servie : comparez vos mots
how-new-identity = dit avoir une nouvelle identité : comparez les mots
how-announced = ne connaît pas encore ta nouvelle identité
how-former = quelqu'un frappe avec une ancienne identité
mark-muted = en sourdine
mark-blocked = bloqué·e
presence-stopped = arrêté : un des deux disques a reculé dans le temps
presence-online = en ligne
presence-offline = pas en ligne
presence-last = { $time }
presence-never = jamais
offline-since = hors ligne depuis { $time }
offline-short = hors ligne { $time }
offline-always = pas encore vu·e en ligne
waiting-nothing = rien
waiting-unread = { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
waiting-outbox = { $count } en route
waiting-no-room = plus de place sur son ordinateur
looks-like = ! ressemble à « { $name } » chez toi : une autre personne
may-look-like = ! ressemble à « { $name } » chez toi : peut-être une autre personne
card-how = comment     { $how }, depuis le { $since }
card-nick = se dit      { $nick }
card-introduced = présenté·e  par { $name } le { $day }
card-introduced-said = présenté·e  par { $name } le { $day } : { $said }
card-note = noté        { $note }
card-last = vu·e        { $last }
card-why = joindre     { $why }
card-computers = Ordinateurs (ce que tu écris va à tous) :
card-waiting = en attente  { $waiting }
card-keeps = gardé ici   { $time } après lecture
card-keeps-nothing = gardé ici   rien, une fois lu
card-words = Mots à comparer, de vive voix ou face à face :
card-words-advice = L'autre doit voir les douze mêmes. Sinon, quelqu'un se tient entre vous.

## Comment d'autres s'appellent

name-about = À qui tu montres comment tu appelles quelqu'un ; à personne si tu ne dis rien
name-name = Le petit nom de qui tu montres
name-publish-about = Montre à un·e ami·e comment tu appelles quelqu'un
name-publish-to = Qui pourra le voir en le demandant
name-publish-note = Ce que tu en dis, en une ligne (64 octets au plus)
name-publish-days = Combien de jours une réponse reste valable là-bas : 1 à 7 (7 si rien n'est dit)
name-publish-yes = Montrer sans demander
name-publish-shows = { $to } verra que tu connais quelqu'un sous le nom de « { $name } » et, s'il ou elle connaît déjà cette personne, que c'est bien elle. Ce qui a été vu ne s'oublie pas sur commande. { $name } n'en est pas averti·e : demande-lui d'abord.
name-publish-ask = Écris « montrer » pour le faire :{" "}
name-publish-word = montrer
name-publish-not-done = Rien n'est montré.
name-published = { $count ->
    [one] { $to } peut voir « { $name } » chez toi. Chaque réponse vaut { $count } jour.
   *[other] { $to } peut voir « { $name } » chez toi. Chaque réponse vaut { $count } jours.
}
name-unpublish-about = Ne montre plus quelqu'un
name-unpublish-to = Seulement à cette personne ; à tout le monde si rien n'est dit
name-unpublished = « { $name } » n'est plus montré à { $to }. Son ordinateur l'oublie au prochain contact, ou de lui-même au bout de 7 jours au plus.
name-unpublished-nobody = « { $name } » n'était montré à personne.
name-list-about = Affiche qui tu montres, et à qui
name-none = Tu ne montres à personne comment tu appelles les autres.
column-seen-by = montré à
column-days = valable
column-said = ce qui en est dit
column-mine = chez toi
column-until = jusqu'au
who-about = Dit qui est quelqu'un, ou qui un·e ami·e appelle ainsi : kith who bob/zoé
value-who = NOM|AMI·E/NOM
who-name = Un petit nom à toi ; « bob/zoé » pour qui bob appelle zoé, « bob/ » pour tous les noms que bob te montre
who-no-ask = Ne rien demander : montrer ce qui a déjà été dit
who-away = { $name } n'est pas là pour répondre.
who-too-often = Trop de questions à { $name } pour l'instant.
who-no-answer = { $name } n'a pas répondu.
who-names-nobody = { $name } ne te montre personne.
who-not-called = { $name } ne te montre personne qui s'appelle « { $label } ».
who-nobody-of-mine = -
who-says = nom         « { $name } » chez { $by }, dit le { $day }
who-says-more = nom         « { $name } » chez { $by } : { $note }, dit le { $day }
who-note = « { $note } »
who-until = valable     jusqu'à : { $time }
who-known = chez toi    { $name } : { $how }
who-unknown = chez toi    personne de ta liste : seule la parole de { $by } dit qui c'est
who-also = aussi       { $name }, le dit { $by }
who-next-compare = ensuite     voyez-vous, ou comparez douze mots de vive voix : kith verify { TYPED($name) }
who-next-introduction = ensuite     voyez-vous, ou demande à { $by } de vous présenter
refused-shown-to-themselves = Personne ne se fait montrer son propre petit nom.
refused-bad-saying = Ce qui est dit d'un nom tient en une ligne de 64 octets au plus.
refused-bad-days = Un nom montré vaut de 1 à 7 jours.
refused-too-much-shown = Tu montres déjà autant de noms, ou en dis autant, que possible.
refused-too-many-labels = Deux noms au plus : « bob/zoé ». Ce que les ami·es de tes ami·es appellent d'autres ne se demande pas.
contact-renamed-shown = « { $name } » était montré à { $to } ; ce n'est plus le cas. Pour montrer le nouveau nom : kith name publish
contact-rm-shown = « { $name } » était montré à { $to } ; ce ne sera plus le cas.

## Messages

send-about = Écrit à un·e ami·e
send-to = Son petit nom
send-text = Quoi dire ; « - » le lit sur l'entrée standard
send-wait = Attendre l'arrivée, au plus ce temps-là (30s si rien n'est dit)
send-at-least = Ce que --wait attend : que quelqu'un le garde scellé, ou qu'il arrive (kept, delivered)
send-ttl = Combien de temps il est gardé au plus : là-bas après lecture, ici après l'écriture (1h, 1d)
send-saved = Gardé ici, pas encore arrivé. Le message part dès que l'ordinateur de « { $name } » répond.
send-waits-words = Gardé ici, pas encore arrivé. Comparez d'abord quatre mots de vive voix : kith contact check { TYPED($name) }
send-kept = Gardé ici, pas encore arrivé. { $keeper } le garde scellé pour { $name } jusqu'à la date suivante : { $until } ; { $keeper } ne peut pas le lire.
send-kept-by-friend = Gardé ici, pas encore arrivé. Quelqu'un le garde scellé pour { $name } jusqu'à la date suivante : { $until }, sans pouvoir le lire.
send-delivered = Arrivé chez { $name }.
send-unknown = Plus personne ne sait ce qu'est devenu ce message pour { $name }.
send-not-arrived = Il n'est pas arrivé à temps chez { $name }, et ne partira plus.
send-no-room = Gardé ici, pas arrivé : il n'y a plus de place sur l'ordinateur de « { $name } » en ce moment. Le message partira dès qu'il y en a.
send-not-text = Ce n'est pas du texte.
send-not-read = Impossible de lire le texte.
why-about = Dit ce qu'un message attend, et ce qui est essayé
why-message = Le numéro que « kith send --json » a donné, ou un nom : alors le plus ancien message qui attend
why-example = kith why bob
why-arrived = Ce message est arrivé chez { $name }.
why-kept = { $keeper } le garde scellé (fin : { $until }) ; il part de là-bas ou d'ici. { $tried }
why-kept-by-friend = Une personne de ses ami·es le garde scellé (fin : { $until }) ; il part de là-bas ou d'ici. { $tried }
why-given-up = Ce message n'est pas arrivé à temps chez { $name } et a été abandonné.
why-nothing = Rien n'attend pour { $name } : le lien est ouvert.
why-sent = Le message est parti vers l'ordinateur de { $name }, qui ne l'a pas encore confirmé.
why-blocked = Tu as bloqué { $name } : rien ne part et rien n'arrive avant kith contact block { TYPED($name) } --off
why-unpaired = L'ordinateur de { $name } n'a pas encore confirmé que vous vous connaissez ; { $tried }.
why-check = Une personne doit d'abord comparer quatre mots avec { $name } : kith contact check { TYPED($name) }
why-stopped = Un des deux disques a reculé dans le temps : tout attend jusqu'à ce que vous ayez comparé quatre mots, kith contact check { TYPED($name) }
why-starting = Le lien avec { $name } vient de s'ouvrir ; les deux ordinateurs se mettent d'accord.
why-full = Il n'y a plus de place sur l'ordinateur de { $name } ; le message partira dès qu'il y en aura.
why-silent = À l'adresse de { $name } les connexions aboutissent et personne ne répond ; { $tried }.
why-no-address = D'ici, rien ne mène à { $name } ; le message partira quand son ordinateur appellera.
why-never = { $name } n'a jamais répondu depuis le { $day } ; { $tried }.
why-away = { $name } n'est plus là depuis { $time } ; { $tried }.
why-shut = Tes réglages (net.profile, net.tor) ne permettent d'appeler aucune adresse de « { $name } » ; le message partira quand son ordinateur appellera, ou quand tu les changeras.
tried-near = les réseaux autour sont écoutés
tried-through = { $count ->
    [one] on demande à un·e ami·e en ligne si son ordinateur peut relayer
   *[other] on demande à { $count } ami·es en ligne si leurs ordinateurs peuvent relayer
}
tried-nothing = rien ne peut être essayé d'ici
tried-now = { $count ->
    [one] une adresse est essayée en ce moment
   *[other] { $count } adresses sont essayées en ce moment
}
tried-soon = { $count ->
    [one] une adresse sera essayée dans moins d'une minute
   *[other] { $count } adresses seront essayées dans moins d'une minute
}
tried-next = { $count ->
    [one] une adresse sera essayée dans { $time }
   *[other] { $count } adresses seront essayées dans { $time }
}
send-file = Une image ou un document, proposé avec son nom et sa taille
send-file-none = { $path } n'est pas un fichier qu'on puisse lire.
send-file-filling = Dépôt
send-file-inside = Un fichier peut contenir plus que ce qu'on voit : une photo dit souvent où et quand elle a été prise, un document qui l'a écrit. Il est envoyé tel quel.
send-file-offered = { $id }  { $file } ({ $size }) est proposé à { $name }. Il part à son oui ; une copie scellée attend ici, l'original peut disparaître.
send-file-arrived = { $file } est arrivé chez { $name }.
send-file-refused = { $name } ne veut pas de { $file }, ou plus maintenant.
send-file-ended = { $file } n'est pas arrivé chez { $name }, et ne partira plus.
send-file-waits = { $file } n'est pas encore arrivé chez { $name }. Il continue tout seul : kith file

## Fichiers

file-about = Images et documents : en route, arrivés, à sortir, à abandonner
file-list-about = Affiche la liste
file-save-about = Sort un fichier arrivé, et l'efface de la réserve de Kith
file-rm-about = Abandonne un fichier, d'un côté ou de l'autre, ou en efface un qui est arrivé
file-id = Son numéro dans la liste
file-save-path = Où : un dossier, ou un nouveau nom
file-save-keep = Le garder aussi dans la réserve de Kith
file-wait = Attendre que tout soit là, au plus ce temps-là (1h si rien n'est dit)
file-none = Aucun fichier n'est en route, et aucun n'est là.
file-filling = { $id }  { $file } ({ $size }) pour { $name } : en cours de dépôt.
file-offered = { $id }  { $file } ({ $size }) pour { $name } : on attend son oui. Le reprendre : kith file rm { $id }
file-going = { $id }  { $file } ({ $size }) vers { $name } : en route, { $percent } %. L'abandonner : kith file rm { $id }
file-asked = { $id }  { $file } ({ $size }) de { $name } : on attend ton oui. Oui : kith waiting yes { $id }. Non : kith waiting no { $id }
file-coming = { $id }  { $file } ({ $size }) de { $name } : en route, { $percent } %. L'abandonner : kith file rm { $id }
file-whole = { $id }  { $file } ({ $size }) de { $name } : là. Le sortir : kith file save { $id } DOSSIER
file-rm-whole = Ceci efface { $file }, de { $name }. Personne n'en est averti : pour { $name }, il est arrivé.
file-rm-under-way = Ceci abandonne { $file }, ici et chez { $name }, qui l'apprend.
file-rm-done = { $file } est abandonné et effacé.
file-save-done = Enregistré : { $path }.
file-save-erased = Dans la réserve de Kith, il est effacé. Le programme avec lequel on l'ouvre en fait ce qu'il veut.
file-save-not-whole = Il n'est pas encore là en entier.
file-save-not-whole-hint = L'attendre : --wait
file-save-asked = Tu n'as pas encore dit oui.
file-save-asked-hint = Oui : kith waiting yes { $id }
file-save-ended = Il a été abandonné ou repris, ou n'était pas ce qui était proposé.
file-save-mine = Celui-là est à toi, en route vers quelqu'un.

## De la main à la main

carry-about = Des messages sur un support USB ou sur papier
carry-out-about = Met ce qui attend pour des ami·es dans un fichier
carry-in-about = Prend ce que quelqu'un apporte
carry-out-path = Le nouveau fichier ; il ne montre que sa taille
carry-in-path = Le fichier, ou une image qui contient un code
carry-for = Seulement pour cette personne ; peut se répéter
carry-qr = Un seul message court sous forme de code, en image (.png) ou en texte (« - »)
carry-nothing = Rien n'attend qui puisse être porté.
carry-out-done = { $messages ->
    [one] { $messages } message scellé
   *[other] { $messages } messages scellés
} pour { $friends ->
    [one] { $friends } ami·e
   *[other] { $friends } ami·es
}, { $size }.
carry-out-left = { $count ->
    [one] { $count } message ne peut pas en être
   *[other] { $count } messages ne peuvent pas en être
} : le fichier est plein, ou vos ordinateurs ne se sont jamais parlé.
carry-out-then = Qui a le fichier peut le passer plus loin ; seules les personnes à qui il est destiné l'ouvrent. Un message compte comme arrivé quand l'autre ordinateur l'a dit, par un fichier qui revient ou par le réseau.
carry-qr-for-whom = Un code est pour une personne : kith carry out FICHIER --qr --for NOM
carry-qr-nothing = Aucun message court n'attend pour cette personne.
carry-qr-done = Un message scellé est dans { $path }.
carry-in-nothing = Rien là-dedans n'est pour toi.
carry-in-known = { $count ->
    [one] { $count } message pour toi, que tu avais déjà.
   *[other] { $count } messages pour toi, que tu avais déjà.
}
carry-in-done = { $count ->
    [one] { $count } message scellé de { $names }.
   *[other] { $count } messages scellés de { $names }.
}
carry-in-full = Il y a pour toi quelque chose pour quoi la place manque maintenant. Lis ce qui est là, puis apporte-le encore.
carry-in-then = Lire : kith inbox. Le fichier peut aller tel quel chez d'autres. Pour dire que c'est arrivé : kith carry out, ou se connecter.

## Couverture

cover-about = Des envois qui ne disent rien, pour qui compte ceux qui disent
cover-on-about = Commence, jusqu'à ce que tu l'arrêtes ou que le nœud s'arrête
cover-off-about = Arrête
cover-cost = Un petit envoi par minute à chaque ami·e qui est là : { $each } par jour pour chaque, { $count ->
    [one] { $all } au plus avec la personne que tu as.
   *[other] { $all } au plus avec tes { $count } ami·es.
}
cover-on = En cours { $count ->
    [one] sur { $count } lien
   *[other] sur { $count } liens
} maintenant. Tes ami·es n'en voient rien. Cela ne cache pas que vos ordinateurs sont reliés, et un message reçoit toujours sa réponse aussitôt.
cover-off = Arrêté.
inbox-about = Affiche ce qui est arrivé et qui compte dès lors comme lu
inbox-follow = Continuer d'afficher ce qui arrive
inbox-peek = Ne rien compter comme lu
inbox-since = Seulement après ce numéro, sans rien compter comme lu
inbox-from = Seulement ceux de cette personne
inbox-max = Pas plus que cela (50 si rien n'est dit)
inbox-ack = Ne rien afficher, mais compter comme lu tout jusqu'à ce numéro
inbox-acked = { $count ->
    [0] Rien n'était à lire.
    [one] Un message compte comme lu.
   *[other] { $count } messages comptent comme lus.
}
inbox-nothing-new = Rien de nouveau.
inbox-door = { $count ->
    [one] { $count } demande attend ton oui ou ton non : kith waiting
   *[other] { $count } demandes attendent ton oui ou ton non : kith waiting
}
inbox-to-answer = { $group } : { $count ->
    [one] { $count } proposition attend
   *[other] { $count } propositions attendent
} ta réponse. Lire et répondre : kith group show { TYPED($name) }
inbox-objected = { $group } : { $count ->
    [one] une objection arrête { $count } proposition de toi
   *[other] des objections arrêtent { $count } propositions de toi
}. Lire pourquoi : kith group show { TYPED($name) }
inbox-split = { $group } s'est séparé. Dis avec qui tu continues : kith group show { TYPED($name) }
line-message = { $time } { $name } : { $text }
line-mine = { $time } moi à { $name } : { $text }
line-state = { $time } état : { $state }
line-me = moi
mark-waiting = en attente
mark-kept = gardé par { $name }, fin : { $until }
mark-kept-by-friend = gardé par une personne amie, fin : { $until }
mark-arrived = arrivé
mark-not-arrived = pas arrivé
mark-left = encore { $time }
mark-limit = { $time } au plus
span-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
span-hours = { $count } h
span-minutes = { $count } min
size-bytes = { $count } o
size-kib = { $count } Kio
size-mib-tenths = { $whole },{ $tenths } Mio
size-mib = { $count } Mio
size-gib = { $count } Gio
progress-sizes = { $done } / { $all }
time-claimed = { $time } (dit { $claimed })
day-long = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
} { $year }
time-today = aujourd'hui à { $hour }
time-tomorrow = demain à { $hour }
time-date = { $date } à { $hour }
prompt-to = à { $name } >{" "}
prompt-to-unmet = à { $name } (pas rencontré·e) >{" "}
prompt-to-silent = à { $name } (silence) >{" "}
unmet-first = C'est ton premier message à { $name } ({ $how }). Rien ne prouve encore qui le lira ; pour le savoir, comparez vos mots de vive voix : kith verify { TYPED($name) }
unmet-ask = L'envoyer ? [o/N]{" "}
unmet-not-sent = Pas envoyé.
prompt-nobody = à personne >{" "}
## history

history-about = Affiche ce que vous vous êtes dit et qui est encore gardé
history-last = Seulement les dernières lignes (50 si rien n'est dit)
history-grep = Seulement les lignes où se trouve ce texte ; accents et majuscules ne comptent pas
history-erase = Effacer ce qui est gardé ici de cette conversation
history-keep = Combien de temps ce qui se dit reste ici désormais ; ce qui est plus vieux s'efface aussitôt
history-timer = Proposer combien de temps chaque côté garde les lignes ; off pour sans limite
history-kept = Gardé ici { $time } après lecture ; ce que tu écris, { $time } après l'écriture.
history-kept-none = Gardé ici : rien, une fois lu ou arrivé.
history-unread = { $count ->
    [one] { $count } nouveau message n'y est pas encore : kith inbox
   *[other] { $count } nouveaux messages n'y sont pas encore : kith inbox
}
history-empty = Rien n'en est gardé.
history-not-found = Pas trouvé dans ce qui est gardé.
history-erase-warning = Ceci efface ce qui est gardé ici de ta conversation avec { $name }. L'autre ordinateur garde la sienne.
history-erased = { $count ->
    [one] { $count } ligne effacée.
   *[other] { $count } lignes effacées.
}
history-erased-but = Ce que tu n'as pas lu, ou qui n'est pas arrivé, est encore là.
timer-none = Il n'y a pas de limite : chaque côté garde les lignes aussi longtemps qu'il veut.
timer-holds = Vous êtes d'accord : depuis, une ligne échangée avec { $name } est gardée { $time } au plus.
timer-mine = Tu proposes { $time } au plus des deux côtés. Cela vaudra quand { $name } dira la même chose.
timer-mine-off = Tu proposes de garder les lignes sans limite. Cela vaudra quand { $name } dira la même chose.
timer-theirs = { $name } propose { $time } au plus des deux côtés. Pour dire la même chose : kith history { TYPED($name) } --timer { $typed }
timer-theirs-off = { $name } propose de garder les lignes sans limite. Pour dire la même chose : kith history { TYPED($name) } --timer off

## edit, forge

edit-about = Fait dire autre chose à une ligne de l'historique ; rien ne le montre
edit-back = Quelle ligne, comptée depuis la dernière que montre history : 1 est la dernière
edit-text = Ce qu'elle aura dit
edit-example = kith edit bob 1 "à huit heures"
edit-done = C'est comme si elle l'avait toujours dit. L'autre ordinateur garde la sienne.
forge-about = Fabrique et lit des transcriptions qui ne prouvent rien : qui a entendu peut écrire
forge-file = Une transcription ; « - » pour l'entrée standard
forge-out = L'écrire dans un nouveau fichier que toi seul·e peux lire
forge-other = l'autre
forge-with = Avec qui la conversation aura eu lieu
forge-script = Qui aura dit quoi, une ligne chacun : « moi : ... » ou « NOM : ... »
forge-at = Quel paquet, d'après les numéros de parse, et à quel octet de son texte si ce n'est au premier endroit
forge-old = Ce qui s'y trouve
forge-new = Ce qui s'y trouvera, de la même longueur
forge-sealed = Comme le voit qui n'en a aucun secret
forge-verify-with = Faire essayer au nœud, comme si cela venait de cette personne
forge-make-about = Fabrique toute une conversation qui n'a jamais eu lieu, avec tous ses secrets
forge-make-example = kith forge transcript --with bob --script dit.txt --out conversation.txt
forge-edit-about = Change un mot dans un paquet scellé, qui s'ouvre toujours
forge-edit-example = kith forge edit --at 7 --old oui --new non --out autre.txt conversation.txt
forge-parse-about = Étale chaque paquet d'une transcription
forge-parse-example = kith forge parse conversation.txt
forge-verify-about = Passe une transcription par ce qui sert à lire dans un nœud, et dit ce qu'on y lit
forge-verify-example = kith forge verify --with bob conversation.txt
forge-made = Rien de cela n'a jamais été dit, et rien ne le montre. Cela n'est parti chez personne.
forge-edited = Le mot est un autre, et le paquet s'ouvre comme avant.
forge-parsed = Qui a ces secrets a pu écrire chacun de ces paquets.
forge-parsed-sealed = Sans les secrets, il y a des tailles, des heures et du bruit.
forge-accepted = { $count ->
    [one] { $count } paquet, accepté comme l'aurait fait un nœud. Cela ne montre pas qui l'a écrit.
   *[other] { $count } paquets, tous acceptés comme l'aurait fait un nœud. Cela ne montre pas qui les a écrits.
}
forge-accepted-with = { $count ->
    [one] { $count } paquet, accepté par ce nœud comme venant de { $name }. Cela ne montre pas qui l'a écrit : ce nœud a pu le faire.
   *[other] { $count } paquets, tous acceptés par ce nœud comme venant de { $name }. Cela ne montre pas qui les a écrits : ce nœud a pu le faire.
}
forge-refused = Un nœud aurait refusé le paquet { $line }.
forge-bad-file = Ce n'est pas une transcription : la ligne { $line } n'est pas ce qu'elle devrait être.
forge-bad-script = La ligne { $line } du scénario ne dit ni « moi : ... » ni « { $name } : ... ».
forge-not-there = Cela ne s'y trouve pas.
forge-other-length = Les nouveaux mots doivent être aussi longs que les anciens, en octets : un accent compte double.
forge-closed = Les secrets de cette transcription n'ouvrent pas ce paquet.
column-number = numéro
column-time = heure
column-from = de
column-bytes = octets
column-chain = chaîne
column-what = quoi
what-noise = bruit
what-offer = (commence la session)
what-answer = (répond)
what-received = (reçu)
what-confirmation = (confirme)
what-timer = (combien de temps garder)
what-unknown = (inconnu ici)

## Groupes

value-group = GROUPE
value-motion = PROPOSITION
value-names = NOM,NOM
value-policy = consent|majority|5-of
value-proposal = QUOI
value-position = RÉPONSE
value-choices = A,B,C
value-side = 1|2|both
value-history = none|JOUR
group-about = Des groupes sans chef·fe : fonder, accueillir, décider, suspendre, se séparer
group-list-about = Affiche tes groupes
group-show-about = Montre qui en est, comment on décide, ce qui est proposé
group-cost-flag = Seulement ce que coûte un message
group-new-about = Fonde un groupe ; chaque personne nommée est invitée à dire oui
group-new-example = kith group new collectif --with anne,bruno,karim --charter charte.txt
group-new-name = Le nom que tu lui donnes, et que tu proposes aux autres
group-name = Le nom que tu lui donnes
group-with = Des ami·es, par leur petit nom
group-charter = Un texte que chaque personne lit avant de dire oui (8 Kio au plus)
group-policy = Par quel oui on décide : sans objection, à la majorité, ou tant de oui
group-add-hours = Heures pour répondre quand quelqu'un vient regarder, revient ou est suspendu·e (24 si rien n'est dit)
group-promote-hours = Heures pour répondre quand quelqu'un devient membre (72 si rien n'est dit)
group-hours = Heures pour répondre à tout le reste (72 si rien n'est dit)
group-spectator-days = Jours à regarder avant de pouvoir devenir membre (7 si rien n'est dit)
group-silent-days = Jours de silence avant une suspension : 7 au moins
group-propose-about = Propose quelque chose au groupe
group-propose-example = kith group propose collectif poll "Quel soir" --choices mardi,samedi
group-what = add, promote, remove, suspend, lift, return, text, poll ou policy
group-value = Qui, quel texte, quelle question, ou quels réglages (hours=48 policy=majority)
group-computer = Avec return : le petit nom que tu donnes à son nouvel ordinateur
group-choices = Avec poll : de 2 à 8 choix
group-file = Avec text : un fichier, reconnu à son BLAKE3 ; il n'est pas envoyé
group-for = Combien de temps pour répondre (comme le groupe en a convenu si rien n'est dit)
group-say = Pourquoi, dans tes mots
group-answer-about = Répond à une proposition, ou change de réponse
group-answer-example = kith group answer collectif 3 objection "trop tôt pour nous"
group-motion = Son numéro, ou ses deux mots (lune-tigre)
group-position = accord, objection, question, abstention (agree, object, ask, abstain), ou un choix
group-reason = Pourquoi ; une objection doit le dire
group-amend-about = Reprend une proposition à toi et la refait en d'autres mots
group-amend-text = Les nouveaux mots
group-withdraw-about = Reprend une proposition à toi
group-result-about = Réussit si une proposition est adoptée, et dit ce qu'il en est
group-minutes-about = Écrit ce qui a été décidé et pourquoi, en simple texte
group-fork-about = Refonde ailleurs avec certaines personnes
group-fork-as = Le nom du nouveau groupe
group-fork-example = kith group fork collectif --as atelier --with anne,bruno --history none
group-history = Tes lignes de l'ancien à garder sous le nouveau nom : aucune, ou depuis un jour (2026-11-20)
group-follow-about = Dit avec qui tu continues quand un groupe s'est séparé
group-side = Un côté, par son numéro dans « kith group show », ou tous
group-mute-about = Replie ce que dit quelqu'un ; personne n'en est averti
group-who = Son petit nom
group-mute-off = Comme avant
group-mute-why = Pourquoi, pour toi seul·e
group-voice-about = Laisse un autre de tes ordinateurs y parler pour toi
group-voice-who = Le petit nom que tu donnes à cet ordinateur
group-report-about = Avertit qu'une machine est dans d'autres mains
group-report-text = Ce que tu en sais
group-leave-about = Quitte un groupe et en efface tout ici
group-none = Tu n'es dans aucun groupe. En fonder un : kith group new NOM --with NOM,NOM
group-nameless = un nom qu'on ne peut pas montrer
group-you = toi
group-members = { $count ->
    [one] { $count } membre
   *[other] { $count } membres
}
group-spectators = { $count ->
    [one] { $count } personne regarde
   *[other] { $count } personnes regardent
}
group-to-answer = { $count ->
    [one] { $count } proposition attend ta réponse
   *[other] { $count } propositions attendent ta réponse
}
group-objected = { $count ->
    [one] une objection arrête { $count } proposition de toi
   *[other] des objections arrêtent { $count } propositions de toi
}
group-i-watch = tu regardes sans décider
group-split = séparé : dis avec qui tu continues
group-card-proposed = se nomme   { $name } chez qui l'a fondé
group-card-decides = décide     { $preset }
group-card-hours = délais     { $add } pour accueillir, faire revenir ou suspendre ; { $promote } pour devenir membre ; { $hours } pour le reste
group-card-days = attente    { $watch } à regarder avant de devenir membre ; { $silent } de silence avant une suspension
group-card-since = depuis     le { $day } pour toi
group-card-parent = issu de    { $group }
group-card-charter = Charte : « { $text } »
group-card-people = Qui en est :
group-card-motions = Propositions :
group-cost = Un message d'une page au plus : { $count ->
    [one] { $count } envoi
   *[other] { $count } envois
}, { $size }. Avec qui regarde : { $all }, { $more }.
policy-consent = par consentement (assez de oui, aucune objection)
policy-majority = à la majorité de tou·tes les membres
policy-of = { $count ->
    [one] par { $count } oui
   *[other] par { $count } oui
}
policy-at-once = aucun
role-member = membre
role-spectator = regarde
seat-heard = entendu·e : { $time }
seat-not-here = pas encore là
seat-computers = { $count ->
    [one] { $count } ordinateur
   *[other] { $count } ordinateurs
}
seat-unreached = pas de lien avec toi : rien de toi n'y arrive
seat-partly-unreached = { $count ->
    [one] { $count } ordinateur sans lien avec toi
   *[other] { $count } ordinateurs sans lien avec toi
}
seat-suspended = suspendu·e : rien ne lui est envoyé
seat-reported = machine dans d'autres mains, d'après quelqu'un
doubt-disagreement = Désaccord : { $teller } n'a pas la même chose que toi au message { $number } de « { $author } ». Ou bien { $author } a dit deux choses, ou bien { $teller } se trompe ou ment, ou bien un disque est abîmé. D'ici, personne ne peut le savoir : demandez-vous de vive voix.
doubt-gap = { $count ->
    [one] Il manque { $count } message de « { $author } », qui seul·e peut le renvoyer.
   *[other] Il manque { $count } messages de « { $author } », qui seul·e peut les renvoyer.
}
doubt-other-set = { $name } ne compte pas les mêmes personnes que toi dans le groupe, depuis { $time }.
doubt-other-result = La proposition { $motion } n'est pas au même point chez { $name } que chez toi, depuis { $time } : chez { $name } elle est « { $outcome } ». Quelque chose n'est pas arrivé à l'un·e de vous. Demandez-vous de vive voix.
split-said = Le groupe s'est séparé : chaque côté tient la liste de l'autre pour fausse.
side-mine = Côté { $number }, le tien : { $names }
side-other = Côté { $number } : { $names }
split-advice = Continuer avec un côté : kith group follow { TYPED($name) } 1 ; avec tous : kith group follow { TYPED($name) } both. Rien ne presse : ailleurs, rien n'est effacé.
motion-line = { $id }  { $words }  { $what } ; de : { $by }
motion-text = « { $text } »
motion-choice = { $number }  { $choice } : { $count } voix
motion-hangs = tient aux paroles de { $who }, qui ne décident plus ici : d'autres peuvent compter autrement
motion-mine = ta réponse : { $said }
motion-until = Répondre (fin : { $until }) :
motion-until-otherwise = Changer de réponse (fin : { $until }) :
motion-answer = kith group answer { TYPED($name) } { $id } accord|objection|question|abstention
motion-choose = kith group answer { TYPED($name) } { $id } NUMÉRO
what-add = que { $name } vienne regarder
what-promote = que { $name } devienne membre
what-remove = que { $name } n'en soit plus
what-suspend = que plus rien ne soit envoyé à { $name } (suspension)
what-lift = que tout soit de nouveau envoyé à { $name } (fin de suspension)
what-return = que { $name } revienne avec un nouvel ordinateur
what-text = un texte
what-text-file = un texte et un fichier, BLAKE3 { $hash }
what-poll = un choix à faire
what-policy = décider autrement
outcome-open = en attente : encore { $count } oui ({ $agree } sur { $of }, il en faut { $needed })
outcome-windows = en attente de la fin des délais : { $agree } oui sur { $of }, il en faut { $needed }
outcome-passed = adoptée : { $agree } oui sur { $of }, il en fallait { $needed }
outcome-undone = défaite : elle était adoptée, et quelque chose d'arrivé en retard l'annule
outcome-blocked = bloquée par une objection : { $agree } oui sur { $of }
outcome-failed = pas adoptée : { $agree } oui sur { $of }, il en fallait { $needed }
outcome-withdrawn = reprise par qui l'avait proposée
outcome-unfounded = sans effet : ce sur quoi elle repose ne tient pas ici
poll-open = en attente de la fin des délais
poll-over = décidé : le choix qui a le plus de voix
poll-failed = pas décidé
moved-open = en attente
moved-passed = adoptée
moved-undone = défaite par quelque chose d'arrivé en retard
moved-blocked = bloquée par une objection
moved-failed = pas adoptée
moved-withdrawn = reprise
moved-unfounded = sans effet
position-agree = accord
position-object = objection
position-ask = question
position-abstain = abstention
position-choice = choix { $number }
say-line = { $name } : { $said }
say-why = { $name } : { $said } « { $reason } »
say-not-last = peut encore changer
minutes-title = Ce que { $group } a décidé, écrit le { $day } d'après ce que cet ordinateur a reçu. Ce texte ne prouve rien à personne.
minutes-day = Proposé le { $day } :
minutes-none = Rien n'a encore été décidé.
group-new-done = { $group } est fondé et attend les autres.
group-new-then = Chaque personne voit qui en est et comment on décide, puis dit oui ou non : kith waiting. Qui en est : kith group show { TYPED($name) }
group-say-twice = Ici, le texte est déjà ce que tu proposes : --say est de trop.
group-flag-elsewhere = --computer va avec return, --choices avec poll, --file avec text.
group-computer-missing = Quel est son nouvel ordinateur ? --computer et le petit nom que tu lui donnes.
group-policy-unclear = Un réglage s'écrit policy=majority, add-hours=24, promote-hours=72, hours=72, spectator-days=7 ou silent-days=7.
group-position-unclear = On répond accord, objection, question ou abstention ; à un choix, par son numéro ou ses mots.
group-fork-done = { $group } est fondé et attend les autres. { $old } reste comme il est ; le quitter : kith group leave
group-follow-done = { $group } : tu continues avec le côté { $number }. Rien de toi ne va plus aux autres.
group-follow-both = { $group } : tu continues avec tout le monde.
group-mute-done = { $group } : ce que dit { $name } arrive replié et sans annonce. Personne n'en a été averti. Comme avant : --off
group-unmute-done = { $group } : ce que dit { $name } arrive comme avant.
group-voice-done = { $group } : « { $name } » parle désormais pour toi. Cet ordinateur-ci ne fait plus que lire.
group-report-done = { $group } : le groupe apprend que la machine de « { $name } » est dans d'autres mains. Chaque envoi qui l'atteindrait demandera d'abord.
group-leave-warning = Ceci quitte { $group } et en efface tout ici : messages, propositions, qui en était. Les autres l'apprennent et gardent ce qui y a été dit.
group-leave-not-done = Tu restes dans { $group }.
group-left = { $count ->
    [one] Tu n'es plus dans { $group } ; tout en est effacé ici. { $count } personne l'apprend.
   *[other] Tu n'es plus dans { $group } ; tout en est effacé ici. { $count } personnes l'apprennent.
}
waiting-group = { $id }  { $welcome }
waiting-group-how-yes = Oui : kith waiting yes { $id } --as NOM
waiting-group-how-no = Non : kith waiting no { $id }
waiting-group-until = Fin : { $until }
waiting-group-read = { $welcome }
waiting-ask-group = Pour dire oui, quel nom donnes-tu à ce groupe ?{" "}
waiting-group-yes = Tu es dans { $group }. Qui en est : kith group show { TYPED($name) }
waiting-group-watch = Tu regardes dans { $group } : tu lis ce qui t'est aussi adressé, et ne décides pas. Qui en est : kith group show { TYPED($name) }
welcome-line = { $by } t'invite dans un groupe : { $group }
welcome-with = En sont : { $names }
welcome-member = Tu en serais membre.
welcome-spectator = Tu regarderais d'abord, sans décider.
welcome-no-charter = Il n'a pas de charte.
reported-first = D'après quelqu'un d'un groupe, cette machine est dans d'autres mains : { $names }. Le message y arriverait aussi.
send-spectators = Dans un groupe : aussi pour qui regarde
send-yes = Ne rien demander, ni avant les premiers mots à qui n'est pas rencontré·e (un script ne l'est jamais), ni vers une machine qui serait dans d'autres mains
send-group-all = Arrivé chez tout le monde dans { $group }.
send-group-seen = Gardé ici ; vu par { $seen } sur { $of } dans { $group }. Le reste part quand les ordinateurs se parlent.
send-group-saved = Gardé ici, encore arrivé chez personne dans { $group }. Le message part dès que les ordinateurs se parlent.
mark-seen = vu par { $seen } sur { $of }
mark-to-all = aussi pour qui regarde
chat-to-group = Tu écris à { $group } : { $about }. Pour que qui regarde lise aussi : /all TEXTE
chat-to-no-group = /all s'adresse à un groupe où des gens regardent. Choisis d'abord le groupe : #NOM
prompt-to-group = à { $group } >{" "}
prompt-to-watched = à { $group } (regardent : { $names }) >{" "}
state-group-delivered = arrivé chez tout le monde dans { $group }
state-group-seen = vu par { $seen } sur { $of } dans { $group }
state-group-saved = gardé pour { $group }, encore arrivé chez personne
state-group-asked = { $name } t'invite dans un groupe, { $group } : kith waiting
state-group-here = { $group } : { $name } est là
state-group-proposed = { $group } : une proposition est arrivée, numéro { $id } : kith group show { TYPED($name) }
state-group-moved = { $group } : proposition { $id } : { $outcome }
state-group-in = { $group } : { $name } en est, ou y a un autre rôle
state-group-out = { $group } : { $name } n'en est plus
state-group-ended = { $group } : tu n'en es plus, rien n'en arrive désormais
state-group-suspended = { $group } : plus personne n'envoie à { $name } pour l'instant
state-group-lifted = { $group } : tout le monde envoie de nouveau à { $name }
state-group-reported = ATTENTION : { $group } : d'après { $by }, cette machine est dans d'autres mains : { $name }. Chaque envoi demandera d'abord
state-group-doubt = { $group } : quelque chose ne concorde pas : kith group show { TYPED($name) }
state-group-split = ATTENTION : { $group } s'est séparé : kith group show { TYPED($name) }
status-groups = groupes     { $count ->
    [one] { $count } groupe
   *[other] { $count } groupes
}
status-to-answer = à décider   { $count ->
    [one] { $count } proposition attend ta réponse : kith group
   *[other] { $count } propositions attendent ta réponse : kith group
}
status-split = séparé      { $group } : kith group show { TYPED($name) }
meet-group = Fonder ensuite un groupe avec qui s'est gardé : qui a ouvert le fonde, les autres y disent oui
meet-group-nobody = Personne n'a été gardé : il n'y a pas de groupe à fonder.
meet-group-waits = J'attends le groupe de cette rencontre.
meet-group-none = Le groupe de cette rencontre n'est pas venu, ou il y a dedans quelque chose à lire d'abord.
meet-group-none-hint = Ce qui attend ton oui : kith waiting
refused-not-a-group = { $name } est une personne, pas un groupe.
refused-only-a-group = « { $name } » est un groupe ; cela ne se fait qu'avec une personne.
refused-not-in-group = Personne dans ce groupe ne s'appelle « { $name } ».
refused-not-in-group-hint = Qui en est : kith group show
refused-in-group = { $name } en est déjà.
refused-too-many-groups = Tu as autant de groupes qu'un nœud peut en avoir.
refused-group-full = Il y a dans ce groupe autant d'ordinateurs qu'un groupe peut en avoir.
refused-nobody-else = Un groupe, c'est au moins deux personnes.
refused-other-voice = Dans ce groupe, un autre de tes ordinateurs parle pour toi : c'est là qu'il faut le faire.
refused-not-my-computer = Aucun de tes ordinateurs dans ce groupe ne s'appelle « { $name } » chez toi.
refused-only-spectator = Tu regardes dans ce groupe : on n'y écrit et n'y décide qu'en étant membre.
refused-charter-too-long = La charte est trop longue : 8 Kio au plus.
refused-no-such-motion = Il n'y a pas cette proposition dans ce groupe.
refused-no-such-motion-hint = Celles qu'il y a : kith group show
refused-others-motion = Cette proposition n'est pas la tienne.
refused-window-over = Ton délai est passé, ou tu as dit ton dernier mot.
refused-too-many-motions = Trop de propositions attendent, dans ce groupe ou de toi.
refused-motion-too-long = Ce que tu proposes est trop long : 4 Kio au plus.
refused-reason-missing = Une objection dit pourquoi.
refused-reason-missing-hint = kith group answer GROUPE PROPOSITION objection "pourquoi"
refused-reason-too-long = Une raison, ou ce que tu sais d'une machine, tient en 512 octets.
refused-bad-window = Un délai va jusqu'à 14 jours.
refused-bad-policy = Aucun groupe ne peut décider ainsi.
refused-bad-policy-hint = De 1 à 336 heures, au moins 7 jours de silence, et pas plus de oui que de membres.
refused-bad-choices = Il faut de 2 à 8 choix, chacun d'une ligne.
refused-bad-position = On ne répond pas ainsi à cette proposition.
refused-too-soon = { $count ->
    [one] Cette personne ne regarde pas depuis assez longtemps : encore { $count } jour.
   *[other] Cette personne ne regarde pas depuis assez longtemps : encore { $count } jours.
}
refused-not-silent = { $count ->
    [one] Cette personne ne se tait pas depuis assez longtemps : il faut encore { $count } jour de silence.
   *[other] Cette personne ne se tait pas depuis assez longtemps : il faut encore { $count } jours de silence.
}
refused-one-a-day = Tu as déjà dit oui à une suspension aujourd'hui.
refused-not-heard = Cette personne ne t'a rien dit depuis sa suspension.
refused-not-met = Tu n'as pas rencontré { $name } avec cet ordinateur.
refused-not-met-hint = En personne : kith meet --replace NOM
refused-not-split = Ce groupe ne s'est pas séparé, ou n'a pas ce côté.
refused-not-joined = Ce groupe attend encore un oui sans lequel rien n'y commence.

## chat

chat-about = Ouvre une conversation (/quit pour en sortir)
chat-name = À qui tu écris d'abord
chat-fullscreen = Sur tout l'écran, même si les lignes sont réglées
chat-timer = /timer 1d propose à qui tu écris de garder chaque ligne un jour au plus ; /timer off, sans limite.
chat-welcome = /help explique, /quit quitte.
chat-to = Tu écris à { $name } : { $how }, { $presence }.
chat-to-nobody = Tu n'écris encore à personne. Choisis quelqu'un : @NOM
chat-waits = { $option } bloquerait la conversation : tape cela dans une autre fenêtre.
chat-unknown = { $command } n'existe pas. Rien n'a été envoyé. /help explique.
chat-help =
    @NOM           écrire à quelqu'un d'autre à partir de là
    @NOM TEXTE     dire une chose à quelqu'un d'autre
    /who           tes ami·es
    /who NOM       une personne de près
    #GROUPE        écrire à un groupe ; #GROUPE TEXTE une seule fois
    /all TEXTE     dans un groupe, aussi pour qui regarde
    /timer 1d      proposer combien de temps garder chaque ligne
    /waiting, /group, /contact, /history, /why, /mailbox, /doctor, /lock :
                   comme en ligne de commande, sans kith
    /quit          quitter
    Pour commencer un texte par /, @ ou #, double ce signe.
state-saved = gardé pour { $name }, pas encore arrivé
state-not-arrived = un message n'est pas arrivé à temps chez { $name }, et ne partira plus
state-delivered = arrivé chez { $name }
state-online = { $name } est en ligne
state-offline = { $name } n'est plus en ligne
state-paired = { $name } : lié·e par code, pas rencontré·e
state-copied = ATTENTION : une deuxième personne s'est servie de l'invitation pour { $name }. Quelqu'un l'a copiée. Comparez vos mots : /who { $name }
state-expired = l'invitation pour { $name } a expiré, personne ne s'en est servi
state-rolled-back = ATTENTION : le disque de « { $name } » a reculé dans le temps, comme après le retour d'une vieille copie
state-rolled-back-mine = ATTENTION : ce disque a reculé dans le temps, comme après le retour d'une vieille copie
state-renewed = la conversation avec { $name } reprend dans une nouvelle session ; ce qui n'était pas arrivé repart
state-forked = ATTENTION : deux ordinateurs parlent à la même place dans la conversation avec « { $name } » : une copie du disque de l'un de vous deux est en service
state-to-check = ATTENTION : « { $name } » a perdu son état, ou quelqu'un d'autre parle à sa place : comparez ces quatre mots de vive voix : { $words }. Puis : kith contact check { TYPED($name) }
state-new-identity = « { $name } » dit avoir une nouvelle identité. Rien ne change avant que vous ayez comparé quatre mots de vive voix : kith contact check { TYPED($name) }
state-former-knock = ATTENTION : quelqu'un frappe avec ce que tu partageais avec « { $name } » avant une nouvelle identité : depuis une sauvegarde ancienne, ou sa copie. Personne n'y répond : kith contact show
state-identity-mine = « { $name } » a confirmé ta nouvelle identité : vous continuez avec elle
state-identity-theirs = « { $name } » continue avec la nouvelle identité que tu as confirmée
state-locked = le nœud est verrouillé : rien ne part ni n'arrive avant kith unlock
state-unlocked = le nœud est de nouveau ouvert
state-names = { $name } a répondu à kith who.
state-waiting = { $name } te présente quelqu'un : kith waiting
state-both-agreed = { $one } et { $other } ont dit oui tous les deux : leurs ordinateurs se cherchent
state-no-way = { $one } et { $other } ont dit oui, mais aucun de leurs ordinateurs n'est joignable par l'autre : cela n'a rien donné
state-misused = quelqu'un d'autre s'est servi de ce que tu avais donné à « { $name } » pour une seule personne : rien n'a été accepté
state-mailbox-offered = { $name } veut bien garder tes messages en ton absence, jusqu'à { $size } : kith mailbox ask
state-mailbox-asked = { $name } te demande de garder jusqu'à { $size } de messages scellés : kith waiting
state-mailbox-granted = { $name } garde tes messages en ton absence, jusqu'à { $size }
state-mailbox-ended = { $name } ne garde plus tes messages
state-kept = pas encore arrivé chez { $name } : { $keeper } le garde scellé en attendant
state-kept-by-friend = pas encore arrivé chez { $name } : une personne de ses ami·es le garde scellé en attendant
state-inbox-full = trop de messages non lus : ceux de « { $name } » attendent sur son ordinateur
state-timer = { $name } a dit combien de temps garder ce que vous dites
state-friend-full = il n'y a plus de place sur l'ordinateur de « { $name } » : ce que tu écris attend ici
state-friend-has-room = il y a de nouveau de la place sur l'ordinateur de « { $name } »
state-meeting = la rencontre avance
state-history = ce qui est gardé a changé
state-file-offered = { $name } te propose un fichier, { $file } : kith waiting
state-file-taken = { $name } veut bien { $file } : il part
state-file-moves = { $file } est en route
state-file-whole = { $file }, de { $name }, est là : kith file
state-file-arrived = { $file } est arrivé chez { $name }
state-file-refused = { $name } ne veut pas de { $file }, ou plus maintenant
state-file-withdrawn = { $name } a repris { $file }
state-file-broken = ce qui est venu de { $name } sous le nom { $file } n'est pas ce qui était proposé : c'est effacé
state-file-ended = { $file } a mis trop longtemps, et ne partira plus
state-disk-full = le disque de ce nœud est plein : rien de nouveau ne peut être gardé. Fais de la place : kith history NOM --erase
state-disk-has-room = il y a de nouveau de la place sur le disque de ce nœud
state-read-elsewhere = un message de « { $name } » a été lu dans une autre fenêtre

## screen

screen-too-small = Cette fenêtre a moins de 60 colonnes ou de 16 lignes : la conversation est en lignes simples.
screen-too-small-now = Trop peu de place : il faut 60 colonnes et 16 lignes. Ctrl-Q pour quitter.
screen-locked = Le nœud est verrouillé : rien ne part ni n'arrive. Ctrl-Q pour quitter, puis : kith unlock
screen-lost = Le nœud s'est arrêté. Recherche du nœud pendant une minute.
screen-away = rien ne part, rien n'arrive
screen-nobody = Pas encore de destinataire : Ctrl-N, Alt-1 ou @NOM
screen-new = nouveau
screen-online = { $count } en ligne
screen-door = { $count } en attente à la porte (F2)
screen-full = disque plein
screen-paste = { $count ->
    [one] Insérer { $count } ligne ? [o/N]
   *[other] Insérer { $count } lignes ? [o/N]
}{" "}
screen-not-pasted = Rien n'a été inséré.
screen-not-found = Rien de plus.
screen-found-nothing = Rien trouvé.
screen-marks = Dans la liste : > la conversation ouverte, + en ligne, un nombre pour ce que tu n'as pas lu.
# What does not fit falls off at the end.
hints = F1 aide  Ctrl-Q fin  Ctrl-X verrou  Ctrl-W qui  Ctrl-P/N change  Ctrl-F cherche
hints-page = Échap ferme  PgPréc et PgSuiv font défiler
hints-found = F5 plus ancien  F6 plus récent  Échap termine
cap-enter = Entrée
cap-alt-enter = Alt-Entrée
cap-page-up = PgPréc
cap-page-down = PgSuiv
cap-home = Début
cap-end = Fin
cap-escape = Échap
key-send = dire
key-new-line = aller à la ligne ; Ctrl-J aussi
key-complete = compléter un nom ou une commande
key-previous = la conversation du dessus
key-next = la conversation du dessous
key-nth = la première de la liste, la deuxième... ou @NOM
key-page-up = remonter vers le plus ancien
key-page-down = descendre vers le plus récent
key-oldest = la plus ancienne ligne gardée
key-newest = la ligne la plus récente
key-find = chercher des mots dans cette conversation
key-older = ensuite : les mêmes mots, plus haut
key-newer = ensuite : les mêmes mots, plus bas
key-who = qui c'est
key-waiting = qui et quoi attend ton oui
key-group = le groupe : ses gens et ses propositions
key-doctor = ce qui pourrait mal aller ici
key-recall = ce que tu as dit avant, pour le redire
key-timer = proposer combien de temps garder chaque ligne
key-lock = verrouiller le nœud ; l'écran et la ligne que tu tapes sont oubliés
key-redraw = tout redessiner
key-close = fermer ce qui est ouvert ; la touche d'une page la ferme aussi
key-help = cette page
key-leave = quitter ; la ligne que tu tapes est oubliée
key-leave-empty = pareil, quand rien n'est écrit
key-interrupt = pareil, tout de suite

## status

status-about = Affiche l'état du nœud
status-wait-online = Attendre d'abord qu'un·e ami·e soit en ligne, au plus ce temps-là
status-nobody-online = Personne n'est venu en ligne pendant ce temps.
status-node = nœud        en marche, déverrouillé
status-locked = nœud        en marche, verrouillé. Ouvre-le : kith unlock
status-friends = ami·es      { $online } en ligne, { $offline } hors ligne
status-inbox = arrivée     { $count ->
    [one] { $count } nouveau message
   *[other] { $count } nouveaux messages
}
status-outbox = départ      { $count ->
    [one] { $count } message en route
   *[other] { $count } messages en route
}
status-history = historique  { $count ->
    [one] { $count } ligne gardée, { $time } après lecture si tu n'as rien dit d'autre
   *[other] { $count } lignes gardées, { $time } après lecture si tu n'as rien dit d'autre
}
status-history-some = historique  { $count ->
    [one] { $count } ligne gardée, là où tu l'as dit
   *[other] { $count } lignes gardées, là où tu l'as dit
}
status-history-none = historique  rien n'est gardé
status-pending = en attente  { $count ->
    [one] { $count } invitation ouverte
   *[other] { $count } invitations ouvertes
}
status-to-check = à vérifier  { $count ->
    [one] { $count } personne a perdu son état ou changé d'identité, ou quelqu'un d'autre parle à sa place : kith contact
   *[other] { $count } personnes ont perdu leur état ou changé d'identité, ou quelqu'un d'autre parle à leur place : kith contact
}
status-waiting = à la porte  { $count ->
    [one] { $count } attend ton oui ou ton non : kith waiting
   *[other] { $count } attendent ton oui ou ton non : kith waiting
}
status-addresses = réseau      { $count ->
    [one] à l'écoute sur { $count } adresse
   *[other] à l'écoute sur { $count } adresses
}
status-disk = disque      { $size } sur { $max }
status-full = place       plus du tout : rien de nouveau n'est pris. Fais-en : kith history NOM --erase
status-tor = Tor         { $says }
tor-off = pas utilisé
tor-asking = on lui demande
tor-missing = personne ne répond à son port de contrôle (net.control) : les ami·es ne peuvent pas venir par là. Est-il installé, tourne-t-il ?
tor-forbidden = tu n'as pas le droit d'ouvrir son port de contrôle. Sous Debian : entre dans le groupe debian-tor, puis reconnecte-toi.
tor-cookie-unreadable = tu ne peux pas lire son fichier cookie, donc il ne t'obéit pas. Sous Debian : entre dans le groupe debian-tor, puis reconnecte-toi.
tor-refused = il n'accepte pas ce qui montre qui tu es. Mets CookieAuthentication 1 dans son torrc.
tor-strange = ce qui répond à son port de contrôle (net.control) n'est pas Tor.
tor-taken = il y publie déjà ton adresse : pour ce nœud, l'instant d'avant, en général. Si cela dure, un autre nœud a la même identité.
tor-starting = il cherche son chemin dans le réseau : { $percent } %
tor-publishing = ton adresse là-bas est en train d'être dite au réseau
tor-published = les ami·es peuvent venir par là
doctor-by-tor = Le nœud n'écoute que celles et ceux que Tor amène.
doctor-socks = Tor prend les appels à { $place }.
doctor-no-socks = Personne ne répond à { $place }, où Tor devrait prendre les appels : on ne peut appeler personne par là.

## doctor

doctor-about = Regarde disque, réseau, horloge et processus, et dit quoi faire
doctor-disk = Seulement le disque : ce que trouverait qui le prendrait maintenant
doctor-net = Seulement le réseau
doctor-time = Seulement l'horloge
doctor-unit = Seulement le processus et sa mémoire
doctor-ok = ok
doctor-warn = attention
doctor-fail = ÉCHEC
doctor-do = { $says } À faire : { $command }
doctor-wipe-unfinished = Un effacement a été commencé ici et n'a pas tout effacé.
doctor-opens-passphrase = La phrase de passe ouvre ce disque ; sans elle, on voit qu'un nœud est là, ses réglages et combien d'enregistrements il garde.
doctor-opens-now = La phrase de passe ouvre ce disque. Tant que le nœud est ouvert, qui prend la machine en marche s'en passe : kith lock la ferme.
doctor-opens-alone = Il n'y a pas de phrase de passe : qui prend ce disque y lit tout.
doctor-kept = Qui l'ouvrirait maintenant trouverait : ami·es { $friends }, messages pas lus { $unread }, gardés { $history }, pas arrivés { $outbox } ; le plus ancien a { $age }.
doctor-kept-nothing = Qui l'ouvrirait maintenant trouverait : ami·es { $friends }, et aucun message.
doctor-files = Et fichiers { $files }, dont { $size } sur ce disque.
doctor-kept-unknown = Seul un nœud ouvert peut compter ce qui est gardé.
doctor-keeps = Ce qui a été lu reste { $time }, sauf si tu as dit autre chose ; ce qui n'est pas lu reste jusqu'à ce que tu le lises.
doctor-keeps-nothing = Ce qui a été lu est effacé aussitôt, sauf si tu as dit autre chose ; ce qui n'est pas lu reste jusqu'à ce que tu le lises.
doctor-kept-longer = { $count ->
    [one] { $count } conversation est gardée plus longtemps, comme tu l'as dit.
   *[other] { $count } conversations sont gardées plus longtemps, comme tu l'as dit.
}
doctor-late = { $count ->
    [one] { $count } message est en retard. Qui l'a enregistré en route et ouvre ce disque peut le lire, { $time } au plus.
   *[other] { $count } messages sont en retard. Qui les a enregistrés en route et ouvre ce disque peut les lire, { $time } au plus.
}
doctor-room = { $used } pris sur { $max } ; { $free } libres sur le disque.
doctor-full = Il n'y a plus de place : rien de nouveau n'est pris. Efface (kith history NOM --erase), ou augmente [disk] max dans config.toml.
doctor-stick = root.slot est ailleurs : qui le détruit détruit tout.
doctor-copies = Le système de fichiers ({ $kind }) écrit à côté de ce qu'il remplace : ce qui est effacé y reste encore un temps.
doctor-overwrites = Le système de fichiers ({ $kind }) écrit par-dessus ; une carte SD ou un SSD, en dessous, peut-être pas.
doctor-private = Personne d'autre que toi et root ne peut regarder dans les fichiers.
doctor-not-private = D'autres peuvent regarder dans { $path }.
doctor-node = Le nœud tourne et il est ouvert.
doctor-listening = { $count ->
    [one] Tes ami·es peuvent frapper à { $count } adresse.
   *[other] Tes ami·es peuvent frapper à { $count } adresses.
}
doctor-loopback = Le nœud n'écoute que cette machine elle-même : tes ami·es ne peuvent pas y frapper.
doctor-calls-only = Le nœud n'écoute nulle part, comme le dit config.toml : il ne fait qu'appeler.
doctor-deaf = Le nœud n'écoute nulle part : tes ami·es ne peuvent pas le joindre.
doctor-socket = Toi seul·e peux parler au nœud sur cette machine.
doctor-socket-group = Toi et les membres du groupe { $group } pouvez parler au nœud sur cette machine.
doctor-socket-open = D'autres peuvent ouvrir le socket du nœud.
doctor-clock = L'horloge dit { $day }.
doctor-clock-wrong = L'horloge dit { $day }, et cela ne se peut pas. Les durées n'en souffrent pas, les invitations si.
doctor-leap-ahead = L'horloge a sauté { $time } en avant. Les durées ne suivent que si cela tient un jour de marche.
doctor-leap-back = L'horloge a sauté { $time } en arrière. Les durées ne suivent que si cela tient un jour de marche.
doctor-by-systemd = systemd a démarré le nœud et le fera encore.
doctor-by-hand = Quelqu'un a démarré le nœud à la main : après un redémarrage de la machine, kith up.
doctor-no-dumps = Un plantage ne laisse rien de la mémoire, et aucun autre programme ne peut y regarder.
doctor-dumps = Un plantage peut laisser la mémoire sur le disque, ou d'autres programmes peuvent y regarder.
doctor-memory-locked = La mémoire ne va jamais dans la mémoire d'échange.
doctor-no-swap = Il n'y a pas de mémoire d'échange : la mémoire ne va jamais sur un disque.
doctor-swap-in-memory = La mémoire d'échange est en mémoire, et part avec le courant.
doctor-swap-on-disk = La mémoire peut aller dans la mémoire d'échange d'un disque, et y rester.

## wipe

wipe-about = Efface tout ce qui est à ce nœud
wipe-all = Oui, tout : ami·es, messages, réglages
wipe-history = Seulement ce qui s'est dit et a été lu, avec tout le monde
wipe-history-warning = Ceci efface ici ce que vous vous êtes dit, toi et les autres, et qui a été lu. Les ami·es restent.
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
wipe-incomplete-hint = Essaie encore : kith wipe --all. Si cela reste, détruis le disque. Une carte SD ou un SSD peut aussi se souvenir de vieilles copies.
wipe-incomplete-opens = Tant que c'est là, il reste de quoi ouvrir d'anciennes copies : branche ce qui manque et répète kith wipe --all, ou détruis-le. Une carte SD ou un SSD peut aussi se souvenir de vieilles copies.
wipe-finished = Un effacement précédent n'avait pas tout effacé ici. Il vient d'être répété : il ne reste plus rien. Une carte SD ou un SSD peut se souvenir de vieilles copies.
wipe-repeated = Un effacement précédent n'avait pas tout effacé ici. Il vient d'être répété.
wipe-again = Un effacement précédent n'avait pas tout effacé ici : ceci le répète.
wipe-held-hint = Les fichiers n'y sont plus, mais ce processus les tient peut-être encore en mémoire : arrête-le tout de suite.

## Quand le nœud dit non

refused-not-yet = { $name } n'a pas encore répondu à l'invitation.
refused-not-yet-hint = Les deux nœuds doivent tourner, et l'un doit pouvoir joindre l'autre.
refused-same-person = Ces deux noms sont ceux d'une seule personne.
refused-too-many-computers = Une personne ne peut pas avoir ici autant d'ordinateurs.
refused-no-such-computer = Cette personne n'a pas d'ordinateur de ce numéro.
refused-no-such-computer-hint = Ses ordinateurs, avec leurs numéros : kith contact show NOM
refused-only-computer = C'est son seul ordinateur.
refused-only-computer-hint = Pour effacer la personne et ce que vous avez dit : kith contact rm NOM
refused-blocked = Tu as bloqué { $name } : rien ne lui est envoyé.
refused-blocked-hint = Pour être là de nouveau : kith contact block NOM --off
refused-note-too-long = Une note a au plus 1000 octets.
refused-notes-full = Toutes les notes ensemble ont au plus 16 Kio : raccourcis-en une.
refused-backup-too-long = Il y a plus à sauvegarder que ne tient une sauvegarde : rien n'a été écrit.
refused-said-too-long = Ce que tu dis en les présentant a au plus 160 octets.
refused-nobody-waits = Personne n'attend sous ce numéro.
refused-nobody-waits-hint = Les numéros : kith waiting
refused-one-and-the-same = C'est une seule et même personne.
refused-too-many-introductions = Tu présentes déjà ces deux ami·es, ou trop de gens à la fois.
refused-no-mailbox = Rien n'est gardé là, ni proposé.
refused-no-mailbox-hint = Ce qu'il y a : kith mailbox
refused-too-many-mailboxes = Quatre ami·es gardent déjà tes messages. En arrêter un·e : kith mailbox rm NOM
refused-bad-quota = Un·e ami·e peut garder de 1 Mio à 64 Mio.
refused-not-confirmed = { $name } ne connaît pas encore ta nouvelle identité et ne peut pas dire qui tu es : d'abord, kith contact check { TYPED($name) }
refused-no-such-friend = Personne ne s'appelle ainsi, et aucun groupe non plus.
refused-near = Tout près : { $names }
refused-bad-name = Cela ne peut pas être un petit nom.
refused-bad-name-hint = Un petit nom a de 1 à 32 lettres, chiffres, espaces au milieu, ou - _ . et commence par une lettre.
refused-reserved-name = Ce nom est réservé.
refused-reserved-name-hint = Les noms réservés : kith help noms
refused-name-taken = Ce nom est pris, ou ressemble trop à un autre : { $name }
refused-name-taken-hint = Choisis-en un autre : on ne doit pas confondre deux petits noms.
refused-empty-text = Il n'y a rien à envoyer.
refused-text-too-long = Le texte est trop long : 32 Kio au plus.
refused-outbox-full = Trop de messages attendent déjà pour cette personne, ou pour toutes.
refused-outbox-full-hint = Ils partent quand les ordinateurs répondent : kith contact list dit lesquels.
refused-disk-full = Le disque de ce nœud est plein : le message n'a pas été gardé.
refused-disk-full-hint = Fais de la place : kith history NOM --erase, libère le disque, ou augmente [disk] max dans config.toml
refused-bad-limit = Rien n'est gardé aussi longtemps : 366 jours au plus.
refused-nothing-to-check = Il n'y a rien à vérifier avec cette personne.
refused-invitation-open = L'invitation entre toi et { $name } n'est pas terminée, et elle porte ton identité actuelle.
refused-invitation-open-hint = Attends d'être en lien, ou reprends-la : kith contact rm NOM
refused-too-many-identities = Trop de tes anciennes identités attendent encore que des ami·es confirment la suivante : kith identity
refused-other-words = Ce ne sont pas les mots à comparer.
refused-other-words-hint = Regardez-les de nouveau : kith contact check NOM. S'ils diffèrent de vive voix : --no
refused-no-such-message = Aucun message de toi n'a ce numéro, ou plus rien n'en est gardé.
refused-no-such-message-hint = Pourquoi le plus ancien attend : kith why NOM
refused-no-such-line = Une telle ligne n'est pas gardée ici.
refused-line-waits = Cette ligne n'est pas encore arrivée : elle partirait telle qu'elle a été écrite. Attends qu'elle arrive.
refused-script-too-long = C'est plus que n'en tient une transcription : 24 textes courts au plus.
refused-no-transcript = Le nœud n'y voit pas de transcription.
refused-bad-code = Ce n'est pas une invitation, ou il y a une faute de frappe.
refused-bad-code-hint = Elle commence par KITH: et doit être entière.
refused-code-expired = L'invitation a expiré.
refused-code-expired-hint = Demandes-en une autre.
refused-own-code = Cette invitation vient de toi.
refused-already-friend = Qui a donné cette invitation est déjà ton ami·e : { $name }
refused-already-friend-hint = Si cette personne t'a retiré·e et veut recommencer : kith contact rm { TYPED($name) }
refused-too-many-invitations = Trop d'invitations sont ouvertes, ou ont été faites aujourd'hui.
refused-bad-lifetime = Une invitation ne peut pas durer si longtemps, ou si peu.
refused-no-address = On ne sait pas où les autres pourraient joindre cet ordinateur.
refused-no-address-hint = Dis-le : kith invite --at IP:PORT
refused-no-passphrase = Ce nœud s'ouvre sans phrase de passe : le verrouiller ne protégerait rien.
refused-no-passphrase-hint = Donne-lui-en une : kith passphrase
refused-bad-passphrase = La nouvelle phrase de passe est vide ou bien trop longue.
refused-busy = Une phrase de passe est déjà à l'essai.
refused-too-many-friends = Tu as autant d'ami·es qu'un nœud peut en avoir.
refused-meeting-open = Une rencontre est déjà en cours.
refused-not-now = Il n'y a pas de rencontre, ou elle attend autre chose maintenant.
refused-bad-nick = Rien de ce surnom ne peut être montré aux autres.
refused-bad-secret = Les mots d'une salle sont huit mots de l'une des deux listes.
refused-empty-file = Il n'y a rien dans ce fichier.
refused-file-too-long = Un fichier fait { $size } au plus.
refused-too-many-files = Trop de fichiers sont en route.
refused-too-many-files-hint = Lesquels : kith file
refused-no-room-for-file = Il n'y a pas la place : les fichiers peuvent encore prendre { $size } ici.
refused-no-room-for-file-hint = En sortir ou en abandonner : kith file
refused-no-such-file = Aucun fichier de ce genre n'a ce numéro maintenant.
refused-no-such-file-hint = Les numéros : kith file

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
demo-introduce = Anne a présenté Bruno et Camille : deux questions, deux oui, et les deux se parlent sans elle. Chacun·e a choisi son petit nom et lit « présenté·e par », pas « rencontré·e ».
demo-alike = Bruno a voulu appeler Camille par { $count } noms qui se lisent comme celui d'Anne (un zéro, une majuscule, une lettre cyrillique) : tous refusés.
demo-meet = Les trois se sont réuni·es à la table d'Anne. Une ligne lue à voix haute, la même partout : { $words }. Désormais « rencontré·e en personne », et rien d'autre n'a changé.
demo-stick = L'ordinateur d'Anne était éteint quand celui de Bruno était allumé. Camille a porté un fichier de { $size } de l'un à l'autre sans rien pouvoir ouvrir ; lu deux fois, le message n'est arrivé qu'une fois.
demo-kept = Bruno n'était pas là. Ce qu'Anne lui a écrit, Camille l'a gardé ; Anne est partie, Bruno est revenu et l'a lu. Chez Camille, { $disk } Kio de disque brut fouillés pour ce texte, chaque autre mot et chaque nom : { $hits } trouvé.
demo-token = La permission d'Anne d'y laisser un message ne valait qu'une fois. Les mêmes octets, enregistrés et rejoués à la porte de Camille : { $first } octets en retour la première fois, { $again } la seconde.
demo-stranger = { $strangers } inconnu·es ont appelé le nœud d'Anne : silence, bruit, salutation connue, premiers octets de Bruno enregistrés. Reçu en retour : { $bytes } octet.
demo-wire = { $wire } Kio entendus sur la ligne et { $disk } Kio de disque brut fouillés pour chaque mot et chaque nom : { $hits } trouvé.
demo-forge = L'une des deux a été dite par les doublures d'Anne et de Bruno, chacune avec ses propres secrets ; l'autre, celle de Bruno l'a inventée toute seule. Ce qui sert à lire dans un nœud accepte les deux, { $count } paquets en tout, aux mêmes longueurs et aux mêmes champs. La vraie était la numéro { $number } : personne ne peut le savoir, et c'est le but.
demo-forge-which = Laquelle des deux a été dite, 1 ou 2 ?{" "}
demo-forge-guess = Les deux se valent. Voici la réponse.
demo-wipe = Les trois sont effacés en { $ms } ms : plus rien ne s'ouvre, il reste { $left } octet.
demo-end = Chaque étape a tenu. L'endroit temporaire a disparu.
demo-broken = La démonstration a échoué à « { $place } ». Cela ne devrait pas arriver : merci de le signaler.

## config

config-about = Montre et change les réglages
config-list-about = Tous les réglages
config-get-about = Un réglage
config-set-about = Change un réglage, à partir du prochain démarrage du nœud
config-unset-about = Rend à un réglage sa valeur de départ, à partir du prochain démarrage
config-edit-about = Les ouvre tous dans ton éditeur (VISUAL, EDITOR, sinon nano)
config-unchanged = Les réglages sont restés les mêmes.
config-edited = Les réglages sont changés.
config-edit-kept = Ce qui y a été écrit n'est pas gardé : les réglages restent ceux d'avant. Ce que chacun accepte : kith config list
config-no-editor = Il fallait ouvrir un éditeur.
config-no-editor-hint = Un réglage se change avec : kith config set. Un autre éditeur : EDITOR=nano kith config edit
config-editor-failed = L'éditeur n'a pas démarré, ou s'est mal terminé : les réglages restent ceux d'avant.
config-path-about = Où sont les réglages
config-name = Lequel : kith config list les montre tous
config-value = Ce qu'il doit devenir
config-is = { $name } = { $value }
config-next-start = Le nœud qui tourne garde les réglages de son départ. Redémarre-le : kith down, puis kith up
config-unknown = Il n'y a pas de réglage { $name }.
config-unknown-hint = Ils sont tous là : kith config list
config-no-value = { $name } ne peut pas être { $value }.
config-no-value-hint = Ce que chacun accepte : kith config list
config-no-port = Il manque le port, après deux points, comme 192.0.2.7:20555 ou [::]:20555.
config-takes-keep = Il faut un nombre puis m, h ou d (minutes, heures, jours), comme 12h ou 7d, et { $most }d au plus ; ou none.
config-takes-post = Il faut un nombre puis h ou d (heures, jours), comme 10d : de { $least }d à { $most }d.
config-takes-room = Il faut un nombre puis Mio ou Gio, comme 512Mio : au moins { $least }.
config-unwritten = Impossible d'écrire les réglages (config.toml).
config-net-profile = normal, lan-only, tor-only ou hostile : quels chemins vers les ami·es sont ouverts
config-net-listen = IP:PORT, séparés par des virgules : où les ami·es peuvent frapper
config-net-beacons = true ou false : si des ami·es sur le même réseau se trouvent
config-net-tor = true ou false : si Tor est utilisé, là où net.profile laisse le choix
config-net-socks = IP:PORT sur cette machine : où Tor prend les appels (SocksPort)
config-net-control = IP:PORT ou chemin sur cette machine : où Tor entend parler de nous (ControlPort, ControlSocket)
config-net-circuits = true ou false : si deux de tes ami·es qui ne se joignent pas se parlent à travers ta machine
config-messages-keep = 12h, 7d ou none : combien de temps reste ce qui a été lu
config-messages-post = 10d : combien de temps un message peut mettre à arriver
config-disk-max = 512 MiB : ce que Kith peut prendre du disque
config-ui-lang = fr ou en : la langue, si rien d'autre n'en nomme une
config-ui-plain = true ou false : des lignes seulement, jamais tout l'écran
profile-normal = On appelle les ami·es à toutes les adresses qu'ils et elles ont dites, sauf celles de Tor : pour celles-là, kith config set net.tor true
profile-normal-tor = On appelle les ami·es à toutes les adresses qu'ils et elles ont dites, et par Tor. Ton adresse chez Tor leur est dite.
profile-lan-only = On n'appelle, ne nomme et n'entend que des machines de la même maison : rien au-delà de ce réseau, ni par Tor, ni à travers un·e ami·e.
profile-tor-only = Tout passe par Tor, dans les deux sens. Les ami·es dont les adresses ne sont pas chez Tor sont injoignables, et kith meet ne marche pas : invite, ou rencontre avant de régler ceci.
profile-hostile = Le réseau autour n'entend ni balise ni appel, et ton adresse sur ce réseau n'est dite à personne. On appelle les ami·es à des adresses d'internet. Avec Tor en plus : kith config set net.tor true
profile-hostile-tor = Le réseau autour n'entend ni balise ni appel, et ton adresse sur ce réseau n'est dite à personne. On appelle les ami·es à des adresses d'internet et par Tor.

## Pages de manuel, complétion, événements

man-about = Les pages de manuel : celle de kith, celle d'un verbe, ou toutes
man-verb = De quel verbe
man-out = Toutes, dans les deux langues, dans les dossiers man1 et fr/man1 de celui-ci
man-written = { $count } pages sont dans { $place }.
man-name = NOM
man-synopsis = SYNOPSIS
man-verbs = VERBES
man-values = Arguments
man-options = Options
man-example = Exemple
man-environment = Environnement
man-exit-codes = Codes de fin
man-see = VOIR AUSSI
value-shell = bash|zsh|fish
completions-about = De quoi finir, dans un shell, une commande tapée à moitié ; aucun nom n'y est
completions-shell = Pour quel shell
events-about = Ce qui se passe, un objet par ligne, pour des programmes ; jamais ce qui est dit
## Ce que le système apprend

daemon-group = Pour le service du système : qui est dans ce groupe peut se servir du nœud
daemon-open = En marche
daemon-locked = Verrouillé, attend kith unlock
run-no-group = Il n'y a pas de groupe { $name } sur cette machine.
run-not-in-group = Le système ne laisse pas le nœud ouvrir sa porte à ce groupe : le nœud doit en faire partie.
config-hooks-on-message = Un programme par son chemin entier, et ses mots entre virgules : lancé pour de nouveaux messages, il lit combien et rien d'autre
