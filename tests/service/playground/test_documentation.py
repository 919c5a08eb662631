"""The page at /docs, by which the API is tried."""

from playwright.sync_api import Browser, expect


def test_key_that_is_given_once_is_sent(browser: Browser, site: str) -> None:
    """There was no place to give it, and every try was refused where a key is asked for."""
    with browser.new_page() as page:
        page.goto(f"{site}docs")
        page.locator("button.authorize").first.click()
        dialog = page.locator(".modal-ux")
        expect(dialog.locator("h4")).to_contain_text(["bearer", "x-api-key", "admin"])
        first = dialog.locator("form").first
        first.locator("input").fill("my-key")
        first.locator("button.authorize").click()
        dialog.locator("button.close-modal").click()
        operation = page.locator(".opblock", has_text="/v1/model")
        operation.locator("button.opblock-summary-control").click()
        operation.locator("button.try-out__btn").click()
        with page.expect_request("**/v1/model") as asked:
            operation.locator("button.execute").click()
        assert asked.value.headers["authorization"] == "Bearer my-key"
        expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
