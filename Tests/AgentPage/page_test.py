"""The agent's page in headless Chromium, against the test double.

    python3 Tests/AgentPage/page_test.py [-v] [PageTests.test_…]
"""

import json
import pathlib
import re
import time
import unittest

from browser import Browser
from double import PAGES, Double, moment
from gestures import PATIENCE_SECONDS

AGENT = PAGES / "agent"
CALLER = {"number": "+493012345678", "name": "Martin Kessler"}
CONTACT = {"contact": 4711, "caller": CALLER, "queue": "sales", "waitSeconds": 47, "path": ["main → sales"], "attributes": {"order": "20817"}}
CONTROL = 2


class TextTests(unittest.TestCase):
    """The catalogs: adding a language is adding a file."""

    def setUp(self):
        self.catalogs = {file.stem: json.loads(file.read_text()) for file in (AGENT / "texts").glob("*.json") if file.stem != "index"}

    def test_the_index_names_every_catalog(self):
        self.assertEqual(set(json.loads((AGENT / "texts" / "index.json").read_text())), set(self.catalogs))

    def test_every_catalog_has_the_same_texts_and_places(self):
        english = self.catalogs["en"]
        for tag, catalog in self.catalogs.items():
            # Other languages may have more plural forms.
            plain = {key for key in catalog if not re.search(r"\.(zero|two|few|many)$", key)}
            self.assertEqual(plain, set(english), tag)
            for key in plain:
                places = [set(re.findall(r"\{(\w+)\}", texts[key])) for texts in (catalog, english)]
                self.assertEqual(*places, f"{tag}: {key}")

    def test_every_text_that_the_page_names_is_there(self):
        source = "\n".join(file.read_text() for file in AGENT.rglob("*.js")) + (AGENT / "index.html").read_text()
        for key in re.findall(r"\bt\('([^']+)'", source) + re.findall(r"texts\.text\('([^']+)'", source) + re.findall(r'data-text="([^"]+)"', source):
            self.assertTrue(key in self.catalogs["en"] or f"{key}.other" in self.catalogs["en"], key)

    def test_nothing_that_a_content_security_policy_refuses(self):
        page = (AGENT / "index.html").read_text()
        self.assertNotRegex(page, r"<style|style=|<script(?![^>]* src=)|\son\w+=")
        for file in AGENT.rglob("*.js"):
            self.assertNotRegex(file.read_text(), r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", file.name)
            self.assertNotRegex(file.read_text(), r"https?://(?!www\.w3\.org)", file.name)


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.double = Double()
        self.address = f"http://127.0.0.1:{self.double.port}"
        self.pages = []

    def tearDown(self):
        for page in self.pages:
            page.call("Page.close")
            page.close()
        self.double.stop()

    def page(self, path="/agent"):
        page = self.browser.page()
        page.at_start("localStorage.getItem('switchboard.desk') || localStorage.setItem('switchboard.desk', '{\"language\":\"en\",\"processing\":false}')")
        page.look()
        page.open(self.address + path)
        self.pages.append(page)
        return page

    def desk(self, presence="available", **more):
        """A page whose agent is signed in and whose audio stands."""
        far = self.page("/test/far-side.html")
        far.click("html")
        self.double.signed_in = True
        self.double.house["state"]["presence"] = presence
        self.double.house.update(more)
        page = self.page()
        page.shows(".line.good")
        return page

    def ring(self, page, **more):
        self.double.push({"type": "offer", "offer": 91, **CONTACT, "until": moment(20), "autoAnswer": False, **more})
        page.shows("desk-offer", "Martin Kessler")

    def talk(self, page, **more):
        call = {"type": "call", **CONTACT, "since": moment(), "held": False, "muted": False, "recording": "on", "state": "talking", **more}
        self.double.push(call)
        page.shows("desk-call")
        return call

    def no_problems(self, page, *expected):
        """Nothing that the content-security-policy refused, no exception, no missing file."""
        left = [one for one in page.problems if "/v1/" not in one]
        self.assertEqual(left, [])

    def test_values(self):
        page = self.page("/test/unit.html")
        result = page.until("document.getElementById('result').textContent")
        self.assertTrue(result.startswith("passed"), result)

    def test_sign_in_check_and_going_available(self):
        far = self.page("/test/far-side.html")
        far.click("html")
        page = self.page()
        page.shows("desk-sign-in")
        self.assertEqual(page.value("document.activeElement.id"), "name")
        page.type("anna")
        page.press("Tab")
        page.type("wrong")
        page.press("Enter")
        page.shows("desk-sign-in .problem", "do not match")
        page.type("often")
        page.press("Enter")
        page.shows("desk-sign-in .problem", "20 seconds")
        page.type("right")
        page.press("Enter")
        page.shows("desk-check", "Ready for calls?")
        page.until("!document.querySelector('desk-check .primary').disabled")
        page.shows("desk-check", "Round trip")
        page.shows("desk-check", "You can be heard.")
        page.click("desk-check button", "Play a sound")
        page.click("desk-check button", "I heard it")
        page.shows("desk-check", "You hear it.")
        page.click("desk-check .primary")
        self.assertEqual(self.double.took("presence")["presence"], "available")
        self.double.set_state("available")
        page.shows("desk-idle", "The next call rings here.")
        self.assertEqual(page.value("document.querySelector('#password').value"), "")
        self.no_problems(page)

    def work(self, contact, name, state="active", **more):
        number = {"ringing": f"offer-{contact}", "wrapUp": f"wrap-up-{contact}"}.get(state, f"work-{contact}")
        ends = {"ringing": moment(20), "wrapUp": moment(40)}.get(state)
        piece = {"type": "work", "id": number, "contact": contact, "kind": "chat", "channel": "chat", "caller": {"name": name, "number": None},
                 "subject": "The lid", "externalId": None, "queue": "sales", "waitSeconds": 3, "path": [], "attributes": {}, "state": state,
                 "offer": contact if state == "ringing" else None, "since": None if state == "ringing" else moment(), "until": ends,
                 "extended": False, "disposition": None, "notes": "", **more}
        self.double.push(piece)

    def test_pieces_of_work_side_by_side_beside_a_call(self):
        page = self.desk()
        self.assertTrue(page.value("document.querySelector('desk-work').hidden"), "calls alone need no list")
        self.double.push({"type": "capacity", "units": 20, "unitsMax": 100, "kinds": [{"kind": "chat", "channel": "chat", "count": 2, "most": 5}]})
        page.shows("desk-work .capacity", "Chats: 2 of 5")
        self.work(4801, "Ines Brandt", "ringing")
        page.shows("desk-work .piece[data-state=ringing]", "Ines Brandt")
        page.until("document.title.includes('Chat: Ines Brandt')")
        page.until("document.getElementById('said-at-once').textContent.includes('Chat from Ines Brandt, queue sales')")
        page.press("a")
        self.assertEqual(self.double.took("accept")["offer"], 4801)
        self.work(4801, "Ines Brandt")
        self.double.push({"type": "work.ended", "id": "offer-4801", "contact": 4801, "reason": "accepted"})
        page.shows("desk-work .piece-body textarea")
        page.press("n")
        page.until("document.activeElement.matches('.piece textarea')")
        page.type("sent a lid")
        page.press("Escape")
        self.talk(page)
        self.work(4802, "Jonas Weiß", "ringing")
        page.shows("desk-state-bar .tag", "New: press A")
        page.press("d")
        self.assertEqual(self.double.took("decline")["offer"], 4802)
        self.double.push({"type": "work.ended", "id": "offer-4802", "contact": 4802, "reason": "declined"})
        page.click("desk-work .piece-acts button", "Transfer")
        page.shows("desk-transfer dialog", "Hand it on")
        page.click("desk-transfer .targets button", "Support")
        frame = self.double.took("transfer")
        self.assertEqual((frame["contact"], frame["queue"]), (4801, "support"))
        page.click("desk-work .piece-acts button", "Done")
        self.assertEqual(self.double.took("work.complete")["contact"], 4801)
        self.work(4801, "Ines Brandt", "wrapUp")
        self.double.push({"type": "work.ended", "id": "work-4801", "contact": 4801, "reason": "done"})
        # What was written before is the server's from now on.
        self.assertEqual(self.double.took("wrapUp.note")["notes"], "sent a lid")
        page.click("desk-work .piece button", "Finish")
        page.shows("desk-work .problem", "choose")
        page.click("desk-work .code", "Complaint")
        page.press("Enter", CONTROL)
        frame = self.double.took("wrapUp.complete")
        self.assertEqual((frame["contact"], frame["disposition"], frame["notes"]), (4801, "complaint", "sent a lid"))
        self.double.push({"type": "work.ended", "id": "wrap-up-4801", "contact": 4801, "reason": "finished"})
        page.shows("desk-work", "Nothing open")
        page.shows("desk-call", "Connected")
        self.assertIsNone(page.value("sessionStorage.getItem('switchboard.drafts')"))
        self.no_problems(page)

    def test_a_switch_for_each_channel_of_several(self):
        page = self.desk()
        self.assertTrue(page.value("document.getElementById('channels').hidden"), "calls alone need no switch")

        def open_channels(**channels):
            state = {"presence": "available", "reason": None, "since": moment(), "pending": None}
            state["channels"] = [{"channel": name, "open": is_open} for name, is_open in channels.items()]
            self.double.push({"type": "state", **state})

        open_channels(voice=True, chat=True, email=False)
        page.until("[...document.querySelectorAll('#channels [role=switch]')].map(one => one.innerText.trim()).join() === 'Calls,Chats,E-mails'")
        self.assertEqual(page.value("document.querySelector('[data-channel=email]').getAttribute('aria-checked')"), "false")
        page.value("document.querySelector('[data-channel=chat]').focus()")
        page.press("Enter")
        frame = self.double.took("channel")
        self.assertEqual((frame["channel"], frame["on"]), ("chat", False))
        open_channels(voice=True, chat=False, email=False)
        page.until("document.querySelector('[data-channel=chat]').getAttribute('aria-checked') === 'false'")
        self.assertEqual(page.value("document.activeElement.dataset.channel"), "chat")
        page.press("Enter")
        self.assertEqual(self.double.took("channel")["on"], True)
        page.click("[data-channel=email]")
        frame = self.double.took("channel")
        self.assertEqual((frame["channel"], frame["on"]), ("email", True))
        open_channels(voice=True)
        page.until("document.getElementById('channels').hidden")
        # Whoever has closed the only one must be able to open it.
        open_channels(voice=False)
        page.until("document.querySelector('[data-channel=voice]').getAttribute('aria-checked') === 'false'")
        page.click("[data-channel=voice]")
        self.assertEqual(self.double.took("channel")["on"], True)
        open_channels(voice=True)
        self.no_problems(page)

    def test_a_call_from_the_ring_to_the_end_of_the_wrap_up_by_keyboard(self):
        page = self.desk()
        self.ring(page)
        self.assertIn("Martin Kessler", page.value("document.title"))
        page.shows("desk-customer", "20817")
        self.assertIn("Press A", page.value("document.getElementById('said-at-once').textContent"))
        page.press("a")
        self.assertEqual(self.double.took("accept")["offer"], 91)
        call = self.talk(page)
        for key, kind in (("h", "hold"), ("m", "mute"), ("r", "recording")):
            page.press(key)
            self.double.took(kind)
        self.double.push({**call, "held": True})
        page.shows("desk-call", "On hold")
        page.press("k")
        page.press("5")
        self.assertEqual(self.double.took("digit")["digit"], "5")
        page.press("Escape")
        page.press("t")
        page.shows("desk-transfer dialog", "Ben Costa")
        page.type("carl")
        page.until("!document.querySelector('desk-transfer dialog').innerText.includes('Ben')")
        page.press("ArrowDown")
        page.press("Enter")
        self.assertEqual(self.double.took("transfer")["agent"], "carla")
        page.press("n")
        page.until("document.activeElement.matches('desk-call textarea')")
        for letter in "hm":
            page.press(letter)
        self.assertEqual(page.value("document.activeElement.value"), "hm")
        page.press("Escape")
        page.press("E", modifiers=8)
        self.double.took("hangUp")
        self.assertTrue(self.double.received.empty(), "letters in a text field are no commands")
        self.double.push({"type": "call.ended", "contact": 4711, "by": "agent"})
        self.double.push({"type": "wrapUp", **CONTACT, "since": moment(), "until": moment(30), "extended": False, "disposition": None, "notes": ""})
        self.assertEqual(self.double.took("wrapUp.note")["notes"], "hm")
        page.shows("desk-wrap-up", "0:")
        page.press("Enter", modifiers=CONTROL)
        page.shows("desk-wrap-up .problem", "choose")
        page.press("w")
        self.double.took("wrapUp.extend")
        page.click("desk-wrap-up .code", "Complaint")
        page.press("Enter", modifiers=CONTROL)
        done = self.double.took("wrapUp.complete")
        self.assertEqual((done["disposition"], done["notes"]), ("complaint", "hm"))
        self.double.push({"type": "wrapUp.ended", "contact": 4711})
        page.shows("desk-recent", "Martin Kessler")
        self.no_problems(page)

    def test_a_colleague_is_asked_and_gets_the_caller_by_keyboard(self):
        page = self.desk()
        self.ring(page)
        page.press("a")
        self.double.took("accept")
        call = {**self.talk(page), "part": "agent", "others": [], "turnedToCaller": False, "supervised": False, "acts": ["consult"]}
        self.double.push(call)
        page.shows("desk-call", "Consult")
        page.press("c")
        page.shows("desk-transfer dialog", "Consult a colleague")
        page.until("!document.querySelector('desk-transfer dialog').innerText.includes('Support')")
        page.type("ben")
        page.press("ArrowDown")
        page.press("Enter")
        self.assertEqual(self.double.took("consult")["agent"], "ben")
        ben = {"agent": "ben", "name": "Ben Costa", "part": "consulted", "ringing": True}
        self.double.push({**call, "others": [ben], "acts": ["backOut"]})
        page.shows("desk-call .company", "Ben Costa · ringing")
        shown = "[...document.querySelectorAll('desk-call .acts button')].filter(one => one.checkVisibility()).map(one => one.caption.textContent)"
        self.assertEqual(page.value(shown), ["Mute", "Keypad", "End call", "Back to the caller"])
        self.assertTrue(page.value("document.querySelector('desk-call').hangUp.disabled"))
        page.press("g")
        page.press("t")
        self.double.push({**call, "others": [{**ben, "ringing": False}], "acts": ["swap", "complete", "backOut", "merge"], "supervised": True})
        page.shows("desk-call", "A supervisor is on this call")
        for key, kind in (("s", "swap"), ("j", "merge"), ("b", "backOut"), ("g", "complete")):
            page.press(key)
            self.double.took(kind)
        self.assertTrue(self.double.received.empty(), "what is hidden does nothing")
        self.double.push({**call, "part": "conferring", "others": [{"agent": "ben", "name": "Ben Costa", "part": "agent", "ringing": False}], "acts": ["leave"]})
        page.shows("desk-call", "In a conference")
        self.assertEqual(page.value(shown), ["Keypad", "End call", "Leave the call"])
        page.press("l")
        self.double.took("leave")
        self.no_problems(page)

    def test_a_number_outside_is_typed_and_called_by_keyboard(self):
        page = self.desk()
        self.ring(page)
        page.press("a")
        self.double.took("accept")
        call = {**self.talk(page), "part": "agent", "others": [], "acts": ["consult"], "notReached": None}
        self.double.push(call)
        page.shows("desk-call", "Consult")
        page.press("c")
        page.shows("desk-transfer dialog", "Ben Costa")
        page.until("!document.querySelector('desk-transfer dialog').innerText.includes('payment')")
        page.type("030 123-4567")
        page.shows("desk-transfer dialog", "Call 0301234567")
        page.press("Enter")
        self.assertEqual(self.double.took("consult")["number"], "0301234567")
        self.double.push({**call, "others": [{"agent": None, "name": None, "part": "consulted", "ringing": True}], "acts": ["backOut"]})
        page.shows("desk-call .company", "Outside number · ringing")
        self.double.push({**call, "notReached": {"reason": "busy", "cause": 17}})
        page.shows("desk-notices", "The number is busy (cause 17)")
        page.press("t")
        page.type("pay")
        page.click("desk-transfer .targets button", "payment")
        self.assertEqual(self.double.took("transfer")["flow"], "payment")
        self.no_problems(page)

    def test_only_what_the_house_can_do_is_there(self):
        page = self.desk(features=["mute"])
        self.ring(page)
        self.assertFalse(page.value("[...document.querySelectorAll('desk-offer button')].some(one => one.checkVisibility() && one.innerText.includes('Decline'))"))
        self.talk(page)
        shown = page.value("[...document.querySelectorAll('desk-call button')].filter(one => one.checkVisibility()).map(one => one.caption.textContent)")
        self.assertEqual(shown, ["Mute", "End call"])
        page.press("h")
        page.press("t")
        time.sleep(0.2)
        self.assertTrue(self.double.received.empty() or self.double.received.get()["type"] == "media.offer")

    def test_a_wrap_up_is_asked_for_where_the_queue_leaves_it_to_the_agent(self):
        page = self.desk()
        self.talk(page)
        button = "[...document.querySelectorAll('desk-call button')].find(one => one.caption.textContent === 'Wrap-up after')"
        self.assertFalse(page.value(f"{button}.checkVisibility()"), "the queue does not leave it to the agent")
        for is_asked, wanted in ((False, "wrapUp.ask"), (True, "wrapUp.skip")):
            self.double.push({"type": "call", **CONTACT, "since": moment(), "held": False, "muted": False, "recording": "off", "state": "talking", "wrapUpAfter": is_asked})
            page.until(f"{button}.checkVisibility() && {button}.getAttribute('aria-pressed') === '{str(is_asked).lower()}'")
            page.press("w")
            self.assertEqual(self.double.took(wanted)["contact"], 4711)
        self.no_problems(page)

    def test_voices_both_ways_and_mute_at_once(self):
        page = self.desk()
        self.talk(page)
        page.until("Number(document.querySelector('desk-call desk-meter[side=caller]').getAttribute('aria-valuenow')) > 30")
        self.until(lambda: self.double.far_side_says["level"] > 0.05)
        self.double.answers_frames = False
        page.press("m")
        self.until(lambda: self.double.far_side_says["level"] < 0.01)

    def test_a_hidden_page_rings_and_says_so_in_its_title(self):
        page = self.desk()
        page.value("window.notified = []; window.Notification = class { constructor(title, more) { notified.push(title); window.tag = more.tag } close() { window.taken = true } static permission = 'granted' }")
        self.browser.cover()
        page.until("document.hidden")
        self.double.push({"type": "offer", "offer": 91, **CONTACT, "until": moment(20), "autoAnswer": False})
        page.until("document.title.includes('Martin Kessler')")
        self.assertEqual(page.value("notified"), ["Call from Martin Kessler"])
        page.until("document.querySelector('link[rel=icon]').href.includes('ringing')")
        self.assertTrue(page.value("import('/agent/dom.js').then(({ Part }) => Part.desk.ringer.source !== null && !Part.desk.ringer.element.paused)"))
        self.double.push({"type": "offer.ended", "offer": 91, "reason": "caller-gone"})
        page.until("window.taken")
        self.assertTrue(page.value("import('/agent/dom.js').then(({ Part }) => Part.desk.ringer.source === null)"))

    def test_audio_that_the_server_has_lost_is_connected_again(self):
        page = self.desk()
        for loss in ({"type": "media.closed", "reason": "silence"}, {"type": "audio", "connected": False}):
            self.double.received.queue.clear()
            self.double.push(loss)
            page.shows(".line.warn, .line.bad")
            self.double.took("media.offer")
            # From now on the double tells when the new connection stands.
            self.double.house["audio"] = {"connected": False}
            page.shows(".line.good")

    def test_a_microphone_that_is_not_allowed_is_explained_and_taken_as_soon_as_it_is(self):
        page = self.browser.page()
        self.pages.append(page)
        page.at_start("window.real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
                      "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))")
        self.double.signed_in = True
        page.open(f"{self.address}/agent")
        page.shows("desk-check .badge.bad")
        page.shows(".line.bad")
        self.assertTrue(page.value("document.querySelector('desk-check .primary').disabled"))
        page.value("navigator.mediaDevices.getUserMedia = real; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
        self.double.took("media.offer")

    def test_the_colours_can_be_read(self):
        """WCAG 2.2, 1.4.3: text has a contrast of 4.5, in both schemes."""
        style = (AGENT / "style.css").read_text()
        for scheme in re.findall(r":root \{(.*?)\}", style, re.S):
            colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", scheme))
            pairs = [("ink", "ground"), ("ink", "panel"), ("soft", "ground"), ("soft", "panel"), ("soft", "field"), ("accent", "panel"), ("on-accent", "accent"), ("on-danger", "danger"), ("danger", "panel"),
                     *((name, f"{name}-ground") for name in ("good", "busy", "warn", "bad", "idle"))]
            for text, ground in pairs:
                self.assertGreaterEqual(contrast(colours[text], colours[ground]), 4.5, f"{text} on {ground}")

    def test_alive_frames_come_from_a_worker(self):
        page = self.desk()
        frames = []
        take = self.double.take
        self.double.take = lambda desk, frame: (frames.append(frame), take(desk, frame))
        page.value("window.setTimeout = window.setInterval = () => 0")
        self.until(lambda: any(frame["type"] == "alive" and frame["visible"] for frame in frames))

    def test_a_lost_connection_is_resumed_and_nothing_is_missed(self):
        page = self.desk()
        self.talk(page)
        self.double.is_down = True
        self.double.desk.drop()
        page.shows(".banner", "Your caller hears music")
        self.assertTrue(page.value("document.querySelector('desk-call .danger').disabled"))
        self.double.push({"type": "call.ended", "contact": 4711, "by": "caller"})
        self.double.push({"type": "wrapUp", **CONTACT, "since": moment(), "until": moment(30), "extended": False, "disposition": None, "notes": ""})
        self.double.is_down = False
        page.shows("desk-wrap-up")
        self.assertEqual(self.double.queries[-1]["after"], str(self.double.sequence - 2))
        self.assertEqual(self.double.queries[-1]["tab"], self.double.queries[0]["tab"])

    def test_a_gap_between_frames_is_asked_for(self):
        page = self.desk()
        desk, self.double.desk = self.double.desk, None
        self.double.set_state("pause", "lunch")
        self.double.desk = desk
        self.double.push({"type": "figures", "handledToday": 99})
        page.shows("desk-idle", "Lunch")
        page.shows("desk-today", "99")

    def test_a_dead_connection_is_noticed_by_silence(self):
        page = self.desk()
        self.double.answers_frames = False
        # The page's clock goes on by eleven seconds after a question.
        page.value("""import('/agent/dom.js').then(({ Part: { desk } }) => {
            desk.signalling.send('ping')
            const now = performance.now.bind(performance)
            performance.now = () => now() + 11_000
            desk.signalling.beat() })""")
        self.until(lambda: len(self.double.queries) > 1)
        self.double.answers_frames = True
        page.shows(".line.good")

    def test_a_reload_in_a_call_brings_back_the_call_the_notes_and_the_tab(self):
        page = self.desk()
        call = self.talk(page)
        page.press("n")
        page.type("no lid")
        self.double.house["call"] = {key: call[key] for key in call if key != "type"}
        self.double.house["audio"] = {"connected": False}
        self.double.received.queue.clear()
        page.call("Page.reload")
        self.double.took("media.offer")
        page.shows("desk-call", "Connected")
        page.until("document.querySelector('desk-call textarea').value === 'no lid'")
        self.assertEqual({query["tab"] for query in self.double.queries}, {self.double.queries[0]["tab"]})
        self.assertNotIn("after", self.double.queries[-1])
        page.shows(".line.good")

    def test_a_second_tab_asks_before_it_takes_over(self):
        page = self.desk()
        self.talk(page)
        self.double.must_ask = True
        second = self.page()
        second.shows("desk-taken-over", "open in another tab")
        self.assertNotEqual(self.double.queries[0]["tab"], self.double.queries[-1]["tab"])
        second.click("desk-taken-over .primary")
        self.double.took("takeOver")
        second.shows("desk-state-bar")

    def test_the_first_tab_lets_go(self):
        page = self.desk()
        self.talk(page)
        count = len(self.double.queries)
        self.double.push({"type": "takenOver"})
        self.double.desk.close(4001)
        page.shows("desk-taken-over", "moved to another tab")
        time.sleep(1)
        self.assertEqual(len(self.double.queries), count, "it does not come back by itself")
        self.assertIsNone(page.value("import('/agent/dom.js').then(({ Part }) => Part.desk.voice.stream)"))
        self.double.must_ask = True
        page.click("desk-taken-over .primary")
        self.double.took("takeOver")
        page.shows("desk-state-bar")

    def test_the_end_of_the_session_leads_to_the_sign_in(self):
        page = self.desk()
        self.talk(page)
        self.double.signed_in = False
        self.double.desk.close(4002)
        page.shows("desk-sign-in .problem", "session has ended")
        self.assertNotIn("Martin", page.value("document.documentElement.outerHTML"))

    def test_automatic_answer_needs_the_queue_and_the_agent(self):
        page = self.desk()
        self.ring(page, autoAnswer=True)
        time.sleep(1.6)
        self.assertNotIn("accept", [frame["type"] for frame in list(self.double.received.queue)])
        self.assertFalse(page.value("import('/agent/dom.js').then(({ Part }) => Part.desk.actions.set('autoAnswer', true))"))
        self.double.push({"type": "offer.ended", "offer": 91, "reason": "rescinded"})
        page.shows("desk-idle")
        self.double.received.queue.clear()
        self.ring(page, autoAnswer=True, offer=92)
        self.assertEqual(self.double.took("accept")["offer"], 92)
        page.value("localStorage.removeItem('switchboard.desk')")

    def test_another_language_at_once(self):
        page = self.desk()
        page.press(",")
        page.shows("desk-settings dialog", "Headset")
        page.value("const select = document.getElementById('set-language'); select.value = 'de'; select.dispatchEvent(new Event('change'))")
        page.shows("desk-settings dialog", "Lautsprecher")
        self.assertEqual(page.value("document.documentElement.lang"), "de")
        page.press("Escape")
        page.shows("desk-idle", "Der nächste Anruf klingelt hier.")
        page.value("localStorage.removeItem('switchboard.desk')")

    def test_a_caller_cannot_write_markup(self):
        page = self.desk()
        evil = "<img src=x onerror=document.title='owned'>"
        self.double.push({"type": "offer", "offer": 91, **CONTACT, "caller": {"name": evil, "number": evil}, "queue": evil, "attributes": {evil: evil}, "until": moment(20), "autoAnswer": False})
        page.shows("desk-offer", evil)
        self.assertEqual(page.value("document.querySelectorAll('main img[src=x]').length"), 0)

    def test_everything_has_a_name_and_nothing_is_cut_off_at_two_hundred_percent(self):
        page = self.desk()
        page.look(width=640, height=720, scale=2)
        self.talk(page)
        for state in ("call", "settings", "shortcuts"):
            if state != "call":
                page.value(f"document.querySelector('desk-{state}').open()")
            self.assertEqual(page.value("document.documentElement.scrollWidth <= innerWidth"), True, state)
            nameless = page.value("""[...document.querySelectorAll('button, input, select, textarea, [role=meter]')].filter(one => one.checkVisibility())
                .filter(one => !(one.getAttribute('aria-label') || one.labels?.length || one.innerText.trim())).map(one => one.outerHTML)""")
            self.assertEqual(nameless, [], state)
            page.press("Escape")

    def until(self, condition, seconds=PATIENCE_SECONDS):
        until = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), until, "not in time")
            time.sleep(0.05)


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


if __name__ == "__main__":
    unittest.main()
