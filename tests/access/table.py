"""Who sees what when: the table of access.md §3 for every outlet of §4, written out.

Read the tables as the specification: every word a cell names has to be seen by that person at that
clock through that outlet, and no other canary of the world may be. Nothing here is computed from
the product.
"""

# Clock: A before publication · B published, not open yet · b open, confidentiality not accepted ·
# C open and accepted · D discussed, item closed · E after the window, the minutes adopted.
CLOCKS = "ABbCDE"

# s own slot · q question · d sections disclosed to the seat · p participants of the item ·
# i own organisation's input and who opened it · t lines of the log and why a case was opened in
# need, never content · n decision addressed to the seat · o decision to the shelter alone ·
# N a note for the main seat · A an addition for it, once adopted · w what one wrote down as secretary ·
# f safe text of the own action · F its full text · v safe text of an action from before, P its full
# text · O safe text and holder of what one was told of on the ladder · e the other item · * all of the case ·
# x all but the case one is kept out of · z the case of the other table · m people and tables ·
# y the time of a task that opens later, and who gave it · k why a task was given · G S K H what it names to guest, secretary, adviser and receiving team, once
# accepted · R what the reviewer of an answer has to judge · l why the case is to be led · L all its
# actions in full · D whom its lead may ask to lead it next · E every section, in an emergency · a actions of the own organisation at the item,
# in the extract · C what one corrected in the minutes oneself, and the answer · c colleagues a seat may be handed to · j who read the own organisation's sections ·
# h who opened what of the case · V what the occupant of the main seat gets · Q what forms of staff hold
# that know a version, U and what more stands on their pages · u status, questions back and outcome
# of the own referral, and the own draft · B a line of the screening list · T why that line is handed
# over · W what one reported oneself, and the answer · b that the own organisation is asked to bring
# the other case · M whom one answers for as contact of the organisation · (…) may be shown · - nothing at all
PAGE = """
anonymous               -    -    -    -       -             -
blocked                 -    -    -    -       -             -
left                    -    -    -    -       -             -
moved                   -    -    -    -       -             -
seat holder             sib  sib  sib  siqdpbv siqdpnNfFaCbv (sp)iqnNfFaCAb
deputy                  s    s    s    sqdpv   sqdpnfFav     (sp)qnfFa
former holder           ib   ib   ib   ib      ib            ib
former holder, no role  -    -    -    -       -             -
recused                 b    b    b    b       b             b
excluded                b    b    b    b       b             b
colleague               -    -    -    -       -             -
standing deputy         -    -    -    -       -             -
representative          ib   ib   ib   ib      ib            ib
seated elsewhere        (c)  (c)  (c)  e(c)    e(c)          (ec)
not disclosed           s    s    s    sqpv    sqpnav        (sp)qna
asked for input         sq   sq   s    sqpv    sqpnv         (sp)qn
no covenant             s    s    s    s       s(n)          (sn)
staff only              s    s    s    sqpv    sqpnov        (sp)qno
unanswered              s    s    s    s       s             (s)
action owner            W    W    W    W       fW            fW
told action owner       -    -    -    -       fF            fF
told on the ladder      M    M    M    M       MO            MO
guest                   y    y    (s)k skG     (s)kG         -
secretary               y    y    (s)k skS     (s)kSw        -
asked for information   k    k    k    kK      kK            -
receiving team          zk   zk   zk   zkH     zkH           zkH
reviewer                (mt) (mt) (mt) (mtR)   (mtR)         (mt)
case lead               lP   lP   lP   lP      lLP           lLP
referrer                u    u    u    u       u             u
excluded referrer       -    -    -    -       -             -
moved referrer          -    -    -    -       -             -
screening coordinator   B    B    B    B       B             B
team member             T    T    T    T       T             T
chair                   *    *    *    *       *             *
coordinator             *    *    *    *       *             *
excluded coordinator    x    x    x    x       x             x
chair of another table  z    z    z    z       z             z
administrator           m    m    m    m       m             m
privacy officer         (mt) (mt) (mt) (mt)    (mt)          (mt)
emergency reader        E    E    E    E       E             E
host fg                 (mt) (mt) (mt) (mt)    (mt)          (mt)
partner fg              (j)  (j)  (j)  (j)     (j)           (j)
"""

