"""What a page has to stand: axe-core and a ruler, on a desk and on a phone, light and dark."""

from axe_playwright_python.base import AXE_SCRIPT

from tests.walks.visitors import NARROW, WIDE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
# In other colours only the contrast can be another.
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
LOOKS = [
    ("wide", WIDE, "light", EVERYTHING),
    ("wide-dark", WIDE, "dark", CONTRAST),
    ("narrow-dark", NARROW, "dark", EVERYTHING),
    ("narrow", NARROW, "light", CONTRAST),
]
JUDGE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]})
  .then(({violations}) => violations)"""
# What is wider than the screen, innermost first, for the report.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > width + 1)
    .map((one) => one.outerHTML.slice(0, 120)).reverse();
}"""


def faults_of(page, album, name):
    """What axe-core and a ruler say about a page, in every look."""
    faults = []
    for look, size, colours, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours)
        album(page, f"{name}.{look}")
        faults += [f"{name}, {look}: {fault}" for fault in violations(page, rules)]
        faults += [f"{name}, {look}, wider than the screen: {one}" for one in sideways(page)]
    return faults


def violations(page, rules=EVERYTHING):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{one['id']}: {one['help']}\n    {node['html'][:300]}\n    {node.get('failureSummary')}"
        for one in page.evaluate(JUDGE, rules)
        for node in one["nodes"]
    ]


def sideways(page):
    return page.evaluate(TOO_WIDE)
