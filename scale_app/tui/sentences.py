"""Every message code of the till as a sentence; the core knows codes, only the screens have words.

Parameters stand in braces and come with the message. A code without a sentence is shown as it is,
so that a forgotten one is seen and not lost; a test finds it first. Each sentence says what
happened and what the person can do, and fits one row of 80 cells with its parameters.
"""

from scale_app.say import Say
from scale_app.view import Message
from scale_app.words import N_, Translate

SELLING: dict[str, str] = {
    Say.LATCHED: N_("{product}: waiting for a steady weight."),
    Say.LATCH_EXPIRED: N_("{product}: no steady weight in 3 s. Press the key again."),
    Say.LATCH_GONE: N_("{product}: taken off too soon. Put it back, press again."),
    Say.PUT_GOODS_ON: N_("{product}: put it on the pan first."),
    Say.SAME_LOAD: N_("This load is sold already. Take it off first."),
    Say.ZERO_FIRST: N_("The empty pan does not show zero. Clear the pan."),
    Say.NO_WEIGHT: N_("No usable weight: {reason}. Piece goods can be sold."),
    Say.SCALE_LOST: N_("Scale lost: check its cable. Piece goods can be sold."),
    Say.BELOW_MINIMUM: N_("{product} {weight} is below the minimum. Sell it all the same?"),
    Say.UNKNOWN_KEY: N_("No item is on the key {key}."),
    Say.UNKNOWN_PLU: N_("There is no item number {plu}."),
    Say.PIECES_FOR: N_("The next piece item counts {count} times."),
    Say.WRONG_NUMBER: N_("{entry} cannot be used here. Backspace, then type again."),
    Say.BY_WEIGHT_ONLY: N_("{product} is sold by weight: a count makes no sense."),
    Say.BASKET_FULL: N_("{limit} lines is the most. Take the money, then go on."),
    Say.BASKET_EMPTY: N_("Nothing to pay yet: put goods on, press the item's key."),
    Say.DELETE_AGAIN: N_("Press - again to delete {product}."),
    Say.LINE_DELETED: N_("{product} deleted."),
    Say.FINISH_FIRST: N_("First take the money, or empty the basket."),
    Say.TARE_SET: N_("Tare {tare} is set."),
    Say.TARE_CLEARED: N_("Tare cleared."),
    Say.TARE_REFUSED: N_("Tare not taken: {reason}."),
    Say.ROUNDED_OFF: N_("{amount} let go: {total} to pay. The same key takes it back."),
    Say.NOT_ROUNDED_OFF: N_("Not rounded off: {total} to pay."),
    Say.NO_ROUNDING_OFF: N_("Rounding off is not allowed by this price list."),
    Say.LABEL_PRINTED: N_("Label: {product} {weight}, {amount}. Stick it on the goods."),
    Say.LABEL_NOT_PRINTED: N_("No label: the printer fails ({reason}). Weigh again."),
    Say.NOTHING_TO_LABEL: N_("Weigh the goods first, then press the key for a label."),
    Say.TOO_LIGHT_TO_LABEL: N_("{product} is below the minimum: no label. Sell it here."),
    Say.NO_LABEL_LAYOUT: N_("{product}: no bar code of this price list fits. Sell it here."),
    Say.UNKNOWN_BARCODE: N_("No item has the code {barcode}. Press its key instead."),
    Say.BAD_LABEL: N_("{barcode} is no good code. Scan again, or press the item."),
    Say.LABEL_NOT_FOR: N_("{product} is not sold as this label says. Weigh or count it."),
    Say.PAST_DATE: N_("{product}: the last day was {day}. Do not sell it."),
    Say.BASKET_RESTORED: N_("The open basket is back: {lines} lines."),
}
CARDS: dict[str, str] = {
    Say.CARD_READING: N_("Reading the card: hold it still."),
    Say.CARD_KNOWN: N_("Card {number} is on the reader."),
    Say.MEMBER_PRICE: N_("Member price {level}, saves {saving}. Enter = cash."),
    Say.TAP_TO_PAY: N_("To pay, lift the card and tap again, or press +."),
    Say.CARD_ASK: N_("Pay {total} with card {number}?"),
    Say.PAYS_WHEN_STABLE: N_("{product}: pays as soon as the weight is steady."),
    Say.CARD_EXPIRED: N_("This card ended on {valid_to}. Take cash."),
    Say.CARD_NOT_YET_VALID: N_("This card is valid from {valid_from} on. Take cash."),
    Say.CARD_NO_PURSE: N_("This card holds no money. Take cash."),
    Say.CARD_GONE: N_("The card was lifted too soon. Tap again, hold it a second."),
    Say.CARD_FOREIGN: N_("Not one of our cards. Take cash."),
    Say.CARD_OTHER_KIND: N_("Not one of our cards: {reason}. Take cash."),
    Say.CARD_UNREADABLE: N_("Card not readable: {reason}. Tap again or take cash."),
    Say.READER_LOST: N_("Card reader lost: plug it in again. Cash works."),
    Say.READER_NO_KEYS: N_("No keys for cards: {reason}. Cash works."),
    Say.OFFLINE_UNKNOWN_CARD: N_("Network off and the card is new here. Take cash."),
    Say.OFFLINE_TOO_MUCH: N_("Network off: this card can pay {limit} at most now. Take cash."),
    Say.OFFLINE_TOO_LONG: N_("Network off for too long: no cards now. Take cash."),
    Say.CARD_OFFLINE: N_("Network off: this card cannot pay now. Take cash."),
    Say.BALANCE_UNKNOWN: N_("Card {number}: the balance cannot be asked now."),
}
PAYING: dict[str, str] = {
    Say.ASKING: N_("Asking the office about {total}."),
    Say.ASKING_SLOW: N_("No answer yet. Enter = cash, Backspace = give up: not charged."),
    Say.PARK_WHICH: N_("Park or fetch: which one, 1-8?"),
    Say.PARKED: N_("Parked as {slot}: {total}."),
    Say.FETCHED: N_("Basket {slot} is back: {total}."),
    Say.PARK_TAKEN: N_("{slot} is taken: park under another number."),
    Say.PARK_EMPTY: N_("Nothing to park or to fetch there."),
    Say.UNDO_SALE: N_("Undo {receipt}, {total}? 1 goods 2 weight 3 payment 4 customer."),
    Say.VOID_WHICH: N_("Take back which? 1-9; Ins = older ones; Backspace = none."),
    Say.SECOND_PERSON: N_("Second person: type your PIN, then Enter."),
    Say.PIN_WRONG: N_("This PIN does not fit. Tries left: {left}."),
    Say.PIN_LOCKED: N_("Too many wrong PINs: wait {minutes} minutes."),
    Say.NO_SECOND_PERSON: N_("Older sales need a second person; the office knows none here."),
    Say.SALE_UNDONE: N_("{total} given back; the sale is taken back."),
    Say.NOTHING_TO_UNDO: N_("No sale to take back."),
    Say.PAID_OFFLINE: N_("{total} paid OFFLINE by card; the office books it later."),
    Say.PAID_CARD: N_("{total} paid by card, balance {balance}."),
    Say.PAID_CASH: N_("{total} paid in cash."),
    Say.NOT_CHARGED: N_("No answer: the card is not charged. Take cash or tap again."),
    Say.GIVEN_UP: N_("Given up: the card is not charged. Take cash or tap again."),
    Say.INSUFFICIENT: N_("Not enough on the card: {balance} of {total}. Take cash."),
    Say.CARD_BLOCKED: N_("The card is blocked: service desk. Take cash."),
    Say.CARD_UNKNOWN: N_("The office does not know this card. Take cash."),
    Say.CARD_CLONE: N_("The card must be checked at the service desk. Take cash."),
    Say.PRICE_CHANGED: N_("New price for level {level}: {total}. Tap again."),
    Say.REFUSED_OTHER: N_("The office refused (code {code}). Take cash."),
}
PURSE: dict[str, str] = {
    Say.PUT_SAME_CARD_BACK: N_("Put the SAME card {number} back: did {total} go?"),
    Say.OTHER_CARD: N_("Another card. Put card {number} back ({total})."),
    Say.DOUBT_NOT_TAKEN: N_("Nothing was taken ({total}). Tap again or take cash."),
    Say.DOUBT_PARKED: N_("Card {number} in doubt: keep the goods ({total}). Open: {count}."),
    Say.DOUBT_PAID: N_("Card {number} has paid {total}: hand the goods over."),
    Say.DOUBT_OWED: N_("Card {number} paid {total}, cash too: service desk returns it."),
    Say.DOUBT_REVIEW: N_("Card {number}: proof wrong. Keep the goods ({total})."),
    Say.TOO_MANY_DOUBTS: N_("{limit} cards are in doubt: chip cards wait. Take cash."),
    Say.LAST_SALE_IN_DOUBT: N_("Before the stop: {total} in doubt. Keep goods, card {number}."),
    Say.CITY_NO_MODULE: N_("City card ({name}): no module for it here. Take cash."),
}
PROGRAM: dict[str, str] = {
    Say.STARTING: N_("Devices are being opened."),
    Say.NEEDS_NETWORK_ONCE: N_("The first start needs the network once."),
    Say.LAST_SALE_PAID: N_("The sale before the stop is paid: No {receipt}, {total}, {time}."),
    Say.LAST_SALE_UNDONE: N_("The sale of {total} before the stop was undone: not charged."),
    Say.DISK_FULL: N_("The disk is full: make room. What was sold is safe."),
    Say.JOURNAL_BROKEN: N_("The journal is broken ({reason}). Call service, keep it."),
    Say.DISK_LOW: N_("Only {megabytes} MB of the disk are left: make room."),
    Say.NOT_CONFIRMED: N_(
        "Sent {tries} times: the office confirms none of {count} records. Call it."
    ),
    Say.NOT_COLLECTED: N_("{count} records not collected for {hours} hours. Call the office."),
    Say.OFFICE_LOST: N_(
        "The office lost {count} records that are no longer here. Call the office."
    ),
    Say.JOURNAL_DAMAGED: N_("The journal is damaged ({reason}). Enter begins a new one."),
    Say.RENEW_JOURNAL: N_("Begin a new journal? The damaged one is kept. Call the office."),
    Say.JOURNAL_RENEWED: N_(
        "New journal: {count} unsent records kept, {lost} lost. Call the office."
    ),
    Say.NOT_SAVED: N_("Not saved and nothing charged: the goods stay here."),
    Say.CLOCK_WRONG: N_("The clock is off by {seconds} s."),
    Say.SUSPENDED: N_("The office has suspended this scale."),
    Say.SIGN_ON_REFUSED: N_("The office did not let this scale in (code {code})."),
    Say.NEW_PRICES: N_("New prices are in force (list {version})."),
    Say.X_SHOWN: N_("Report of the shift so far. F8 again closes the shift."),
    Say.CLOSE_SHIFT: N_("Close shift {shift} with {total}?"),
    Say.SHIFT_CLOSED: N_("Shift {shift} is closed with {total}."),
    Say.SHIFT_AGREES: N_("Shift {shift}: the office has the same. OK."),
    Say.SHIFT_REPAIRED: N_("Shift {shift}: {count} records sent again, now the same. OK."),
    Say.SHIFT_DIFFERS: N_("Shift {shift} differs at the office: {count} records, {numbers}."),
    Say.CASHIER_IS: N_("Cashier: {cashier}."),
    Say.UNKNOWN_CASHIER: N_("There is no cashier {number}."),
    Say.QUIT: N_("Close the program?"),
    Say.GOODBYE: N_("Goodbye."),
}
SENTENCES: dict[str, str] = {**SELLING, **CARDS, **PAYING, **PURSE, **PROGRAM}

