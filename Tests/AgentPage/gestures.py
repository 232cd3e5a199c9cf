"""What a test does at a page, in any browser: wait for what is to be seen, and press it."""

import json
import time

# What is waited for comes in a moment; a machine that has just been switched on and reads all from a cold disk has long ones.
PATIENCE_SECONDS = 45


class Gestures:
    """Needs `value(expression)`, which evaluates in the page, and `problems`."""

    def until(self, expression, seconds=PATIENCE_SECONDS):
        until = time.monotonic() + seconds
        while True:
            try:
                if found := self.value(expression):
                    return found
            except RuntimeError:
                pass
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s: {expression}; problems: {self.problems}")
            time.sleep(0.05)

    def shows(self, selector, text=None, seconds=PATIENCE_SECONDS):
        """Waits until something is to be seen, with the text if one is given."""
        return self.until(f"{matching(selector, text)}.length > 0", seconds)

    def click(self, selector, text=None):
        self.shows(selector, text)
        self.value(f"{matching(selector, text)}[0].click()")


def matching(selector, text):
    wanted = "true" if text is None else f"one.innerText.includes({json.dumps(text)})"
    return f"[...document.querySelectorAll({json.dumps(selector)})].filter(one => one.checkVisibility() && {wanted})"