# Start page, own meetings, own actions; for staff the lists of meetings, cases and actions.
# r references of the cases · 4 the reference on the screening list
LIST = """
seat holder             s       s       s       s(r)    (sr)f     (sr)f
deputy                  s       s       s       s(r)    (sr)f     (sr)f
seated elsewhere        -       -       -       (2)     (2)       (2)
not disclosed           s       s       s       s(r)    (sr)      (sr)
asked for input         s       s       s       s(r)    (sr)      (sr)
no covenant             s       s       s       s       (s)       (s)
staff only              s       s       s       s(r)    (sr)      (sr)
unanswered              s       s       s       s       (s)       (s)
action owner            -       -       -       -       f(r)      f(r)
told action owner       -       -       -       -       f(r)      f(r)
guest                   (s)     (s)     -       -       -         -
secretary               (s)     (s)     -       -       -         -
receiving team          (3m)    (3m)    (3m)    (3m)    (3m)      (3m)
reviewer                (m)     (m)     (m)     (m)     (m)       (m)
screening coordinator   4(m)    4(m)    4(m)    4(m)    4(m)      4(m)
chair                   r2(sm)v r2(sm)v r2(sm)v r2(sm)v r2f(smg)v r2f(smg)v
coordinator             r2(sm)v r2(sm)v r2(sm)v r2(sm)v r2f(smg)v r2f(smg)v
excluded coordinator    2(m)    2(m)    2(m)    2(m)    2(m)      2(m)
chair of another table  (3m)    (3m)    (3m)    (3m)    (3m)      (3m)
administrator           (m)     (m)     (m)     (m)     (m)       (m)
privacy officer         (m)     (m)     (m)     (m)     (m)       (m)
emergency reader        (r)     (r)     (r)     (r)     (r)       (r)
host fg                 (m)     (m)     (m)     (m)     (m)       (m)
"""

# Searching for the reference of the case; nobody finds a case by a word of its content.
SEARCH = """
chair                   r    r    r    r        r             r
coordinator             r    r    r    r        r             r
"""

# The own slot as a calendar file: a time and a place, never a case.
ICS = """
seat holder             s    s    s    s        (s)           (s)
deputy                  s    s    s    s        (s)           (s)
not disclosed           s    s    s    s        (s)           (s)
asked for input         s    s    s    s        (s)           (s)
no covenant             s    s    s    s        (s)           (s)
staff only              s    s    s    s        (s)           (s)
unanswered              s    s    s    s        (s)           (s)
"""

# What has been sent so far: the invitation, with the calendar part in it.
MAIL = ICS.replace("(s)", " s ")

# What a calendar fetches without signing in: the same times, with the place where asked for.
FEED = MAIL

# The receipt of a source; the privacy officer's copy of the log.
CSV = """
seat holder             r    r    r    r        r             r
former holder           r    r    r    r        r             r
representative          r    r    r    r        r             r
reviewer                (mt) (mt) (mt) (mt)     (mt)          (mt)
privacy officer         (mt) (mt) (mt) (mt)     (mt)          (mt)
"""

# The answer to an access request, as its reviewer has to judge it, and a statement of destruction.
PDF = """
reviewer                -    -    -    R        R             -
"""

# The own extract of the minutes as plain text and as PDF; once adopted the whole of it. Z is the
# question of the other item.
COPY = """
seat holder             -        -        -        -        nFa(sc)   qnNAFa(scp)
deputy                  -        -        -        -        nFa(sc)   qnFa(scp)
seated elsewhere        -        -        -        -        (2s)      Z(s)
not disclosed           -        -        -        -        na(sc)    qna(scp)
asked for input         -        -        -        -        n(s)      qn(sp)
staff only              -        -        -        -        no(s)     qno(sp)
"""

# Staff look as the occupant of the main seat.
PREVIEW = """
receiving team          (z)      (z)      (z)      (z)      (z)      (z)
chair                   V        V        V        V        V        (V)i
coordinator             V        V        V        V        V        (V)i
excluded coordinator    (x)      (x)      (x)      (x)      (x)      (x)
chair of another table  (z)      (z)      (z)      (z)      (z)      (z)
"""

# Who opened what, why somebody could, and what became of an action.
HISTORY = """
seat holder             (j)      (j)      (j)      (j)      (j)fF    (j)fF
deputy                  -        -        -        -        fF       fF
former holder           (j)      (j)      (j)      (j)      (j)      (j)
representative          (j)      (j)      (j)      (j)      (j)      (j)
action owner            -        -        -        -        f        f
told action owner       -        -        -        -        fF       fF
receiving team          (3m)     (3m)     (3m)     (3m)     (3m)     (3m)
reviewer                (mt)     (mt)     (mt)     (mt)     (mt)     (mt)
chair                   h        h        h        h        h        h
coordinator             h        h        h        h        h        h
excluded coordinator    (2m)     (2m)     (2m)     (2m)     (2m)     (2m)
chair of another table  (3m)     (3m)     (3m)     (3m)     (3m)     (3m)
screening coordinator   (B)      (B)      (B)      (B)      (B)      (B)
privacy officer         (mt)     (mt)     (mt)     (mt)     (mt)     (mt)
host fg                 (mt)     (mt)     (mt)     (mt)     (mt)     (mt)
partner fg              (j)      (j)      (j)      (j)      (j)      (j)
"""

