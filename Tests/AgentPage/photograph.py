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
