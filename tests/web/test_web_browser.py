"""The page in Debian's Chromium, by Playwright. Each test needs both, and those of accessibility need axe-core (npm).

`pip install playwright`, `apt-get install chromium` and `npm install axe-core` bring them. `ARSEARCH_CHROMIUM` names another
browser, `ARSEARCH_AXE` the file axe.min.js.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install playwright")
CHROMIUM = os.environ.get("ARSEARCH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium: apt-get install chromium", allow_module_level=True)

import uvicorn  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, expect  # noqa: E402

import arsearch  # noqa: E402
from arsearch.web import WebSettings, create_app  # noqa: E402

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
QUERY = "الحرس الثوري"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(samples: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the address of a server of the samples, an empty index and a missing one."""
    books = [
        {
            "id": "%2F ..",
            "title": "كتاب <b>الأبواب</b>",
            "body": "باب أول\n\nنص فيه كتاب.\n\nباب ثان\n\nنص طويل فيه كتاب آخر. " + "وكلام كثير. " * 9000,
            "headings": [
                {"heading": "باب أول", "level": 1, "start": 0},
                {"heading": "باب ثان", "level": 1, "start": 23},
            ],
            "pages": [{"page": 7, "start": 0}, {"page": 8, "start": 23}],
        }
    ]
    with (
        arsearch.open(":memory:", create=True) as news,
        arsearch.open(":memory:", create=True) as other,
        arsearch.open(":memory:", create=True) as empty,
    ):
        news.add(samples)
        other.add(books)
        app = create_app({"news": news, "books": other, "empty": empty, "lost": "/nowhere.arsearch"}, WebSettings())
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            config = uvicorn.Config(app, log_level="critical", lifespan="on")
            running = uvicorn.Server(config)
            thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
            thread.start()
            while not running.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            running.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser without a window."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Open]:
    """Yield a function that opens a path in a window of its own. An error on the console or in a script fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_path(path: str = "/", *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if unexpected(line) else None)
        page.goto(f"{server}{path}")
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert not problems


def unexpected(line: Any) -> bool:
    """Tell whether a line of the console is a fault; Chromium also writes one for each page of status 404 and so on."""
    return line.type in ("error", "warning") and "the server responded with a status of" not in line.text


# ---- searching


def test_the_flagship_query_is_typed_and_found(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("combobox", name="كلمات البحث").press_sequentially(QUERY)
    page.get_by_role("button", name="ابحث").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 نتائج فيها كل الكلمات")
    expect(page.locator(".hit").first.locator("mark").first).to_contain_text("الحرس الثوري")
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == QUERY
    assert QUERY in page.title()


def test_the_empty_box_reads_from_the_right(open_page: Open) -> None:
    box = open_page().get_by_role("combobox")
    assert box.evaluate("(box) => getComputedStyle(box).direction") == "rtl"
    box.fill("hello")
    assert box.evaluate("(box) => getComputedStyle(box).direction") == "ltr"


def test_a_search_replaces_the_results_without_a_reload_and_goes_back(open_page: Open) -> None:
    page = open_page("/?q=%D8%A7%D9%84%D9%82%D9%87%D9%88%D8%A9")
    page.evaluate("window.kept = true")
    page.get_by_role("combobox").fill(QUERY)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 نتائج")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("#status")).to_contain_text("8 نتائج")
    assert page.evaluate("window.kept")
    page.go_back()
    expect(page.get_by_role("combobox")).to_have_value("القهوة")
    expect(page.locator(".hit").first).to_contain_text("القهوة")
    assert page.evaluate("window.kept")


def test_a_facet_is_chosen_and_removed(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.get_by_role("link", name="وكالة الأفق 3").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 نتائج")
    expect(page.locator(".facet a[aria-current]")).to_have_text("وكالة الأفق 3")
    page.get_by_role("link", name="شبكة سنا الخبر 2").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5 نتائج")
    page.get_by_role("link", name="أزل المصدر: وكالة الأفق").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("نتيجتان")


def test_a_bar_and_the_form_of_dates_narrow_the_search(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.get_by_role("link", name="2015: نتيجتان").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("نتيجتان")
    expect(page.get_by_role("link", name="أزل التاريخ: \u200e2015")).to_be_visible()
    page.get_by_label("من", exact=True).fill("1440هـ")
    page.get_by_label("إلى", exact=True).fill("1443هـ")
    page.get_by_role("button", name="طبّق").click()
    expect(page.get_by_role("link", name="أزل من \u200e1440هـ")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 نتائج")


def test_a_suggestion_is_taken_by_keyboard(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.press_sequentially("الحر")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    chosen = box.input_value()
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == chosen


def test_escape_gives_back_the_words_as_typed(open_page: Open) -> None:
    page = open_page()
    box = page.get_by_role("combobox")
    box.press_sequentially("الحر")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    assert box.input_value() != "الحر"
    page.keyboard.press("Escape")
    expect(box).to_have_value("الحر")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")


def test_an_explanation_opens_below_its_result(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.locator(".hit").first.get_by_text("لماذا هذه النتيجة؟").click()
    expect(page.locator(".hit").first.get_by_role("table")).to_contain_text("الحرس")


# ---- reading


def test_the_readers_view_goes_from_match_to_match(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.get_by_role("link", name="الحرس الثوري الإيراني يطلق مناورات بحرية في الخليج", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("يطلق مناورات")
    page.get_by_role("link", name="أول موضع").click()
    expect(page.locator("mark:target")).to_have_attribute("id", "m1")
    page.get_by_role("link", name="الموضع التالي").click()
    expect(page.locator("mark:target")).to_have_attribute("id", "m2")
    expect(page.locator("mark:target")).to_be_in_viewport()
    page.get_by_role("link", name="الموضع السابق").click()
    expect(page.locator("mark:target")).to_have_attribute("id", "m1")
    page.get_by_role("link", name="إلى النتائج").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 نتائج")


def test_a_long_text_has_parts_headings_and_pages(open_page: Open) -> None:
    page = open_page("/?i=books&q=كتاب")
    page.locator(".hit h2 a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("كتاب <b>الأبواب</b>")
    expect(page.locator(".page").first).to_have_text("ص 7")
    page.get_by_text("المحتويات").click()
    page.get_by_role("link", name="باب ثان").click()
    assert page.evaluate("location.hash") == "#h2"
    page.get_by_role("link", name="التالية").click()
    expect(page.get_by_text("الجزء 2 من 2")).to_be_visible()


def test_the_keywords_of_a_concordance_are_aligned_and_lead_to_their_places(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}", java_script_enabled=False)
    page.get_by_role("link", name="كل المواضع").click()
    page.get_by_role("link", name="بما بعد الكلمة").click()
    boxes = [mark.bounding_box() for mark in page.locator(".kwic mark").all()]
    middles = {round(box["x"] + box["width"] / 2) for box in boxes if box}
    assert len(boxes) > 20
    assert max(middles) - min(middles) <= 1
    # The words before the keyword are to its right, and end at it.
    before = page.locator(".kwic").nth(2).locator(".before").bounding_box()
    assert before
    assert boxes[2]
    assert before["x"] == pytest.approx(boxes[2]["x"] + boxes[2]["width"], abs=1)
    keyword = page.locator(".kwic mark").nth(2).inner_text()
    page.locator(".place a").nth(2).click()
    expect(page.locator("#at:target + mark")).to_be_in_viewport()
    assert keyword in page.locator("#at + mark").inner_text()
    page.get_by_role("link", name="إلى النتائج").first.click()
    expect(page.locator(".kwic mark").nth(2)).to_have_text(keyword)


def test_titles_begin_at_the_side_of_their_own_direction(open_page: Open) -> None:
    for language in ("ar", "en"):
        title = open_page(f"/?q={QUERY}&ui={language}").locator(".hit h2").first
        assert title.evaluate("(title) => getComputedStyle(title).direction") == "rtl"


def test_a_mark_breaks_no_joining_of_letters(open_page: Open) -> None:
    """A mark changes neither the width of a text nor the place of the vowel signs after it."""
    page = open_page(f"/a/news/news-043?q={QUERY}")
    widths = page.evaluate(
        """() => ["كِتَابًا", "الكتاب"].map((word) => {
            const line = document.createElement("span");
            line.style.whiteSpace = "nowrap";
            document.querySelector(".text").append(line);
            return [word, word.replace(/^(.{3})(.+)$/, "$1<mark>$2</mark>")].map((text) => {
                line.innerHTML = text;
                return line.getBoundingClientRect().width;
            });
        })"""
    )
    for plain, marked in widths:
        assert marked == pytest.approx(plain, abs=0.01)


# ---- other ways to read the page


def test_everything_works_without_scripts(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.get_by_label("كلمات البحث").fill(QUERY)
    page.get_by_role("button", name="ابحث").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("8 نتائج")
    page.get_by_role("link", name="الأحدث").click()
    page.get_by_role("link", name="وكالة الأفق 3").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 نتائج")
    page.get_by_label("من", exact=True).fill("2018")
    page.get_by_role("button", name="طبّق").click()
    expect(page.get_by_role("link", name="أزل من \u200e2018")).to_be_visible()
    page.locator(".hit").first.get_by_text("لماذا هذه النتيجة؟").click()
    page.locator(".hit").first.get_by_role("link", name="لماذا ظهرت هذه النتيجة؟").click()
    expect(page.get_by_role("table")).to_contain_text("الحرس")
    page.get_by_role("link", name="إلى النتائج").first.click()
    page.locator(".hit h2 a").first.click()
    page.get_by_role("link", name="أول موضع").click()
    expect(page.get_by_text("1 من 1", exact=True)).to_be_visible()


PATHS = (
    "/",
    f"/?q={QUERY}",
    f"/?q={QUERY}&ui=en",
    f"/?q={QUERY}&f.source=وكالة الأفق&from=2010&mode=all&match=word",
    "/?q=*&page=2",
    "/?q=الحرس الثوزي",
    "/?q=مضيق زعفران",
    "/?q=زززززكك&f.source=x",
    "/?q=-نووي&from=غدا",
    f"/a/news/news-043?q={QUERY}#m1",
    "/a/news/classical-007?q=كتب&ui=en",
    "/a/books/%252F%20..?q=كتاب",
    f"/why/news/news-043?q={QUERY}",
    f"/concordance?q={QUERY}&sort=left&width=120&f.category=سياسة",
    "/concordance?q=زززز&ui=en",
    "/frequencies?q=الحرس&by=source",
    f"/similar/news/news-043?q={QUERY}",
    "/help",
    "/help?ui=en",
    "/?i=empty",
    "/?i=lost",
    "/?i=unknown",
    "/nothing",
    "/?q=x&page=x",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_shows_every_page_without_scrolling_sideways(open_page: Open, path: str) -> None:
    page = open_page(path, width=320, height=640)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")].filter((element) => {
            const box = element.getBoundingClientRect();
            return !element.closest(".scroll, .hidden, .skip, svg") && box.width && (box.right > innerWidth + 1 || box.left < -1);
        }).map((element) => element.outerHTML.slice(0, 100))"""
    )
    assert not wide
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_fault(browser: Browser, server: str, path: str, scheme: Any) -> None:
    """Check WCAG 2.2 AA, contrast included, and the best practices of axe-core."""
    axe = Path(os.environ.get("ARSEARCH_AXE", "node_modules/axe-core/axe.min.js"))
    if not axe.exists():
        pytest.skip("needs axe-core: npm install axe-core, or ARSEARCH_AXE=.../axe.min.js")
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}{path}")
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.wait_for_function("!document.querySelector('.why[open] > div > a')")
    if path == "/":
        page.get_by_role("combobox").press_sequentially("الحر")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
    page.add_script_tag(path=axe)
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    context.close()
    assert found["passes"]
    faults = [
        (fault["id"], node["html"][:150], node["failureSummary"])
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert not faults


def test_colours_follow_the_device_and_the_button(open_page: Open) -> None:
    def brightness(page: Page) -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))

    assert brightness(open_page(color_scheme="light")) > 700
    page = open_page(color_scheme="dark")
    assert brightness(page) < 120
    page.get_by_role("button", name="الألوان: بحسب الجهاز").click()
    page.get_by_role("button", name="الألوان: داكنة").click()
    page.get_by_role("button", name="الألوان: فاتحة").wait_for()
    assert brightness(page) > 700
    page.reload()
    assert brightness(page) > 700


