/* One card payment between tills, office and a network that may do anything: lose, double, reorder,
 * keep for hours. Tables: scale_app/tender_machine.py, backoffice/operations.py.
 *
 * What was once sent stays in the network for ever and may arrive at any time, any number of times,
 * or never; so a crash of the office between commit and answer is an answer that never arrives.
 * A sale that is asked for again keeps its operation's name. Each mutant is one #ifdef, and each must
 * give a counterexample (tests/sim/test_model.py).
 *
 *     spin -a operation.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -m100000
 */

#ifndef TILLS
#define TILLS 1
#endif
#ifndef SALES
#define SALES 2
#endif
#define OPS (TILLS * SALES)
#ifdef FRESH_ID
#define NAMES (2 * OPS)          /* a second name for each sale */
#else
#define NAMES OPS
#endif
#define CRASHES 2
#define MONEY 1                  /* payments that the card can afford */

mtype = { NEW, INTENT, WAIT, PAID, DECLINED, REVERSING, REVERSED, FORGOTTEN };
mtype = { NONE, APPROVED, REFUSED, TOMBSTONE, TAKEN_BACK, SETTLED, STOOD_IN };

mtype till[OPS] = NEW;           /* the tills' journals; WAIT is memory only */
bit receipted[OPS];              /* the till knows that the office has its PAID */
bit said_no[OPS];                /* the screen said: the card was not charged */
byte stand_ins;                  /* sales taken without an answer */
mtype office[NAMES] = NONE;      /* the office's books */
byte charged[NAMES];             /* how often the card was charged under that name */
int money = MONEY;
byte crashes;

/* In the network: sent at least once. */
bit ask[NAMES], yes[NAMES], no[NAMES], undo[NAMES], undone[NAMES], paid[NAMES], receipt[NAMES];
bit unread[OPS];                 /* a refusal that names no operation */

#ifdef FRESH_ID
bit renamed[OPS];
#define NAME(o) (o + OPS * renamed[o])
#define CHARGED(o) (charged[o] + charged[o + OPS])
#else
#define NAME(o) (o)
#define CHARGED(o) (charged[o])
#endif

/* What must hold after every step, whatever is still under way. */
inline promise(o) {
  assert(CHARGED(o) <= 1);
  assert(till[o] != DECLINED || CHARGED(o) == 0);
  assert(till[o] != REVERSED || CHARGED(o) == 0);
  assert(till[o] != FORGOTTEN || CHARGED(o) == 0);
  assert(!(till[o] == PAID && receipted[o]) || CHARGED(o) == 1);
  assert(!(till[o] == PAID && said_no[o]));
  assert(money + stand_ins >= 0)                        /* no approval overdraws the card */
}

inline charge(n) { charged[n]++; money-- }
inline give_back(n) { charged[n]--; money++ }

/* ---- the till ---------------------------------------------------------------------------------- */

inline till_step(o) {
  if
  :: till[o] == NEW -> till[o] = INTENT
  :: till[o] == INTENT -> ask[NAME(o)] = 1; till[o] = WAIT
  :: till[o] == WAIT && yes[NAME(o)] -> till[o] = PAID; paid[NAME(o)] = 1
  :: till[o] == WAIT && no[NAME(o)] -> till[o] = DECLINED; said_no[o] = 1
#ifdef SPOILT_DECIDES
  :: till[o] == WAIT && unread[o] -> till[o] = DECLINED; said_no[o] = 1
#else
  :: till[o] == WAIT && unread[o] -> till[o] = REVERSING; said_no[o] = 1; undo[NAME(o)] = 1
#endif
  /* Nobody answers: within the limits the till decides by itself, else the sale is taken back. */
#ifdef FRESH_ID
  :: till[o] == WAIT && !renamed[o] -> renamed[o] = 1; till[o] = PAID; paid[NAME(o)] = 1; stand_ins++
#else
  :: till[o] == WAIT -> till[o] = PAID; paid[NAME(o)] = 1; stand_ins++
#endif
  :: till[o] == WAIT -> till[o] = REVERSING; said_no[o] = 1; undo[NAME(o)] = 1
  :: till[o] == REVERSING && undone[NAME(o)] -> till[o] = REVERSED
#ifdef LATE_APPROVAL
  :: (till[o] == REVERSING || till[o] == REVERSED) && yes[NAME(o)] -> till[o] = PAID; paid[NAME(o)] = 1
#endif
#ifdef SENT_IS_DELIVERED
  :: till[o] == PAID && !receipted[o] -> receipted[o] = 1
#else
  :: till[o] == PAID && !receipted[o] && receipt[NAME(o)] -> receipted[o] = 1
#endif
  fi
}

