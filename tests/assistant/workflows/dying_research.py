"""The house in a process that dies in the middle of research; its web and its search provider are the test's."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from assistant.research.settings import SearchSettings
from knowledge.ids import OrgId, UserId
from tests.assistant.at_work import AtWork, open_house
from tests.knowledge.fetching.loopback import Site


@asynccontextmanager
async def open_searching(
    owner_url: str, app_url: str, org_id: OrgId, user_id: UserId, *, site_port: int, search_url: str, **options: Any
) -> AsyncGenerator[AtWork]:
    search = SearchSettings("tavily", search_url, "", Decimal("0.008"), "test", "key")
    async with open_house(
        owner_url, app_url, org_id, user_id, web=Site(site_port).web(), search=search, **options
    ) as at_work:
        yield at_work
