"""The page of the playground as a person has it: what stands there by its role and name, and what can be done."""

import re

from playwright.sync_api import expect

EXACT = {"exact": True}
READBACK = "willReadFrequently"  # a hint that only the tests' own look at the pixels gives rise to
PICTURE = "box => box.querySelector('canvas').toDataURL()"
MIDDLE_ROW = """box => {
  const map = box.querySelector('canvas'), row = map.getContext('2d').getImageData(0, map.height >> 1, map.width, 1).data;
  return Array.from(row);
}"""
FILES = """files => {
  const carried = new DataTransfer();
  for (const [name, bytes] of files) carried.items.add(new File([new Uint8Array(bytes)], name));
  return carried;
}"""


class Visit:
    """A browser context; whatever goes wrong in it stands in ``faults``, unless the test awaits it."""

    def __init__(self, browser, server, **options):
        self.server, self.faults, self.awaited = server, [], READBACK
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        self.context.set_default_timeout(30_000)
        self.context.on("console", lambda said: self._fault(said.text) if said.type in ("error", "warning") else None)
        self.context.on("weberror", lambda error: self._fault(error.error.stack or error.error.message))
        self.context.on("dialog", self._dialog)
        self.context.on("request", self._request)

    def open(self, address=""):
        page = Playground(self, self.context.new_page())
        page.go(self.server.link + address)
        return page

    def close(self):
        self.context.close()

    def _fault(self, text):
        if not re.search(self.awaited, text):
            self.faults.append(text)

    def _dialog(self, dialog):
        self._fault(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        address = request.url
        if not address.startswith((f"http://{self.server.host}/", "blob:", "data:")):
            self._fault(f"request to {address}")


class Playground:
    """One page."""

    def __init__(self, visit, page):
        self.visit, self.page = visit, page
        self.role, self.label, self.text = page.get_by_role, page.get_by_label, page.get_by_text
        self.training = self.label("Training", **EXACT)
        self.data = self.role("region", name="Data", **EXACT)
        self.network = self.role("main")
        self.output = self.role("region", name="Output", **EXACT)
        self.editor = self.role("region", name="Activation", **EXACT)
        self.tour = self.role("complementary", name="Tour")
        self.playing = self.training.get_by_role("button", name="Pause")
        self.paused = self.training.get_by_role("button", name="Play")

    def go(self, address):
        self.page.goto(address)
        self.ready()

    def reload(self):
        self.page.reload()
        self.ready()

    def ready(self):
        """Wait until the page shows data and a frame."""
        expect(self.data.get_by_text(re.compile("rows to train on"))).to_be_visible()
        expect(self.row("Loss, training")).to_be_visible()

    # Training

    def press(self, name):
        self.training.get_by_role("button", name=name).click()

    def play(self):
        self.press("Play")
        expect(self.playing).to_be_visible()

    def pause(self):
        self.press("Pause")
        expect(self.paused).to_be_visible()

    def epoch(self):
        return int(re.search(r"Epoch\s*([\d,]+)", self.training.inner_text()).group(1).replace(",", ""))

    def at_epoch(self, number):
        expect(self.training).to_contain_text(re.compile(rf"Epoch\s*{number:,}(?![\d,])"))

    def until(self, condition, seconds=30):
        """Wait until something is so, looking after each frame."""
        for _ in range(seconds * 20):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"it is not so after {seconds} seconds")

    def train_to(self, epoch, pace="flat out"):
        """Train for at least so many epochs, then pause."""
        self.role("combobox", name="Pace").select_option(label=pace)
        self.play()
        self.until(lambda: self.epoch() >= epoch)
        self.pause()

    # What is shown

    def row(self, name):
        return self.output.get_by_role("row").filter(has=self.role("rowheader", name=name, **EXACT))

    def numbers(self, name):
        """The numbers of a row of the table of measures, one for each network."""
        return [
            float(text.split()[0].replace("−", "-")) for text in self.row(name).get_by_role("cell").all_inner_texts()
        ]

    def map(self, place=0):
        return self.output.get_by_role("application").nth(place)

    def picture(self, place=0):
        """The pixels of a map, as text."""
        return self.map(place).evaluate(PICTURE)

    def colours(self, place=0):
        """How many colours the middle row of a map has."""
        row = self.map(place).evaluate(MIDDLE_ROW)
        return len({tuple(row[k : k + 4]) for k in range(0, len(row), 4)})

    def until_picture(self, other_than, place=0):
        self.until(lambda: self.picture(place) != other_than)
        return self.picture(place)

    def chosen_set(self, name):
        button = self.data.get_by_role("group", name="Data set").get_by_role("button", name=name, **EXACT)
        expect(button).to_have_attribute("aria-pressed", "true")

    def layers(self, *sizes):
        """The hidden layers are of these sizes."""
        expect(self.network.get_by_role("spinbutton", name="Units in layer")).to_have_count(len(sizes))
        for k, size in enumerate(sizes, 1):
            expect(self.network.get_by_role("spinbutton", name=f"Units in layer {k}", **EXACT)).to_have_value(str(size))

    def weights(self, unit):
        """The bias and the weights of a unit, as its fields show them."""
        self.network.get_by_role("button", name=unit, **EXACT).press("Enter")
        fields = self.network.get_by_role("group", name="The chosen unit").get_by_role("spinbutton")
        expect(fields.first).to_be_focused()
        values = [field.input_value() for field in fields.all()]
        self.page.keyboard.press("Escape")
        return values

    def said(self, words):
        """Something that a screen reader says."""
        expect(self.role("status").filter(has_text=re.compile(words))).not_to_have_count(0)

    def told(self, words):
        """A message that stands on the page for a while."""
        message = self.role("status").get_by_role("paragraph").filter(has_text=re.compile(words))
        expect(message.first).to_be_visible()

    # Files

    def drop(self, name, content):
        """Drag a file over the page and drop it."""
        data = list(content.encode() if isinstance(content, str) else content)
        carried = self.page.evaluate_handle(FILES, [[name, data]])
        main = self.role("main")
        main.dispatch_event("dragenter", {"dataTransfer": carried})
        main.dispatch_event("dragover", {"dataTransfer": carried})
        expect(self.text("Drop it here")).to_be_visible()
        main.dispatch_event("drop", {"dataTransfer": carried})
        expect(self.text("Drop it here")).to_be_hidden()

    def export(self, name):
        """Save a file by the share menu; its name and its bytes."""
        share = self.role("banner").get_by_role("button", name="Share")
        if share.get_attribute("aria-expanded") == "false":
            share.click()
        with self.page.expect_download() as caught:
            self.role("button", name=re.compile(f"^{re.escape(name)}")).click()
        return caught.value.suggested_filename, caught.value.path().read_bytes()

    def bring_back(self, name, content):
        """Open a model or a session by the share menu."""
        self.page.get_by_label("Model or session").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        self.told(f"{re.escape(name)} is open")