REASONS: dict[str, str] = {
    "not_loaded": N_("the pan is empty"),
    "moving": N_("the weight moves"),
    "overload": N_("too heavy"),
    "underload": N_("the pan is lifted or missing"),
    "negative": N_("below zero"),
    "fault": N_("the scale reports a fault"),
    "stale": N_("no new weight comes"),
    "lost": N_("the scale does not answer"),
    "below_minimum": N_("below the minimum"),
    "same_load": N_("the load is sold already"),
    "zero_first": N_("the empty pan does not show zero"),
    "not_shown": N_("the weight was not on the screen yet"),
    "not_for_trade": N_("the scale is in a test mode"),
    "no_net": N_("the scale sends no net weight"),
    "not_positive": N_("it must be above zero"),
    "not_on_step": N_("it is not a whole step of the scale"),
    "too_large": N_("it is too large"),
    "not_lower": N_("clear the pan first"),
    "scale_has_tare": N_("the scale has a tare of its own"),
    "card_silent": N_("it does not answer"),
    "bad_answer": N_("its answer is damaged"),
    "card_refused": N_("it refuses"),
    "not_authenticated": N_("our keys do not open it"),
    "torn_write": N_("a write was interrupted"),
    "damaged_card": N_("it is damaged"),
    "stale_token": N_("its mark is older than ours"),
    "job_failed": N_("a fault in the program, see the log"),
    "wrong_card": N_("not one of our cards"),
    "family": N_("another kind of card"),
    "foreign": N_("not one of our cards"),
    "blank": N_("it is empty"),
    "mac": N_("its proof is wrong"),
    "format": N_("its content is damaged"),
    "keyring_missing": N_("the key store is missing"),
    "keyring_locked": N_("the key store is locked"),
    "key_missing": N_("a key is missing"),
    "keyring_broken": N_("the key store does not work"),
    "reader_gone": N_("the reader is gone"),
    "not_allowed": N_("the till was too slow"),
    "other_card": N_("another card than before"),
    "bank card": N_("a bank card"),
    "processor card": N_("an unknown chip card"),
    "memory card": N_("an unknown memory card"),
    "unknown": N_("an unknown kind"),
    "rolled_back": N_("an old state was written back"),
    "not_enabled": N_("it is not in use yet"),
    "proof_wrong": N_("its proof is wrong"),
    "debit_uncertain": N_("it is not known whether it paid"),
    "pin_wrong": N_("the PIN is wrong"),
    "load_refused": N_("the load was refused"),
    "card_blocked": N_("it is blocked"),
    "insufficient_balance": N_("there is too little on it"),
    "sam_missing": N_("the security module is missing"),
    "card_gone": N_("the card was lifted"),
}
"""Words of the doors that come as the parameter `reason`; unknown ones are shown as they are."""


class _Shown(dict[str, str]):
    """Parameters of a message; one that is missing shows as its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def reason_words(word: str, t: Translate) -> str:
    """A door's reason in words; hyphens and underscores are the same."""
    known = REASONS.get(word.replace("-", "_"))
    return t(known) if known is not None else word


def sentence(message: Message, t: Translate) -> str:
    """The message in the language of `t`, parameters filled in."""
    template = SENTENCES.get(message.code)
    if template is None:
        return " ".join((message.code, *message.params.values()))
    params = _Shown(message.params)
    if "reason" in params:
        params["reason"] = reason_words(params["reason"], t)
    return t(template).format_map(params)
