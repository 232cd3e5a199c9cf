"""Pictures of each state of the agent's page, to be looked at by whoever changed it.

    python3 Tests/AgentPage/photograph.py FOLDER [light|dark|enlarged|german ...] [--only STATE,...]
"""

import pathlib
import sys
import time

from browser import Browser
from double import Double, moment

LOOKS = {
    "light": dict(), "dark": dict(dark=True), "enlarged": dict(width=680, height=900, scale=2), "german": dict(),
}
CALLER = {"number": "+493012345678", "name": "Martin Kessler"}
CONTACT = {"contact": 4711, "caller": CALLER, "queue": "sales", "waitSeconds": 47, "path": ["main → sales"],
           "attributes": {"Customer number": "K-20817", "Language": "German", "Menu choice": "Question on an order"}}


CHATS = [
    {"id": "work-4801", "contact": 4801, "kind": "chat", "channel": "chat", "caller": {"name": "Ines Brandt", "number": "ines.brandt@example.org"},
     "subject": "The lid is missing", "externalId": "web-20817", "queue": "sales", "waitSeconds": 12, "path": [], "attributes": {"language": "German"},
     "state": "active", "offer": None, "extended": False, "disposition": None, "notes": "Order 20817; a lid goes out today."},
    {"id": "work-4803", "contact": 4803, "kind": "chat", "channel": "chat", "caller": {"name": "Jonas Weiß", "number": None}, "subject": "Change of address",
     "externalId": None, "queue": "sales", "waitSeconds": 31, "path": [], "attributes": {}, "state": "active", "offer": None, "extended": False,
     "disposition": None, "notes": ""},
]
TICKET = {"id": "work-4790", "contact": 4790, "kind": "ticket", "channel": "ticket", "caller": {"name": "Agnieszka Nowak", "number": "K-31077"},
          "subject": "Invoice of October twice", "externalId": "T-5521", "queue": "support", "waitSeconds": 5400, "path": [], "attributes": {"tier": "gold"},
          "state": "active", "offer": None, "extended": False, "disposition": None, "notes": ""}


def recent():
    def one(minutes, contact, name, number, queue, seconds):
        return {"contact": contact, "caller": {"name": name, "number": number}, "queue": queue, "at": moment(-60 * minutes), "talkSeconds": seconds,
                "outcome": "missed" if seconds is None else "handled"}
    return [one(4, 4705, "Ines Brandt", "+4989556677", "sales", 312), one(13, 4698, None, "+442071838750", "support", 94),
            one(21, 4690, "Jonas Weiß", "+49301111222", "sales", None), one(34, 4683, "Agnieszka Nowak", "+48221234567", "support", 655)]


