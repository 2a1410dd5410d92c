"""The report as a page: its structure, read by a parser, and how it behaves in a real browser without a network."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from gmpy2 import mpq

from exactrelu import checker
from exactrelu.budget import Budget
from exactrelu.certificate import Certificate
from exactrelu.errors import Unsupported
from exactrelu.landscape import Problem
from exactrelu.pictures import catalogue
from exactrelu.reports import cell_graph, html, mathml
from exactrelu.reports.layout import layout
from exactrelu.reports.story import gather

VOID = {"meta", "link", "br", "input", "img", "hr"}
EXAMPLE = "yun2018-three-point"
MATHML = {
    "math": None, "mrow": None, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "mfrac": 2, "msub": 2, "msup": 2,
    "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mtable": None, "mtr": None, "mtd": None,
}  # fmt: skip
"""The elements that are used, with the number of their children where it is fixed."""


class Reader(HTMLParser):
    """All start tags with their attributes; complains when tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, wanted):
        return [attributes for tag, attributes in self.tags if tag == wanted]


@pytest.fixture(scope="module")
def story():
    return gather(Problem.example(EXAMPLE))


@pytest.fixture(scope="module")
def text(story):
    return html.page(story)


@pytest.fixture(scope="module")
def reader(text):
    return Reader(text)


@pytest.fixture
def no_pictures(monkeypatch):
    monkeypatch.setattr(catalogue, "KINDS", {})


def embedded(text, number):
    return re.search(rf'<script type="application/json" id="certificate-{number}-file">(.*?)</script>', text, re.S)[1]


# ---------------------------------------------------------------------- structure


