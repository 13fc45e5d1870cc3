"""Names that would be code where they are not kept as text, and how to see whether they are."""

from html.parser import HTMLParser

MARK = "zq7"  # in each of them, and nowhere else
NAMES = (
    f'=HYPERLINK("http://a.example/{MARK}";"Click")',
    f"+1+cmd|' /C calc'!{MARK}",
    f"-2+3+{MARK}",
    f"@SUM({MARK})",
    f"\uff1d1+{MARK}",
    f"<script>{MARK}()</script>",
    f'"><img src={MARK} onerror={MARK}()>',
    f"'/><svg onload={MARK}()>",
    f"</title></script><blink {MARK}=1>",
    f"javascript:{MARK}()",
    f"{{{{ {MARK} }}}}{{% {MARK} %}}",
    f"`${{{MARK}()}}`",
    f"&lt;b&gt;{MARK}&#39;",
    f"'; DROP TABLE {MARK}; --",
)
ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post")
CODE = ("on", "x-", "@", ":", "hx-on", "hx-vals", "style", "srcdoc")
SCHEMES = ("javascript:", "data:", "vbscript:")


class Page(HTMLParser):
    """Reads a page as a browser does: `faults` is where a name became more than text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.shown = [], []
        self._inside, self._is_code = "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self._inside = tag
        self._is_code = tag == "style" or (
            tag == "script" and not values.get("type", "").endswith("json")
        )
        if MARK in tag:
            self.faults.append(f"<{tag}>")
        self.faults += [
            f"<{tag} {name}={value!r}>"
            for name, value in values.items()
            if is_more_than_text(name, value)
        ]
        self.shown += values.values()

    def handle_endtag(self, tag):
        self._inside, self._is_code = "", False

    def handle_data(self, data):
        if self._is_code and MARK in data:
            self.faults.append(f"<{self._inside}>{data[:80]}")
        self.shown.append(data)

    def names(self):
        """Those that a person reads on it."""
        text = "\n".join(self.shown)
        return {name for name in NAMES if name in text}


def is_more_than_text(name, value):
    if MARK in name:
        return True
    if name == "src" or name.startswith(CODE):
        return MARK in value
    return name in ADDRESSES and value.strip().lower().startswith(SCHEMES)
