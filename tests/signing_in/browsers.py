"""Alice's browsers, each from somewhere, and what their pages say."""

import re

from django.test import Client

from tests.world import word

PAGE, END = "/me/signed-in/", "/me/signed-in/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def alice_from(address, agent):
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    client.post("/sign-in/", {"login": "alice@example.test", "password": word("alice")})
    return client


def text_of(client, path=PAGE):
    return client.get(path, follow=True).content.decode()


def handles(client):
    return re.findall(r'name="which" value="(\w{20})"', text_of(client))


def is_in(client):
    return client.get("/me/").status_code == 200
