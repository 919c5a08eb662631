"""A service that asks for a key, and one that is not there yet."""

from playwright.sync_api import expect

from model import SHIPPED
from tests.service.conftest import servers
from tests.service.playground.conftest import OpenPage


def test_key_is_asked_for_sent_and_forgotten(open_page: OpenPage) -> None:
    with servers() as start:
        page = open_page(start(SHIPPED, api_key="secret").wait_until_ready() + "/", failures=True)
        expect(page.locator("#key-form")).to_be_visible()
        page.locator(".chip").first.click()
        expect(page.locator("#trouble")).to_contain_text("send the header Authorization")
        page.get_by_label("This service asks for an API key").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.locator("#key-wrong")).to_have_text("This key is not valid.")  # nothing used to be said
        expect(page.locator("#key")).to_be_focused()
        # No header takes the first character, which is easily pasted: nothing could be asked any more.
        page.locator("#key").fill("\u200bsecret ")
        page.keyboard.press("Enter")
        expect(page.locator("#verdict .label")).to_be_visible()
        expect(page.locator("#key-form")).to_be_hidden()
        expect(page.locator("#card")).to_contain_text("sst2")
        expect(page.locator("#snippet")).to_contain_text('"authorization: Bearer $SENTIMENT_API_KEY"')
        assert "secret" not in page.locator("#snippet").inner_text()
        page.reload()
        expect(page.locator("#key-form")).to_be_visible()
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0