def test_a_page_refers_to_nothing_outside_itself(reader, text):
    for _, attributes in reader.tags:
        for name in ("src", "href", "xlink:href", "action", "srcset", "data"):
            assert attributes.get(name, "#").startswith(("#", "data:,", "data:image/png;base64,"))
    assert "http" not in text.replace("http-equiv", "")
    assert "@import" not in text
    policy = next(a["content"] for a in reader.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy


def test_all_identifiers_are_different_and_all_links_have_a_target(reader):
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 20
    for _, attributes in reader.tags:
        for name in ("href", "aria-labelledby", "aria-describedby", "for", "data-file"):
            value = attributes.get(name, "")
            if value and not value.startswith("data:"):
                assert value.removeprefix("#") in ids


def test_every_picture_has_a_text_alternative(reader):
    pictures = reader.all("svg") + reader.all("img")
    assert len(pictures) > 3
    for attributes in pictures:
        assert attributes.get("aria-label") or attributes.get("alt") or attributes.get("aria-hidden") == "true"


def test_headings_descend_by_one_and_tables_have_captions(reader, text):
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert len(reader.all("table")) == len(reader.all("caption")) == text.count("</caption>")
    assert all("scope" in attributes for attributes in reader.all("th"))


def test_all_formulas_are_well_formed_mathml(text):
    formulas = re.findall(r"<math.*?</math>", text.replace("\\u003c", "<").replace('\\"', '"'), re.S)
    assert len(formulas) > 100
    for formula in set(formulas):
        for element in ElementTree.fromstring(formula).iter():
            assert MATHML[element.tag] in (None, len(element)), formula


def test_a_polynomial_is_printed_term_by_term(story):
    form = story.cells.listed[0].form
    chunks = mathml.polynomial(form.outputs[0][0])
    assert len(chunks) == len(form.outputs[0][0].terms)
    assert "<msubsup><mi>W</mi><mtext>11</mtext><mtext>(1)</mtext></msubsup>" in chunks[1]


def test_a_decimal_is_correctly_rounded_and_says_whether_it_is_exact():
    assert mathml.decimal(mpq(1, 8)) == "= 0.125"
    assert mathml.decimal(mpq(2, 3), 5) == "≈ 0.66667"
    assert mathml.decimal(mpq(10**40 + 1, 10**40), 12) == "≈ 1.00000000000"
    assert mathml.decimal(mpq(25, 1000), 1) == "≈ 0.02"  # half to even


def test_a_long_number_is_text_that_may_break():
    long = mpq(7**60, 3**50)
    assert str(long) in mathml.number(long) and "<math" not in mathml.number(long)
    assert 'class="long"' in mathml.number(long)


def test_each_decision_is_told_with_its_rule(story, text):
    for point in story.points:
        for decision in point.decisions.values():
            assert decision.rule in text
    assert "spurious local minimum" in text


def test_each_certificate_in_the_page_is_accepted_and_has_the_digest_that_is_shown(story, text):
    assert len(story.certificates) > 3
    for number, each in enumerate(story.certificates, 1):
        document = json.loads(embedded(text, number))
        assert checker.check(document)
        proof = {k: v for k, v in document.items() if k not in ("format", "kind", "problem", "statement")}
        again = Certificate(document["kind"], document["problem"], document["statement"], proof)
        assert again.digest == each.digest and each.digest in text


def test_a_certificate_that_is_too_long_is_left_out_by_name(story, no_pictures, monkeypatch):
    monkeypatch.setattr(html, "EMBEDDED", 100)
    page = html.page(story)
    assert "certificate-1-file" not in page
    assert "point-bad.json</code> has" in page and "is not held in this page" in page


def test_without_matplotlib_the_page_is_complete_and_names_what_is_missing(story, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = html.page(story)
    Reader(page)
    assert "pip install &#34;exactrelu[plot]&#34;" in page


def test_without_jinja_the_refusal_says_what_to_install(story, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(Unsupported, match=r"exactrelu\[report\]"):
        html.page(story)


def test_names_are_text_and_nothing_else(no_pictures):
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}'
    problem = Problem.example("liu-two-samples-opposite").to_dict()
    problem["name"] = problem["source"] = evil
    problem["points"] = {evil: next(iter(problem["points"].values()))}
    page = html.page(gather(Problem.loads(json.dumps(problem))))
    reader = Reader(page)
    assert not reader.all("img") and "<script>alert" not in page and "49" not in re.search("<h1>(.*?)</h1>", page)[1]
    assert len([a for a in reader.all("script") if a.get("type") != "application/json"]) == 1
    assert checker.check(json.loads(embedded(page, 1)))


def test_the_critical_points_are_on_the_page_where_they_are_asked_for(no_pictures, text):
    story = gather(Problem.example("liu-two-samples-opposite"), parts=["critical"])
    page = html.page(story)
    section = re.search('<section id="critical".*?</section>', page, re.S)[0]
    assert Reader(page) and 'href="#critical"' in page and section.count("<tr><td") == len(story.critical.groups)
    counts = [int(n) for n in re.findall(r'<tr><td.*?</td><td>.*?</td><td data-key="(\d+)">', section)]
    assert sum(counts) == len(story.critical.sets) == 17
    assert "sets of Clarke critical points, " in page and checker.check(json.loads(embedded(page, 1)))
    assert "critical points" not in re.sub("<script.*?</script>", "", text, flags=re.S).replace("Clarke critical", "")


def test_a_page_made_without_time_says_what_is_missing():
    page = html.page(gather(Problem.example(EXAMPLE), budget=Budget(0)), Budget(0))
    Reader(page)
    assert "Parts that this report does not have" in page and "it may" in page


def test_more_cells_than_can_be_drawn_are_listed(story, no_pictures, monkeypatch):
    monkeypatch.setattr(cell_graph, "DRAWN", 5)
    page = html.page(story)
    assert 'id="graph"' not in page and "A graph of 36 cells is not drawn; the limit is 5." in page
    assert page.count('<tr data-cell="') == 36


def test_the_places_of_a_graph_do_not_overlap():
    import networkx

    for graph in (networkx.grid_2d_graph(6, 6), networkx.hypercube_graph(5), networkx.cycle_graph(9)):
        places = list(layout(networkx.convert_node_labels_to_integers(graph, ordering="sorted")).values())
        gaps = [(a - c) ** 2 + (b - d) ** 2 for k, (a, b) in enumerate(places) for c, d in places[:k]]
        assert min(gaps) * cell_graph.STEP**2 > (2 * cell_graph.RADIUS) ** 2


def test_parts_of_a_graph_without_connection_lie_beside_each_other():
    import networkx

    places = layout(networkx.disjoint_union(networkx.path_graph(3), networkx.path_graph(2)))
    assert max(places[node][0] for node in (0, 1, 2)) < min(places[node][0] for node in (3, 4))


def luminance(colour):
    parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_text_has_the_contrast_of_wcag_aa_in_light_and_dark():
    style = html._source("page.css")
    pairs = dict(re.findall(r"--(\S+): light-dark\((#\w{6}, #\w{6})\)", style))
    colours = {name: value.split(", ") for name, value in pairs.items()}
    for theme in (0, 1):
        for ink in ("ink", "soft", "link"):
            for ground in ("paper", "card", "tint"):
                assert contrast(colours[ink][theme], colours[ground][theme]) >= 4.5, (ink, ground, theme)
        for tone in ("good", "bad", "open"):
            assert contrast(colours[tone][theme], colours[f"{tone}-tint"][theme]) >= 4.5
        assert contrast(colours["accent"][theme], colours["card"][theme]) >= 3


def test_numbers_on_nodes_can_be_read_on_every_colour():
    values = [mpq(k) for k in range(60)]
    black_white = {"#000": "#000000", "#fff": "#ffffff"}
    for value in [None, *values]:
        fill, ink = cell_graph.colour(value, values)
        assert contrast(fill if len(fill) == 7 else "#d9d9d9", black_white[ink]) >= 4.5


@pytest.mark.slow
def test_the_command_writes_the_same_bytes_whatever_the_hash_seed(tmp_path):
    problem, out = Problem.example("liu-two-samples"), tmp_path / "page.html"
    (tmp_path / "p.json").write_text(problem.dumps(), encoding="utf-8")
    command = [sys.executable, "-m", "exactrelu", "report", str(tmp_path / "p.json"), "-o", str(out), "--quiet"]
    environment = {**os.environ, "PYTHONHASHSEED": "20180714"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert out.read_text(encoding="utf-8") == html.page(gather(problem, limit=html.CELLS))
    assert out.stat().st_size < 2_000_000


# ---------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("pages")
    (path / "page.html").write_text(text, encoding="utf-8")
    (path / "saved").mkdir()
    return path


@pytest.fixture(scope="module")
def chromium(folder):
    webdriver = pytest.importorskip("selenium.webdriver")
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver), which are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    saving = {"behavior": "allow", "downloadPath": str(folder / "saved")}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", saving)
    browser.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    yield browser
    browser.quit()


@pytest.fixture
def page(chromium, folder):
    show(chromium, 1280, 900, "light")
    chromium.get((folder / "page.html").as_uri())
    return chromium


def show(browser, width, height, theme):
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    wishes = {"prefers-color-scheme": theme, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def node(page, number):
    return page.find_element("css selector", f'#graph .node[data-cell="{number}"]')


def details(page):
    return page.find_element("id", "details").text


def focused(page):
    return page.execute_script("return document.activeElement.dataset.cell")


def hover(page, number):
    from selenium.webdriver import ActionChains

    ActionChains(page).move_to_element(node(page, number)).perform()


def test_in_chromium_a_page_opens_without_a_network_and_without_complaints(page):
    assert page.get_log("browser") == []
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert "yun2018-three-point" in page.find_element("tag name", "h1").text
    box = "return document.querySelector('.formula math').getBoundingClientRect()"
    assert page.execute_script(box)["width"] > 50


def test_in_chromium_pointing_at_a_cell_shows_all_about_it(page, story):
    hover(page, 4)
    cell = story.cells.listed[4]
    shown = details(page)
    assert "Cell 5" in shown and cell.signature in shown and "not constant" in shown
    signs = cell.inertia
    assert f"{signs.positive} positive, {signs.negative} negative, {signs.zero} zero" in shown
    walls = [edge for edge in story.cells.edges if 4 in edge[:2]]
    assert shown.count("unit ") == sum(len(units) for *_, units in walls)
    lit = page.find_elements("css selector", "#graph .walls line.on")
    assert len(lit) == len(walls) == len(page.find_elements("css selector", "#graph .near"))
    blocks = page.find_elements("css selector", "#details .formula")
    assert len(blocks) == len(cell.form.blocks)


def test_in_chromium_the_keyboard_moves_across_walls_pins_and_releases(page, story):
    from selenium.webdriver import Keys

    around = {i: set() for i in range(36)}
    for i, j, _ in story.cells.edges:
        around[i].add(j)
        around[j].add(i)
    page.execute_script("document.querySelector('#graph .node[tabindex=\"0\"]').focus()")
    here, moves = int(focused(page)), 0
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_RIGHT):
        page.switch_to.active_element.send_keys(key)
        there = int(focused(page))
        assert there == here or there in around[here]
        moves += there != here
        here = there
        assert f"Cell {here + 1}\n" in details(page)
    assert moves >= 2
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert node(page, here).get_attribute("aria-pressed") == "true"
    other = (here + 7) % 36
    hover(page, other)
    assert f"Cell {here + 1}\n" in details(page)
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert node(page, here).get_attribute("aria-pressed") == "false"
    hover(page, other if here != other else 0)
    hover(page, 0)
    assert "Cell 1\n" in details(page)


def test_in_chromium_one_tab_reaches_the_graph_and_each_arrow_key_has_an_effect_somewhere(page):
    stops = page.find_elements("css selector", '#graph .node[tabindex="0"]')
    assert len(stops) == 1
    outline = "return getComputedStyle(arguments[0].querySelector('circle, rect')).strokeWidth"
    page.execute_script("arguments[0].focus({focusVisible: true})", stops[0])
    assert page.execute_script(outline, stops[0]) == "5px"


def test_in_chromium_a_click_on_a_neighbour_goes_there(page):
    node(page, 4).click()
    button = page.find_element("css selector", "#details .cellref")
    name = button.text
    button.click()
    assert details(page).startswith(name.capitalize())
    assert f"cell {int(focused(page)) + 1}" == name


def test_in_chromium_cells_are_found_by_signature_and_sorted_and_paged(page, story):
    page.find_element("id", "filter").send_keys("+-;?+")
    wanted = [cell for cell in story.cells.listed if re.search(r"\+-;[-+0]\+", cell.signature)]
    assert page.find_element("id", "found").text == f"{len(wanted)} of 36 cells"
    assert len(page.find_elements("css selector", "#graph .match")) == len(wanted) > 0
    rows = "#cell-table tbody tr:not([hidden])"
    assert len(page.find_elements("css selector", rows)) == len(wanted)
    page.find_element("id", "filter").clear()
    page.execute_script("document.getElementById('filter').dispatchEvent(new Event('input'))")
    assert len(page.find_elements("css selector", rows)) == 25
    heading = page.find_elements("css selector", "#cell-table th .sort")[3]
    heading.click()
    heading.click()
    assert heading.find_element("xpath", "..").get_attribute("aria-sort") == "descending"
    first = int(page.find_element("css selector", rows).get_attribute("data-cell"))
    assert story.cells.listed[first].infimum == max(cell.infimum for cell in story.cells.listed)


def test_in_chromium_dark_colours_follow_the_system_and_the_switch(page):
    def ground():
        numbers = page.execute_script("return getComputedStyle(document.body).backgroundColor")
        return max(map(int, re.findall(r"\d+", numbers)))

    assert ground() > 200
    show(page, 1280, 900, "dark")
    assert ground() < 60
    page.find_element("css selector", 'button[data-theme="light"]').click()
    assert ground() > 200
    page.find_element("css selector", 'button[data-theme="auto"]').click()
    assert ground() < 60


def test_in_chromium_a_phone_needs_no_sideways_scrolling(page):
    show(page, 360, 740, "light")
    page.execute_script("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
    hover(page, 4)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360


def test_in_chromium_a_certificate_that_is_saved_is_accepted(page, folder):
    button = page.find_element("css selector", 'button.save[data-name="point-bad.json"]')
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()
    saved = folder / "saved" / "point-bad.json"
    for _ in range(100):
        if saved.exists():
            break
        time.sleep(0.1)
    command = [sys.executable, "-m", "exactrelu", "check", str(saved)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
