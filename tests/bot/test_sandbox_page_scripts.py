"""The scripts of the sandbox's page import each other in one direction."""

import re
from graphlib import TopologicalSorter

from bot.sandbox.app import PAGE

IMPORTED = re.compile(r'from "\./([\w-]+\.js)"')


def test_the_scripts_of_the_page_form_no_circle() -> None:
    imports = {script.name: set(IMPORTED.findall(script.read_text("utf-8"))) for script in PAGE.glob("*.js")}
    order = list(TopologicalSorter(imports).static_order())
    assert set(order) == set(imports)
    assert order.index("element.js") < order.index("actions.js") < order.index("message.js")
