"""A person who has a keyboard and nothing else: walks by Tab, sees where he is, presses Enter. Never points at anything."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.visitor import PASSWORD

MOST_TABS = 60


class Keys:
    """One person at one browser, by keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def sign_in(self, login: str) -> None:
        """From the sign-in page to the first page of his own."""
        self.page.context.clear_cookies()
        self.page.goto("/login")
        expect(self.page.locator("#login")).to_be_focused()
        self.type(login)
        self.press("Tab")
        self.type(PASSWORD)
        self.press("Enter")
        expect(self.page.locator("#main")).to_be_visible()
        expect(self.page.locator("#login")).to_have_count(0)

    def to(self, target: Locator, most: int = MOST_TABS) -> None:
        """Press Tab until the focus is at ``target``, in sight; wherever it rests on the way, it is outlined."""
        expect(self.page.locator("#form-mount[aria-busy]")).to_have_count(0)  # until then the form is being drawn
        for _ in range(most):
            here, bare = target.evaluate(FOCUS)  # a list that is renewed has another row in its place
            assert bare == "", f"the focus is not outlined: {bare}"
            if here:
                expect(target).to_be_in_viewport()  # the page has scrolled there
                return
            self.press("Tab")
        raise AssertionError(f"{most} times Tab do not lead to {target}")

    def write(self, field: Locator, words: str) -> None:
        self.to(field)
        self.type(words)

    def choose(self, field: Locator, option: str) -> None:
        """In a list that opens below its field: down to the option, Enter."""
        self.to(field)
        items = self.page.locator(".fjs-dropdownlist-item")
        if not items.first.is_visible():
            self.press("ArrowDown")
        expect(items.first).to_be_visible()
        for _ in range(items.count()):
            if option in self.page.locator(".fjs-dropdownlist-item.focused").inner_text():
                break
            self.press("ArrowDown")
        self.press("Enter")

    def at_result(self, words: str) -> None:
        """After an act the focus is at what the page says of it."""
        said = self.page.locator("#main > :has(> .flashes)")
        expect(said).to_contain_text(words)
        expect(said).to_be_focused()


FOCUS = """(place) => {
    const here = document.activeElement;
    if (!here || here === document.body || here.tagName === 'IFRAME') return [false, ''];
    const outlined = (one) => getComputedStyle(one).outlineStyle !== 'none' && getComputedStyle(one).outlineWidth !== '0px';
    const around = [here, here.parentElement, here.closest('tr')].filter(Boolean); // a row stands for its link
    return [here === place, around.some(outlined) ? '' : here.outerHTML.slice(0, 200)];
}"""
"""Whether the focus is at a place; and what has it, when nothing is drawn around it."""
