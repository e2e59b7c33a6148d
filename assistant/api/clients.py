"""Clients and their campaigns."""

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.guarded import AtDesk
from knowledge.clients import service
from knowledge.ids import ClientId
from tools.clients import create_campaign, create_client, list_campaigns, list_clients
from tools.clients.view import CampaignView, ClientView, client_view
from tools.paging import Cursor, Limit
from tools.spec import Wire


class Page(Wire):
    limit: Limit = 50
    cursor: Cursor = None


class NewCampaign(create_campaign.Input):
    """The client is the one of the address."""


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/clients", index, methods=["GET"], summary="List clients")
    router.add_api_route("/clients", create, methods=["POST"], status_code=201, summary="Create a client")
    router.add_api_route("/clients/{client_id}", show, methods=["GET"], summary="One client")
    router.add_api_route("/clients/{client_id}/campaigns", campaigns, methods=["GET"], summary="List campaigns")
    router.add_api_route(
        "/clients/{client_id}/campaigns", add_campaign, methods=["POST"], status_code=201, summary="Create a campaign"
    )


async def index(desk: AtDesk, asked: Annotated[list_clients.Input, Query()]) -> list_clients.Output:
    return await desk.use(list_clients.LIST_CLIENTS, asked)


async def create(desk: AtDesk, asked: create_client.Input) -> ClientView:
    return (await desk.use(create_client.CREATE_CLIENT, asked)).client


async def show(desk: AtDesk, client_id: ClientId) -> ClientView:
    async with desk.tx("clients:read") as conn:
        return client_view(await service.get_client(conn, client_id))


async def campaigns(desk: AtDesk, client_id: ClientId, page: Annotated[Page, Query()]) -> list_campaigns.Output:
    return await desk.use(list_campaigns.LIST_CAMPAIGNS, {**page.model_dump(by_alias=True), "clientId": client_id})


async def add_campaign(desk: AtDesk, client_id: ClientId, asked: NewCampaign) -> CampaignView:
    given = asked.model_copy(update={"client_id": client_id})
    return (await desk.use(create_campaign.CREATE_CAMPAIGN, given)).campaign