# A form sent empty comes back with what stands on its page.
RETURNED = """
seat holder             si       si       si       si       sifF     (s)ifF
deputy                  s        s        s        s        sfF      (s)fF
former holder           i        i        i        i        i        i
representative          i        i        i        i        i        i
not disclosed           s        s        s        s        s(r)     (s)
asked for input         sq       sq       s        sq       s(r)     (s)
no covenant             s        s        s        s        s        (s)
staff only              s        s        s        s        s(r)     (s)
unanswered              s        s        s        s        s        (s)
action owner            -        -        -        -        f        f
told action owner       -        -        -        -        fF       fF
secretary               -        -        -        (r)      (r)      -
receiving team          (3)      (3)      (3)      (3)      (3)      (3)
chair of another table  (3)      (3)      (3)      (3)      (3)      (3)
reviewer                (mt)     (mt)     (mt)     (mt)     (mt)     (mt)
case lead               (D)      (D)      (D)      (D)      (D)      (D)
referrer                (u)      (u)      (u)      (u)      (u)      (u)
screening coordinator   (B)      (B)      (B)      (B)      (B)      (B)
team member             (T)      (T)      (T)      (T)      (T)      (T)
chair                   U        U        U        U        U        U
coordinator             U        U        U        U        U        U
excluded coordinator    (x)      (x)      (x)      (x)      (x)      (x)
administrator           (m)      (m)      (m)      (m)      (m)      (m)
privacy officer         (mt)     (mt)     (mt)     (mt)     (mt)     (mt)
emergency reader        (r)      (r)      (r)      (r)      (r)      (r)
"""

# A form sent when somebody else was first comes back with what stands now.
OVERTAKEN = """
seat holder             i        i        i        i        -        -
former holder           i        i        i        i        -        -
representative          i        i        i        i        -        -
chair                   Q        Q        Q        Q        Q        Q
coordinator             Q        Q        Q        Q        Q        Q
excluded coordinator    (x)      (x)      (x)      (x)      (x)      (x)
"""

# What else answers to a form sent empty: undone acts, questions to confirm, errors.
SENT = """
chair                   (*)      (*)      (*)      (*)      (*)      (*)
coordinator             (*)      (*)      (*)      (*)      (*)      (*)
excluded coordinator    (x)      (x)      (x)      (x)      (x)      (x)
"""

# What follows a meeting that goes on: the own item with what came for it, before the window ends.
LIVE = """
seat holder             s s s sqd(i)v sqdnN(i)v (s)n
deputy                  s s s sqdv    sqdnv     (s)n
seated elsewhere        - - - e       e         -
not disclosed           s s s sqv     sqnv      (s)n
asked for input         s s s sqv     sqnv      (s)n
no covenant             s s s s       s(n)      (sn)
staff only              s s s sqv     sqnov     (s)no
unanswered              s s s s       s         (s)
"""

# The screen in the room, whoever is signed in beside it: nothing before an item is on the table, and
# nothing once it is over. What stands there meanwhile: test_the_room_sees_what_was_pushed_alone.
PROJECTION = """
"""

# Whatever goes wrong says nothing, to nobody.
ERROR = """
"""

OUTLETS = {
    "page": PAGE, "list": LIST, "search": SEARCH, "csv": CSV, "pdf": PDF, "copy": COPY, "ics": ICS,
    "mail": MAIL, "feed": FEED, "preview": PREVIEW, "history": HISTORY, "422": RETURNED,
    "409": OVERTAKEN, "sent": SENT, "live": LIVE, "projection": PROJECTION, "error": ERROR,
}  # fmt: skip

# Of an account that does not count: nothing, but that the entry it had in its calendar is cancelled.
GONE = {outlet: "(s)" if outlet == "mail" else "-" for outlet in OUTLETS}

# Read by sending forms; the others by fetching.
SENDING = ("copy", "422", "409", "sent")

# Cases listed . own slots . headings of sections . people at the item; - where there is no number.
NUMBERS = """
seat holder             0.1.0.0  0.1.0.0  0.1.0.0  0.1.3.7  0.1.3.7  0.1.0.0
deputy                  0.1.0.0  0.1.0.0  0.1.0.0  0.1.2.7  0.1.2.7  0.1.0.0
seated elsewhere        0.1.0.0  0.1.0.0  0.1.0.0  0.1.1.1  0.1.1.1  0.1.0.0
not disclosed           0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.7  0.1.0.7  0.1.0.0
asked for input         0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.7  0.1.0.7  0.1.0.0
staff only              0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.7  0.1.0.7  0.1.0.0
no covenant             0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0
unanswered              0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0  0.1.0.0
receiving team          1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0
screening coordinator   1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0
chair                   2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0
coordinator             2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0  2.0.0.0
excluded coordinator    1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0
chair of another table  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0  1.0.0.0
"""


def rows(table: str, clocks: str = CLOCKS) -> dict[str, dict[str, str]]:
    """The cells of a written table, by actor and clock; who has no line in it gets nothing."""
    lines = [line.split("  ")[0] for line in PAGE.strip().splitlines()]
    found = {actor: dict.fromkeys(clocks, "-") for actor in lines}
    for line in table.strip().splitlines():
        actor, cells = line.split("  ")[0], line.split()[-len(clocks) :]
        assert actor in found, actor
        found[actor] = dict(zip(clocks, cells, strict=True))
    return found


EXPECTED = {outlet: rows(table) for outlet, table in OUTLETS.items()}
EXPECTED_NUMBERS = rows(NUMBERS)
ACTORS = tuple(EXPECTED["page"])
