"""Where a reason is asked for, after a switch."""

import pytest

LIST, DOMAINS = "/domains/example.test/", "/domains/"
ALICE, ALEX = "/accounts/alice@example.test/", "/aliases/alex@example.test/"
SUSPEND = "/domains/example.test/switch/"
OFF = {"flag": "active", "to": "off"}


@pytest.mark.parametrize(
    ("who", "switch", "back", "page"),
    [
        ("pia", f"{ALICE}switch/", LIST, ALICE),
        ("pia", f"{ALEX}switch/", LIST, ALEX),
        ("rita", SUSPEND, DOMAINS, "/domains/example.test/settings/"),
    ],
)
def test_whoever_switches_off_in_a_list_is_led_to_where_the_reason_goes(
    request, world, who, switch, back, page
):
    client = request.getfixturevalue(who)
    client.post(switch, OFF | {"next": back})

    link = f'<a href="{page}#reason">Add a reason</a>'
    assert link in client.get(back).content.decode()
    assert link not in client.get(back).content.decode()
    assert 'id="reason"' in client.get(page).content.decode()

    client.post(switch, OFF | {"to": "on", "next": back})
    assert "Add a reason" not in client.get(back).content.decode()


def test_on_the_page_itself_nothing_has_to_lead_there(pia, world):
    pia.post(f"{ALICE}switch/", OFF | {"next": ALICE})

    assert "#reason" not in pia.get(ALICE).content.decode()