/* The power goes: WAIT was memory, so a start finds an INTENT and takes it back. */
inline till_crash(o) {
  if
#ifdef BOOT_FORGETS
  :: till[o] == INTENT || till[o] == WAIT -> till[o] = FORGOTTEN
#else
  :: till[o] == INTENT || till[o] == WAIT -> till[o] = REVERSING; said_no[o] = 1; undo[NAME(o)] = 1
#endif
  fi
  crashes++
}

/* ---- the office -------------------------------------------------------------------------------- */

inline asked(n) {
  if
  :: office[n] == NONE && money > 0 ->
#ifdef ANSWER_FIRST
     if
     :: crashes < CRASHES -> crashes++; yes[n] = 1      /* told, and not on disk when the power goes */
     :: charge(n); office[n] = APPROVED; yes[n] = 1
     fi
#else
     charge(n); office[n] = APPROVED; yes[n] = 1
#endif
  :: office[n] == NONE && money <= 0 -> office[n] = REFUSED; no[n] = 1
  :: office[n] == APPROVED || office[n] == SETTLED ->
#ifdef ASKED_TWICE_PAYS_TWICE
     charge(n);
#endif
     yes[n] = 1
  :: else -> no[n] = 1                                  /* declined, taken back, or stood in */
  fi
}

inline reversed(n) {
  if
#ifdef NO_TOMBSTONE
  :: office[n] == NONE -> skip
#else
  :: office[n] == NONE -> office[n] = TOMBSTONE
#endif
  :: office[n] == APPROVED -> give_back(n); office[n] = TAKEN_BACK
#ifdef REVERSED_TWICE
  :: office[n] == TAKEN_BACK && charged[n] < 255 -> give_back(n)
#endif
  :: else -> skip                                       /* nothing moves; the answer says what it was */
  fi
  undone[n] = 1
}

inline told_paid(n) {
  if
  :: office[n] == APPROVED -> office[n] = SETTLED; receipt[n] = 1
#ifdef DECLINE_STANDS
  :: office[n] == REFUSED -> receipt[n] = 1
  :: office[n] == NONE || office[n] == TOMBSTONE || office[n] == TAKEN_BACK ->
#else
  :: office[n] == NONE || office[n] == REFUSED || office[n] == TOMBSTONE || office[n] == TAKEN_BACK ->
#endif
     charge(n); office[n] = STOOD_IN; receipt[n] = 1    /* the goods are gone: booked, even below zero */
  :: else ->                                            /* booked before */
#ifdef PAID_TWICE
     charge(n);
#endif
     receipt[n] = 1
  fi
}

/* ---- the world --------------------------------------------------------------------------------- */

/* A till serves one customer after the other. */
#define MY_TURN(o) (o % SALES == 0 || (till[o - 1] != NEW && till[o - 1] != INTENT && till[o - 1] != WAIT))

init {
  byte o, n;
  do
  :: atomic {
       select(o : 0 .. OPS - 1);
       if
       :: till[o] != FORGOTTEN && !(till[o] == DECLINED) && MY_TURN(o) && (
            till[o] == NEW || till[o] == INTENT || till[o] == WAIT
            || (till[o] == REVERSING && undone[NAME(o)])
#ifdef LATE_APPROVAL
            || ((till[o] == REVERSING || till[o] == REVERSED) && yes[NAME(o)])
#endif
#ifdef SENT_IS_DELIVERED
            || (till[o] == PAID && !receipted[o])
#else
            || (till[o] == PAID && !receipted[o] && receipt[NAME(o)])
#endif
          ) -> till_step(o)
       :: crashes < CRASHES && (till[o] == INTENT || till[o] == WAIT) -> till_crash(o)
       :: ask[NAME(o)] && !unread[o] -> unread[o] = 1   /* a spoilt copy was refused */
       :: else -> skip
       fi;
       promise(o); o = 0
     }
  :: atomic {
       select(n : 0 .. NAMES - 1);
       if
       :: ask[n] -> asked(n)
       :: undo[n] -> reversed(n)
       :: paid[n] -> told_paid(n)
       :: else -> skip
       fi;
       promise(n % OPS); n = 0
     }
  od
}