class Studio:
    def __init__(self, folder, look, browser, only):
        self.folder, self.name, self.browser, self.only = pathlib.Path(folder), look, browser, only
        self.double = Double()
        self.house = self.double.house
        self.house["recent"] = recent()
        self.address = f"http://127.0.0.1:{self.double.port}"
        self.far = browser.page(f"{self.address}/test/far-side.html")
        self.far.until("document.readyState === 'complete'")
        self.far.click('html')
        self.page = browser.page()
        self.page.look(**LOOKS[look])
        language = '{"language":"de"}' if look == "german" else '{"language":"en"}'
        self.page.at_start(f"localStorage.setItem('switchboard.desk', '{language}')")

    def picture(self, state):
        if self.only and state not in self.only:
            return
        time.sleep(0.35)
        path = self.folder / f"agent-{state}-{self.name}.png"
        self.page.photograph(path)
        print(path, flush=True)

    def all(self):
        page, double, house = self.page, self.double, self.house
        page.open(f"{self.address}/agent")
        page.shows("desk-sign-in")
        self.picture("signed-out")
        self.sign_in("wrong")
        page.shows("desk-sign-in .problem")
        self.picture("wrong-password")
        self.sign_in("right")
        page.shows("desk-check")
        page.until("!document.querySelector('desk-check .primary').disabled")
        page.click("desk-check .controls button")
        page.click("desk-check li:nth-child(2) button:last-child")
        page.until("document.querySelectorAll('desk-check .badge.good').length >= 3")
        self.picture("device-check")
        page.click("desk-check .primary")
        double.took("presence")
        double.set_state("available", since=-754)
        page.shows("desk-idle", None)
        self.picture("available")
        channels = [{"channel": name, "open": name != "chat"} for name in ("voice", "chat", "email")]
        double.set_state("available", since=-754, channels=channels)
        page.shows("#channels", None)
        self.picture("channels")
        double.set_state("available", since=-754, channels=channels[:1])
        page.click("#presence")
        self.picture("state-menu")
        page.press("Escape")
        double.set_state("pause", "lunch", since=-1260)
        self.picture("break")
        double.set_state("available", since=-20)
        self.calls()
        self.trouble()

    def sign_in(self, password):
        self.page.value("document.querySelector('#name').value = 'anna'; document.querySelector('#password').value = " + repr(password)
                        + "; document.querySelector('desk-sign-in form').requestSubmit()")

    def calls(self):
        page, double, house = self.page, self.double, self.house
        offer = {"offer": 91, **CONTACT, "until": moment(14), "autoAnswer": False}
        double.push({"type": "offer", **offer})
        page.shows("desk-offer")
        self.picture("ringing")
        page.press("d")
        self.picture("declining")
        call = {**CONTACT, "since": moment(-134), "held": False, "muted": False, "recording": "on", "state": "talking"}
        double.push({"type": "call", **call})
        double.push({"type": "quality", "lossPercent": 0.2, "jitterMs": 7, "roundTripMs": 24, "mos": 4.3, "levelIn": 0.3, "levelOut": 0.4})
        page.shows("desk-call")
        page.value("const notes = document.querySelector('desk-call textarea'); notes.value = 'Order 20817 arrived without the lid.'; notes.dispatchEvent(new Event('input'))")
        # Both speak.
        for side in ("microphone", "caller"):
            page.until(f"Number(document.querySelector('desk-call desk-meter[side={side}]').getAttribute('aria-valuenow')) > 5")
        self.picture("talking")
        double.set_state("available", since=-900, pending={"presence": "pause", "reason": "lunch"})
        double.push({"type": "call", **call, "held": True, "recording": "paused"})
        page.shows("desk-call .held")
        self.picture("held")
        double.push({"type": "call", **call, "muted": True})
        page.press("k")
        page.shows("desk-keypad dialog")
        for digit in "2041#":
            page.press(digit)
        self.picture("keypad")
        page.press("Escape")
        page.press("t")
        page.shows("desk-transfer dialog")
        self.picture("transfer")
        page.press("Escape")
        double.push({"type": "call.ended", "contact": 4711, "by": "caller"})
        double.push({"type": "wrapUp", **CONTACT, "since": moment(-14), "until": moment(31), "extended": False, "disposition": None, "notes": ""})
        page.shows("desk-wrap-up")
        page.value("document.querySelectorAll('desk-wrap-up input')[1].click()")
        page.until("!document.querySelector('.notice') || (document.querySelector('.notice button').click(), false)")
        self.picture("wrap-up")
        double.push({"type": "wrapUp.ended", "contact": 4711})
        double.set_state("available", since=-3)
        self.work(call)

    def work(self, call):
        page, double = self.page, self.double
        capacity = {"units": 60, "unitsMax": 100, "kinds": [{"kind": "chat", "channel": "chat", "count": 2, "most": 5},
                                                            {"kind": "ticket", "channel": "ticket", "count": 1, "most": 3}]}
        for piece, seconds in ((TICKET, -1520), (CHATS[0], -233), (CHATS[1], -61)):
            double.push({"type": "work", **piece, "since": moment(seconds), "until": None})
        double.push({"type": "capacity", **capacity})
        page.shows("desk-work", "Ines Brandt")
        page.press("2")
        page.until("document.querySelectorAll('desk-work textarea')[1].checkVisibility()")
        self.picture("work")
        double.push({"type": "call", **call, "recording": "on"})
        page.shows("desk-call")
        self.picture("work-beside-a-call")
        double.push({"type": "call.ended", "contact": 4711, "by": "agent"})
        ringing = {**CHATS[0], "id": "offer-95", "contact": 4810, "caller": {"name": "Mei Tanaka", "number": None}, "subject": "Is it in stock?",
                   "state": "ringing", "offer": 95, "notes": ""}
        double.push({"type": "work", **ringing, "since": None, "until": moment(17)})
        capacity["kinds"][0]["count"] = 3
        double.push({"type": "capacity", **capacity})
        page.shows("desk-work", "Mei Tanaka")
        self.picture("work-ringing")
        double.push({"type": "work.ended", "id": "offer-95", "contact": 4810, "reason": "declined"})
        double.push({"type": "work", **TICKET, "id": "wrap-up-4790", "state": "wrapUp", "since": moment(-9), "until": moment(36)})
        double.push({"type": "work.ended", "id": "work-4790", "contact": 4790, "reason": "done"})
        page.shows("desk-work .piece[data-state=wrapUp] .piece-opener", None)
        page.click("desk-work .piece[data-state=wrapUp] .piece-opener")
        page.shows("desk-work fieldset", None)
        self.picture("work-wrap-up")
        for piece in ("wrap-up-4790", "work-4801", "work-4803"):
            double.push({"type": "work.ended", "id": piece, "contact": int(piece.split("-")[-1]), "reason": "done"})
        self.picture("work-none")
        double.push({"type": "snapshot", **double.house, "serverTime": moment()})

    def trouble(self):
        page, double, house = self.page, self.double, self.house
        double.push({"type": "offer", "offer": 92, **CONTACT, "until": moment(14), "autoAnswer": False})
        double.push({"type": "offer.ended", "offer": 92, "reason": "missed"})
        double.set_state("pause", "not-responding", since=-8)
        page.shows(".notice")
        self.picture("missed")
        page.click(".notice button")
        page.press(",")
        page.shows("desk-settings dialog")
        self.picture("settings")
        page.press("Escape")
        page.press("?")
        page.shows("desk-shortcuts dialog")
        self.picture("shortcuts")
        page.press("Escape")
        double.set_state("available", since=-310)
        call = {**CONTACT, "since": moment(-134), "held": False, "muted": False, "recording": "on", "state": "talking"}
        double.push({"type": "call", **call})
        page.shows("desk-call")
        double.is_down = True
        double.desk.drop()
        page.shows(".banner")
        self.picture("lost")
        double.is_down = False
        page.until("!document.querySelector('.banner') || document.querySelector('.banner').hidden")
        double.push({"type": "call", **call, "state": "lost"})
        page.shows(".banner")
        self.picture("returning")
        double.push({"type": "takenOver"})
        double.desk.close(4001)
        page.shows("desk-taken-over")
        self.picture("taken-over")
        double.must_ask = True
        page.open(f"{self.address}/agent")
        page.until("document.querySelector('desk-taken-over h1')?.textContent.length > 10")
        time.sleep(0.5)
        self.picture("asking")

    def close(self):
        for page in (self.page, self.far):
            page.close()
        self.double.stop()
        if self.page.problems:
            print("\n".join(["problems:", *self.page.problems]), file=sys.stderr)


def main(arguments):
    only = set()
    if "--only" in arguments:
        at = arguments.index("--only")
        only = set(arguments[at + 1].split(","))
        del arguments[at:at + 2]
    folder = pathlib.Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        for look in arguments[1:] or LOOKS:
            studio = Studio(folder, look, browser, only)
            try:
                studio.all()
            finally:
                studio.close()


if __name__ == "__main__":
    main(sys.argv[1:])