def test_the_order_of_focus_follows_the_page(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    order = []
    for _ in range(17):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.innerText.trim() || document.activeElement.id"))
    assert order[0] == "انتقل إلى المحتوى"
    assert order[1:3] == ["البحث", "q"]
    assert order[3:7] == ["ابحث", "المساعدة", "English", "الألوان: بحسب الجهاز"]
    assert order[7:11] == ["news", "books", "empty", "lost"]
    assert order[11:14] == ["المقالات", "كل المواضع", "التكرار عبر الزمن"]
    assert "عقوبات جديدة" in order[14]
    assert order[15].startswith("مقالات شبيهة")
    assert order[16].startswith("لماذا هذه النتيجة؟")
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_screen_reader_gets_landmarks_and_names(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    landmarks: tuple[tuple[Any, Any], ...] = (
        ("search", None),
        ("main", None),
        ("complementary", "تصفية النتائج"),
        ("navigation", "صفحات النتائج"),
        ("navigation", "طرق العرض"),
        ("navigation", "المجموعات"),
        ("region", "8 نتائج فيها كل الكلمات"),
        ("group", "عدد النتائج بحسب التاريخ"),
    )
    for role, name in landmarks:
        assert page.get_by_role(role, name=name).count() == 1, (role, name)
    assert page.locator("svg a").evaluate_all("links => links.every((link) => link.getAttribute('aria-label'))")


def test_a_screen_reader_hears_lines_and_tables_as_they_are_read(open_page: Open) -> None:
    """The tree of accessibility, as Chromium hands it to screen readers."""
    page = open_page("/concordance?q=مناورات&f.id=news-043")
    region = page.get_by_role("region", name="مواضع «مناورات»")
    expect(region).to_match_aria_snapshot(
        """
        - heading "مواضع «مناورات»" [level=1]
        - list:
          - listitem:
            - paragraph:
              - text: الحرس الثوري الإيراني يطلق
              - mark: مناورات
              - text: بحرية في الخليج
            - paragraph:
              - 'link "الموضع 1: الحرس الثوري الإيراني يطلق مناورات بحرية في الخليج"'
        """
    )
    page = open_page("/frequencies?q=الحرس&by=source")
    expect(page.get_by_role("table", name="تكرار «الحرس» بحسب: المصدر")).to_match_aria_snapshot(
        """
        - rowgroup:
          - row "المصدر المواضع المقالات في المليون كلمة"
        - rowgroup:
          - row "وكالة الأفق 7 3 6,673.0":
            - rowheader "وكالة الأفق":
              - link "وكالة الأفق"
            - cell "7"
            - cell "3"
            - cell "6,673.0"
        """
    )
    current = page.get_by_role("navigation", name="طرق العرض").locator("[aria-current=page]")
    expect(current).to_have_accessible_name("التكرار عبر الزمن")


def test_paper_shows_results_without_controls(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.emulate_media(media="print")
    for part in (".top", ".filters", ".pages", ".keep"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".hit .snippet").first).to_be_visible()


def test_fonts_are_those_of_the_page(open_page: Open) -> None:
    page = open_page(f"/a/news/classical-007?q={QUERY}")
    assert (
        page.evaluate(
            "document.fonts.ready.then(() => [...document.fonts].filter((font) => font.status === 'loaded').length)"
        )
        >= 3
    )
